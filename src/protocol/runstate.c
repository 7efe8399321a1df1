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

int
runstate_parse(const char *name)
{
	int state;

	for (state = 0; state < RUN__COUNT; state++)
		if (strcmp(state_name[state], name) == 0)
			return state;
	return -1;
}
