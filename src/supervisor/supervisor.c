/*
 * The supervisor's loop: descriptors and time become events of the machine.
 *
 * - Nothing here waits but the one poll; with nothing due it waits for ever.
 * - What listeners are told is sent before it waits again, so that whoever
 *   hears that the program is down for good finds the socket gone as well.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/signame.h"
#include "options/schedule.h"
#include "process/first.h"
#include "supervisor/adopt.h"
#include "supervisor/announce.h"
#include "supervisor/logformat.h"
#include "supervisor/machine.h"
#include "supervisor/reap.h"
#include "supervisor/requests.h"
#include "supervisor/signals.h"
#include "supervisor/supervisor.h"
#include "supervisor/sweep.h"

#define SUPERVISOR_TEST_EVERY 1000 /* ms between two readiness tests */
#define SUPERVISOR_TEST_LIMIT 30000 /* ms that one may take */
#define SUPERVISOR_WATCH      250 /* ms, for what the kernel does not tell */
#define SUPERVISOR_LOOK       20 /* the same while something is to end */

/* Asks as the runner's schedule has it. */
static void
supervisor_set_asks(struct fsm_config *config, const struct runner *runner)
{
	struct schedule schedule;
	size_t i;

	schedule_of(&schedule, runner);
	config->asks = schedule.count;
	for (i = 0; i < schedule.count; i++) {
		config->ask[i].signal = schedule.step[i].signal;
		config->ask[i].kill = schedule.step[i].signal == SIGKILL;
		config->ask[i].wait = schedule.step[i].wait;
	}
}

void
supervisor_init(struct supervisor *supervisor, const struct runner *runner)
{
	struct fsm_config *config = &supervisor->config;

	supervisor->runner = runner;
	config->backoff_limit = (long)runner->backoff_limit;
	config->forever = runner->forever;
	config->exit_code = runner->exit_codes.code;
	config->exit_codes = runner->exit_codes.count;
	config->hang_around = runner->hang_around;
	config->probe = runner->start_test_program.count > 0;
	config->sweep = runner->kill_tree;
	config->lost_is_final = strcmp(runner->on_lost, "stop") == 0;
	config->settle = runner->start_seconds;
	config->probe_every = SUPERVISOR_TEST_EVERY;
	config->probe_limit = SUPERVISOR_TEST_LIMIT;
	supervisor_set_asks(config, runner);
	config->kill = SIGKILL;
	config->kill_grace = runner->kill_grace;
	fsm_init(&supervisor->fsm, config);
	cgroup_init(&supervisor->cgroup);
	history_init(&supervisor->history);
	output_init(&supervisor->output, runner);
	clients_init(&supervisor->clients, &supervisor->history,
	    requests_answer, supervisor);
}

/* --- the loop ------------------------------------------------------------- */

int
supervisor_reopen(struct supervisor *supervisor, struct failure *failure)
{
	struct event event;

	if (output_reopen(&supervisor->output, failure) == -1) {
		announce_failure(supervisor, failure);
		return -1;
	}
	event_init(&event, EVENT_REOPENED);
	announce_event(supervisor, &event);
	return 0;
}

int
supervisor_rotate(struct supervisor *supervisor, struct failure *failure)
{
	struct event event;

	if (output_rotate(&supervisor->output, failure) == -1)
		return -1;
	event_init(&event, EVENT_ROTATED);
	snprintf(event.text, sizeof(event.text), "%s",
	    output_sink(&supervisor->output)->path);
	announce_event(supervisor, &event);
	return 0;
}

static void
supervisor_tell_lost_socket(
    struct supervisor *supervisor, const struct failure *failure)
{
	struct event event;

	event_init(&event, EVENT_SOCKET_LOST);
	memcpy(event.step, failure->step, sizeof(event.step));
	memcpy(event.text, failure->text, sizeof(event.text));
	event.error = failure->error;
	announce_event(supervisor, &event);
}

static void
supervisor_tell_socket(struct supervisor *supervisor, const char *sentence)
{
	struct event event;

	event_init(&event, EVENT_SOCKET_BACK);
	snprintf(event.text, sizeof(event.text), "%s", sentence);
	announce_event(supervisor, &event);
	/* What stood beside it may have been removed as well. */
	machine_write_state(supervisor);
}

/* Sees to it that socket and lock are where others look for them. */
static void
supervisor_check_socket(struct supervisor *supervisor)
{
	struct failure failure;

	switch (life_check(&supervisor->life, &failure)) {
	case LIFE_RENEWED:
		supervisor_tell_socket(
		    supervisor, "the control socket was gone; made anew");
		break;
	case LIFE_LOCKED:
		supervisor_tell_socket(supervisor,
		    "the lock of the control socket was gone; made anew");
		break;
	case LIFE_BACK:
		supervisor_tell_socket(
		    supervisor, "the control socket is back");
		break;
	case LIFE_GONE:
		supervisor_tell_lost_socket(supervisor, &failure);
		break;
	case LIFE_THERE:
	case LIFE_STILL_GONE:
		break;
	}
}

static void
supervisor_told_to_leave(struct supervisor *supervisor, int signal)
{
	char text[64];

	snprintf(text, sizeof(text), "daemon manager killed by SIG%s",
	    signame_of(signal));
	announce_log(supervisor, LOG_LEVEL_CRITICAL, text);
	machine_wish(supervisor, FSM_SHUTDOWN);
}

/* As PID 1: a signal that the kernel would have kept from us. */
static void
supervisor_pass_on(struct supervisor *supervisor, int signal)
{
	const struct program *program = &supervisor->program;
	struct event event;

	event_init(&event, EVENT_SIGNALLED);
	event.pid = program->process.pid;
	event.signal = signal;
	if (program_signal(program, signal) == -1) {
		if (errno == ESRCH)
			return;
		event.kind = EVENT_NOT_SIGNALLED;
		event.error = errno;
	}
	announce_event(supervisor, &event);
}

static void
supervisor_hung_up(struct supervisor *supervisor)
{
	struct failure failure;

	if (first_is_here()) {
		supervisor_pass_on(supervisor, SIGHUP);
	} else if (supervisor->hangs_up) {
		supervisor_told_to_leave(supervisor, SIGHUP);
	} else {
		supervisor_reopen(supervisor, &failure);
		supervisor_check_socket(supervisor);
	}
}

static void
supervisor_take_signals(struct supervisor *supervisor)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGQUIT };
	int signal;
	size_t i;

	signals_clear();
	if (signals_take(SIGCHLD))
		reap_children(supervisor);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (signals_take(ends[i]))
			supervisor_told_to_leave(supervisor, ends[i]);
	}
	if (signals_take(SIGHUP))
		supervisor_hung_up(supervisor);
	while ((signal = signals_take_passed()) != 0)
		supervisor_pass_on(supervisor, signal);
}

/* Deadlines of what no descriptor tells. */
static void
supervisor_poll_time(struct supervisor *supervisor)
{
	const struct fsm *fsm = &supervisor->fsm;
	const struct program *program = &supervisor->program;
	int64_t now = clock_mono_ms();

	pollset_until(&supervisor->set, fsm->deadline);
	if (program->patience != 0)
		pollset_until(&supervisor->set, now + SUPERVISOR_LOOK);
	else if (program->adopted && program->watch == -1)
		pollset_until(&supervisor->set, now + SUPERVISOR_WATCH);
	if (supervisor->life.again != 0)
		pollset_until(&supervisor->set, supervisor->life.again);
	if (fsm->rest && !fsm->alive && sweep_needs_looking(supervisor))
		pollset_until(&supervisor->set, now + SUPERVISOR_LOOK);
}

/* --- upgrades ------------------------------------------------------------- */

static void
supervisor_refuse_upgrade(struct supervisor *supervisor, const char *why)
{
	char text[512];

	snprintf(text, sizeof(text), "unable to upgrade: %s", why);
	announce_log(supervisor, LOG_LEVEL_WARNING, text);
	clients_answer(
	    &supervisor->clients, supervisor->upgrade.asker, "%s", text);
}

/* What waits for a file that takes nothing would be lost with our memory. */
static const struct sink *
supervisor_waiting_sink(const struct supervisor *supervisor)
{
	const struct sinks *sinks = &supervisor->output.sinks;
	size_t i;

	for (i = 0; i < sinks->count; i++) {
		if (!sink_is_clear(&sinks->sink[i]))
			return &sinks->sink[i];
	}
	return NULL;
}

static void
supervisor_exec(struct supervisor *supervisor, char *why, size_t size)
{
	output_end_work(&supervisor->output);
	upgrade_exec(&supervisor->upgrade, supervisor, why, size);
}

/* Gives our place to the program that passed the dry run. */
static void
supervisor_give_place(struct supervisor *supervisor)
{
	const struct sink *sink;
	char why[400];

	output_drain(&supervisor->output);
	machine_settle(supervisor);
	if (supervisor->done)
		return;
	if ((sink = supervisor_waiting_sink(supervisor)) != NULL)
		snprintf(why, sizeof(why), "output waits for '%s'", sink->path);
	else
		supervisor_exec(supervisor, why, sizeof(why));
	supervisor_refuse_upgrade(supervisor, why);
}

static void
supervisor_look_at_upgrade(struct supervisor *supervisor)
{
	char why[400];

	switch (upgrade_look(
	    &supervisor->upgrade, clock_mono_ms(), why, sizeof(why))) {
	case UPGRADE_WAITS:
		break;
	case UPGRADE_READY:
		supervisor_give_place(supervisor);
		break;
	case UPGRADE_REFUSED:
		supervisor_refuse_upgrade(supervisor, why);
		break;
	}
}

/* Waits; that it cannot is told once, and so is that it can again. */
static void
supervisor_wait(struct supervisor *supervisor)
{
	bool deaf = pollset_wait(&supervisor->set) == -1;
	char text[128] = "waiting for events works again";

	if (deaf == supervisor->deaf)
		return;
	supervisor->deaf = deaf;
	if (deaf)
		snprintf(text, sizeof(text),
		    "unable to wait for events: %s; looking for them ten "
		    "times a second",
		    strerror(errno));
	announce_log(
	    supervisor, deaf ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, text);
}

/* One turn: waits, then does what is due. */
static void
supervisor_turn(struct supervisor *supervisor)
{
	struct pollset *set = &supervisor->set;
	struct life *life = &supervisor->life;
	int signals, watch;

	announce_news(supervisor);
	clients_announce(&supervisor->clients, supervisor->fsm.state);
	pollset_clear(set);
	signals = pollset_add(set, signals_fd(), POLLIN);
	watch = pollset_add(set, life->watch, POLLIN);
	pollset_add(set, supervisor->program.process.report, POLLIN);
	if (supervisor->program.patience == 0)
		pollset_add(set, supervisor->program.watch, POLLIN);
	output_poll(&supervisor->output, set);
	supervisor_poll_time(supervisor);
	upgrade_poll(&supervisor->upgrade, set);
	clients_poll(&supervisor->clients, life->listener, set);
	supervisor_wait(supervisor);
	if (pollset_events(set, signals) != 0)
		supervisor_take_signals(supervisor);
	output_serve(&supervisor->output, set);
	machine_settle(supervisor);
	if (!supervisor->done &&
	    (pollset_events(set, watch) != 0 || life_is_due(life))) {
		life_watched(life);
		supervisor_check_socket(supervisor);
	}
	if (!supervisor->done)
		clients_serve(
		    &supervisor->clients, life->listener, set, clock_mono_ms());
	if (!supervisor->done)
		clients_announce(&supervisor->clients, supervisor->fsm.state);
	if (!supervisor->done)
		supervisor_look_at_upgrade(supervisor);
}

/* A supervisor in the foreground ends as its program did. */
static int
supervisor_own_status(const struct supervisor *supervisor)
{
	const struct program *program = &supervisor->program;

	if (supervisor->runner->daemon)
		return supervisor->status;
	if (supervisor->fsm.reason == FSM_NO_EXEC)
		return program->error.error == ENOENT ? 127 : 126;
	if (!program->last.known)
		return supervisor->status;
	if (program->last.signal != 0)
		return 128 + program->last.signal;
	return program->last.code == -1 ? supervisor->status :
					  program->last.code;
}

static int
supervisor_leave(struct supervisor *supervisor)
{
	int status = supervisor_own_status(supervisor);
	struct event event;

	output_close(&supervisor->output);
	life_leave(&supervisor->life);
	cgroup_close(&supervisor->cgroup);
	event_init(&event, EVENT_BYE);
	event.code = status;
	announce_event(supervisor, &event);
	clients_close(&supervisor->clients);
	logs_close(&supervisor->logs);
	sinks_close(&supervisor->output.sinks);
	program_free(&supervisor->program);
	upgrade_free(&supervisor->upgrade);
	return status;
}

/* It ended while nobody watched: told late, and as far as it is known. */
static void
supervisor_tell_lost(struct supervisor *supervisor)
{
	struct event event;

	event_init(&event, EVENT_EXITED);
	announce_fill_exit(&supervisor->program, &event);
	announce_event(supervisor, &event);
}

static void
supervisor_take_over(struct supervisor *supervisor, const struct state *state)
{
	struct program *program = &supervisor->program;
	struct fsm_input input;

	supervisor->leader = program->process.pid;
	supervisor->foreign = true;
	cgroup_find(&supervisor->cgroup, program->process.pid);
	output_adopt(&supervisor->output, program->process.pid);
	memset(&input, 0, sizeof(input));
	input.event = FSM_ADOPTED;
	input.now = clock_mono_ms();
	input.since = program->spawned_at;
	input.crashes = state->backoff;
	input.ready = state->state == RUN_UP;
	input.ending = state->state == RUN_STOPPING;
	machine_feed(supervisor, &input);
	machine_write_pid(supervisor);
	machine_write_state(supervisor);
}

/* Goes on from what a supervisor before us left; whether its program runs. */
static bool
supervisor_adopt(struct supervisor *supervisor)
{
	const struct life *life = &supervisor->life;
	const struct state *left = &life->left;
	char text[200];

	if (life->found == -1) {
		snprintf(
		    text, sizeof(text), "ignored: %s", cause_text(life->why));
		announce_log(supervisor, LOG_LEVEL_WARNING, text);
	}
	if (life->found != 1)
		return false;
	/* The lock may have become another file since. */
	if (left->cookie[0] != '\0')
		sweep_mark(supervisor, left->cookie);
	switch (adopt_program(&supervisor->program, left)) {
	case ADOPT_RUNS:
		supervisor_take_over(supervisor, left);
		return true;
	case ADOPT_ENDED:
		supervisor_tell_lost(supervisor);
		sweep_remains(supervisor);
		break;
	case ADOPT_NOTHING:
		/* It may have been killed while it ended what was left. */
		if (left->state != RUN_DOWN)
			sweep_remains(supervisor);
		break;
	}
	return false;
}

static int
supervisor_loop(struct supervisor *supervisor)
{
	while (!supervisor->done)
		supervisor_turn(supervisor);
	return supervisor_leave(supervisor);
}

static void
supervisor_know_itself(struct identity *self)
{
	if (identity_read(self, getpid()) == -1)
		*self = (struct identity){ .pid = getpid() };
}

int
supervisor_run(struct supervisor *supervisor, int starter)
{
	supervisor_know_itself(&supervisor->self);
	if (starter != -1)
		clients_add_starter(&supervisor->clients, starter);
	announce_log(supervisor, LOG_LEVEL_INFO, "daemon manager started");
	if (!supervisor_adopt(supervisor))
		machine_wish(supervisor, FSM_START);
	return supervisor_loop(supervisor);
}

int
supervisor_resume(struct supervisor *supervisor)
{
	struct event event;

	supervisor_know_itself(&supervisor->self);
	event_init(&event, EVENT_UPGRADED);
	snprintf(event.text, sizeof(event.text), "%s", PACKAGE_VERSION);
	announce_event(supervisor, &event);
	clients_answer(&supervisor->clients, supervisor->upgrade.asker,
	    "Upgraded to %s", PACKAGE_VERSION);
	if (supervisor->program.process.pid != 0)
		output_begins(
		    &supervisor->output, supervisor->program.process.pid);
	cgroup_reopen(&supervisor->cgroup);
	/* What ended before our handlers were there. */
	reap_children(supervisor);
	machine_settle(supervisor);
	return supervisor_loop(supervisor);
}
