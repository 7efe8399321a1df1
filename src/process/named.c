/* The processes that a kept state names. */

#include "config.h"

#include <string.h>

#include "process/named.h"

static void
named_fill(struct identity *identity, const struct state *state, pid_t pid,
    uint64_t start_time)
{
	memset(identity, 0, sizeof(*identity));
	identity->pid = pid;
	identity->start_time = start_time;
	memcpy(identity->boot_id, state->boot_id, sizeof(identity->boot_id));
}

void
named_program(struct identity *identity, const struct state *state)
{
	named_fill(identity, state, state->pid, state->start_time);
}

bool
named_manager_runs(const struct state *state)
{
	struct identity identity;

	named_fill(&identity, state, state->manager, state->manager_start);
	return state->manager_start != 0 && identity_alive(&identity);
}
