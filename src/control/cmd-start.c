/*
 * start and restart: make the program come up, and wait until it has.
 *
 * A supervisor that is not there is launched.  Several starters at once all
 * launch one; the lock lets one win, and the others turn to the winner.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/confirm.h"
#include "control/handlers.h"
#include "control/launch.h"
#include "control/output.h"
#include "control/peer.h"
#include "control/rights.h"
#include "control/start.h"
#include "control/ui.h"

#define AGAIN_PAUSE 20 /* ms before a busy place is tried again, */
#define AGAIN_MOST  500 /* longer each time */

/* --- ways ----------------------------------------------------------------- */

static enum outcome
complain(struct start *start, char *cause, enum outcome outcome)
{
	char *line = xasprintf("Error: %s", cause_text(cause));

	start_tell(start, line);
	free(line);
	free(cause);
	return outcome;
}

/* Nobody is there: a new supervisor. */
static enum outcome
start_new(struct start *start)
{
	struct context *context = start->context;
	char *cause = NULL;
	enum outcome outcome;
	pid_t first;
	int fd;

	if (rights_directories(start->runner, context->client.socket,
		context->cwd, &cause) == -1)
		return complain(start, cause, START_FAILED);
	lastlines_mark(&start->lastlines, start->runner, context->cwd);
	start->launched = true;
	fd = launch_daemon(
	    start->runner, context->client.socket, &first, &cause);
	if (fd == -1)
		return complain(start, cause, START_FAILED);
	if (!context->session && rights_drop(start->runner, &cause) == -1) {
		close(fd);
		return complain(start, cause, START_FAILED);
	}
	outcome = start_watch(start, client_events_from(fd));
	if (context->session) /* a one-shot leaves before it would matter */
		launch_end(first);
	return outcome;
}

/* One is there: it is listened to first, so that nothing is missed. */
static enum outcome
start_under(struct start *start, const char *request)
{
	const struct client *client = &start->context->client;
	struct client_stream *stream;
	enum client_result result;
	char *cause = NULL;
	int status = STATUS_DONE;

	start->launched = false;
	stream = client_events(client, 0, &result, &cause);
	if (result == CLIENT_NOT_RUNNING) {
		free(cause);
		return START_AGAIN;
	}
	if (!stream)
		return complain(start, cause, START_UNKNOWN);
	if (request) {
		start->asked = true;
		if (start->count > 0)
			start_tell(start,
			    "a supervisor is running already: the "
			    "arguments after start are ignored");
		status = peer_order(start->context, request, NULL);
	}
	if (status == STATUS_DONE)
		return start_watch(start, stream);
	client_close(stream);
	if (status == STATUS_NOT_RUNNING)
		return START_AGAIN;
	return status == STATUS_UNKNOWN ? START_UNKNOWN : START_FAILED;
}

/* One look at how things stand, and what follows from it. */
static enum outcome
try_once(struct start *start)
{
	struct report report;
	enum run_state state;
	int status;

	if (!peer_report(start->context, &report, &status))
		return START_UNKNOWN;
	if (report.result == CLIENT_NOT_RUNNING) {
		report_free(&report);
		return start_new(start);
	}
	state = report.status.state;
	start->pid = report.status.application;
	report_free(&report);
	if (state == RUN_UP)
		return start->pid == start->old ?
		    start_under(start, "restart") :
		    START_WAS_UP;
	if (state == RUN_DONE)
		return START_AGAIN;
	/* One that is coming up needs no further asking. */
	return start_under(start, state == RUN_STARTING ? NULL : "start");
}

/* Until something is settled: others may be at it, or just leaving. */
static enum outcome
go_on(struct start *start, enum outcome outcome)
{
	int pause = AGAIN_PAUSE;

	while (outcome == START_AGAIN) {
		if (await_pause(&start->await, pause) == AWAIT_INTERRUPTED)
			return START_INTERRUPTED;
		if (await_over(&start->await))
			return START_TIMEOUT;
		pause = pause < AGAIN_MOST ? pause * 2 : AGAIN_MOST;
		outcome = try_once(start);
	}
	return outcome;
}

/* --- ends ----------------------------------------------------------------- */

static int
finish_failed(struct start *start)
{
	lastlines_show(&start->lastlines, start->context->output);
	output_line(start->context->output,
	    start->stays ? "daemon process not running" :
			   "daemon manager not running");
	return STATUS_FAILED;
}

static int
finish_unsettled(struct start *start)
{
	struct report report;

	report_ask(&report, start->context);
	report_line(start->context, &report);
	report_free(&report);
	return STATUS_FAILED;
}

static int
finish(struct start *start, enum outcome outcome)
{
	const struct output *output = start->context->output;

	if (outcome != START_INTERRUPTED)
		await_end(&start->await);
	switch (outcome) {
	case START_UP:
		output_line(output, "daemon process %s, pid=%ld", start->did,
		    (long)start->pid);
		return STATUS_DONE;
	case START_WAS_UP:
		output_line(output, "daemon process already running; pid=%ld",
		    (long)start->pid);
		return STATUS_DONE;
	case START_FAILED:
		return finish_failed(start);
	case START_GOING:
	case START_AGAIN:
	case START_TIMEOUT:
		start_tell_crash(start);
		if (start->test[0])
			start_tell(start, start->test);
		output_line(output, "Program took too long to start");
		return STATUS_FAILED;
	case START_STUCK:
	case START_INTERRUPTED:
		return finish_unsettled(start);
	case START_UNKNOWN:
		break;
	}
	return STATUS_UNKNOWN;
}

/* --- commands ------------------------------------------------------------- */

/* In a session, the supervisor that is to be attached is a child of ours. */
static int
run_attached(struct start *start, char **cause)
{
	const struct ui *ui = start->context->ui;
	const char *socket = start->context->client.socket;
	int state = 0;
	pid_t pid;

	ui->lend(ui->data);
	if ((pid = fork()) == 0) {
		launch_here(start->runner, socket, cause);
		start_tell(start, cause_text(*cause));
		_exit(STATUS_FAILED);
	}
	if (pid == -1)
		cause_set(cause, "unable to fork: %s", strerror(errno));
	while (pid > 0 && waitpid(pid, &state, 0) == -1 && errno == EINTR)
		;
	ui->regain(ui->data);
	if (pid == -1)
		return -1;
	return WIFSIGNALED(state) ? 128 + WTERMSIG(state) : WEXITSTATUS(state);
}

/* daemon off: a one-shot itself becomes the supervisor. */
static int
start_attached(struct start *start)
{
	struct context *context = start->context;
	const char *socket = context->client.socket;
	char *cause = NULL;
	int status = -1;

	if (rights_directories(start->runner, socket, context->cwd, &cause) ==
	    0) {
		if (context->session)
			status = run_attached(start, &cause);
		else
			launch_here(start->runner, socket, &cause);
	}
	if (status != -1)
		return status;
	output_error(context->output, "Error: %s", cause_text(cause));
	free(cause);
	return STATUS_FAILED;
}

static int
start_program(struct start *start)
{
	struct report report;
	bool nobody, up;
	int status;

	if (!peer_report(start->context, &report, &status))
		return report.result == CLIENT_SILENT ? status : STATUS_FAILED;
	nobody = report.result == CLIENT_NOT_RUNNING;
	up = !nobody && report.status.state == RUN_UP;
	if (up) { /* without any waiting, as zdaemon does */
		start->pid = report.status.application;
		output_line(start->context->output,
		    "daemon process already running; pid=%ld",
		    (long)start->pid);
	}
	report_free(&report);
	if (up)
		return STATUS_DONE;
	if (nobody && !start->runner->daemon)
		return start_attached(start);
	await_begin(&start->await, start->context, "starting",
	    start->runner->start_timeout);
	return finish(start, go_on(start, try_once(start)));
}

/* As start, but done as soon as what runs has a supervisor again. */
static int
adopt_program(struct start *start)
{
	start->taken = true;
	return start_program(start);
}

/* A supervisor is there: its program ends, and a new one comes up. */
static int
replace_program(struct start *start)
{
	if (start->count > 0 && !start->launched)
		start_tell(start,
		    "a supervisor is running already: the arguments "
		    "after restart are ignored");
	start->count = 0;
	start->did = "restarted";
	await_begin(&start->await, start->context, "restarting",
	    start_limit(start->runner));
	return finish(start, go_on(start, start_under(start, "restart")));
}

/*
 * One without a supervisor is taken over; whether it is to be replaced then.
 * With daemon off it is not: who asks has become the supervisor.
 */
static bool
take_over(struct start *start, pid_t pid, int *status)
{
	*status = adopt_program(start);
	start->taken = false;
	return *status == STATUS_DONE && start->pid == pid;
}

static int
restart_program(struct start *start)
{
	struct report report;
	int status;

	if (!peer_report(start->context, &report, &status))
		return status;
	if (report.orphaned) {
		report_free(&report);
		if (!take_over(start, report.orphan.state.pid, &status) ||
		    !peer_report(start->context, &report, &status))
			return status;
	}
	start->old = report.result == CLIENT_OK ? report.status.application : 0;
	if (start->old == 0)
		status = start_program(start);
	else if (confirm_harm(start->context, &report, "restart"))
		status = replace_program(start);
	else
		status = STATUS_FAILED;
	report_free(&report);
	return status;
}

static int
run_with_words(struct context *context, const struct invocation *invocation,
    int (*run)(struct start *))
{
	struct start start = {
		.context = context, .count = invocation->count, .did = "started"
	};
	struct runner runner;
	char *cause = NULL;
	int status;

	if (runner_copy(&runner, context->runner, &cause) == -1) {
		output_error(context->output, "Error: %s", cause_text(cause));
		free(cause);
		return STATUS_FAILED;
	}
	for (int i = 0; i < invocation->count; i++)
		xwords_add(&runner.program, invocation->operand[i]);
	start.runner = &runner;
	status = run(&start);
	lastlines_free(&start.lastlines);
	runner_free(&runner);
	return status;
}

int
cmd_start(struct context *context, const struct invocation *invocation)
{
	return run_with_words(context, invocation, start_program);
}

int
cmd_restart(struct context *context, const struct invocation *invocation)
{
	return run_with_words(context, invocation, restart_program);
}

int
start_adopt(struct context *context)
{
	const struct invocation none = { .count = 0 };

	return run_with_words(context, &none, adopt_program);
}
