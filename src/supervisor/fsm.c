/*
 * The supervisor's decisions.
 *
 * - Pure: nothing here reads a clock, knows a pid or touches a descriptor.
 * - What is (state), what is wanted, and one deadline are data; wishes change
 *   what is wanted, exits and time change the state.
 * - The latest wish wins, but for leaving: that is for good.
 * - Every event meets every state by name.  Pairs that cannot be, because
 *   nothing that could answer so is out, are asserted.
 */

#include "config.h"

#include <assert.h>

#include "supervisor/fsm.h"

struct step {
	struct fsm *fsm;
	const struct fsm_config *config;
	const struct fsm_input *input;
	int64_t now;
	struct fsm_actions *out;
};

static struct fsm_action *
step_act(const struct step *step, enum fsm_action_kind kind)
{
	static const struct fsm_action none;
	struct fsm_action *action;

	assert(step->out->count < FSM_ACTIONS);
	action = &step->out->action[step->out->count++];
	*action = none;
	action->kind = kind;
	action->state = step->fsm->state;
	return action;
}

static struct fsm_action *
step_announce(const struct step *step, enum event_kind event)
{
	struct fsm_action *action = step_act(step, FSM_ANNOUNCE);

	action->event = event;
	return action;
}

/* Its end is told with what came of it. */
static void
step_tell_state(const struct step *step, struct fsm_action *told)
{
	told->state = step->fsm->state == RUN_DONE ? RUN_DOWN :
						     step->fsm->state;
}

/* An answer that nothing could give. */
static void
step_impossible(void)
{
	assert(false);
}

static void
step_sweep(const struct step *step, bool force)
{
	step_act(step, FSM_SWEEP)->force = force;
}

static void
step_end_probe(const struct step *step)
{
	if (!step->fsm->probing)
		return;
	step->fsm->probing = false;
	step_act(step, FSM_END_PROBE);
}

/* --- starting ------------------------------------------------------------ */

static void
step_spawn(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	fsm->state = RUN_STARTING;
	fsm->alive = true;
	fsm->executed = false;
	fsm->started_at = step->now;
	fsm->deadline = FSM_NEVER;
	fsm->status = 0;
	fsm->reason = FSM_NO_REASON;
	step_act(step, FSM_SPAWN);
}

/* An operator wants it up, from now on and at the first try. */
static void
step_want(const struct step *step)
{
	step->fsm->wanted = !step->fsm->leaving;
	step->fsm->by_order = true;
	step->fsm->backoff = 0;
}

static void
step_up(const struct step *step)
{
	step->fsm->state = RUN_UP;
	step->fsm->deadline = FSM_NEVER;
	step_announce(step, EVENT_UP);
}

static void
step_probe(const struct step *step)
{
	step->fsm->probing = true;
	step->fsm->deadline = step->now + step->config->probe_limit;
	step_act(step, FSM_PROBE);
}

static void
step_probe_failed(const struct step *step)
{
	step->fsm->probing = false;
	step->fsm->deadline = step->now + step->config->probe_every;
	step_announce(step, EVENT_TEST_FAILED);
}

/* The program was executed: now it has to settle, or to pass its test. */
static void
step_executed(const struct step *step)
{
	assert(!step->fsm->executed);
	step->fsm->executed = true;
	step_announce(step, EVENT_STARTING);
	if (step->config->probe)
		step_probe(step);
	else if (step->config->settle == 0)
		step_up(step);
	else
		step->fsm->deadline = step->now + step->config->settle;
}

/*
 * It was executed before our time.  What it had not shown yet, it still has
 * to show.
 */
static void
step_adopted(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	fsm->state = RUN_STARTING;
	fsm->wanted = fsm->alive = fsm->executed = true;
	fsm->started_at = step->input->since;
	fsm->backoff = step->input->crashes;
	step_announce(step, EVENT_ADOPTED);
}

/* What was up stays up; the others have to show it now. */
static void
step_settle_adopted(const struct step *step)
{
	struct fsm *fsm = step->fsm;
	int64_t settled = fsm->started_at + step->config->settle;

	if (step->input->ready ||
	    (!step->config->probe && settled <= step->now))
		step_up(step);
	else if (step->config->probe)
		step_probe(step);
	else
		fsm->deadline = settled;
}

static void
step_starting_timeout(const struct step *step)
{
	if (!step->config->probe) {
		step_up(step);
	} else if (step->fsm->probing) {
		step_end_probe(step);
		step_probe_failed(step);
	} else {
		step_probe(step);
	}
}

/* --- stopping ------------------------------------------------------------ */

/* The program and all of its tree are gone, as was asked. */
static void
step_down(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	fsm->rest = false;
	fsm->backoff = 0;
	if (fsm->wanted) {
		step_spawn(step);
		return;
	}
	fsm->state = RUN_DOWN;
	fsm->deadline = FSM_NEVER;
	step_announce(step, EVENT_DOWN);
	if (step->config->hang_around && !fsm->leaving)
		return;
	fsm->state = RUN_DONE;
	step_act(step, FSM_QUIT)->status = fsm->status;
}

/* The program is gone; asks what it started to go as well. */
static void
step_clear(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	if (!step->config->sweep) {
		step_down(step);
		return;
	}
	fsm->state = RUN_STOPPING;
	fsm->rest = true;
	fsm->kills = 0;
	fsm->deadline = step->now + step->config->kill_grace;
	step_sweep(step, false);
}

static const struct fsm_ask *
step_way(const struct step *step)
{
	assert(step->fsm->asked < step->config->asks);
	return &step->config->ask[step->fsm->asked];
}

static void
step_signal(const struct step *step, int signal, bool tell)
{
	struct fsm_action *action = step_act(step, FSM_SIGNAL);

	step->fsm->refused = false;
	action->signal = signal;
	action->tell = tell;
}

/* Its time is over.  All of its tree has kill_grace from now on. */
static void
step_kill(const struct step *step)
{
	bool had_time = step->fsm->asked > 0 || !step_way(step)->kill;

	step->fsm->killed = true;
	step->fsm->deadline = step->now + step->config->kill_grace;
	step_signal(step, step->config->kill, had_time);
}

/* Asks in the way that has come, and gives it the time for that. */
static void
step_ask_now(const struct step *step)
{
	const struct fsm_ask *way = step_way(step);

	if (way->kill) {
		step_kill(step);
		return;
	}
	step->fsm->deadline = step->now + way->wait;
	step_signal(step, way->signal, false);
}

static void
step_ask(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	step_end_probe(step);
	fsm->state = RUN_STOPPING;
	fsm->status = 0;
	fsm->asked = 0;
	fsm->killed = fsm->told = false;
	fsm->kills = 0;
	step_announce(step, EVENT_STOPPING);
	step_ask_now(step);
}

/* Asked once more while it stops: told again, without more time. */
static void
step_ask_again(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	fsm->backoff = 0;
	fsm->told = false;
	if (!fsm->alive)
		return;
	if (fsm->killed && fsm->refused)
		step_kill(step);
	else
		step_signal(step,
		    fsm->killed ? step->config->kill : step_way(step)->signal,
		    false);
}

/* Another wish while it stops: what was refused before is tried again. */
static void
step_retry_refused(const struct step *step)
{
	if (step->fsm->refused)
		step_ask_again(step);
}

/* Nothing was sent.  Told once for each time that an operator asks. */
static void
step_refused(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	fsm->refused = true;
	if (fsm->killed)
		fsm->deadline = step->now + FSM_KILL_AGAIN;
	if (!fsm->told)
		step_announce(step, EVENT_NOT_SIGNALLED);
	fsm->told = true;
}

static bool
step_has_ways_left(const struct step *step)
{
	return !step->fsm->killed && step->fsm->asked + 1 < step->config->asks;
}

/* KILL for all that is there. */
static void
step_force(const struct step *step)
{
	step->fsm->kills++;
	step->fsm->deadline = step->now + FSM_KILL_AGAIN;
	step_sweep(step, true);
}

/* Some of it does not end, whatever is done. */
static void
step_leave_rest(const struct step *step)
{
	step_announce(step, EVENT_LEFT);
	step_down(step);
}

/*
 * The program itself is waited for as long as it takes; what merely outlives
 * it and several KILLs is given up.
 */
static void
step_stopping_timeout(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	if (!fsm->alive && fsm->kills >= FSM_KILLS) {
		step_leave_rest(step);
	} else if (fsm->alive && step_has_ways_left(step)) {
		fsm->asked++;
		step_ask_now(step);
	} else if (fsm->alive && (!fsm->killed || fsm->refused)) {
		step_kill(step);
	} else {
		step_force(step);
	}
}

/* It is gone while it was to stop. */
static void
step_stopped(const struct step *step)
{
	struct fsm *fsm = step->fsm;
	int64_t deadline = fsm->deadline;
	bool killed = fsm->killed && !fsm->refused;

	fsm->alive = fsm->refused = false;
	step_clear(step);
	/* The time that its tree has began with its KILL. */
	if (killed && fsm->rest)
		fsm->deadline = deadline;
}

/* --- crashes ------------------------------------------------------------- */

/* It ended and is not to be started again, without an operator's wish. */
static void
step_give_up(const struct step *step, enum fsm_reason reason, int status)
{
	struct fsm *fsm = step->fsm;

	fsm->wanted = false;
	fsm->reason = reason;
	fsm->status = status;
	/* Programs that daemonize themselves live on after such a status. */
	if (reason == FSM_EXIT_CODE) {
		fsm->state = RUN_DOWN;
		step_announce(step, EVENT_GAVE_UP)->reason = reason;
		step_down(step);
		return;
	}
	fsm->state = step->config->sweep ? RUN_STOPPING : RUN_DOWN;
	step_announce(step, EVENT_GAVE_UP)->reason = reason;
	step_clear(step);
}

/* Waits until the next start has its time and nothing old is in its way. */
static void
step_wait(const struct step *step, int64_t delay)
{
	struct fsm *fsm = step->fsm;

	fsm->state = RUN_BACKOFF;
	fsm->by_order = false;
	fsm->start_at = step->now + delay;
	fsm->deadline = fsm->start_at;
	fsm->kills = 0;
	if (delay > 0)
		step_announce(step, EVENT_BACKOFF)->delay = delay;
	if (step->config->sweep) {
		fsm->rest = true;
		fsm->deadline = step->now + step->config->kill_grace;
		step_sweep(step, false);
	} else if (delay == 0) {
		step_spawn(step);
	}
}

static long
step_limit(const struct step *step)
{
	return step->config->backoff_limit < 1 ? 1 :
						 step->config->backoff_limit;
}

/* One more crash, unless it had been up for long. */
static void
step_crashed(const struct step *step)
{
	struct fsm *fsm = step->fsm;
	long limit = step_limit(step);

	if (step->now - fsm->started_at >= (int64_t)limit * 1000) {
		fsm->backoff = 0;
		step_wait(step, 0);
		return;
	}
	fsm->backoff++;
	if (fsm->backoff >= limit && !step->config->forever) {
		step_give_up(step, FSM_TOO_OFTEN, 1);
		return;
	}
	if (fsm->backoff > limit)
		fsm->backoff = limit;
	step_wait(step, (int64_t)fsm->backoff * 1000);
}

/* There was no process to be had: tried again, and that is no crash. */
static void
step_try_again(const struct step *step)
{
	long delay = step->fsm->backoff > 0 ? step->fsm->backoff : 1;

	step_wait(step, (int64_t)delay * 1000);
}

static bool
step_is_exit_code(const struct step *step)
{
	size_t i;

	for (i = 0; i < step->config->exit_codes; i++) {
		if (step->config->exit_code[i] == step->input->code)
			return true;
	}
	return false;
}

static void
step_exited(const struct step *step)
{
	step->fsm->alive = false;
	step_end_probe(step);
	if (step_is_exit_code(step))
		step_give_up(step, FSM_EXIT_CODE,
		    step->input->code == -1 ? 1 : step->input->code);
	else
		step_crashed(step);
}

static void
step_lost(const struct step *step)
{
	step->fsm->alive = false;
	step_end_probe(step);
	if (step->config->lost_is_final)
		step_give_up(step, FSM_LOST_EXIT, 1);
	else
		step_crashed(step);
}

static void
step_spawn_failed(const struct step *step)
{
	step->fsm->alive = false;
	/* However long it took to fail, it was not up. */
	step->fsm->started_at = step->now;
	if (step->input->starved)
		step_try_again(step);
	else if (step->input->final && step->fsm->by_order)
		step_give_up(step, FSM_NO_EXEC, 1);
	else
		step_crashed(step);
}

/* The old tree is gone, or given up: the next start has only its time. */
static void
step_cleared(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	fsm->rest = false;
	fsm->deadline = fsm->start_at;
	if (fsm->start_at <= step->now)
		step_spawn(step);
}

/* Some of it does not end: the next start has to do with it beside it. */
static void
step_go_round_rest(const struct step *step)
{
	step_announce(step, EVENT_LEFT);
	step_cleared(step);
}

static void
step_backoff_timeout(const struct step *step)
{
	struct fsm *fsm = step->fsm;

	if (!fsm->rest)
		step_spawn(step);
	else if (fsm->kills < FSM_KILLS)
		step_force(step);
	else
		step_go_round_rest(step);
}

/* An operator does not want to wait for the next start. */
static void
step_hurry(const struct step *step)
{
	step_want(step);
	if (step->fsm->rest)
		step->fsm->start_at = step->now;
	else
		step_spawn(step);
}

/* An operator does not want the next start. */
static void
step_cancel(const struct step *step)
{
	step->fsm->wanted = false;
	step->fsm->backoff = 0;
	step->fsm->status = 0;
	if (!step->fsm->rest) {
		step_down(step);
		return;
	}
	/* The deadline of the sweep stays as it is. */
	step->fsm->state = RUN_STOPPING;
	step_announce(step, EVENT_STOPPING);
}

/* --- each event against each state ---------------------------------------- */

static void
on_start(const struct step *step)
{
	switch (step->fsm->state) {
	case RUN_DOWN:
		step_want(step);
		step_spawn(step);
		break;
	case RUN_STARTING:
	case RUN_UP:
		step_want(step);
		break;
	case RUN_STOPPING:
		step_want(step);
		step_retry_refused(step);
		break;
	case RUN_BACKOFF:
		step_hurry(step);
		break;
	case RUN_DONE:
	case RUN__COUNT:
		break;
	}
}

static void
on_stop(const struct step *step)
{
	switch (step->fsm->state) {
	case RUN_STARTING:
	case RUN_UP:
		step->fsm->wanted = false;
		step_ask(step);
		break;
	case RUN_STOPPING:
		step->fsm->wanted = false;
		step_ask_again(step);
		break;
	case RUN_BACKOFF:
		step_cancel(step);
		break;
	case RUN_DOWN:
	case RUN_DONE:
	case RUN__COUNT:
		break;
	}
}

static void
on_restart(const struct step *step)
{
	switch (step->fsm->state) {
	case RUN_DOWN:
		step_want(step);
		step_spawn(step);
		break;
	case RUN_STARTING:
	case RUN_UP:
		step_want(step);
		step_ask(step);
		break;
	case RUN_STOPPING:
		step_want(step);
		step_ask_again(step);
		break;
	case RUN_BACKOFF:
		step_hurry(step);
		break;
	case RUN_DONE:
	case RUN__COUNT:
		break;
	}
}

static void
on_shutdown(const struct step *step)
{
	step->fsm->leaving = true;
	step->fsm->wanted = false;
	switch (step->fsm->state) {
	case RUN_DOWN:
		step_down(step);
		break;
	case RUN_STARTING:
	case RUN_UP:
		step_ask(step);
		break;
	case RUN_STOPPING:
		step_retry_refused(step);
		break;
	case RUN_BACKOFF:
		step_cancel(step);
		break;
	case RUN_DONE:
	case RUN__COUNT:
		break;
	}
}

static void
on_spawned(const struct step *step)
{
	switch (step->fsm->state) {
	case RUN_STARTING:
		step_executed(step);
		break;
	case RUN_STOPPING:
		assert(step->fsm->alive && !step->fsm->executed);
		step->fsm->executed = true;
		break;
	case RUN_DOWN:
	case RUN_UP:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
}

static void
on_spawn_failed(const struct step *step)
{
	struct fsm_action *told = step_announce(step, EVENT_SPAWN_FAILED);

	assert(step->fsm->alive && !step->fsm->executed);
	switch (step->fsm->state) {
	case RUN_STARTING:
		step_spawn_failed(step);
		break;
	case RUN_STOPPING:
		step_stopped(step);
		break;
	case RUN_DOWN:
	case RUN_UP:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
	step_tell_state(step, told);
}

static void
on_adopted(const struct step *step)
{
	switch (step->fsm->state) {
	case RUN_DOWN:
		step_adopted(step);
		if (step->input->ending)
			step_ask(step);
		else
			step_settle_adopted(step);
		break;
	case RUN_STARTING:
	case RUN_UP:
	case RUN_STOPPING:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
}

static void
on_lost(const struct step *step)
{
	struct fsm_action *told = step_announce(step, EVENT_EXITED);

	assert(step->fsm->alive);
	switch (step->fsm->state) {
	case RUN_STARTING:
	case RUN_UP:
		step_lost(step);
		break;
	case RUN_STOPPING:
		step_stopped(step);
		break;
	case RUN_DOWN:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
	step_tell_state(step, told);
}

static void
on_probe_passed(const struct step *step)
{
	assert(step->fsm->probing);
	switch (step->fsm->state) {
	case RUN_STARTING:
		step->fsm->probing = false;
		step_up(step);
		break;
	case RUN_DOWN:
	case RUN_UP:
	case RUN_STOPPING:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
}

static void
on_probe_failed(const struct step *step)
{
	assert(step->fsm->probing);
	switch (step->fsm->state) {
	case RUN_STARTING:
		step_probe_failed(step);
		break;
	case RUN_DOWN:
	case RUN_UP:
	case RUN_STOPPING:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
}

static void
on_exited(const struct step *step)
{
	struct fsm_action *told = step_announce(step, EVENT_EXITED);

	assert(step->fsm->alive);
	switch (step->fsm->state) {
	case RUN_STARTING:
	case RUN_UP:
		step_exited(step);
		break;
	case RUN_STOPPING:
		step_stopped(step);
		break;
	case RUN_DOWN:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
	step_tell_state(step, told);
}

static void
on_swept(const struct step *step)
{
	assert(step->fsm->rest && !step->fsm->alive);
	switch (step->fsm->state) {
	case RUN_STOPPING:
		step_down(step);
		break;
	case RUN_BACKOFF:
		step_cleared(step);
		break;
	case RUN_DOWN:
	case RUN_STARTING:
	case RUN_UP:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
}

static void
on_refused(const struct step *step)
{
	assert(step->fsm->alive);
	switch (step->fsm->state) {
	case RUN_STOPPING:
		step_refused(step);
		break;
	case RUN_DOWN:
	case RUN_STARTING:
	case RUN_UP:
	case RUN_BACKOFF:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
}

static void
on_immune(const struct step *step)
{
	assert(step->fsm->kills > 0 && !step->fsm->alive);
	switch (step->fsm->state) {
	case RUN_STOPPING:
		step_leave_rest(step);
		break;
	case RUN_BACKOFF:
		step_go_round_rest(step);
		break;
	case RUN_DOWN:
	case RUN_STARTING:
	case RUN_UP:
	case RUN_DONE:
	case RUN__COUNT:
		step_impossible();
		break;
	}
}

static void
on_timeout(const struct step *step)
{
	if (step->now < step->fsm->deadline)
		return;
	switch (step->fsm->state) {
	case RUN_STARTING:
		step_starting_timeout(step);
		break;
	case RUN_STOPPING:
		step_stopping_timeout(step);
		break;
	case RUN_BACKOFF:
		step_backoff_timeout(step);
		break;
	case RUN_DOWN:
	case RUN_UP:
	case RUN_DONE:
	case RUN__COUNT:
		break;
	}
}

void
fsm_init(struct fsm *fsm, const struct fsm_config *config)
{
	static const struct fsm fresh = { .state = RUN_DOWN,
		.deadline = FSM_NEVER };

	*fsm = fresh;
	fsm->config = config;
}

void
fsm_step(
    struct fsm *fsm, const struct fsm_input *input, struct fsm_actions *out)
{
	const struct step step = { fsm, fsm->config, input, input->now, out };

	out->count = 0;
	switch (input->event) {
	case FSM_START:
		on_start(&step);
		break;
	case FSM_STOP:
		on_stop(&step);
		break;
	case FSM_RESTART:
		on_restart(&step);
		break;
	case FSM_SHUTDOWN:
		on_shutdown(&step);
		break;
	case FSM_SPAWNED:
		on_spawned(&step);
		break;
	case FSM_SPAWN_FAILED:
		on_spawn_failed(&step);
		break;
	case FSM_ADOPTED:
		on_adopted(&step);
		break;
	case FSM_LOST:
		on_lost(&step);
		break;
	case FSM_PROBE_PASSED:
		on_probe_passed(&step);
		break;
	case FSM_PROBE_FAILED:
		on_probe_failed(&step);
		break;
	case FSM_EXITED:
		on_exited(&step);
		break;
	case FSM_SWEPT:
		on_swept(&step);
		break;
	case FSM_REFUSED:
		on_refused(&step);
		break;
	case FSM_IMMUNE:
		on_immune(&step);
		break;
	case FSM_TIMEOUT:
		on_timeout(&step);
		break;
	case FSM__EVENTS:
		step_impossible();
		break;
	}
}
