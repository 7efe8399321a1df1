#ifndef CONTROL_ORPHAN_H
#define CONTROL_ORPHAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol/state.h"

/* A program that runs on after its supervisor was lost. */
struct orphan {
	pid_t pid;
	struct state state; /* what the supervisor left behind */
};

/*
 * Reads the state file beside the socket and looks whether the very process
 * it names still runs.
 */
bool orphan_find(struct orphan *orphan, const char *socket);

#endif
