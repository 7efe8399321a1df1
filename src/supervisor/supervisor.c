/*
 * The supervisor's loop: descriptors and time become events of the machine in
 * fsm.c, its actions become effects, and what comes of these is fed back as
 * the next event.
 *
 * - The machine decides, this file only does.
 * - Nothing here waits but the one poll; with nothing due it waits for ever.
 * - What listeners are told is sent before it waits again, so that whoever
 *   hears that the program is down for good finds the socket gone as well.
 */

#include "config.h"

#include <sys/wait.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/signame.h"
#include "base/units.h"
#include "options/schedule.h"
#include "supervisor/adopt.h"
#include "supervisor/logformat.h"
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
	config->kill_grace = runner->kill_grace;
	fsm_init(&supervisor->fsm, config);
	cgroup_init(&supervisor->cgroup);
	history_init(&supervisor->history);
	output_init(&supervisor->output, runner);
	clients_init(&supervisor->clients, &supervisor->history,
	    requests_answer, supervisor);
}

/* --- telling -------------------------------------------------------------- */

/* How grave an event is for the event log; 0: it is none of its business. */
static int
supervisor_level(const struct event *event)
{
	switch (event->kind) {
	case EVENT_STARTING:
	case EVENT_ADOPTED:
	case EVENT_EXITED:
	case EVENT_BACKOFF:
	case EVENT_STOPPING:
	case EVENT_SIGNALLED:
	case EVENT_REOPENED:
	case EVENT_ROTATED:
	case EVENT_UPGRADED:
	case EVENT_BYE:
		return LOG_LEVEL_INFO;
	case EVENT_UP:
	case EVENT_TEST_FAILED:
	case EVENT_DOWN:
	case EVENT_REQUEST:
		return LOG_LEVEL_DEBUG;
	case EVENT_KILLED:
	case EVENT_LOG_WORKS:
	case EVENT_LOG_RENEWED:
	case EVENT_REST_KILLED:
	case EVENT_REFUSED:
		return LOG_LEVEL_WARNING;
	case EVENT_SPAWN_FAILED:
	case EVENT_LEFT:
	case EVENT_LOG_FAILED:
	case EVENT_FAILED:
	case EVENT_BUSY:
		return LOG_LEVEL_ERROR;
	case EVENT_GAVE_UP:
		return LOG_LEVEL_CRITICAL;
	case EVENT_HELLO:
	case EVENT_MISSED:
	case EVENT__COUNT:
		break;
	}
	return 0;
}

void
supervisor_log(struct supervisor *supervisor, int level, const char *message)
{
	bool shared = output_is_shared(&supervisor->output);

	/* Between two lines of the program, where they share a file. */
	if (shared)
		output_pause(&supervisor->output, 0);
	logs_write(&supervisor->logs, level, message);
	if (shared)
		output_resume(&supervisor->output);
}

/* Numbers it and keeps it for listeners. */
static void
supervisor_publish(struct supervisor *supervisor, struct event *event)
{
	char line[EVENT_LINE_MAX];

	event->seq = ++supervisor->seq;
	event->at = clock_wall_ms();
	history_add(&supervisor->history, line,
	    event_format(line, sizeof(line), event));
}

static void
supervisor_log_event(struct supervisor *supervisor, const struct event *event,
    const char *suffix)
{
	char sentence[EVENT_LINE_MAX], message[EVENT_LINE_MAX + 32];
	int level = supervisor_level(event);

	if (level == 0)
		return;
	event_sentence(event, sentence, sizeof(sentence));
	snprintf(message, sizeof(message), "%s%s", sentence, suffix);
	if (supervisor->tell_stderr && level >= LOG_LEVEL_ERROR)
		log_warnx("%s", message);
	supervisor_log(supervisor, level, message);
}

void
supervisor_announce(struct supervisor *supervisor, struct event *event)
{
	event->state = supervisor->fsm.state;
	supervisor_publish(supervisor, event);
	supervisor_log_event(supervisor, event, "");
}

/* What has become of the logs since the last turn. */
static void
supervisor_tell_output(struct supervisor *supervisor)
{
	struct event event;

	while (output_news(&supervisor->output, &event))
		supervisor_announce(supervisor, &event);
}

void
supervisor_hello(const struct supervisor *supervisor, struct event *event)
{
	const struct fsm *fsm = &supervisor->fsm;
	const struct program *program = &supervisor->program;
	int64_t now = clock_mono_ms();

	event_init(event, EVENT_HELLO);
	event->seq = supervisor->seq;
	event->at = clock_wall_ms();
	event->state = fsm->state;
	if (fsm->alive && fsm->executed) {
		event->pid = program->process.pid;
		event->uptime = now - program->spawned_at;
	}
	if (fsm->state == RUN_BACKOFF) {
		event->delay = fsm->start_at > now ? fsm->start_at - now : 0;
		event->run = fsm->backoff;
		event->limit = fsm->config->backoff_limit;
	}
}

/* --- the state file ------------------------------------------------------- */

static void
supervisor_write_state(struct supervisor *supervisor)
{
	const struct program *program = &supervisor->program;
	struct state state;

	memset(&state, 0, sizeof(state));
	state.state = supervisor->fsm.state;
	state.wanted = supervisor->fsm.wanted;
	state.manager = getpid();
	state.pid = program->process.pid;
	if (state.pid > 0) {
		state.start_time = program->identity.start_time;
		memcpy(state.boot_id, program->identity.boot_id,
		    sizeof(state.boot_id));
	}
	state.spawned_at = program->spawned_wall;
	state.restarts = program->spawns > 0 ? program->spawns - 1 : 0;
	state.backoff = supervisor->fsm.backoff;
	state.last = program->last;
	/* Without it we go on: it serves only those who come after us. */
	if (life_write_state(&supervisor->life, &state) == -1)
		supervisor_log(supervisor, LOG_LEVEL_WARNING,
		    "unable to write the state file");
}

/* --- actions -------------------------------------------------------------- */

static void
supervisor_spawn(struct supervisor *supervisor)
{
	struct program *program = &supervisor->program;
	char text[64];

	supervisor->why[0] = '\0';
	program->failed = false;
	if (output_prepare(&supervisor->output) == -1) {
		snprintf(program->error.step, sizeof(program->error.step),
		    "transcript");
		program->error.error = errno;
		program->failed = true;
		return;
	}
	if (program_spawn(program) == -1) {
		program->failed = true;
		return;
	}
	/* Without it there are other ways to find what it starts. */
	if (supervisor->config.sweep)
		cgroup_begin(&supervisor->cgroup);
	cgroup_take(&supervisor->cgroup, program->process.pid);
	/* Its name is on file before its first instruction. */
	supervisor_write_state(supervisor);
	if (life_write_pid(&supervisor->life, program->process.pid) == -1)
		supervisor_log(supervisor, LOG_LEVEL_WARNING,
		    "unable to write the pid file");
	supervisor->leader = program->process.pid;
	supervisor->foreign = false;
	output_begins(&supervisor->output, program->process.pid);
	snprintf(text, sizeof(text), "started, pid %ld",
	    (long)program->process.pid);
	output_mark(&supervisor->output, text);
	program_release(program);
}

static void
supervisor_test(struct supervisor *supervisor)
{
	struct program *program = &supervisor->program;

	if (program->test.process.pid != 0)
		snprintf(supervisor->test_text, sizeof(supervisor->test_text),
		    "the last one has not ended yet");
	else if (program_test(program) == -1)
		snprintf(supervisor->test_text, sizeof(supervisor->test_text),
		    "%s: %s", supervisor->runner->start_test_program.word[0],
		    strerror(errno));
	else
		return;
	supervisor->test_failed = true;
}

static void
supervisor_end_test(struct supervisor *supervisor)
{
	supervisor->test_failed = false;
	program_end_test(&supervisor->program);
	snprintf(supervisor->test_text, sizeof(supervisor->test_text),
	    "%s: no answer in %d seconds",
	    supervisor->config.probe ?
		supervisor->runner->start_test_program.word[0] :
		"",
	    SUPERVISOR_TEST_LIMIT / 1000);
}

static void
supervisor_fill_failure(const struct program *program, struct event *event)
{
	memcpy(event->step, program->error.step, sizeof(event->step));
	event->error = program->error.error;
	program_describe_error(program, event->text, sizeof(event->text));
}

/* Why it is not tried any more, for GAVE_UP and for the status. */
static void
supervisor_explain(struct supervisor *supervisor, enum fsm_reason reason)
{
	const struct program *program = &supervisor->program;
	char *why = supervisor->why;
	size_t size = sizeof(supervisor->why);
	struct event failed;

	switch (reason) {
	case FSM_EXIT_CODE:
		snprintf(why, size, "exit status %d", program->last.code);
		break;
	case FSM_TOO_OFTEN:
		snprintf(why, size, "restarting too frequently; quit");
		break;
	case FSM_NO_EXEC:
		event_init(&failed, EVENT_SPAWN_FAILED);
		supervisor_fill_failure(program, &failed);
		event_sentence(&failed, why, size);
		break;
	case FSM_LOST_EXIT:
		snprintf(why, size, "ended unseen");
		break;
	case FSM_NO_REASON:
		break;
	}
}

static void
supervisor_fill_exit(const struct program *program, struct event *event)
{
	event->pid = program->last.pid;
	event->code = program->last.code;
	event->signal = program->last.signal;
	event->core = program->last.core;
	event->uptime = program->last.uptime;
}

/* The facts that the machine does not know. */
static void
supervisor_fill(struct supervisor *supervisor, const struct fsm_action *action,
    struct event *event)
{
	const struct program *program = &supervisor->program;

	event_init(event, action->event);
	event->state = action->state;
	if (action->event == EVENT_EXITED) {
		supervisor_fill_exit(program, event);
	} else if (action->event == EVENT_SPAWN_FAILED) {
		supervisor_fill_failure(program, event);
	} else if (action->event == EVENT_BACKOFF) {
		event->delay = action->delay;
		event->run = supervisor->fsm.backoff;
		event->limit = supervisor->config.backoff_limit;
	} else if (action->event == EVENT_GAVE_UP) {
		supervisor_explain(supervisor, action->reason);
		snprintf(
		    event->text, sizeof(event->text), "%s", supervisor->why);
	} else if (action->event == EVENT_LEFT) {
		sweep_fill_left(supervisor, event);
	} else {
		event->pid = program->process.pid;
		if (action->event == EVENT_ADOPTED)
			event->uptime = clock_mono_ms() - program->spawned_at;
		if (action->event == EVENT_TEST_FAILED)
			snprintf(event->text, sizeof(event->text), "%s",
			    supervisor->test_text);
	}
}

static bool
supervisor_is_last_exit(const struct fsm_actions *actions)
{
	size_t i;

	for (i = 0; i < actions->count; i++) {
		if (actions->action[i].reason == FSM_EXIT_CODE)
			return true;
	}
	return false;
}

static void
supervisor_tell(struct supervisor *supervisor,
    const struct fsm_actions *actions, const struct fsm_action *action)
{
	struct event event;

	supervisor_fill(supervisor, action, &event);
	/* It ended after all, in the last moment. */
	if (action->event == EVENT_LEFT && event.run == 0)
		return;
	supervisor_publish(supervisor, &event);
	/* What came before it says it in one line, as zdaemon does. */
	if (action->reason == FSM_EXIT_CODE || action->reason == FSM_NO_EXEC)
		return;
	supervisor_log_event(supervisor, &event,
	    action->event == EVENT_EXITED && supervisor_is_last_exit(actions) ?
		"; exiting now" :
		"");
}

static void
supervisor_perform(struct supervisor *supervisor,
    const struct fsm_actions *actions, const struct fsm_action *action)
{
	switch (action->kind) {
	case FSM_SPAWN:
		supervisor_spawn(supervisor);
		break;
	case FSM_PROBE:
		supervisor_test(supervisor);
		break;
	case FSM_END_PROBE:
		supervisor_end_test(supervisor);
		break;
	case FSM_SIGNAL:
		program_ask(&supervisor->program, action->signal);
		break;
	case FSM_SWEEP:
		if (action->force)
			sweep_force(supervisor);
		else
			sweep_ask(supervisor);
		break;
	case FSM_ANNOUNCE:
		supervisor_tell(supervisor, actions, action);
		break;
	case FSM_QUIT:
		supervisor->done = true;
		supervisor->status = action->status;
		break;
	}
}

static void
supervisor_feed(struct supervisor *supervisor, const struct fsm_input *input)
{
	struct fsm_actions actions;
	size_t i;

	fsm_step(&supervisor->fsm, input, &actions);
	for (i = 0; i < actions.count; i++)
		supervisor_perform(supervisor, &actions, &actions.action[i]);
}

/* --- what comes of them --------------------------------------------------- */

bool
supervisor_reap(struct supervisor *supervisor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0 ||
	    (pid == -1 && errno == EINTR)) {
		if (pid > 0 &&
		    !program_reaped(&supervisor->program, pid, status) &&
		    !output_reaped(&supervisor->output, pid, status))
			upgrade_reaped(&supervisor->upgrade, pid, status);
	}
	return pid == -1 && errno == ECHILD;
}

/* Whether it has been executed, or why not. */
static bool
supervisor_next_outcome(struct supervisor *supervisor, struct fsm_input *input)
{
	struct program *program = &supervisor->program;

	if (program->process.report != -1) {
		switch (child_outcome(&program->process, &program->error)) {
		case 1:
			input->event = FSM_SPAWNED;
			return true;
		case -1:
			/* Its exit will be that of a failed attempt. */
			program->failed = true;
			break;
		default:
			break;
		}
	}
	if (!program->failed || (program->process.pid != 0 && !program->ended))
		return false;
	program->failed = program->ended = false;
	child_forget(&program->process);
	program->process.pid = 0;
	input->event = FSM_SPAWN_FAILED;
	input->final = program_error_is_final(program->error.error);
	return true;
}

static void
supervisor_mark_end(struct supervisor *supervisor)
{
	char sentence[200], text[256], uptime[32];
	struct event event;

	event_init(&event, EVENT_EXITED);
	supervisor_fill_exit(&supervisor->program, &event);
	snprintf(text, sizeof(text), "%s, up %s",
	    event_sentence(&event, sentence, sizeof(sentence)),
	    units_show_age(event.uptime, uptime, sizeof(uptime)));
	output_mark(&supervisor->output, text);
}

static bool
supervisor_next_end(struct supervisor *supervisor, struct fsm_input *input)
{
	struct program *program = &supervisor->program;

	if (!program->ended && !program_has_gone(program, input->now))
		return false;
	/* Its last words come before the news of its end. */
	output_ends(&supervisor->output);
	input->event = program->ended ? FSM_EXITED : FSM_LOST;
	program_note_end(program);
	supervisor_mark_end(supervisor);
	life_write_pid(&supervisor->life, 0);
	input->code = program->last.code;
	return true;
}

static bool
supervisor_next_test(struct supervisor *supervisor, struct fsm_input *input)
{
	struct program *program = &supervisor->program;
	bool passed = false;

	if (supervisor->test_failed) {
		supervisor->test_failed = false;
	} else if (program->test_ended) {
		if (program->test_unwanted) {
			char unwanted[64];

			program_take_test(program, unwanted, sizeof(unwanted));
			return false;
		}
		passed = program_take_test(program, supervisor->test_text,
		    sizeof(supervisor->test_text));
	} else {
		return false;
	}
	input->event = passed ? FSM_PROBE_PASSED : FSM_PROBE_FAILED;
	return true;
}

/* The next event for the machine; false when there is none now. */
static bool
supervisor_next(struct supervisor *supervisor, struct fsm_input *input)
{
	const struct fsm *fsm = &supervisor->fsm;

	memset(input, 0, sizeof(*input));
	input->now = clock_mono_ms();
	if (supervisor_next_outcome(supervisor, input) ||
	    supervisor_next_end(supervisor, input) ||
	    supervisor_next_test(supervisor, input))
		return true;
	if (fsm->rest && !fsm->alive && sweep_is_over(supervisor)) {
		input->event = FSM_SWEPT;
		return true;
	}
	input->event = FSM_TIMEOUT;
	return input->now >= fsm->deadline;
}

/* Feeds the machine until nothing is left to be told to it. */
static void
supervisor_settle(struct supervisor *supervisor)
{
	struct fsm_input input;
	bool changed = false;

	while (!supervisor->done && supervisor_next(supervisor, &input)) {
		supervisor_feed(supervisor, &input);
		changed = true;
	}
	if (changed && !supervisor->done)
		supervisor_write_state(supervisor);
}

void
supervisor_wish(struct supervisor *supervisor, enum fsm_event wish)
{
	struct fsm_input input;

	memset(&input, 0, sizeof(input));
	input.now = clock_mono_ms();
	input.event = wish;
	supervisor_feed(supervisor, &input);
	supervisor_settle(supervisor);
}

/* --- the loop ------------------------------------------------------------- */

int
supervisor_reopen(struct supervisor *supervisor, struct failure *failure)
{
	struct event event;
	int result;

	result = output_reopen(&supervisor->output, failure);
	event_init(&event, result == 0 ? EVENT_REOPENED : EVENT_LOG_FAILED);
	if (result == -1) {
		memcpy(event.step, failure->step, sizeof(event.step));
		memcpy(event.text, failure->text, sizeof(event.text));
		event.error = failure->error;
	}
	supervisor_announce(supervisor, &event);
	return result;
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
	supervisor_announce(supervisor, &event);
	return 0;
}

/* Sees to it that the socket is where clients look for it. */
static void
supervisor_check_socket(struct supervisor *supervisor)
{
	struct failure failure;
	char text[512];

	switch (life_check(&supervisor->life, &failure)) {
	case 1:
		supervisor_log(supervisor, LOG_LEVEL_WARNING,
		    "the control socket was gone; made anew");
		break;
	case -1:
		snprintf(text, sizeof(text),
		    "the control socket is gone; unable to make '%s': %s",
		    failure.text, strerror(failure.error));
		supervisor_log(supervisor, LOG_LEVEL_ERROR, text);
		break;
	default:
		break;
	}
}

static void
supervisor_told_to_leave(struct supervisor *supervisor, int signal)
{
	char text[64];

	snprintf(text, sizeof(text), "daemon manager killed by SIG%s",
	    signame_of(signal));
	supervisor_log(supervisor, LOG_LEVEL_CRITICAL, text);
	supervisor_wish(supervisor, FSM_SHUTDOWN);
}

static void
supervisor_take_signals(struct supervisor *supervisor)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGQUIT };
	struct failure failure;
	size_t i;

	signals_clear();
	if (signals_take(SIGCHLD))
		supervisor_reap(supervisor);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (signals_take(ends[i]))
			supervisor_told_to_leave(supervisor, ends[i]);
	}
	if (signals_take(SIGHUP)) {
		supervisor_reopen(supervisor, &failure);
		supervisor_check_socket(supervisor);
	}
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
	if (fsm->rest && !fsm->alive && sweep_needs_looking(supervisor))
		pollset_until(&supervisor->set, now + SUPERVISOR_LOOK);
}

/* --- upgrades ------------------------------------------------------------- */

static void
supervisor_refuse_upgrade(struct supervisor *supervisor, const char *why)
{
	char text[512];

	snprintf(text, sizeof(text), "unable to upgrade: %s", why);
	supervisor_log(supervisor, LOG_LEVEL_WARNING, text);
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
	supervisor_settle(supervisor);
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

/* One turn: waits, then does what is due. */
static void
supervisor_turn(struct supervisor *supervisor)
{
	struct pollset *set = &supervisor->set;
	struct life *life = &supervisor->life;
	int signals, watch;

	supervisor_tell_output(supervisor);
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
	pollset_wait(set);
	if (pollset_events(set, signals) != 0)
		supervisor_take_signals(supervisor);
	output_serve(&supervisor->output, set);
	supervisor_settle(supervisor);
	if (pollset_events(set, watch) != 0 && !supervisor->done) {
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
	supervisor_announce(supervisor, &event);
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
	supervisor_fill_exit(&supervisor->program, &event);
	supervisor_announce(supervisor, &event);
}

static void
supervisor_take_over(struct supervisor *supervisor, const struct state *state)
{
	struct program *program = &supervisor->program;
	struct fsm_input input;

	supervisor->leader = program->process.pid;
	supervisor->foreign = true;
	cgroup_find(&supervisor->cgroup, program->process.pid);
	output_begins(&supervisor->output, program->process.pid);
	memset(&input, 0, sizeof(input));
	input.event = FSM_ADOPTED;
	input.now = clock_mono_ms();
	input.since = program->spawned_at;
	input.crashes = state->backoff;
	input.ready = state->state != RUN_STARTING;
	supervisor_feed(supervisor, &input);
	if (life_write_pid(&supervisor->life, program->process.pid) == -1)
		supervisor_log(supervisor, LOG_LEVEL_WARNING,
		    "unable to write the pid file");
	supervisor_write_state(supervisor);
}

/* Goes on from what a supervisor before us left; whether its program runs. */
static bool
supervisor_adopt(struct supervisor *supervisor)
{
	char text[200], *cause = NULL;
	struct state state;

	switch (life_read_state(&supervisor->life, &state, &cause)) {
	case 1:
		break;
	case 0:
		return false;
	default:
		snprintf(text, sizeof(text), "ignored: %s", cause_text(cause));
		free(cause);
		supervisor_log(supervisor, LOG_LEVEL_WARNING, text);
		return false;
	}
	switch (adopt_program(&supervisor->program, &state)) {
	case ADOPT_RUNS:
		supervisor_take_over(supervisor, &state);
		return true;
	case ADOPT_ENDED:
		supervisor_tell_lost(supervisor);
		break;
	case ADOPT_NOTHING:
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

int
supervisor_run(struct supervisor *supervisor, int starter)
{
	if (starter != -1)
		clients_add_starter(&supervisor->clients, starter);
	supervisor_log(supervisor, LOG_LEVEL_INFO, "daemon manager started");
	if (!supervisor_adopt(supervisor))
		supervisor_wish(supervisor, FSM_START);
	return supervisor_loop(supervisor);
}

int
supervisor_resume(struct supervisor *supervisor)
{
	struct event event;

	event_init(&event, EVENT_UPGRADED);
	snprintf(event.text, sizeof(event.text), "%s", PACKAGE_VERSION);
	supervisor_announce(supervisor, &event);
	clients_answer(&supervisor->clients, supervisor->upgrade.asker,
	    "Upgraded to %s", PACKAGE_VERSION);
	if (supervisor->program.process.pid != 0) {
		output_begins(
		    &supervisor->output, supervisor->program.process.pid);
		cgroup_find(
		    &supervisor->cgroup, supervisor->program.process.pid);
	}
	/* What ended before our handlers were there. */
	supervisor_reap(supervisor);
	supervisor_settle(supervisor);
	return supervisor_loop(supervisor);
}
