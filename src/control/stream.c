/*
 * A stream of events.  Where the supervisor can send them, they are read from
 * it; where it cannot (zdaemon's own), they are made up from its status, asked
 * for four times a second.  Nothing here blocks.
 */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/xmalloc.h"
#include "control/client.h"
#include "control/dial.h"
#include "control/exchange.h"
#include "process/descriptors.h"

#define ASK_EVERY 250 /* ms */
#define HANG_UPS  8 /* in a row tolerated from one that is shutting down */
#define MADE_MAX  4 /* events that one answer can make */

struct client_stream {
	struct client client; /* our own copy */
	int fd; /* that events come from; -1: none */
	char line[EVENT_LINE_MAX];
	size_t len;
	bool skip; /* in a line that was too long */
	bool greeted; /* it does send events */
	bool bye;
	bool ended;
	enum client_result result;
	int64_t deadline; /* for the greeting */

	/* where events have to be made up */
	bool asks;
	bool asking; /* exchange is under way */
	struct exchange exchange;
	int64_t next_ask;
	int hang_ups; /* in a row, without a byte of an answer */
	bool known; /* of the status: */
	pid_t pid;
	bool ready;
	bool wanted;
	struct event made[MADE_MAX];
	size_t first, count;
};

static struct client_stream *
stream_new(int fd)
{
	struct client_stream *stream = xcalloc(1, sizeof *stream);

	stream->fd = fd;
	stream->result = CLIENT_NOT_RUNNING;
	return stream;
}

struct client_stream *
client_events_from(int fd)
{
	struct client_stream *stream = stream_new(fd);

	descriptors_nonblock(fd);
	stream->greeted = true;
	return stream;
}

struct client_stream *
client_events(const struct client *client, int replay,
    enum client_result *result, char **cause)
{
	struct client_stream *stream;
	char request[32];
	int fd, len;

	*result = dial(client, &fd, cause);
	if (*result == CLIENT_SILENT)
		cause_set(cause, "'%s' has no room for us", client->socket);
	if (*result != CLIENT_OK)
		return NULL;
	stream = stream_new(fd);
	stream->client.socket = xstrdup(client->socket);
	stream->client.user = client->user;
	stream->deadline = clock_mono_ms() + CLIENT_DEADLINE;
	len = snprintf(request, sizeof request, "events %d\n", replay);
	/* A peer that is gone already shows at the first read. */
	(void)!send(fd, request, (size_t)len, MSG_NOSIGNAL);
	return stream;
}

void
client_close(struct client_stream *stream)
{
	if (!stream)
		return;
	if (stream->fd != -1)
		close(stream->fd);
	if (stream->asking)
		exchange_end(&stream->exchange);
	free(stream->client.socket);
	free(stream);
}

int
client_stream_fd(const struct client_stream *stream)
{
	return stream->asking ? stream->exchange.fd : stream->fd;
}

int
client_stream_timeout(const struct client_stream *stream)
{
	if (stream->ended || stream->count > 0)
		return 0;
	if (stream->asking)
		return exchange_timeout(&stream->exchange);
	if (stream->asks)
		return clock_poll_timeout(stream->next_ask);
	return stream->greeted ? -1 : clock_poll_timeout(stream->deadline);
}

enum client_result
client_stream_result(const struct client_stream *stream)
{
	return stream->result;
}

/* Whatever has been read beyond is not looked at. */
static void
leave(struct client_stream *stream)
{
	if (stream->fd != -1)
		close(stream->fd);
	stream->fd = -1;
	stream->len = 0;
}

static void
end(struct client_stream *stream, enum client_result result)
{
	leave(stream);
	stream->ended = true;
	stream->result = result;
}

/* --- made up -------------------------------------------------------------- */

static struct event *
make(struct client_stream *stream, enum event_kind kind, enum run_state state)
{
	struct event *event = &stream->made[stream->count++];

	event_init(event, kind);
	event->state = state;
	event->at = clock_wall_ms();
	event->pid = stream->pid;
	return event;
}

static void
make_gone(struct client_stream *stream, enum run_state state)
{
	if (stream->pid != 0)
		make(stream, EVENT_EXITED, state);
	stream->pid = 0;
	stream->ready = false;
}

/* The difference between two answers, as events. */
static void
make_changes(struct client_stream *stream, const struct status *status)
{
	enum run_state state = status->state;
	bool ready = status->application != 0 && !status->testing;
	bool down;

	if (!stream->known) {
		stream->pid = status->application;
		make(stream, EVENT_HELLO, state);
	} else {
		down = stream->pid != 0 || stream->wanted;
		if (status->application != stream->pid) {
			make_gone(stream, state);
			stream->pid = status->application;
			if (stream->pid != 0)
				make(stream, EVENT_STARTING, RUN_STARTING);
		}
		if (ready && !stream->ready)
			make(stream, EVENT_UP, RUN_UP);
		if (stream->pid == 0 && !status->should_be_up && down)
			make(stream, EVENT_DOWN, RUN_DOWN);
	}
	stream->known = true;
	stream->ready = ready;
	stream->wanted = status->should_be_up;
}

static void
take_answer(struct client_stream *stream)
{
	struct exchange *exchange = &stream->exchange;
	enum client_result result = exchange->result;
	struct status status;

	if (result == CLIENT_OK && exchange->len > 0 &&
	    status_parse(&status, exchange->reply, exchange->len, NULL) == 0) {
		make_changes(stream, &status);
		status_free(&status);
		stream->hang_ups = 0;
		stream->next_ask = clock_mono_ms() + ASK_EVERY;
	} else if ((result == CLIENT_OK || result == CLIENT_BROKEN) &&
	    exchange->len == 0 && ++stream->hang_ups <= HANG_UPS) {
		/* On its way out it may close before it has read. */
		stream->next_ask = clock_mono_ms() + ASK_EVERY;
	} else if (result == CLIENT_NOT_RUNNING) {
		make_gone(stream, RUN_DONE);
		make(stream, EVENT_BYE, RUN_DONE);
		end(stream, CLIENT_OK);
	} else {
		end(stream, result == CLIENT_OK ? CLIENT_BROKEN : result);
	}
	exchange_end(exchange);
	stream->asking = false;
}

static void
go_on_asking(struct client_stream *stream)
{
	if (!stream->asking && clock_mono_ms() >= stream->next_ask) {
		exchange_begin(&stream->exchange, &stream->client, "status");
		stream->asking = true;
	}
	if (stream->asking && exchange_step(&stream->exchange))
		take_answer(stream);
}

static int
next_made(struct client_stream *stream, struct event *event)
{
	if (stream->count == 0)
		return 0;
	*event = stream->made[stream->first++];
	if (stream->first == stream->count)
		stream->first = stream->count = 0;
	return 1;
}

/* --- sent ----------------------------------------------------------------- */

static bool
has_timed_out(const struct client_stream *stream)
{
	return !stream->greeted && clock_mono_ms() >= stream->deadline;
}

/* The peer does not know of events. */
static void
begin_asking(struct client_stream *stream)
{
	leave(stream);
	stream->asks = true;
}

static bool
begins(const char *line, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* A whole line: 1 an event, 0 passed over (or the end of the stream). */
static int
take_line(struct client_stream *stream, size_t len, struct event *event)
{
	const char *line = stream->line;

	if (event_parse(line, len, event)) {
		stream->greeted = true;
		stream->bye |= event->kind == EVENT_BYE;
		return 1;
	}
	if (stream->greeted)
		return 0;
	if (begins(line, len, CLIENT_UNKNOWN))
		begin_asking(stream);
	else
		end(stream,
		    begins(line, len, CLIENT_DENIED) ? CLIENT_REFUSED :
						       CLIENT_BROKEN);
	return 0;
}

/* The next whole line of what was read: 1 an event, 0 no line left. */
static int
next_line(struct client_stream *stream, struct event *event)
{
	char *newline;
	int found = 0;

	while (!found && stream->len > 0 &&
	    (newline = memchr(stream->line, '\n', stream->len)) != NULL) {
		size_t len = (size_t)(newline - stream->line);

		if (!stream->skip)
			found = take_line(stream, len, event);
		stream->skip = false;
		if (stream->fd == -1)
			break;
		stream->len -= len + 1;
		memmove(stream->line, newline + 1, stream->len);
	}
	if (!found && stream->len == sizeof stream->line) {
		stream->skip = true;
		stream->len = 0;
	}
	return found;
}

static void
read_more(struct client_stream *stream)
{
	ssize_t n = read(stream->fd, stream->line + stream->len,
	    sizeof stream->line - stream->len);

	if (n > 0)
		stream->len += (size_t)n;
	else if (n == 0 && !stream->greeted)
		end(stream, CLIENT_NOT_RUNNING);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		end(stream, stream->bye ? CLIENT_OK : CLIENT_NOT_RUNNING);
}

static int
next_sent(struct client_stream *stream, struct event *event)
{
	if (next_line(stream, event))
		return 1;
	if (stream->fd == -1)
		return 0;
	read_more(stream);
	if (next_line(stream, event))
		return 1;
	if (stream->fd != -1 && has_timed_out(stream))
		end(stream, CLIENT_SILENT);
	return 0;
}

int
client_next(struct client_stream *stream, struct event *event)
{
	int found;

	if (!stream->asks && (found = next_sent(stream, event)) == 1)
		return found;
	if (stream->asks && stream->count == 0 && !stream->ended)
		go_on_asking(stream);
	if (next_made(stream, event))
		return 1;
	return stream->ended ? -1 : 0;
}
