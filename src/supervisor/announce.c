/*
 * What happens becomes an event that listeners get, and a line of the event
 * log.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "process/descriptors.h"
#include "process/first.h"
#include "supervisor/announce.h"
#include "supervisor/failure.h"
#include "supervisor/logformat.h"
#include "supervisor/supervisor.h"

/* How grave an event is for the event log; 0: it is none of its business. */
static int
announce_level(const struct event *event)
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
	case EVENT_NOT_SIGNALLED:
	case EVENT_LOG_WORKS:
	case EVENT_LOG_RENEWED:
	case EVENT_SOCKET_BACK:
	case EVENT_REST_KILLED:
	case EVENT_REFUSED:
		return LOG_LEVEL_WARNING;
	case EVENT_SPAWN_FAILED:
	case EVENT_LEFT:
	case EVENT_LOG_FAILED:
	case EVENT_SOCKET_LOST:
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
announce_log(struct supervisor *supervisor, int level, const char *message)
{
	/* What the program has said before stands before it. */
	if (output_is_shared(&supervisor->output))
		output_drain(&supervisor->output);
	logs_write(&supervisor->logs, level, message);
}

void
announce_publish(struct supervisor *supervisor, struct event *event)
{
	char line[EVENT_LINE_MAX];

	event->seq = ++supervisor->seq;
	event->at = clock_wall_ms();
	history_add(&supervisor->history, line,
	    event_format(line, sizeof(line), event));
}

/*
 * Whether a line on standard error says so.  In a container, or under another
 * supervisor, it is the log that its operator has; an event log says more.
 */
static bool
announce_is_told(
    const struct supervisor *supervisor, enum event_kind kind, int level)
{
	bool life = kind == EVENT_STARTING || kind == EVENT_ADOPTED ||
	    kind == EVENT_EXITED || kind == EVENT_BACKOFF;

	if (!supervisor->tell_stderr)
		return false;
	return level >= LOG_LEVEL_ERROR ||
	    (life && supervisor->logs.count == 0 &&
		(first_is_here() || !isatty(STDERR_FILENO)));
}

void
announce_in_log(struct supervisor *supervisor, const struct event *event,
    const char *suffix)
{
	char sentence[EVENT_LINE_MAX], message[EVENT_LINE_MAX + 32];
	int level = announce_level(event);

	if (level == 0)
		return;
	event_sentence(event, sentence, sizeof(sentence));
	snprintf(message, sizeof(message), "%s%s", sentence, suffix);
	/* An inherited pipe may have nobody to read it. */
	if (announce_is_told(supervisor, event->kind, level) &&
	    descriptors_take_a_line(STDERR_FILENO))
		log_warnx("%s", message);
	announce_log(supervisor, level, message);
}

void
announce_event(struct supervisor *supervisor, struct event *event)
{
	event->state = supervisor->fsm.state;
	announce_publish(supervisor, event);
	announce_in_log(supervisor, event, "");
}

void
announce_failure(struct supervisor *supervisor, const struct failure *failure)
{
	struct event event;

	event_init(&event, EVENT_LOG_FAILED);
	memcpy(event.step, failure->step, sizeof(event.step));
	memcpy(event.text, failure->text, sizeof(event.text));
	event.error = failure->error;
	announce_event(supervisor, &event);
}

void
announce_news(struct supervisor *supervisor)
{
	struct event event;

	while (output_news(&supervisor->output, &event))
		announce_event(supervisor, &event);
}

void
announce_fill_retry(const struct fsm *fsm, struct event *event)
{
	event->run = fsm->backoff;
	if (!fsm->config->forever)
		event->limit = fsm->config->backoff_limit;
}

void
announce_fill_exit(const struct program *program, struct event *event)
{
	event->pid = program->last.pid;
	event->code = program->last.code;
	event->signal = program->last.signal;
	event->core = program->last.core;
	event->uptime = program->last.uptime;
}

void
announce_hello(const struct supervisor *supervisor, struct event *event)
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
		announce_fill_retry(fsm, event);
	}
}
