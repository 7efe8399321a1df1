/* The names of the states. */
#include "config.h"

#include <string.h>

#include "protocol/runstate.h"

static const char *const state_name[RUN__COUNT] = {
	[RUN_DOWN] = "down",
	[RUN_STARTING] = "starting",
	[RUN_UP] = "up",
	[RUN_STOPPING] = "stopping",
	[RUN_BACKOFF] = "backoff",
	[RUN_DONE] = "done",
};

const char *
runstate_name(enum run_state state)
{
	return state_name[state];
}

bool
runstate_parse(const char *name, enum run_state *state)
{
	int i;

	for (i = 0; i < RUN__COUNT; i++)
		if (strcmp(state_name[i], name) == 0) {
			*state = (enum run_state)i;
			return true;
		}
	return false;
}
