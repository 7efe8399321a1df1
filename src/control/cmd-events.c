/*
 * events: what has happened, as the supervisor keeps it; in a session, as the
 * session has heard it, which is also there when the supervisor is not.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/progname.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/notice.h"
#include "control/output.h"
#include "control/ui.h"
#include "options/options.h"

#define EVENTS_MOST 200 /* a supervisor keeps no more */

struct past {
	struct event *event;
	size_t count;
	uint64_t last; /* seq of the newest; 0: not known yet */
};

/* --- asking --------------------------------------------------------------- */

/* Takes an event; whether more is to come. */
static bool
take_event(struct past *past, const struct event *event)
{
	if (event->kind == EVENT_HELLO) {
		past->last = event->seq;
		return event->seq > 0;
	}
	if (past->count < EVENTS_MOST) {
		past->event = xreallocarray(
		    past->event, past->count + 1, sizeof *past->event);
		past->event[past->count++] = *event;
	}
	return event->seq < past->last;
}

/* 1: there may be an event, 0: the time is over, -1: interrupted. */
static int
wait_stream(
    const struct ui *ui, const struct client_stream *stream, int64_t deadline)
{
	struct pollfd pfd = { client_stream_fd(stream), POLLIN, 0 };
	int timeout = client_stream_timeout(stream),
	    left = clock_poll_timeout(deadline);

	if (left == 0)
		return 0;
	if (timeout < 0 || timeout > left)
		timeout = left;
	if (ui->wait(ui->data, &pfd, 1, timeout) == -1 && errno == EINTR)
		return -1;
	return 1;
}

/* Reads the stream up to what happens from now on. */
static int
read_past(const struct context *context, struct client_stream *stream,
    struct past *past)
{
	int64_t deadline = clock_mono_ms() + CLIENT_DEADLINE;
	struct event event;
	int got, ready;

	for (;;) {
		while ((got = client_next(stream, &event)) == 1)
			if (!take_event(past, &event))
				return STATUS_DONE;
		if (got == -1) {
			output_error(context->output,
			    "Error: the supervisor has exited or does not "
			    "answer");
			return STATUS_UNKNOWN;
		}
		ready = wait_stream(context->ui, stream, deadline);
		if (ready == 1)
			continue;
		output_error(context->output,
		    ready == 0 ? "Error: no whole answer in time" : "^C");
		return STATUS_UNKNOWN;
	}
}

static int
refuse(const struct context *context, enum client_result result, char *cause)
{
	if (result == CLIENT_NOT_RUNNING)
		output_line(context->output, "daemon manager not running");
	else
		output_error(context->output, "Error: %s", cause_text(cause));
	free(cause);
	return result == CLIENT_NOT_RUNNING ? STATUS_NOT_RUNNING :
					      STATUS_UNKNOWN;
}

static int
ask(const struct context *context, struct past *past)
{
	struct client_stream *stream;
	enum client_result result;
	char *cause = NULL;
	int status;

	stream = client_events(&context->client, EVENTS_MOST, &result, &cause);
	if (!stream)
		return refuse(context, result, cause);
	free(cause);
	status = read_past(context, stream, past);
	client_close(stream);
	if (status == STATUS_DONE && past->last == 0) {
		output_error(context->output,
		    "Error: the supervisor is too old to tell; "
		    "restart it for that");
		status = STATUS_FAILED;
	}
	return status;
}

/* --- telling -------------------------------------------------------------- */

/* The last of count lines that are wanted begin here. */
static size_t
first_of(size_t count, long long wanted)
{
	return count > (size_t)wanted ? count - (size_t)wanted : 0;
}

static void
show_notice(const struct output *output, const struct notice *notice)
{
	char *line = notice_show(notice, clock_wall_ms(), output->color);

	fputs(line, output->out);
	free(line);
}

/* Events that grow into one line stay one. */
static void
show_events(
    const struct context *context, const struct past *past, long long wanted)
{
	struct notice *notice = xcalloc(past->count + 1, sizeof *notice);
	struct notice_maker maker = { .name = "zdaemon" };
	char name[PROGNAME_MAX];
	size_t count = 0;

	if (progname_of(&context->runner->program, name, sizeof name))
		maker.name = name;
	for (size_t i = 0; i < past->count; i++) {
		struct notice one = { .at = 0 };

		if (count > 0)
			one = notice[count - 1];
		switch (notice_make(&maker, &past->event[i], &one)) {
		case NOTICE_NONE:
			break;
		case NOTICE_QUIET:
		case NOTICE_NEW:
			notice[count++] = one;
			break;
		case NOTICE_MORE:
			notice[count - 1] = one;
			break;
		}
	}
	for (size_t i = first_of(count, wanted); i < count; i++)
		show_notice(context->output, &notice[i]);
	free(notice);
}

/* What the session has heard. */
static int
show_heard(const struct context *context, long long wanted)
{
	const struct notice *notice;
	size_t count = 0;

	while (context->shell->notice(context->shell->data, count))
		count++;
	for (size_t i = first_of(count, wanted); i < count; i++) {
		notice = context->shell->notice(context->shell->data, i);
		show_notice(context->output, notice);
	}
	if (count == 0)
		output_line(context->output, "no events yet");
	return STATUS_DONE;
}

static void
put_event(struct json *json, const struct event *event)
{
	char sentence[EVENT_LINE_MAX];
	bool by = event->by_uid != (uid_t)-1;

	json_object(json, NULL);
	json_string(json, "event", event_name(event->kind));
	json_number(json, "seq", (int64_t)event->seq);
	json_seconds(json, "at", event->at);
	json_string(json, "state", runstate_name(event->state));
	json_number_known(json, "pid", event->pid, event->pid != 0);
	json_number_known(json, "status", event->code, event->code != -1);
	json_number_known(json, "signal", event->signal, event->signal != 0);
	json_bool(json, "core", event->core);
	json_seconds_known(json, "uptime", event->uptime);
	json_seconds_known(json, "delay", event->delay);
	json_number_known(json, "run", event->run, event->run != -1);
	json_number_known(json, "limit", event->limit, event->limit != -1);
	json_number_known(json, "by_uid", (int64_t)event->by_uid, by);
	json_number_known(json, "by_pid", event->by_pid, by);
	json_string(json, "text", event->text[0] ? event->text : NULL);
	json_string(
	    json, "sentence", event_sentence(event, sentence, sizeof sentence));
	json_object_end(json);
}

static void
show_json(
    const struct output *output, const struct past *past, long long wanted)
{
	struct json json;

	json_begin(&json, output->out);
	json_object(&json, NULL);
	json_array(&json, "events");
	for (size_t i = first_of(past->count, wanted); i < past->count; i++)
		put_event(&json, &past->event[i]);
	json_array_end(&json);
	json_object_end(&json);
	output_line(output, "%s", "");
}

/* --- the command ---------------------------------------------------------- */

static int
tell(const struct context *context, long long wanted, bool json)
{
	struct past past = { .count = 0 };
	int status;

	if (!json && context->shell &&
	    context->shell->notice(context->shell->data, 0))
		return show_heard(context, wanted);
	if ((status = ask(context, &past)) == STATUS_DONE) {
		if (json)
			show_json(context->output, &past, wanted);
		else
			show_events(context, &past, wanted);
	}
	free(past.event);
	return status;
}

int
cmd_events(struct context *context, const struct invocation *invocation)
{
	const char *lines = invocation_argument(invocation, "lines");
	long long wanted = EVENTS_MOST;

	if (lines && !units_parse_number(lines, 0, EVENTS_MOST, &wanted)) {
		output_error(context->output,
		    "Error: -n: '%s' is no number from 0 to %d", lines,
		    EVENTS_MOST);
		return STATUS_USAGE;
	}
	return tell(context, wanted,
	    context->output->json || invocation_has(invocation, "json"));
}
