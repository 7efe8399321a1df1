#ifndef PROCESS_NAMED_H
#define PROCESS_NAMED_H

#include <stdbool.h>

#include "process/identity.h"
#include "protocol/state.h"

/* The processes that a kept state names. */

/* The program; pid 0: none. */
void named_program(struct identity *identity, const struct state *state);

/*
 * Whether the supervisor that wrote the state still runs.  False where its
 * start time is not known: a pid alone proves nothing.
 */
bool named_manager_runs(const struct state *state);

#endif
