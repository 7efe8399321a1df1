/*
 * The machine of fsm.c at work: its actions become effects, and what comes of
 * these is fed back as its next event.
 *
 * - The machine decides, this file only does.
 * - Nothing here waits.
 */

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signame.h"
#include "base/units.h"
#include "supervisor/announce.h"
#include "supervisor/logformat.h"
#include "supervisor/machine.h"
#include "supervisor/supervisor.h"
#include "supervisor/sweep.h"

/* --- the state file ------------------------------------------------------- */

void
machine_write_state(struct supervisor *supervisor)
{
	const struct program *program = &supervisor->program;
	struct state state;

	memset(&state, 0, sizeof(state));
	state.state = supervisor->fsm.state;
	state.wanted = supervisor->fsm.wanted;
	state.manager = supervisor->self.pid;
	state.manager_start = supervisor->self.start_time;
	memcpy(state.boot_id, supervisor->self.boot_id, sizeof(state.boot_id));
	state.pid = program->process.pid;
	if (state.pid > 0)
		state.start_time = program->identity.start_time;
	snprintf(
	    state.cookie, sizeof(state.cookie), "%s", program_marked(program));
	state.spawned_at = program->spawned_wall;
	state.restarts = program->spawns > 0 ? program->spawns - 1 : 0;
	state.backoff = supervisor->fsm.backoff;
	state.last = program->last;
	/* Without it we go on: it serves only those who come after us. */
	if (life_write_state(&supervisor->life, &state) == -1)
		announce_log(supervisor, LOG_LEVEL_WARNING,
		    "unable to write down the state");
}

void
machine_write_pid(struct supervisor *supervisor)
{
	const struct life *life = &supervisor->life;
	pid_t pid = supervisor->program.process.pid;
	int error = life_write_pid(life, pid) == -1 ? errno : 0;
	struct event event;

	/* That there was nothing to remove does not mean that it works. */
	if (error == supervisor->pid_file_error || (error == 0 && pid == 0))
		return;
	supervisor->pid_file_error = error;
	event_init(&event, error == 0 ? EVENT_LOG_WORKS : EVENT_LOG_FAILED);
	if (error != 0)
		snprintf(event.step, sizeof(event.step), "pid-file");
	event.error = error;
	snprintf(event.text, sizeof(event.text), "%s", life->pid_file);
	announce_event(supervisor, &event);
}

/* --- actions -------------------------------------------------------------- */

static void
machine_tell_directory(struct supervisor *supervisor)
{
	char text[PATH_MAX + 32];

	snprintf(text, sizeof(text), "set current directory: '%s'",
	    supervisor->program.directory);
	announce_log(supervisor, LOG_LEVEL_INFO, text);
}

/* What is to be there for a start; false with program->error filled. */
static bool
machine_prepare(struct supervisor *supervisor)
{
	struct program *program = &supervisor->program;
	struct failure failure;

	switch (program_enter(program)) {
	case -1:
		program_set_error(program, "chdir", errno);
		return false;
	case 1:
		machine_tell_directory(supervisor);
		supervisor->output.astray = true;
		break;
	default:
		break;
	}
	/* A program without a transcript there is better than none. */
	if (supervisor->output.astray &&
	    output_follow(&supervisor->output, &failure) == -1)
		announce_failure(supervisor, &failure);
	if (output_prepare(&supervisor->output) == 0)
		return true;
	program_set_error(program, "transcript", errno);
	return false;
}

static void
machine_spawn(struct supervisor *supervisor)
{
	struct program *program = &supervisor->program;
	char text[64];

	supervisor->why[0] = '\0';
	program->failed = false;
	program->failed = !machine_prepare(supervisor) ||
	    program_spawn(program) == -1;
	if (program->failed)
		return;
	/* Without it there are other ways to find what it starts. */
	if (supervisor->config.sweep)
		cgroup_begin(&supervisor->cgroup);
	cgroup_take(&supervisor->cgroup, program->process.pid);
	/* Its name is on file before its first instruction. */
	machine_write_state(supervisor);
	machine_write_pid(supervisor);
	supervisor->leader = program->process.pid;
	supervisor->foreign = false;
	output_begins(&supervisor->output, program->process.pid);
	snprintf(
	    text, sizeof(text), "started, pid %ld", (long)program->process.pid);
	output_mark(&supervisor->output, text);
	program_release(program);
}

static void
machine_test(struct supervisor *supervisor)
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
machine_end_test(struct supervisor *supervisor)
{
	supervisor->test_failed = false;
	program_end_test(&supervisor->program);
	snprintf(supervisor->test_text, sizeof(supervisor->test_text),
	    "%s: no answer in %lld seconds",
	    supervisor->config.probe ?
		supervisor->runner->start_test_program.word[0] :
		"",
	    (long long)supervisor->config.probe_limit / 1000);
}

/* Whether it was sent; a program that has just ended needs no signal. */
static bool
machine_send(struct supervisor *supervisor, int signal)
{
	struct program *program = &supervisor->program;

	program->asked = signal;
	program->refusal = 0;
	if (program_ask(program, signal) == 0)
		return true;
	if (errno != ESRCH)
		program->refusal = errno;
	return false;
}

static void
machine_signal(struct supervisor *supervisor, const struct fsm_action *action)
{
	struct event event;

	if (!machine_send(supervisor, action->signal)) {
		supervisor->refused = supervisor->program.refusal != 0;
		return;
	}
	if (!action->tell)
		return;
	event_init(&event, EVENT_KILLED);
	event.pid = supervisor->program.process.pid;
	announce_event(supervisor, &event);
}

static void
machine_sweep(struct supervisor *supervisor, const struct fsm_action *action)
{
	if (!action->force)
		sweep_ask(supervisor);
	else
		supervisor->immune = !sweep_force(supervisor);
}

/*
 * An exit status that is listed, and what it left running: then it may be a
 * program that goes into the background by itself.
 */
static void
machine_explain_exit(struct supervisor *supervisor, struct event *event)
{
	const struct last_exit *last = &supervisor->program.last;
	struct tree tree;
	char name[SIGNAME_SIZE];

	event->code = last->code;
	if (last->signal != 0)
		snprintf(supervisor->why, sizeof(supervisor->why),
		    "terminated by %s",
		    signame_show(last->signal, name, sizeof(name)));
	else
		snprintf(supervisor->why, sizeof(supervisor->why),
		    "exit status %d", last->code);
	sweep_tree(supervisor, &tree);
	if (last->code != 0 || !tree_there(&tree))
		return;
	event->run = (long)tree_list(&tree, NULL, 0);
	snprintf(supervisor->why, sizeof(supervisor->why),
	    "it left %ld process%s running in the background, where nobody "
	    "watches: run it with its own foreground switch",
	    event->run, event->run == 1 ? "" : "es");
}

/* Why it is not tried any more, for GAVE_UP and for the status. */
static void
machine_explain(
    struct supervisor *supervisor, enum fsm_reason reason, struct event *event)
{
	const struct program *program = &supervisor->program;
	char *why = supervisor->why;
	size_t size = sizeof(supervisor->why);
	struct event failed;

	switch (reason) {
	case FSM_EXIT_CODE:
		machine_explain_exit(supervisor, event);
		break;
	case FSM_TOO_OFTEN:
		snprintf(why, size, "restarting too frequently; quit");
		break;
	case FSM_NO_EXEC:
		event_init(&failed, EVENT_SPAWN_FAILED);
		program_fill_failure(program, &failed);
		event_sentence(&failed, why, size);
		break;
	case FSM_LOST_EXIT:
		snprintf(why, size, "ended unseen");
		break;
	case FSM_NO_REASON:
		break;
	}
}

/* The facts that the machine does not know. */
static void
machine_fill(struct supervisor *supervisor, const struct fsm_action *action,
    struct event *event)
{
	const struct program *program = &supervisor->program;

	event_init(event, action->event);
	event->state = action->state;
	if (action->event == EVENT_EXITED) {
		announce_fill_exit(program, event);
	} else if (action->event == EVENT_SPAWN_FAILED) {
		program_fill_failure(program, event);
	} else if (action->event == EVENT_BACKOFF) {
		event->delay = action->delay;
		announce_fill_retry(&supervisor->fsm, event);
	} else if (action->event == EVENT_GAVE_UP) {
		machine_explain(supervisor, action->reason, event);
		snprintf(
		    event->text, sizeof(event->text), "%s", supervisor->why);
	} else if (action->event == EVENT_LEFT) {
		sweep_fill_left(supervisor, event);
	} else {
		event->pid = program->process.pid;
		if (action->event == EVENT_NOT_SIGNALLED) {
			event->signal = program->asked;
			event->error = program->refusal;
		}
		if (action->event == EVENT_ADOPTED)
			event->uptime = clock_mono_ms() - program->spawned_at;
		if (action->event == EVENT_TEST_FAILED)
			snprintf(event->text, sizeof(event->text), "%s",
			    supervisor->test_text);
	}
}

static bool
machine_is_last_exit(const struct fsm_actions *actions)
{
	size_t i;

	for (i = 0; i < actions->count; i++) {
		if (actions->action[i].reason == FSM_EXIT_CODE)
			return true;
	}
	return false;
}

static void
machine_tell(struct supervisor *supervisor, const struct fsm_actions *actions,
    const struct fsm_action *action)
{
	struct event event;

	machine_fill(supervisor, action, &event);
	/* It ended after all, in the last moment. */
	if (action->event == EVENT_LEFT && event.run == 0)
		return;
	announce_publish(supervisor, &event);
	/* What came before it says it in one line, as zdaemon does. */
	if ((action->reason == FSM_EXIT_CODE && event.run <= 0) ||
	    action->reason == FSM_NO_EXEC)
		return;
	announce_in_log(supervisor, &event,
	    action->event == EVENT_EXITED && machine_is_last_exit(actions) ?
		"; exiting now" :
		"");
}

static void
machine_perform(struct supervisor *supervisor,
    const struct fsm_actions *actions, const struct fsm_action *action)
{
	switch (action->kind) {
	case FSM_SPAWN:
		machine_spawn(supervisor);
		break;
	case FSM_PROBE:
		machine_test(supervisor);
		break;
	case FSM_END_PROBE:
		machine_end_test(supervisor);
		break;
	case FSM_SIGNAL:
		machine_signal(supervisor, action);
		break;
	case FSM_SWEEP:
		machine_sweep(supervisor, action);
		break;
	case FSM_ANNOUNCE:
		machine_tell(supervisor, actions, action);
		break;
	case FSM_QUIT:
		supervisor->done = true;
		supervisor->status = action->status;
		break;
	}
}

/* Whether any of them ends a process that the next supervisor would keep. */
static bool
machine_ends_something(const struct fsm_actions *actions)
{
	size_t i;

	for (i = 0; i < actions->count; i++) {
		if (actions->action[i].kind == FSM_SIGNAL ||
		    actions->action[i].kind == FSM_SWEEP)
			return true;
	}
	return false;
}

void
machine_feed(struct supervisor *supervisor, const struct fsm_input *input)
{
	struct fsm_actions actions;
	size_t i;

	fsm_step(&supervisor->fsm, input, &actions);
	/* What we are killed in the middle of, the next one has to finish. */
	if (machine_ends_something(&actions))
		machine_write_state(supervisor);
	for (i = 0; i < actions.count; i++)
		machine_perform(supervisor, &actions, &actions.action[i]);
}

/* --- what comes of them --------------------------------------------------- */

/* What the last signal came to, where that is no success. */
static bool
machine_next_refusal(struct supervisor *supervisor, struct fsm_input *input)
{
	if (supervisor->refused)
		input->event = FSM_REFUSED;
	else if (supervisor->immune)
		input->event = FSM_IMMUNE;
	else
		return false;
	supervisor->refused = supervisor->immune = false;
	return true;
}

/* Whether it has been executed, or why not. */
static bool
machine_next_outcome(struct supervisor *supervisor, struct fsm_input *input)
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
	input->starved = program_error_is_shortage(&program->error);
	return true;
}

static void
machine_mark_end(struct supervisor *supervisor)
{
	char sentence[200], text[256], uptime[32];
	struct event event;

	event_init(&event, EVENT_EXITED);
	announce_fill_exit(&supervisor->program, &event);
	snprintf(text, sizeof(text), "%s, up %s",
	    event_sentence(&event, sentence, sizeof(sentence)),
	    units_show_age(event.uptime, uptime, sizeof(uptime)));
	output_mark(&supervisor->output, text);
}

static bool
machine_next_end(struct supervisor *supervisor, struct fsm_input *input)
{
	struct program *program = &supervisor->program;

	if (!program->ended && !program_has_gone(program, input->now))
		return false;
	/* Its last words come before the news of its end. */
	output_ends(&supervisor->output);
	input->event = program->ended ? FSM_EXITED : FSM_LOST;
	program_note_end(program);
	machine_mark_end(supervisor);
	machine_write_pid(supervisor);
	input->code = program->last.code;
	return true;
}

static bool
machine_next_test(struct supervisor *supervisor, struct fsm_input *input)
{
	struct program *program = &supervisor->program;
	bool passed = false;

	if (supervisor->test_failed) {
		supervisor->test_failed = false;
	} else if (program->test.ended) {
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
	if (passed)
		announce_log(
		    supervisor, LOG_LEVEL_DEBUG, "start test succeeded");
	input->event = passed ? FSM_PROBE_PASSED : FSM_PROBE_FAILED;
	return true;
}

/*
 * The next event for the machine; false when there is none now.  patient: the
 * deadline may have come, but is not to be told.
 */
static bool
machine_next(
    struct supervisor *supervisor, struct fsm_input *input, bool patient)
{
	const struct fsm *fsm = &supervisor->fsm;

	memset(input, 0, sizeof(*input));
	input->now = clock_mono_ms();
	if (machine_next_refusal(supervisor, input) ||
	    machine_next_outcome(supervisor, input) ||
	    machine_next_end(supervisor, input) ||
	    machine_next_test(supervisor, input))
		return true;
	if (fsm->rest && !fsm->alive && sweep_is_over(supervisor)) {
		input->event = FSM_SWEPT;
		return true;
	}
	input->event = FSM_TIMEOUT;
	return !patient && input->now >= fsm->deadline;
}

/* Whether there was anything to be told. */
static bool
machine_go_on(struct supervisor *supervisor)
{
	struct fsm_input input;
	bool changed = false, timed = false;

	/* What is done at a deadline may take until the next one, again and
	 * again: so that others get their turn, that waits for the next. */
	while (!supervisor->done && machine_next(supervisor, &input, timed)) {
		timed = timed || input.event == FSM_TIMEOUT;
		machine_feed(supervisor, &input);
		changed = true;
	}
	return changed;
}

void
machine_settle(struct supervisor *supervisor)
{
	if (machine_go_on(supervisor) && !supervisor->done)
		machine_write_state(supervisor);
}

void
machine_wish(struct supervisor *supervisor, enum fsm_event wish)
{
	struct fsm_input input;

	memset(&input, 0, sizeof(input));
	input.now = clock_mono_ms();
	input.event = wish;
	machine_feed(supervisor, &input);
	machine_go_on(supervisor);
	if (!supervisor->done)
		machine_write_state(supervisor);
}
