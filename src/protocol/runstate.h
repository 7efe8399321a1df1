#ifndef PROTOCOL_RUNSTATE_H
#define PROTOCOL_RUNSTATE_H

#include <stdbool.h>

/* What a supervisor's program is doing, as the supervisor sees it. */
enum run_state {
	RUN_DOWN, /* not running, nothing planned */
	RUN_STARTING, /* spawned; settling or being tested */
	RUN_UP,
	RUN_STOPPING, /* asked to end, not yet gone */
	RUN_BACKOFF, /* crashed; the next start has a time */
	RUN_DONE, /* the supervisor is about to leave */
	RUN__COUNT
};

/* "down", "starting", "up", "stopping", "backoff", "done". */
const char *runstate_name(enum run_state state);

/* The state of that name into *state; false if there is none. */
bool runstate_parse(const char *name, enum run_state *state);

#endif
