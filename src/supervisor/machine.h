#ifndef SUPERVISOR_MACHINE_H
#define SUPERVISOR_MACHINE_H

#include <stdbool.h>

#include "supervisor/fsm.h"

struct supervisor;

/* One event for the machine, and the effects that it asks for. */
void machine_feed(struct supervisor *supervisor, const struct fsm_input *input);

/*
 * Feeds the machine until nothing is left to be told to it; of deadlines, one
 * at the most.
 */
void machine_settle(struct supervisor *supervisor);

/* A wish of an operator, one of FSM_START ... FSM_SHUTDOWN, and all of that. */
void machine_wish(struct supervisor *supervisor, enum fsm_event wish);

/*
 * Writes the pid file, or removes it where no program runs.  A failure is told
 * once, until it works again or fails in another way.
 */
void machine_write_pid(struct supervisor *supervisor);

/* Writes down how things stand, for whoever comes after us. */
void machine_write_state(struct supervisor *supervisor);

#endif
