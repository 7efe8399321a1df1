/*
 * The supervisor's decisions: every event in every situation, whole stories,
 * and millions of random steps in a model of the world.
 */

#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "supervisor/fsm.h"
#include "tests/unit/check.h"

#define SECOND 1000

/* --- a machine and its clock ---------------------------------------------- */

struct story {
	struct fsm fsm;
	struct fsm_config config;
	struct fsm_actions out;
	int64_t now;
	char text[512]; /* the actions of the last step */
};

static const int exit_code[] = { 0, 7 };

static void
story_begin(struct story *story)
{
	memset(story, 0, sizeof(*story));
	story->config.backoff_limit = 3;
	story->config.exit_code = exit_code;
	story->config.exit_codes = 2;
	story->config.sweep = true;
	story->config.settle = 250;
	story->config.probe_every = SECOND;
	story->config.probe_limit = 30 * SECOND;
	story->config.ask[0] = (struct fsm_ask){ SIGTERM, false, 10 * SECOND };
	story->config.asks = 1;
	story->config.kill = SIGKILL;
	story->config.kill_grace = 2 * SECOND;
	story->now = 100000;
	fsm_init(&story->fsm, &story->config);
}

static const char *
show_event(enum event_kind kind)
{
	static const char *const name[EVENT__COUNT] = {
		[EVENT_STARTING] = "+starting",
		[EVENT_ADOPTED] = "+adopted",
		[EVENT_UP] = "+up",
		[EVENT_TEST_FAILED] = "+test-failed",
		[EVENT_EXITED] = "+exited",
		[EVENT_SPAWN_FAILED] = "+spawn-failed",
		[EVENT_BACKOFF] = "+backoff",
		[EVENT_GAVE_UP] = "+gave-up",
		[EVENT_STOPPING] = "+stopping",
		[EVENT_NOT_SIGNALLED] = "+not-signalled",
		[EVENT_LEFT] = "+left",
		[EVENT_DOWN] = "+down",
	};

	assert_non_null(name[kind]);
	return name[kind];
}

static void
show_action(char *buf, size_t size, const struct fsm_action *action)
{
	switch (action->kind) {
	case FSM_SPAWN:
		snprintf(buf, size, "spawn");
		break;
	case FSM_PROBE:
		snprintf(buf, size, "probe");
		break;
	case FSM_END_PROBE:
		snprintf(buf, size, "end-probe");
		break;
	case FSM_SIGNAL:
		if (action->signal == SIGKILL)
			snprintf(buf, size, action->tell ? "kill+" : "kill");
		else if (action->signal == SIGTERM)
			snprintf(buf, size, "signal");
		else
			snprintf(buf, size, "signal:%d", action->signal);
		break;
	case FSM_SWEEP:
		snprintf(buf, size, action->force ? "sweep!" : "sweep");
		break;
	case FSM_ANNOUNCE:
		if (action->delay > 0)
			snprintf(buf, size, "%s:%" PRId64,
			    show_event(action->event), action->delay);
		else
			snprintf(buf, size, "%s", show_event(action->event));
		break;
	case FSM_QUIT:
		snprintf(buf, size, "quit:%d", action->status);
		break;
	}
}

static void
story_show(struct story *story)
{
	size_t i, len = 0;

	story->text[0] = '\0';
	for (i = 0; i < story->out.count; i++) {
		if (i > 0)
			story->text[len++] = ' ';
		show_action(story->text + len, sizeof(story->text) - len,
		    &story->out.action[i]);
		len = strlen(story->text);
	}
}

static void
story_feed(struct story *story, struct fsm_input input)
{
	input.now = story->now;
	fsm_step(&story->fsm, &input, &story->out);
	story_show(story);
}

static void
story_event(struct story *story, enum fsm_event event)
{
	story_feed(story, (struct fsm_input){ .event = event, .code = 1 });
}

/* The event happens; these actions and this state must come of it. */
#define TELL(story, event, actions, state_after)                   \
	do {                                                       \
		story_event(story, event);                         \
		assert_string_equal((story)->text, actions);       \
		assert_int_equal((story)->fsm.state, state_after); \
	} while (0)

#define EXIT(story, status, actions, state_after)                  \
	do {                                                       \
		story_feed(story,                                  \
		    (struct fsm_input){                            \
			.event = FSM_EXITED, .code = status });    \
		assert_string_equal((story)->text, actions);       \
		assert_int_equal((story)->fsm.state, state_after); \
	} while (0)

#define FAIL(story, how, actions, state_after)                     \
	do {                                                       \
		story_feed(story,                                  \
		    (struct fsm_input){                            \
			.event = FSM_SPAWN_FAILED, .how = true }); \
		assert_string_equal((story)->text, actions);       \
		assert_int_equal((story)->fsm.state, state_after); \
	} while (0)

/* Time passes up to the deadline, which must be so far away. */
#define WAIT(story, ms, actions, state_after)                                 \
	do {                                                                  \
		assert_int_equal((story)->fsm.deadline, (story)->now + (ms)); \
		(story)->now = (story)->fsm.deadline;                         \
		TELL(story, FSM_TIMEOUT, actions, state_after);               \
	} while (0)

static void
story_up(struct story *story)
{
	TELL(story, FSM_START, "spawn", RUN_STARTING);
	TELL(story, FSM_SPAWNED, "+starting", RUN_STARTING);
	WAIT(story, 250, "+up", RUN_UP);
}

/* --- every event in every situation --------------------------------------- */

enum situation {
	IN_DOWN,
	IN_SPAWNING, /* forked, not yet executed */
	IN_SETTLING,
	IN_TESTING, /* its test is out */
	IN_UP,
	IN_ASKED, /* it got TERM */
	IN_REFUSED, /* it could not be sent TERM */
	IN_KILLED, /* it got KILL */
	IN_UNKILLED, /* it could not be sent that either */
	IN_LEFT, /* it is gone, the rest got TERM */
	IN_FORCED, /* and KILL */
	IN_WAITING, /* until its next start */
	IN_SWEEPING, /* the same, and the old rest is there */
	IN_SWEEPING_HARD, /* it got KILL */
	IN_DONE,
	IN__COUNT
};

static void
enter_stopping(struct story *story, enum situation situation)
{
	story_up(story);
	TELL(story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	if (situation == IN_REFUSED || situation == IN_UNKILLED)
		TELL(story, FSM_REFUSED, "+not-signalled", RUN_STOPPING);
	if (situation == IN_KILLED || situation == IN_UNKILLED)
		WAIT(story, 10 * SECOND, "kill+", RUN_STOPPING);
	if (situation == IN_UNKILLED)
		TELL(story, FSM_REFUSED, "", RUN_STOPPING);
	if (situation == IN_LEFT || situation == IN_FORCED)
		EXIT(story, -1, "+exited sweep", RUN_STOPPING);
	if (situation == IN_FORCED)
		WAIT(story, 2 * SECOND, "sweep!", RUN_STOPPING);
}

static void
enter_backoff(struct story *story, enum situation situation)
{
	story_up(story);
	EXIT(story, 1, "+exited +backoff:1000 sweep", RUN_BACKOFF);
	if (situation == IN_WAITING)
		TELL(story, FSM_SWEPT, "", RUN_BACKOFF);
	if (situation == IN_SWEEPING_HARD)
		WAIT(story, 2 * SECOND, "sweep!", RUN_BACKOFF);
}

static void
enter(struct story *story, enum situation situation)
{
	story_begin(story);
	story->config.hang_around = true;
	story->config.probe = situation == IN_TESTING;
	switch (situation) {
	case IN_DOWN:
		break;
	case IN_SPAWNING:
		TELL(story, FSM_START, "spawn", RUN_STARTING);
		break;
	case IN_SETTLING:
		TELL(story, FSM_START, "spawn", RUN_STARTING);
		TELL(story, FSM_SPAWNED, "+starting", RUN_STARTING);
		break;
	case IN_TESTING:
		TELL(story, FSM_START, "spawn", RUN_STARTING);
		TELL(story, FSM_SPAWNED, "+starting probe", RUN_STARTING);
		break;
	case IN_UP:
		story_up(story);
		break;
	case IN_ASKED:
	case IN_REFUSED:
	case IN_KILLED:
	case IN_UNKILLED:
	case IN_LEFT:
	case IN_FORCED:
		enter_stopping(story, situation);
		break;
	case IN_WAITING:
	case IN_SWEEPING:
	case IN_SWEEPING_HARD:
		enter_backoff(story, situation);
		break;
	case IN_DONE:
		TELL(story, FSM_SHUTDOWN, "+down quit:0", RUN_DONE);
		break;
	case IN__COUNT:
		fail();
	}
}

struct outcome {
	const char *actions; /* NULL: this cannot happen */
	enum run_state state;
};

#define NEVER                  \
	{                      \
		NULL, RUN_DOWN \
	}

static const struct outcome outcome[FSM__EVENTS][IN__COUNT] = {
	[FSM_START] = {
		[IN_DOWN] = { "spawn", RUN_STARTING },
		[IN_SPAWNING] = { "", RUN_STARTING },
		[IN_SETTLING] = { "", RUN_STARTING },
		[IN_TESTING] = { "", RUN_STARTING },
		[IN_UP] = { "", RUN_UP },
		[IN_ASKED] = { "", RUN_STOPPING },
		[IN_REFUSED] = { "signal", RUN_STOPPING },
		[IN_KILLED] = { "", RUN_STOPPING },
		[IN_UNKILLED] = { "kill+", RUN_STOPPING },
		[IN_LEFT] = { "", RUN_STOPPING },
		[IN_FORCED] = { "", RUN_STOPPING },
		[IN_WAITING] = { "spawn", RUN_STARTING },
		[IN_SWEEPING] = { "", RUN_BACKOFF },
		[IN_SWEEPING_HARD] = { "", RUN_BACKOFF },
		[IN_DONE] = { "", RUN_DONE },
	},
	[FSM_STOP] = {
		[IN_DOWN] = { "", RUN_DOWN },
		[IN_SPAWNING] = { "+stopping signal", RUN_STOPPING },
		[IN_SETTLING] = { "+stopping signal", RUN_STOPPING },
		[IN_TESTING] = { "end-probe +stopping signal", RUN_STOPPING },
		[IN_UP] = { "+stopping signal", RUN_STOPPING },
		[IN_ASKED] = { "signal", RUN_STOPPING },
		[IN_REFUSED] = { "signal", RUN_STOPPING },
		[IN_KILLED] = { "kill", RUN_STOPPING },
		[IN_UNKILLED] = { "kill+", RUN_STOPPING },
		[IN_LEFT] = { "", RUN_STOPPING },
		[IN_FORCED] = { "", RUN_STOPPING },
		[IN_WAITING] = { "+down", RUN_DOWN },
		[IN_SWEEPING] = { "+stopping", RUN_STOPPING },
		[IN_SWEEPING_HARD] = { "+stopping", RUN_STOPPING },
		[IN_DONE] = { "", RUN_DONE },
	},
	[FSM_RESTART] = {
		[IN_DOWN] = { "spawn", RUN_STARTING },
		[IN_SPAWNING] = { "+stopping signal", RUN_STOPPING },
		[IN_SETTLING] = { "+stopping signal", RUN_STOPPING },
		[IN_TESTING] = { "end-probe +stopping signal", RUN_STOPPING },
		[IN_UP] = { "+stopping signal", RUN_STOPPING },
		[IN_ASKED] = { "signal", RUN_STOPPING },
		[IN_REFUSED] = { "signal", RUN_STOPPING },
		[IN_KILLED] = { "kill", RUN_STOPPING },
		[IN_UNKILLED] = { "kill+", RUN_STOPPING },
		[IN_LEFT] = { "", RUN_STOPPING },
		[IN_FORCED] = { "", RUN_STOPPING },
		[IN_WAITING] = { "spawn", RUN_STARTING },
		[IN_SWEEPING] = { "", RUN_BACKOFF },
		[IN_SWEEPING_HARD] = { "", RUN_BACKOFF },
		[IN_DONE] = { "", RUN_DONE },
	},
	[FSM_SHUTDOWN] = {
		[IN_DOWN] = { "+down quit:0", RUN_DONE },
		[IN_SPAWNING] = { "+stopping signal", RUN_STOPPING },
		[IN_SETTLING] = { "+stopping signal", RUN_STOPPING },
		[IN_TESTING] = { "end-probe +stopping signal", RUN_STOPPING },
		[IN_UP] = { "+stopping signal", RUN_STOPPING },
		[IN_ASKED] = { "", RUN_STOPPING },
		[IN_REFUSED] = { "signal", RUN_STOPPING },
		[IN_KILLED] = { "", RUN_STOPPING },
		[IN_UNKILLED] = { "kill+", RUN_STOPPING },
		[IN_LEFT] = { "", RUN_STOPPING },
		[IN_FORCED] = { "", RUN_STOPPING },
		[IN_WAITING] = { "+down quit:0", RUN_DONE },
		[IN_SWEEPING] = { "+stopping", RUN_STOPPING },
		[IN_SWEEPING_HARD] = { "+stopping", RUN_STOPPING },
		[IN_DONE] = { "", RUN_DONE },
	},
	[FSM_REFUSED] = {
		[IN_ASKED] = { "+not-signalled", RUN_STOPPING },
		[IN_REFUSED] = { "", RUN_STOPPING },
		[IN_KILLED] = { "+not-signalled", RUN_STOPPING },
		[IN_UNKILLED] = { "", RUN_STOPPING },
	},
	[FSM_IMMUNE] = {
		[IN_FORCED] = { "+left +down", RUN_DOWN },
		[IN_SWEEPING_HARD] = { "+left spawn", RUN_STARTING },
	},
	[FSM_SPAWNED] = {
		[IN_SPAWNING] = { "+starting", RUN_STARTING },
	},
	[FSM_SPAWN_FAILED] = {
		[IN_SPAWNING] = { "+spawn-failed +gave-up sweep",
		    RUN_STOPPING },
	},
	[FSM_ADOPTED] = {
		[IN_DOWN] = { "+adopted", RUN_STARTING },
	},
	[FSM_LOST] = {
		[IN_SPAWNING] = { "+exited +backoff:1000 sweep", RUN_BACKOFF },
		[IN_SETTLING] = { "+exited +backoff:1000 sweep", RUN_BACKOFF },
		[IN_TESTING] = { "+exited end-probe +backoff:1000 sweep",
		    RUN_BACKOFF },
		[IN_UP] = { "+exited +backoff:1000 sweep", RUN_BACKOFF },
		[IN_ASKED] = { "+exited sweep", RUN_STOPPING },
		[IN_REFUSED] = { "+exited sweep", RUN_STOPPING },
		[IN_KILLED] = { "+exited sweep", RUN_STOPPING },
		[IN_UNKILLED] = { "+exited sweep", RUN_STOPPING },
	},
	[FSM_PROBE_PASSED] = {
		[IN_TESTING] = { "+up", RUN_UP },
	},
	[FSM_PROBE_FAILED] = {
		[IN_TESTING] = { "+test-failed", RUN_STARTING },
	},
	[FSM_EXITED] = {
		[IN_SPAWNING] = { "+exited +backoff:1000 sweep", RUN_BACKOFF },
		[IN_SETTLING] = { "+exited +backoff:1000 sweep", RUN_BACKOFF },
		[IN_TESTING] = { "+exited end-probe +backoff:1000 sweep",
		    RUN_BACKOFF },
		[IN_UP] = { "+exited +backoff:1000 sweep", RUN_BACKOFF },
		[IN_ASKED] = { "+exited sweep", RUN_STOPPING },
		[IN_REFUSED] = { "+exited sweep", RUN_STOPPING },
		[IN_KILLED] = { "+exited sweep", RUN_STOPPING },
		[IN_UNKILLED] = { "+exited sweep", RUN_STOPPING },
	},
	[FSM_SWEPT] = {
		[IN_LEFT] = { "+down", RUN_DOWN },
		[IN_FORCED] = { "+down", RUN_DOWN },
		[IN_SWEEPING] = { "", RUN_BACKOFF },
		[IN_SWEEPING_HARD] = { "spawn", RUN_STARTING },
	},
	[FSM_TIMEOUT] = {
		[IN_DOWN] = { "", RUN_DOWN },
		[IN_SPAWNING] = { "", RUN_STARTING },
		[IN_SETTLING] = { "+up", RUN_UP },
		[IN_TESTING] = { "end-probe +test-failed", RUN_STARTING },
		[IN_UP] = { "", RUN_UP },
		[IN_ASKED] = { "kill+", RUN_STOPPING },
		[IN_REFUSED] = { "kill+", RUN_STOPPING },
		[IN_KILLED] = { "sweep!", RUN_STOPPING },
		[IN_UNKILLED] = { "kill+", RUN_STOPPING },
		[IN_LEFT] = { "sweep!", RUN_STOPPING },
		[IN_FORCED] = { "sweep!", RUN_STOPPING },
		[IN_WAITING] = { "spawn", RUN_STARTING },
		[IN_SWEEPING] = { "sweep!", RUN_BACKOFF },
		[IN_SWEEPING_HARD] = { "sweep!", RUN_BACKOFF },
		[IN_DONE] = { "", RUN_DONE },
	},
};

static void
happen(struct story *story, enum fsm_event event)
{
	if (event == FSM_TIMEOUT)
		story->now = story->fsm.deadline == FSM_NEVER ?
		    story->now + 3600 * SECOND :
		    story->fsm.deadline;
	story_feed(story,
	    (struct fsm_input){ .event = event,
		.code = 1,
		.final = true,
		.since = story->now });
}

/* What cannot happen is a fault of ours and must not pass. */
static void
assert_impossible(struct story *story, enum fsm_event event)
{
	struct rlimit none = { 0, 0 };
	int status;
	pid_t pid;

	fflush(NULL);
	if ((pid = fork()) == 0) {
		setrlimit(RLIMIT_CORE, &none);
		fclose(stderr);
		signal(SIGABRT, SIG_DFL);
		happen(story, event);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status))
		fail_msg("event %d was taken", event);
}

static void
test_every_pair(void **state)
{
	const struct outcome *expected;
	struct story story;
	int event, in;

	(void)state;
	for (event = 0; event < FSM__EVENTS; event++) {
		for (in = 0; in < IN__COUNT; in++) {
			enter(&story, in);
			expected = &outcome[event][in];
			if (expected->actions == NULL) {
				assert_impossible(&story, event);
				continue;
			}
			happen(&story, event);
			if (strcmp(story.text, expected->actions) != 0 ||
			    story.fsm.state != expected->state)
				fail_msg("event %d in situation %d: '%s', "
					 "state %d",
				    event, in, story.text, story.fsm.state);
		}
	}
}

/* --- stories -------------------------------------------------------------- */

static void
test_start_and_stop(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_up(&story);
	assert_int_equal(story.fsm.deadline, FSM_NEVER);
	assert_true(story.fsm.wanted);
	story.now += 5 * SECOND;
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	assert_false(story.fsm.wanted);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);
	TELL(&story, FSM_START, "", RUN_DONE);
}

static void
test_settle_zero_is_up_at_once(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story.config.settle = 0;
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting +up", RUN_UP);
}

static void
test_timeout_too_early_is_nothing(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting", RUN_STARTING);
	story.now = story.fsm.deadline - 1;
	TELL(&story, FSM_TIMEOUT, "", RUN_STARTING);
	WAIT(&story, 1, "+up", RUN_UP);
}

static void
test_stop_ladder(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	story.now += 4 * SECOND;
	/* Once more: no more time for that. */
	TELL(&story, FSM_STOP, "signal", RUN_STOPPING);
	WAIT(&story, 6 * SECOND, "kill+", RUN_STOPPING);
	story.now += 10;
	/* Its KILL began the time of the rest: both end together. */
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	WAIT(&story, 2 * SECOND - 10, "sweep!", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);
}

/* What obeys ends its tree's time of grace, not that of its own KILL. */
static void
test_grace_begins_with_the_end(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	story.now += 9 * SECOND;
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	WAIT(&story, 2 * SECOND, "sweep!", RUN_STOPPING);
	WAIT(&story, SECOND, "sweep!", RUN_STOPPING);
}

/* One that no signal reaches: told once a wish, and tried again. */
static void
test_stop_refused(void **state)
{
	struct story story;
	int i;

	(void)state;
	story_begin(&story);
	story.config.hang_around = true;
	story.config.kill_grace = 0;
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	TELL(&story, FSM_REFUSED, "+not-signalled", RUN_STOPPING);
	assert_true(story.fsm.refused);
	WAIT(&story, 10 * SECOND, "kill+", RUN_STOPPING);
	for (i = 0; i < 50; i++) {
		TELL(&story, FSM_REFUSED, "", RUN_STOPPING);
		/* What it has started is left alone while it runs. */
		WAIT(&story, SECOND, "kill+", RUN_STOPPING);
	}
	TELL(&story, FSM_REFUSED, "", RUN_STOPPING);
	TELL(&story, FSM_STOP, "kill+", RUN_STOPPING);
	TELL(&story, FSM_REFUSED, "+not-signalled", RUN_STOPPING);
	TELL(&story, FSM_START, "kill+", RUN_STOPPING);
	TELL(&story, FSM_REFUSED, "+not-signalled", RUN_STOPPING);
	TELL(&story, FSM_SHUTDOWN, "kill+", RUN_STOPPING);
	TELL(&story, FSM_REFUSED, "+not-signalled", RUN_STOPPING);
	story.config.kill_grace = 2 * SECOND;
	EXIT(&story, 0, "+exited sweep", RUN_STOPPING);
	assert_false(story.fsm.refused);
	WAIT(&story, 2 * SECOND, "sweep!", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);
}

/* At first it is not permitted, then it is: TERM is no KILL. */
static void
test_stop_refused_for_a_while(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	TELL(&story, FSM_REFUSED, "+not-signalled", RUN_STOPPING);
	story.now += SECOND;
	TELL(&story, FSM_STOP, "signal", RUN_STOPPING);
	assert_false(story.fsm.refused);
	/* It took that one: no later wish sends another by itself. */
	TELL(&story, FSM_START, "", RUN_STOPPING);
	WAIT(&story, 9 * SECOND, "kill+", RUN_STOPPING);
}

/* Each KILL for the rest is refused: nothing to wait for. */
static void
test_rest_that_is_immune(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	WAIT(&story, 2 * SECOND, "sweep!", RUN_STOPPING);
	TELL(&story, FSM_IMMUNE, "+left +down quit:0", RUN_DONE);

	/* Before a next start: that still has its time. */
	story_begin(&story);
	story.config.kill_grace = 500;
	story_up(&story);
	EXIT(&story, 1, "+exited +backoff:1000 sweep", RUN_BACKOFF);
	WAIT(&story, 500, "sweep!", RUN_BACKOFF);
	TELL(&story, FSM_IMMUNE, "+left", RUN_BACKOFF);
	WAIT(&story, 500, "spawn", RUN_STARTING);
}

/* A program that cannot die is waited for; what outlives it is not. */
static void
test_stop_never_ends_too_early(void **state)
{
	struct story story;
	int i;

	(void)state;
	story_begin(&story);
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	WAIT(&story, 10 * SECOND, "kill+", RUN_STOPPING);
	WAIT(&story, 2 * SECOND, "sweep!", RUN_STOPPING);
	for (i = 0; i < 50; i++)
		WAIT(&story, SECOND, "sweep!", RUN_STOPPING);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	for (i = 0; i < FSM_KILLS; i++)
		WAIT(&story, SECOND, "sweep!", RUN_STOPPING);
	WAIT(&story, SECOND, "+left +down quit:0", RUN_DONE);
}

/* Each signal has its time; after KILL the rest has its grace all the same. */
static void
test_stop_schedule(void **state)
{
	static const struct fsm_ask ask[] = { { SIGTERM, false, 30 * SECOND },
		{ SIGQUIT, false, 5 * SECOND }, { SIGKILL, true, SECOND } };
	struct story story;

	(void)state;
	story_begin(&story);
	memcpy(story.config.ask, ask, sizeof(ask));
	story.config.asks = 3;
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	story.now += 10 * SECOND;
	TELL(&story, FSM_STOP, "signal", RUN_STOPPING);
	WAIT(&story, 20 * SECOND, "signal:3", RUN_STOPPING);
	story.now += SECOND;
	/* Asked again, it is asked in the way that it is now. */
	TELL(&story, FSM_STOP, "signal:3", RUN_STOPPING);
	WAIT(&story, 4 * SECOND, "kill+", RUN_STOPPING);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	WAIT(&story, 2 * SECOND, "sweep!", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);

	/* It goes early: no later signal follows. */
	story_begin(&story);
	memcpy(story.config.ask, ask, sizeof(ask));
	story.config.asks = 3;
	story.config.hang_around = true;
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	WAIT(&story, 30 * SECOND, "signal:3", RUN_STOPPING);
	EXIT(&story, 0, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down", RUN_DOWN);
	/* The next stop begins at the first one again. */
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	WAIT(&story, 30 * SECOND, "signal:3", RUN_STOPPING);
	WAIT(&story, 5 * SECOND, "kill+", RUN_STOPPING);
	TELL(&story, FSM_STOP, "kill", RUN_STOPPING);
	WAIT(&story, 2 * SECOND, "sweep!", RUN_STOPPING);

	/* KILL alone: it had no time to end in, and nothing says so. */
	story_begin(&story);
	story.config.ask[0] = (struct fsm_ask){ SIGKILL, true, SECOND };
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping kill", RUN_STOPPING);
}

static void
test_stop_without_sweep(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story.config.sweep = false;
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	WAIT(&story, 10 * SECOND, "kill+", RUN_STOPPING);
	EXIT(&story, -1, "+exited +down quit:0", RUN_DONE);
}

static void
test_latest_wish_wins(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	TELL(&story, FSM_START, "", RUN_STOPPING);
	TELL(&story, FSM_STOP, "signal", RUN_STOPPING);
	TELL(&story, FSM_START, "", RUN_STOPPING);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting", RUN_STARTING);
	TELL(&story, FSM_RESTART, "+stopping signal", RUN_STOPPING);
	TELL(&story, FSM_STOP, "signal", RUN_STOPPING);
	EXIT(&story, 0, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);
}

static void
test_shutdown_is_for_good(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story.config.hang_around = true;
	story_up(&story);
	TELL(&story, FSM_SHUTDOWN, "+stopping signal", RUN_STOPPING);
	TELL(&story, FSM_START, "", RUN_STOPPING);
	TELL(&story, FSM_RESTART, "signal", RUN_STOPPING);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);
}

static void
test_stop_before_exec(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	TELL(&story, FSM_SPAWNED, "", RUN_STOPPING);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);

	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	FAIL(&story, final, "+spawn-failed sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);
}

/* One run: it is executed and exits with 1 soon after. */
static void
crash(struct story *story, const char *actions)
{
	TELL(story, FSM_SPAWNED, "+starting", RUN_STARTING);
	story->now += 100;
	story_event(story, FSM_EXITED);
	assert_string_equal(story->text, actions);
	if (story->fsm.state == RUN_BACKOFF)
		TELL(story, FSM_SWEPT, "", RUN_BACKOFF);
}

static void
test_backoff_gives_up(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:1000 sweep");
	WAIT(&story, SECOND, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:2000 sweep");
	WAIT(&story, 2 * SECOND, "spawn", RUN_STARTING);
	crash(&story, "+exited +gave-up sweep");
	assert_int_equal(story.fsm.reason, FSM_TOO_OFTEN);
	TELL(&story, FSM_SWEPT, "+down quit:1", RUN_DONE);
}

static void
test_backoff_forever(void **state)
{
	struct story story;
	int i;

	(void)state;
	story_begin(&story);
	story.config.forever = true;
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:1000 sweep");
	WAIT(&story, SECOND, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:2000 sweep");
	WAIT(&story, 2 * SECOND, "spawn", RUN_STARTING);
	for (i = 0; i < 20; i++) {
		crash(&story, "+exited +backoff:3000 sweep");
		WAIT(&story, 3 * SECOND, "spawn", RUN_STARTING);
	}
}

/* A limit below one run counts as one. */
static void
test_backoff_limit_below_one(void **state)
{
	static const long limit[] = { 1, 0, -5 };
	struct story story;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		story_begin(&story);
		story.config.backoff_limit = limit[i];
		TELL(&story, FSM_START, "spawn", RUN_STARTING);
		crash(&story, "+exited +gave-up sweep");
		story_begin(&story);
		story.config.backoff_limit = limit[i];
		story.config.forever = true;
		TELL(&story, FSM_START, "spawn", RUN_STARTING);
		crash(&story, "+exited +backoff:1000 sweep");
	}
}

static void
test_backoff_resets_after_a_longer_stay(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:1000 sweep");
	WAIT(&story, SECOND, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:2000 sweep");
	WAIT(&story, 2 * SECOND, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting", RUN_STARTING);
	WAIT(&story, 250, "+up", RUN_UP);
	story.now = story.fsm.started_at + 3 * SECOND - 1;
	/* One ms short of the limit is still a crash too many... */
	EXIT(&story, 1, "+exited +gave-up sweep", RUN_STOPPING);
	TELL(&story, FSM_START, "", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting", RUN_STARTING);
	WAIT(&story, 250, "+up", RUN_UP);
	/* ... and the limit itself is none. */
	story.now = story.fsm.started_at + 3 * SECOND;
	EXIT(&story, 1, "+exited sweep", RUN_BACKOFF);
	TELL(&story, FSM_SWEPT, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:1000 sweep");
}

static void
test_stop_in_backoff(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:1000 sweep");
	TELL(&story, FSM_STOP, "+down quit:0", RUN_DONE);
}

/* A start in backoff is at once, and counts from the beginning. */
static void
test_start_in_backoff(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:1000 sweep");
	WAIT(&story, SECOND, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:2000 sweep");
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:1000 sweep");
}

/* The old tree has to be gone before the next start, within bounds. */
static void
test_backoff_waits_for_the_rest(void **state)
{
	struct story story;
	int i;

	(void)state;
	story_begin(&story);
	story_up(&story);
	EXIT(&story, 1, "+exited +backoff:1000 sweep", RUN_BACKOFF);
	WAIT(&story, 2 * SECOND, "sweep!", RUN_BACKOFF);
	TELL(&story, FSM_START, "", RUN_BACKOFF);
	for (i = 1; i < FSM_KILLS; i++)
		WAIT(&story, SECOND, "sweep!", RUN_BACKOFF);
	WAIT(&story, SECOND, "+left spawn", RUN_STARTING);
}

static void
test_exit_codes_end_it(void **state)
{
	struct story story;

	(void)state;
	/* They beat forever, and nothing is swept. */
	story_begin(&story);
	story.config.forever = true;
	story_up(&story);
	EXIT(&story, 7, "+exited +gave-up +down quit:7", RUN_DONE);

	story_begin(&story);
	story.config.hang_around = true;
	story_up(&story);
	EXIT(&story, 0, "+exited +gave-up +down", RUN_DOWN);
	assert_int_equal(story.fsm.reason, FSM_EXIT_CODE);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	assert_int_equal(story.fsm.reason, FSM_NO_REASON);

	/* A signal is no exit code, whatever its number. */
	story_begin(&story);
	story_up(&story);
	EXIT(&story, -1, "+exited +backoff:1000 sweep", RUN_BACKOFF);
}

static void
test_hang_around(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story.config.hang_around = true;
	story.config.backoff_limit = 1;
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	crash(&story, "+exited +gave-up sweep");
	TELL(&story, FSM_SWEPT, "+down", RUN_DOWN);
	assert_false(story.fsm.wanted);
	assert_int_equal(story.fsm.reason, FSM_TOO_OFTEN);
	story.config.backoff_limit = 3;
	story_up(&story);
	TELL(&story, FSM_STOP, "+stopping signal", RUN_STOPPING);
	EXIT(&story, -1, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down", RUN_DOWN);
	TELL(&story, FSM_SHUTDOWN, "+down quit:0", RUN_DONE);
}

static void
test_probe(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story.config.probe = true;
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting probe", RUN_STARTING);
	TELL(&story, FSM_PROBE_FAILED, "+test-failed", RUN_STARTING);
	WAIT(&story, SECOND, "probe", RUN_STARTING);
	/* This one hangs: it is ended, and that is a failure. */
	WAIT(&story, 30 * SECOND, "end-probe +test-failed", RUN_STARTING);
	WAIT(&story, SECOND, "probe", RUN_STARTING);
	TELL(&story, FSM_PROBE_PASSED, "+up", RUN_UP);
	assert_int_equal(story.fsm.deadline, FSM_NEVER);
}

/* Its exit is the program's, not the test's. */
static void
test_exit_while_tested(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story.config.probe = true;
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting probe", RUN_STARTING);
	EXIT(&story, 1, "+exited end-probe +backoff:1000 sweep", RUN_BACKOFF);
	assert_false(story.fsm.probing);
}

static void
test_exec_fails(void **state)
{
	struct story story;

	(void)state;
	/* For good, when asked for: nothing to wait for. */
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	FAIL(&story, final, "+spawn-failed +gave-up sweep", RUN_STOPPING);
	assert_int_equal(story.fsm.reason, FSM_NO_EXEC);
	TELL(&story, FSM_SWEPT, "+down quit:1", RUN_DONE);

	/* For good, but later: it may come back. */
	story_begin(&story);
	story_up(&story);
	EXIT(&story, 1, "+exited +backoff:1000 sweep", RUN_BACKOFF);
	TELL(&story, FSM_SWEPT, "", RUN_BACKOFF);
	WAIT(&story, SECOND, "spawn", RUN_STARTING);
	FAIL(&story, final, "+spawn-failed +backoff:2000 sweep", RUN_BACKOFF);
	TELL(&story, FSM_SWEPT, "", RUN_BACKOFF);
	WAIT(&story, 2 * SECOND, "spawn", RUN_STARTING);
	TELL(&story, FSM_SPAWNED, "+starting", RUN_STARTING);
	WAIT(&story, 250, "+up", RUN_UP);
}

/* It may work at the next try, or never: a crash, as any other. */
static void
test_exec_fails_for_now(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	for (int i = 1; i < 3; i++) {
		story_feed(
		    &story, (struct fsm_input){ .event = FSM_SPAWN_FAILED });
		assert_int_equal(story.fsm.backoff, i);
		TELL(&story, FSM_SWEPT, "", RUN_BACKOFF);
		WAIT(&story, i * SECOND, "spawn", RUN_STARTING);
	}
	story_feed(&story, (struct fsm_input){ .event = FSM_SPAWN_FAILED });
	assert_string_equal(story.text, "+spawn-failed +gave-up sweep");
	assert_int_equal(story.fsm.reason, FSM_TOO_OFTEN);
}

/* No process to be had: tried for ever, never given up. */
static void
test_fork_fails(void **state)
{
	struct story story;
	int i;

	(void)state;
	story_begin(&story);
	TELL(&story, FSM_START, "spawn", RUN_STARTING);
	for (i = 0; i < 20; i++) {
		FAIL(&story, starved, "+spawn-failed +backoff:1000 sweep",
		    RUN_BACKOFF);
		TELL(&story, FSM_SWEPT, "", RUN_BACKOFF);
		WAIT(&story, SECOND, "spawn", RUN_STARTING);
	}
	/* None of these counts as a crash. */
	crash(&story, "+exited +backoff:1000 sweep");
	WAIT(&story, SECOND, "spawn", RUN_STARTING);
	crash(&story, "+exited +backoff:2000 sweep");
	WAIT(&story, 2 * SECOND, "spawn", RUN_STARTING);
	FAIL(&story, starved, "+spawn-failed +backoff:2000 sweep", RUN_BACKOFF);
	TELL(&story, FSM_SWEPT, "", RUN_BACKOFF);
}

static void
test_adopted(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_feed(&story,
	    (struct fsm_input){
		.event = FSM_ADOPTED, .since = story.now - 60 * SECOND });
	assert_string_equal(story.text, "+adopted +up");
	assert_true(story.fsm.wanted);
	/* It had been up for long before we came. */
	TELL(&story, FSM_LOST, "+exited sweep", RUN_BACKOFF);
	TELL(&story, FSM_SWEPT, "spawn", RUN_STARTING);

	story_begin(&story);
	story.config.lost_is_final = true;
	story_feed(&story,
	    (struct fsm_input){ .event = FSM_ADOPTED, .since = story.now });
	TELL(&story, FSM_LOST, "+exited +gave-up sweep", RUN_STOPPING);
	assert_int_equal(story.fsm.reason, FSM_LOST_EXIT);
	TELL(&story, FSM_SWEPT, "+down quit:1", RUN_DONE);
}

/* What it had not shown before it was adopted, it has to show now. */
static void
test_adopted_while_it_starts(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story.config.settle = 2 * SECOND;
	story_feed(&story,
	    (struct fsm_input){
		.event = FSM_ADOPTED, .since = story.now - SECOND });
	assert_string_equal(story.text, "+adopted");
	assert_int_equal(story.fsm.state, RUN_STARTING);
	assert_int_equal(story.fsm.deadline, story.now + SECOND);

	story_begin(&story);
	story.config.probe = true;
	story_feed(&story,
	    (struct fsm_input){
		.event = FSM_ADOPTED, .since = story.now - 60 * SECOND });
	assert_string_equal(story.text, "+adopted probe");
	TELL(&story, FSM_PROBE_PASSED, "+up", RUN_UP);

	story_begin(&story);
	story.config.probe = true;
	story_feed(&story,
	    (struct fsm_input){
		.event = FSM_ADOPTED, .since = story.now, .ready = true });
	assert_string_equal(story.text, "+adopted +up");
}

/* Its supervisor was lost while it stopped: that is finished, and then what
 * was started for wants it up. */
static void
test_adopted_while_it_stops(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_feed(&story,
	    (struct fsm_input){ .event = FSM_ADOPTED,
		.since = story.now - 60 * SECOND,
		.ending = true });
	assert_string_equal(story.text, "+adopted +stopping signal");
	assert_int_equal(story.fsm.state, RUN_STOPPING);
	EXIT(&story, 0, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "spawn", RUN_STARTING);

	story_begin(&story);
	story_feed(&story,
	    (struct fsm_input){ .event = FSM_ADOPTED,
		.since = story.now - 60 * SECOND,
		.ending = true });
	TELL(&story, FSM_STOP, "signal", RUN_STOPPING);
	EXIT(&story, 0, "+exited sweep", RUN_STOPPING);
	TELL(&story, FSM_SWEPT, "+down quit:0", RUN_DONE);
}

/* Its crashes are counted on, not from the start. */
static void
test_adopted_after_crashes(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_feed(&story,
	    (struct fsm_input){ .event = FSM_ADOPTED,
		.since = story.now,
		.crashes = 1,
		.ready = true });
	TELL(&story, FSM_LOST, "+exited +backoff:2000 sweep", RUN_BACKOFF);
}

/* What an event says of the state is what came of it. */
static void
test_states_told(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	story_up(&story);
	assert_int_equal(story.out.action[0].state, RUN_UP);
	EXIT(&story, 1, "+exited +backoff:1000 sweep", RUN_BACKOFF);
	assert_int_equal(story.out.action[0].state, RUN_BACKOFF);
	assert_int_equal(story.out.action[1].state, RUN_BACKOFF);
	TELL(&story, FSM_SWEPT, "", RUN_BACKOFF);
	TELL(&story, FSM_STOP, "+down quit:0", RUN_DONE);
	assert_int_equal(story.out.action[0].state, RUN_DOWN);
}

/* --- random steps in a model of the world --------------------------------- */

/* What is really there, as seen by one who only performs the actions. */
struct world {
	struct story story;
	uint64_t random;
	bool alive, executed; /* a program */
	bool probing;
	int left; /* how much of its tree is there */
	int forced; /* KILLs for its tree since the last exit */
	bool immune; /* no signal reaches it, at times */
	bool refused; /* the signal of this step: to be answered, */
	bool unswept; /* and so is its sweep */
	bool spared; /* some of its tree was, since the last exit */
	bool killed; /* it got KILL, at killed_at */
	int64_t killed_at;
	bool quit;
	int64_t spawned_at, executed_at, asked_at;
	size_t asked; /* signals of the schedule since the last STOPPING */
	enum fsm_event event; /* of this step */
	bool again; /* it is a wish while it stops already */
	bool stuck; /* the last signal was refused */
	bool pressed; /* its tree got KILL before it had gone */
	long crashes; /* short runs in a row, as we count them */
};

static uint32_t
world_random(struct world *world, uint32_t below)
{
	world->random ^= world->random << 13;
	world->random ^= world->random >> 7;
	world->random ^= world->random << 17;
	return (uint32_t)((world->random >> 11) % below);
}

static void
world_schedule(struct world *world)
{
	static const int signals[] = { SIGTERM, SIGQUIT, SIGHUP, SIGKILL };
	struct fsm_config *config = &world->story.config;
	size_t i;

	config->asks = 1 + world_random(world, FSM_ASKS);
	for (i = 0; i < config->asks; i++) {
		config->ask[i].signal = signals[world_random(world, 4)];
		config->ask[i].kill = config->ask[i].signal == SIGKILL;
		config->ask[i].wait = world_random(world, 3) * SECOND;
	}
}

/* How long a program has had before the nth signal of a stop is due. */
static int64_t
world_due(const struct world *world, size_t n)
{
	const struct fsm_config *config = &world->story.config;
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += config->ask[i].wait;
	return sum;
}

/* Which signal of the schedule is KILL; the one behind the last, if none. */
static size_t
world_last(const struct world *world)
{
	const struct fsm_config *config = &world->story.config;
	size_t i;

	for (i = 0; i < config->asks && !config->ask[i].kill; i++)
		;
	return i;
}

static void
world_begin(struct world *world, uint64_t seed)
{
	struct fsm_config *config = &world->story.config;
	static const int64_t settle[] = { 0, 250, 2000 };

	memset(world, 0, sizeof(*world));
	world->random = seed * 0x9e3779b97f4a7c15u + 1;
	story_begin(&world->story);
	config->backoff_limit = (long)world_random(world, 5) - 1;
	config->forever = world_random(world, 2) == 0;
	config->exit_codes = world_random(world, 2) * 2;
	config->hang_around = world_random(world, 4) != 0;
	config->probe = world_random(world, 2) == 0;
	config->sweep = world_random(world, 4) != 0;
	config->lost_is_final = world_random(world, 2) == 0;
	config->settle = settle[world_random(world, 3)];
	world_schedule(world);
	world->immune = world_random(world, 4) == 0;
	config->kill_grace = world_random(world, 3) * SECOND;
	if (world_random(world, 4) == 0) {
		world->alive = world->executed = true;
		story_feed(&world->story,
		    (struct fsm_input){ .event = FSM_ADOPTED,
			.since = world->story.now,
			.ready = world_random(world, 2) == 0 });
		world->spawned_at = world->executed_at = world->story.now;
		world->probing = config->probe &&
		    world->story.fsm.state == RUN_STARTING;
	}
}

static long
world_limit(const struct world *world)
{
	long limit = world->story.config.backoff_limit;

	return limit < 1 ? 1 : limit;
}

static void
world_sweep(struct world *world, bool force)
{
	const struct fsm_config *config = &world->story.config;

	if (!force) {
		/* What it has started is its own business while it runs. */
		assert_true(config->sweep && !world->alive);
		world->left = (int)world_random(
		    world, (uint32_t)world->left + 1);
		return;
	}
	world->forced++;
	world->pressed = world->pressed || world->alive;
	if (world->alive)
		assert_true(world->killed &&
		    world->story.now >= world->killed_at + config->kill_grace);
	if (world_random(world, 8) != 0)
		world->left = 0;
	else if (world->immune && !world->alive && world->left > 0)
		world->unswept = world->spared = true;
}

static void
world_announced(struct world *world, const struct fsm_action *action)
{
	const struct fsm_config *config = &world->story.config;
	long expected;

	if (action->event == EVENT_UP) {
		assert_true(world->alive && world->executed);
		if (!config->probe)
			assert_true(world->story.now >=
			    world->executed_at + config->settle);
	}
	if (action->event == EVENT_BACKOFF) {
		expected = world->crashes < world_limit(world) ?
		    world->crashes :
		    world_limit(world);
		if (expected == 0)
			expected = 1;
		assert_int_equal(action->delay, expected * SECOND);
	}
	if (action->event == EVENT_GAVE_UP && action->reason == FSM_TOO_OFTEN) {
		assert_false(config->forever);
		assert_int_equal(world->crashes, world_limit(world));
	}
}

static void
world_spawned(struct world *world)
{
	assert_false(world->alive);
	assert_false(world->probing);
	/* Nothing old may be in its way, unless it could not be removed. */
	if (world->story.config.sweep && world->left > 0)
		assert_true(world->forced >= FSM_KILLS ||
		    world->event == FSM_IMMUNE || world->spared);
	world->alive = true;
	world->executed = world->killed = false;
	world->spawned_at = world->story.now;
	world->left = (int)world_random(world, 3);
}

/* The nth signal of a stop: one of the schedule, or KILL behind its end. */
static int
world_signal(const struct world *world, size_t n)
{
	return n < world_last(world) ? world->story.config.ask[n].signal :
				       SIGKILL;
}

/*
 * A signal of the schedule: the first at once, each next one in its order and
 * never before its time; or the same again, where it was asked once more or
 * KILL was refused.
 */
static void
world_asked(struct world *world, const struct fsm_action *action)
{
	size_t at = world->asked, last = world_last(world);

	assert_true(world->alive && !(action->tell && world->killed));
	/* Only a stop and a restart repeat what was sent. */
	if (world->event == FSM_START || world->event == FSM_SHUTDOWN)
		assert_true(world->stuck || !world->again);
	world->stuck = false;
	if (world->again || at > last) {
		assert_true(at > 0 && (world->again || !world->killed));
		assert_int_equal(action->signal, world_signal(world, at - 1));
	} else {
		assert_int_equal(action->signal, world_signal(world, at));
		assert_true(
		    world->story.now >= world->asked_at + world_due(world, at));
		world->asked++;
	}
	assert_int_equal(action->tell,
	    action->signal == SIGKILL && !world->killed && last > 0);
	world->refused = world->immune && !world->killed &&
	    world_random(world, 2) == 0;
	if (world->refused || action->signal != SIGKILL || world->killed)
		return;
	world->killed = true;
	world->killed_at = world->story.now;
}

static void
world_act(struct world *world, const struct fsm_action *action)
{
	assert_false(world->quit);
	switch (action->kind) {
	case FSM_SPAWN:
		world_spawned(world);
		break;
	case FSM_PROBE:
		assert_true(world->alive && world->executed);
		assert_false(world->probing);
		world->probing = true;
		break;
	case FSM_END_PROBE:
		assert_true(world->probing);
		world->probing = false;
		break;
	case FSM_SIGNAL:
		world_asked(world, action);
		break;
	case FSM_SWEEP:
		world_sweep(world, action->force);
		break;
	case FSM_ANNOUNCE:
		if (action->event == EVENT_STOPPING) {
			world->asked_at = world->story.now;
			world->asked = 0;
			world->killed = world->pressed = false;
		}
		if (action->event == EVENT_LEFT) {
			assert_true(!world->alive &&
			    (world->forced >= FSM_KILLS ||
				world->event == FSM_IMMUNE));
		}
		world_announced(world, action);
		break;
	case FSM_QUIT:
		assert_false(world->alive);
		assert_false(world->probing);
		world->quit = true;
		break;
	}
}

/* What must hold between any two steps. */
static void
world_check(const struct world *world)
{
	const struct fsm *fsm = &world->story.fsm;
	const struct fsm_config *config = &world->story.config;
	int64_t most = 31 * SECOND;

	assert_int_equal(fsm->alive, world->alive);
	assert_int_equal(fsm->probing, world->probing);
	assert_int_equal(world->quit, fsm->state == RUN_DONE);
	if (fsm->deadline != FSM_NEVER)
		assert_true(fsm->deadline <= world->story.now + most);
	switch (fsm->state) {
	case RUN_DOWN:
		assert_false(world->alive || fsm->wanted || fsm->leaving);
		assert_true(config->hang_around || world->spawned_at == 0);
		break;
	case RUN_STARTING:
	case RUN_UP:
		assert_true(world->alive);
		assert_false(fsm->leaving);
		break;
	case RUN_STOPPING:
		assert_true(world->alive || fsm->rest);
		assert_true(fsm->deadline != FSM_NEVER);
		assert_int_equal(fsm->refused, world->alive && world->stuck);
		/* The whole takes no longer than its time and the grace. */
		if (world->killed && world->forced == 0 && !world->pressed)
			assert_true(fsm->deadline <=
			    world->killed_at + config->kill_grace);
		break;
	case RUN_BACKOFF:
		assert_false(world->alive);
		assert_true(fsm->wanted);
		assert_true(fsm->deadline != FSM_NEVER);
		break;
	case RUN_DONE:
		assert_false(world->alive);
		break;
	case RUN__COUNT:
		fail();
	}
}

static void
world_feed(struct world *world, struct fsm_input input)
{
	const struct fsm *fsm = &world->story.fsm;
	enum run_state before = fsm->state;
	size_t i;

	input.now = world->story.now;
	world->event = input.event;
	world->again = before == RUN_STOPPING && input.event <= FSM_SHUTDOWN;
	world->stuck = input.event == FSM_REFUSED ||
	    (world->stuck && world->alive);
	world->refused = world->unswept = false;
	fsm_step(&world->story.fsm, &input, &world->story.out);
	for (i = 0; i < world->story.out.count; i++)
		world_act(world, &world->story.out.action[i]);
	/* The end of a stop begins the count anew. */
	if (fsm->state == RUN_DOWN ||
	    (before == RUN_STOPPING && fsm->state == RUN_STARTING))
		world->crashes = 0;
	world_check(world);
	/* These answers come before anything else can happen. */
	if (world->refused)
		world_feed(world, (struct fsm_input){ .event = FSM_REFUSED });
	if (world->unswept)
		world_feed(world, (struct fsm_input){ .event = FSM_IMMUNE });
}

/* The program ends; we count its runs in our own way. */
static void
world_exit(struct world *world, enum fsm_event event, int code)
{
	long limit = world_limit(world);

	world->alive = false;
	world->forced = 0;
	world->spared = false;
	/* What such a program leaves behind is to live on. */
	if (world->story.config.exit_codes > 0 && (code == 0 || code == 7) &&
	    world->story.fsm.state != RUN_STOPPING)
		world->left = 0;
	if (world->story.now - world->spawned_at >= limit * SECOND)
		world->crashes = 0;
	else if (world->story.fsm.state != RUN_STOPPING)
		world->crashes++;
	world_feed(world, (struct fsm_input){ .event = event, .code = code });
}

static void
world_spawn_fails(struct world *world)
{
	struct fsm_input input = { .event = FSM_SPAWN_FAILED };

	world->alive = false;
	world->forced = 0;
	world->spared = false;
	input.final = world_random(world, 2) == 0;
	input.starved = !input.final && world_random(world, 2) == 0;
	if (!input.starved)
		world->crashes++;
	world_feed(world, input);
}

/* Wishes begin the count anew. */
static void
world_wish(struct world *world, enum fsm_event wish)
{
	world->crashes = 0;
	world_feed(world, (struct fsm_input){ .event = wish });
}

static void
world_probe(struct world *world, bool passed)
{
	world->probing = false;
	world_feed(world,
	    (struct fsm_input){
		.event = passed ? FSM_PROBE_PASSED : FSM_PROBE_FAILED });
}

static void
world_time(struct world *world)
{
	int64_t deadline = world->story.fsm.deadline;

	if (deadline == FSM_NEVER || world_random(world, 3) == 0)
		world->story.now += world_random(world, 2000);
	else if (deadline > world->story.now)
		world->story.now = deadline;
	world_feed(world, (struct fsm_input){ .event = FSM_TIMEOUT });
}

/* Whatever could happen next in this world, one of it. */
static void
world_step(struct world *world)
{
	static const enum fsm_event wish[] = { FSM_START, FSM_STOP, FSM_RESTART,
		FSM_SHUTDOWN };
	uint32_t dice = world_random(world, 100);

	if (dice < 3)
		world_wish(world, wish[world_random(world, 3)]);
	else if (dice == 3 && world_random(world, 20) == 0)
		world_wish(world, FSM_SHUTDOWN);
	else if (world->alive && !world->executed && dice < 60) {
		world->executed = true;
		world->executed_at = world->story.now;
		world_feed(world, (struct fsm_input){ .event = FSM_SPAWNED });
	} else if (world->alive && !world->executed && dice < 75)
		world_spawn_fails(world);
	else if (world->alive && !world->executed && dice < 80)
		world_exit(world, FSM_EXITED, -1); /* killed before exec */
	else if (world->alive && dice < 20)
		world_exit(world, FSM_EXITED, (int)world_random(world, 9) - 1);
	else if (world->alive && world->executed && dice < 22)
		world_exit(world, FSM_LOST, -1);
	else if (world->probing && dice < 60)
		world_probe(world, dice < 30);
	else if (world->story.fsm.rest && !world->alive && world->left == 0 &&
	    dice < 70)
		world_feed(world, (struct fsm_input){ .event = FSM_SWEPT });
	else
		world_time(world);
}

/* Everything obeys from now on: the machine must get where it is to be. */
static void
world_obey(struct world *world)
{
	const struct fsm *fsm = &world->story.fsm;

	if (world->alive && !world->executed) {
		world->executed = true;
		world->executed_at = world->story.now;
		world_feed(world, (struct fsm_input){ .event = FSM_SPAWNED });
	} else if (world->alive && fsm->state == RUN_STOPPING) {
		world->left = 0;
		world_exit(world, FSM_EXITED, -1);
	} else if (world->probing) {
		world_probe(world, true);
	} else if (fsm->rest && !world->alive) {
		world->left = 0;
		world_feed(world, (struct fsm_input){ .event = FSM_SWEPT });
	} else if (fsm->deadline != FSM_NEVER) {
		world->story.now = fsm->deadline;
		world_feed(world, (struct fsm_input){ .event = FSM_TIMEOUT });
	}
}

static void
world_progress(const struct world *world)
{
	struct world copy = *world;
	const struct fsm *fsm = &copy.story.fsm;
	enum run_state aim = RUN_UP;
	int i;

	copy.story.fsm.config = &copy.story.config;
	if (fsm->leaving || (!fsm->wanted && !copy.story.config.hang_around))
		aim = RUN_DONE;
	else if (!fsm->wanted)
		aim = RUN_DOWN;
	for (i = 0; i < 12 && fsm->state != aim; i++)
		world_obey(&copy);
	if (fsm->state != aim && copy.spawned_at != 0)
		fail_msg("stays in %d, never gets to %d", fsm->state, aim);
}

#ifdef SANITIZED
#define STEPS 1000000
#else
#define STEPS 10000000
#endif

static void
test_random_steps(void **state)
{
	struct world world;
	uint64_t seed, steps = 0;
	int i;

	(void)state;
	for (seed = 1; steps < STEPS; seed++) {
		world_begin(&world, seed);
		for (i = 0; i < 500 && !world.quit; i++, steps++) {
			world_step(&world);
			if (i % 7 == 0)
				world_progress(&world);
		}
	}
	print_message("%" PRIu64 " random steps in %" PRIu64 " worlds\n", steps,
	    seed - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_start_and_stop),
		cmocka_unit_test(test_settle_zero_is_up_at_once),
		cmocka_unit_test(test_timeout_too_early_is_nothing),
		cmocka_unit_test(test_stop_ladder),
		cmocka_unit_test(test_grace_begins_with_the_end),
		cmocka_unit_test(test_stop_refused),
		cmocka_unit_test(test_stop_refused_for_a_while),
		cmocka_unit_test(test_rest_that_is_immune),
		cmocka_unit_test(test_stop_never_ends_too_early),
		cmocka_unit_test(test_stop_schedule),
		cmocka_unit_test(test_stop_without_sweep),
		cmocka_unit_test(test_latest_wish_wins),
		cmocka_unit_test(test_shutdown_is_for_good),
		cmocka_unit_test(test_stop_before_exec),
		cmocka_unit_test(test_backoff_gives_up),
		cmocka_unit_test(test_backoff_forever),
		cmocka_unit_test(test_backoff_limit_below_one),
		cmocka_unit_test(test_backoff_resets_after_a_longer_stay),
		cmocka_unit_test(test_stop_in_backoff),
		cmocka_unit_test(test_start_in_backoff),
		cmocka_unit_test(test_backoff_waits_for_the_rest),
		cmocka_unit_test(test_exit_codes_end_it),
		cmocka_unit_test(test_hang_around),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_exit_while_tested),
		cmocka_unit_test(test_exec_fails),
		cmocka_unit_test(test_exec_fails_for_now),
		cmocka_unit_test(test_fork_fails),
		cmocka_unit_test(test_adopted),
		cmocka_unit_test(test_adopted_while_it_starts),
		cmocka_unit_test(test_adopted_while_it_stops),
		cmocka_unit_test(test_adopted_after_crashes),
		cmocka_unit_test(test_states_told),
		cmocka_unit_test(test_random_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
