/*
 * Watching a program come up: what each event means to the one who asked for
 * it.  What happens on the way is told on standard error, so that standard
 * output stays what zdaemon prints.
 */

#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/units.h"
#include "control/exits.h"
#include "control/output.h"
#include "control/start.h"
#include "control/ui.h"
#include "options/schedule.h"

#define LEAVE_LIMIT 5000 /* ms for a supervisor that has given up */

int64_t
start_limit(const struct runner *runner)
{
	struct schedule schedule;

	schedule_of(&schedule, runner);
	return schedule_length(&schedule) + runner->kill_grace +
	    runner->start_timeout;
}

void
start_tell(struct start *start, const char *text)
{
	if (start->context->output->terminal)
		start->context->ui->progress(start->context->ui->data, NULL);
	output_error(start->context->output, "%s", text);
}

void
start_tell_crash(struct start *start)
{
	if (start->crash[0])
		start_tell(start, start->crash);
	start->crash[0] = '\0';
}

static void
note_exit(struct start *start, const struct event *event)
{
	if (start->old != 0 && event->pid == start->old) {
		await_news(&start->await, "stopped");
		start->await.deadline = clock_mono_ms() +
		    start->runner->start_timeout;
		return;
	}
	start_tell_crash(start);
	event_sentence(event, start->crash, sizeof start->crash);
}

static void
note_backoff(struct start *start, const struct event *event)
{
	char wait[32], news[sizeof start->crash + 80];

	units_show_age(event->delay, wait, sizeof wait);
	snprintf(news, sizeof news, "%s%snext start in %s", start->crash,
	    start->crash[0] ? "; " : "", wait);
	start->crash[0] = '\0';
	start_tell(start, news);
	snprintf(news, sizeof news, "next start in %s", wait);
	await_news(&start->await, news);
}

static void
tell_failure(struct start *start, const struct event *event)
{
	char sentence[EVENT_LINE_MAX];

	start_tell(start, event_sentence(event, sentence, sizeof sentence));
	start->told = true;
}

/* It does not keep the program from coming up. */
static void
tell_trouble(struct start *start, const struct event *event)
{
	char sentence[EVENT_LINE_MAX], line[EVENT_LINE_MAX + 16];

	snprintf(line, sizeof line, "Warning: %s",
	    event_sentence(event, sentence, sizeof sentence));
	start_tell(start, line);
}

/* "pid 7: exit status 3; gave up after too many quick failures ..." */
static void
note_gave_up(struct start *start, const struct event *event)
{
	char text[sizeof start->crash + sizeof event->text + 80];
	bool known = strstr(start->crash, event->text) != NULL;

	start->await.deadline = clock_mono_ms() + LEAVE_LIMIT;
	if (start->told)
		return;
	snprintf(text, sizeof text, "%s%s%s", start->crash,
	    start->crash[0] ? "; " : "",
	    known ? "not started again" : exits_reason(event->text));
	start->crash[0] = '\0';
	start_tell(start, text);
	start->told = true;
}

/* The one that is there has to go first, in the time that it is given. */
static void
note_stopping(struct start *start, pid_t pid)
{
	await_news(&start->await, "stopping");
	if (start->old != 0)
		return;
	if (start->launched)
		start_tell(
		    start, "a stop had been begun: it is finished first");
	start->old = pid;
	start->did = "started";
	start->await.deadline = clock_mono_ms() + start_limit(start->runner);
}

static enum outcome
note_adopted(struct start *start, const struct event *event)
{
	if (start->old == 0)
		start->did = "taken over";
	start->pid = event->pid;
	return start->taken ? START_UP : START_GOING;
}

/* The first line of a stream: how things stood when we came. */
static enum outcome
note_hello(struct start *start, const struct event *event)
{
	start->pid = event->pid;
	if (event->state == RUN_STOPPING)
		note_stopping(start, event->pid);
	if (event->state == RUN_UP && event->pid != 0 &&
	    event->pid != start->old)
		return start->asked ? START_UP : START_WAS_UP;
	return event->state == RUN_DONE ? START_AGAIN : START_GOING;
}

static enum outcome
note_up(struct start *start, const struct event *event)
{
	/* Its new supervisor has not heard that it is to be replaced. */
	if (event->pid != 0 && event->pid == start->old)
		return start->launched ? START_AGAIN : START_GOING;
	start->pid = event->pid;
	return START_UP;
}

/* What an event means for the one who waits. */
static enum outcome
take(struct start *start, const struct event *event)
{
	switch (event->kind) {
	case EVENT_HELLO:
		return note_hello(start, event);
	case EVENT_ADOPTED:
		return note_adopted(start, event);
	case EVENT_UP:
		return note_up(start, event);
	case EVENT_BUSY:
		return START_AGAIN;
	case EVENT_FAILED:
		tell_failure(start, event);
		return START_FAILED;
	case EVENT_DOWN:
		start_tell_crash(start);
		return START_FAILED;
	case EVENT_STARTING:
		start->test[0] = '\0';
		start->pid = event->pid;
		await_news(&start->await, "settling");
		break;
	case EVENT_EXITED:
		note_exit(start, event);
		break;
	case EVENT_BACKOFF:
		note_backoff(start, event);
		break;
	case EVENT_TEST_FAILED:
		event_sentence(event, start->test, sizeof start->test);
		await_news(&start->await, "not ready yet");
		break;
	case EVENT_SPAWN_FAILED:
		tell_failure(start, event);
		break;
	case EVENT_GAVE_UP:
		note_gave_up(start, event);
		break;
	case EVENT_STOPPING:
		note_stopping(start, event->pid);
		break;
	case EVENT_MISSED: /* among them may be what we wait for */
		return START_AGAIN;
	case EVENT_NOT_SIGNALLED:
		tell_failure(start, event);
		return START_STUCK;
	case EVENT_LOG_FAILED:
	case EVENT_SOCKET_LOST:
		tell_trouble(start, event);
		break;
	case EVENT_KILLED:
	case EVENT_REST_KILLED:
	case EVENT_LEFT:
	case EVENT_SIGNALLED:
	case EVENT_REQUEST:
	case EVENT_REFUSED:
	case EVENT_REOPENED:
	case EVENT_ROTATED:
	case EVENT_UPGRADED:
	case EVENT_LOG_WORKS:
	case EVENT_LOG_RENEWED:
	case EVENT_SOCKET_BACK:
	case EVENT_BYE:
	case EVENT__COUNT:
		break;
	}
	return START_GOING;
}

/* The stream ended before the program was up. */
static enum outcome
judge_end(struct start *start, const struct client_stream *stream)
{
	switch (client_stream_result(stream)) {
	case CLIENT_OK:
	case CLIENT_NOT_RUNNING:
		start_tell_crash(start);
		/* One that was leaving anyway: there is room for ours now. */
		return start->launched || start->told ? START_FAILED :
							START_AGAIN;
	case CLIENT_REFUSED:
		start_tell(
		    start, "Error: the supervisor refuses to talk to us");
		return START_UNKNOWN;
	case CLIENT_SILENT:
		start_tell(start, "Error: the supervisor does not answer");
		return START_UNKNOWN;
	case CLIENT_BROKEN:
		break;
	}
	start_tell(start, "Error: what answers is not a supervisor");
	return START_UNKNOWN;
}

static enum outcome
watch(struct start *start, struct client_stream *stream)
{
	enum outcome outcome = START_GOING;
	struct event event;

	while (outcome == START_GOING) {
		switch (await_next(&start->await, stream, &event)) {
		case AWAIT_EVENT:
			outcome = take(start, &event);
			break;
		case AWAIT_ENDED:
			return judge_end(start, stream);
		case AWAIT_TIMEOUT:
			return start->told ? START_FAILED : START_TIMEOUT;
		case AWAIT_INTERRUPTED:
			return START_INTERRUPTED;
		}
	}
	return outcome;
}

enum outcome
start_watch(struct start *start, struct client_stream *stream)
{
	enum outcome outcome = watch(start, stream);

	if (outcome == START_FAILED)
		start->stays = !await_leaving(
		    &start->await, stream, LEAVE_LIMIT);
	client_close(stream);
	return outcome;
}
