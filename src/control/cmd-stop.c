/*
 * stop, shutdown and wait: an end of the program is asked for, or only
 * awaited.  The supervisor's events say when it has come.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/units.h"
#include "control/await.h"
#include "control/confirm.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/peer.h"
#include "options/options.h"
#include "options/schedule.h"

#define STOP_MARGIN 20000 /* ms beyond all configured times */
#define STOP_NOTES  4
#define LEAVE_LIMIT 5000 /* ms for a supervisor without a program */
#define AGAIN_PAUSE 50 /* ms before one that was lost is looked for again */

enum until {
	UNTIL_EXIT, /* of this very process */
	UNTIL_DOWN, /* and nothing planned */
	UNTIL_GONE /* the supervisor too */
};

enum ending {
	ENDED,
	ENDED_NOT, /* someone has started it again */
	ENDED_REFUSED, /* no signal can be sent to it */
	ENDED_LATE,
	ENDED_LOST, /* nothing: the stream was cut off */
	ENDED_INTERRUPTED,
	ENDED_UNKNOWN /* told */
};

struct stop {
	struct context *context;
	struct await await;
	enum until until;
	pid_t pid; /* whose end is awaited; 0: not known yet */
	bool stopping; /* our wish was heard */
	struct event note[STOP_NOTES]; /* who had to be killed, or cannot be */
	size_t notes;
	bool left; /* something could not be */
};

static bool
is_failure(const struct event *event)
{
	return event->kind == EVENT_LEFT || event->kind == EVENT_NOT_SIGNALLED;
}

/* Kept until the waiting is over: what is told goes below the live line. */
static void
note(struct stop *stop, const struct event *event)
{
	char text[sizeof event->text + 80];

	if (event->kind == EVENT_LEFT)
		stop->left = true;
	if (stop->notes < STOP_NOTES)
		stop->note[stop->notes++] = *event;
	await_news(&stop->await, event_sentence(event, text, sizeof text));
}

static void
tell_notes(const struct stop *stop)
{
	char text[sizeof stop->note[0].text + 80];

	for (size_t i = 0; i < stop->notes; i++)
		output_error(stop->context->output, "%s%s",
		    is_failure(&stop->note[i]) ? "Error: " : "",
		    event_sentence(&stop->note[i], text, sizeof text));
}

/* Another operator's wish came after ours: the latest counts. */
static bool
is_overruled(struct stop *stop, const struct event *event)
{
	if (event->kind == EVENT_KILLED || event->kind == EVENT_REST_KILLED ||
	    is_failure(event))
		note(stop, event);
	if (event->kind == EVENT_STOPPING)
		stop->stopping = true;
	return event->kind == EVENT_STARTING && stop->stopping &&
	    stop->until != UNTIL_EXIT;
}

/* What runs at the beginning of a stream, where another may have begun. */
static bool
is_gone(struct stop *stop, const struct event *hello)
{
	if (stop->pid == 0)
		stop->pid = hello->pid;
	return hello->pid == 0 || hello->pid != stop->pid;
}

/* Whether the event is what is waited for. */
static bool
is_end(struct stop *stop, const struct event *event)
{
	bool down = event->state == RUN_DOWN;

	switch (stop->until) {
	case UNTIL_EXIT:
		return event->kind == EVENT_EXITED ||
		    event->kind == EVENT_DOWN || event->kind == EVENT_BYE ||
		    (event->kind == EVENT_HELLO && is_gone(stop, event));
	case UNTIL_DOWN:
		return down &&
		    (event->kind == EVENT_DOWN || event->kind == EVENT_HELLO);
	case UNTIL_GONE:
		break; /* the end of the stream says it */
	}
	return false;
}

static enum ending
judge_end(const struct stop *stop, const struct client_stream *stream)
{
	switch (client_stream_result(stream)) {
	case CLIENT_OK:
		return ENDED;
	case CLIENT_NOT_RUNNING:
		return ENDED_LOST; /* no farewell, so nothing is known */
	case CLIENT_REFUSED:
	case CLIENT_SILENT:
	case CLIENT_BROKEN:
		break;
	}
	output_error(
	    stop->context->output, "Error: the supervisor does not answer");
	return ENDED_UNKNOWN;
}

static enum ending
watch(struct stop *stop, struct client_stream *stream)
{
	struct event event;

	for (;;) {
		switch (await_next(&stop->await, stream, &event)) {
		case AWAIT_EVENT:
			if (event.kind == EVENT_MISSED)
				return ENDED_LOST;
			if (is_overruled(stop, &event))
				return ENDED_NOT;
			if (event.kind == EVENT_NOT_SIGNALLED &&
			    stop->until != UNTIL_EXIT)
				return ENDED_REFUSED;
			if (!is_end(stop, &event))
				break;
			if (stop->until == UNTIL_DOWN)
				await_leaving(
				    &stop->await, stream, LEAVE_LIMIT);
			return ENDED;
		case AWAIT_ENDED:
			return judge_end(stop, stream);
		case AWAIT_TIMEOUT:
			return ENDED_LATE;
		case AWAIT_INTERRUPTED:
			return ENDED_INTERRUPTED;
		}
	}
}

/* How things stand after all, when they are not as they were to be. */
static void
tell_state(const struct context *context)
{
	struct report report;

	report_ask(&report, context);
	report_line(context, &report);
	report_free(&report);
}

/* An end of the supervisor alone is none of the program. */
static bool
has_orphan(const struct context *context)
{
	struct orphan orphan;

	if (!orphan_find(&orphan, &context->client))
		return false;
	output_error(context->output,
	    "Error: pid %ld is left, without a supervisor; start takes it over",
	    (long)orphan.state.pid);
	return true;
}

static int
finish(struct stop *stop, enum ending ending)
{
	const struct output *output = stop->context->output;

	if (ending != ENDED_INTERRUPTED)
		await_end(&stop->await);
	tell_notes(stop);
	switch (ending) {
	case ENDED:
		if (has_orphan(stop->context) || stop->left)
			return STATUS_FAILED;
		output_line(output,
		    stop->until == UNTIL_GONE ? "daemon manager stopped" :
						"daemon process stopped");
		return STATUS_DONE;
	case ENDED_NOT:
		output_error(output, "Error: it was started again meanwhile");
		tell_state(stop->context);
		return STATUS_FAILED;
	case ENDED_LOST:
	case ENDED_LATE:
		output_error(output, "Error: it takes too long to end");
		tell_state(stop->context);
		return STATUS_FAILED;
	case ENDED_REFUSED:
	case ENDED_INTERRUPTED:
		tell_state(stop->context);
		return STATUS_FAILED;
	case ENDED_UNKNOWN:
		break;
	}
	return STATUS_UNKNOWN;
}

/* Sends the request; a supervisor of zdaemon's knows no exit but stop. */
static int
order(const struct context *context, const char *request)
{
	char *reply = NULL;
	int status = peer_order(context, request, &reply);

	if (status == STATUS_DONE && peer_lacks(reply) &&
	    strcmp(request, "exit") == 0)
		status = peer_order(context, "stop", NULL);
	free(reply);
	return status;
}

/* How long the program can take at the most. */
static void
tell_limit(struct stop *stop, const struct schedule *schedule)
{
	char news[80], age[32];

	snprintf(news, sizeof news, "KILL after %s",
	    units_show_age(schedule_length(schedule), age, sizeof age));
	await_news(&stop->await, news);
}

/*
 * Asks, and waits for what comes of it; *status counts where that could not be
 * learned (told).
 */
static enum ending
end_once(struct stop *stop, const char *request, int *status)
{
	struct context *context = stop->context;
	struct client_stream *stream;
	enum client_result result;
	enum ending ending = ENDED_UNKNOWN;
	char *cause = NULL;

	stream = client_events(&context->client, 0, &result, &cause);
	*status = STATUS_DONE;
	if (!stream && result != CLIENT_NOT_RUNNING) {
		output_error(context->output, "Error: %s", cause_text(cause));
		*status = STATUS_UNKNOWN;
	} else if (stream && request) {
		*status = order(context, request);
	}
	if (*status == STATUS_NOT_RUNNING)
		ending = ENDED_LOST;
	else if (*status == STATUS_DONE)
		ending = stream ? watch(stop, stream) : ENDED;
	client_close(stream);
	free(cause);
	return ending;
}

/* The same for as long as a supervisor is there to be asked. */
static enum ending
end_at_last(struct stop *stop, const char *request, int *status)
{
	enum ending ending = end_once(stop, request, status);

	while (ending == ENDED_LOST && !await_over(&stop->await)) {
		if (await_pause(&stop->await, AGAIN_PAUSE) == AWAIT_INTERRUPTED)
			return ENDED_INTERRUPTED;
		ending = end_once(stop, request, status);
	}
	return ending;
}

static int
end_program(struct context *context, const char *what, const char *request,
    enum until until)
{
	const struct runner *runner = context->runner;
	struct stop stop = { .context = context, .until = until };
	struct schedule schedule;
	enum ending ending;
	int status;

	schedule_of(&schedule, runner);
	await_begin(&stop.await, context, what,
	    schedule_length(&schedule) + runner->kill_grace + STOP_MARGIN);
	tell_limit(&stop, &schedule);
	ending = end_at_last(&stop, request, &status);
	return ending == ENDED_UNKNOWN && status != STATUS_DONE ?
	    status :
	    finish(&stop, ending);
}

/* Nothing is supervised here. */
static int
end_nothing(struct context *context)
{
	output_line(context->output, "daemon manager not running");
	return has_orphan(context) ? STATUS_FAILED : STATUS_DONE;
}

/*
 * How things stand, as peer_report has it; a program without a supervisor is
 * taken over before, so that it ends as any other.  With daemon off it is not,
 * as we would have to become the supervisor.
 */
static bool
look(struct context *context, struct report *report, int *status)
{
	const struct runner *runner = context->runner;

	if (!peer_report(context, report, status))
		return false;
	if (!report->orphaned || !runner->daemon || runner->program.count == 0)
		return true;
	report_free(report);
	*status = start_adopt(context);
	return *status == STATUS_DONE && peer_report(context, report, status);
}

static bool
is_down(const struct status *status)
{
	return status->application == 0 && !status->should_be_up &&
	    status->state == RUN_DOWN;
}

int
cmd_stop(struct context *context, const struct invocation *invocation)
{
	struct report report;
	int status;

	(void)invocation;
	if (!look(context, &report, &status))
		return status;
	if (report.result == CLIENT_NOT_RUNNING) {
		status = end_nothing(context);
	} else if (is_down(&report.status)) {
		output_line(context->output, "daemon process not running");
		status = STATUS_DONE;
	} else if (!confirm_harm(context, &report, "stop")) {
		status = STATUS_FAILED;
	} else {
		status = end_program(context, "stopping", "stop", UNTIL_DOWN);
	}
	report_free(&report);
	return status;
}

int
cmd_shutdown(struct context *context, const struct invocation *invocation)
{
	struct report report;
	int status;

	(void)invocation;
	if (!look(context, &report, &status))
		return status;
	if (report.result == CLIENT_NOT_RUNNING)
		status = end_nothing(context);
	else if (!confirm_harm(context, &report, "shut down"))
		status = STATUS_FAILED;
	else
		status = end_program(
		    context, "shutting down", "exit", UNTIL_GONE);
	report_free(&report);
	return status;
}

/* The waiting has no limit: only the operator knows how long is too long. */
int
cmd_wait(struct context *context, const struct invocation *invocation)
{
	struct stop stop = { .context = context, .until = UNTIL_EXIT };
	struct orphan orphan;
	enum ending ending;
	bool runs;
	int status;

	(void)invocation;
	await_begin(&stop.await, context, "waiting for the program to end", -1);
	ending = end_at_last(&stop, NULL, &status);
	if (ending != ENDED_INTERRUPTED)
		await_end(&stop.await);
	if (ending == ENDED_UNKNOWN)
		return STATUS_UNKNOWN;
	/* The end of its supervisor alone is not that of the program. */
	runs = ending == ENDED && orphan_find(&orphan, &context->client) &&
	    orphan.state.pid == stop.pid;
	if (ending == ENDED && !runs)
		output_line(context->output, "daemon process stopped");
	tell_state(context);
	return runs ? STATUS_FAILED : STATUS_DONE;
}
