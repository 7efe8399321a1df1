/*
 * Taking over what a lost supervisor left behind.
 *
 * - The state file names a process; it is believed only where that very one
 *   (pid, start time, boot) is there, held by a descriptor before it is looked
 *   at, so that it cannot change under our eyes.
 * - One that has ended meanwhile is recorded, and never started again by us:
 *   whoever started us wants it up, and that is why it will be.
 */

#include "config.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "process/named.h"
#include "supervisor/adopt.h"

#define ADOPT_LOOK 10 /* ms between two looks at a zombie */

static void
adopt_past(struct program *program, const struct state *state)
{
	program->last = state->last;
	if (state->pid > 0 || state->restarts > 0 || state->last.known)
		program->spawns = state->restarts + 1;
}

/* Waits until it is known how a zombie ended, or it is clear that it never
 * will be. */
static void
adopt_wait(struct program *program)
{
	const struct timespec moment = { 0, ADOPT_LOOK * 1000000 };

	while (!program_has_gone(program, clock_mono_ms()))
		nanosleep(&moment, NULL);
	program_note_end(program);
}

/* Nothing is known but that it has ended, some time before now. */
static void
adopt_note_lost(struct program *program, const struct state *state)
{
	struct last_exit *last = &program->last;

	memset(last, 0, sizeof(*last));
	last->known = true;
	last->pid = state->pid;
	last->code = -1;
	last->at = clock_wall_ms();
	last->uptime = -1;
	program->spawned_wall = state->spawned_at;
}

enum adopt_result
adopt_program(struct program *program, const struct state *state)
{
	struct identity identity;

	adopt_past(program, state);
	if (state->pid <= 0)
		return ADOPT_NOTHING;
	named_program(&identity, state);
	if (program_adopt(program, &identity, state->spawned_at) == -1) {
		adopt_note_lost(program, state);
		return ADOPT_ENDED;
	}
	/* It was there a moment ago.  Should it be gone, that will be noticed. */
	if (identity_look(&identity) != IDENTITY_ENDED)
		return ADOPT_RUNS;
	adopt_wait(program);
	return ADOPT_ENDED;
}
