/*
 * A supervisor as it comes and goes.
 *
 * - A lost stream is dialled again at once, then whenever something of the
 *   socket's name appears or changes in its directory.  A socket that is
 *   there before anybody listens is tried for a second.
 * - What cannot be watched for (no inotify, no directory, a peer that says
 *   nothing or nonsense) is tried once a second.
 * - The events of the past that a stream begins with are new only if they
 *   happened since we have begun and while we were not connected.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "control/watch.h"
#include "process/identity.h"
#include "process/peercred.h"

#define RETRY_EVERY 1000 /* ms */
#define RETRY_SOON  50 /* ms, while a socket may not listen yet */
#define RETRY_LIMIT 1000 /* ms for that */

struct watch {
	const struct client *client;
	int replay;
	struct client_stream *stream; /* NULL: not connected */
	struct identity supervisor; /* behind it; pid 0: not known */
	int notify; /* on the directory; -1: not watched */
	int64_t retry_at; /* -1: only when notify says so */
	int64_t soon_until; /* until when to try at short intervals */
	int64_t dialled_at; /* monotonic */
	int64_t seen_at; /* wall clock of the newest event, or of our start */
	int64_t since; /* the same, when the stream began */
	uint64_t begun_seq; /* what comes after it was not repeated */
	bool greeted;
	bool is_new; /* the event handed out last */
	bool told; /* the loss */
	enum client_result result;
};

struct watch *
watch_new(const struct client *client, int replay)
{
	struct watch *watch = xcalloc(1, sizeof *watch);

	watch->client = client;
	watch->replay = replay;
	watch->notify = -1;
	watch->seen_at = clock_wall_ms();
	return watch;
}

static void
stop_looking(struct watch *watch)
{
	if (watch->notify != -1)
		close(watch->notify);
	watch->notify = -1;
}

void
watch_free(struct watch *watch)
{
	if (!watch)
		return;
	client_close(watch->stream);
	stop_looking(watch);
	free(watch);
}

void
watch_aim(struct watch *watch)
{
	client_close(watch->stream);
	watch->stream = NULL;
	stop_looking(watch);
	watch->retry_at = watch->soon_until = 0;
	watch->seen_at = clock_wall_ms();
	watch->told = false;
}

enum client_result
watch_result(const struct watch *watch)
{
	return watch->result;
}

bool
watch_is_greeting(const struct watch *watch)
{
	return watch->stream != NULL && !watch->greeted;
}

bool
watch_is_new(const struct watch *watch)
{
	return watch->is_new;
}

/* --- looking for a socket ------------------------------------------------- */

static void
start_looking(struct watch *watch)
{
	char *directory;

	if (watch->notify != -1)
		return;
	if ((directory = path_directory(watch->client->socket)) == NULL)
		return;
	watch->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->notify != -1 &&
	    inotify_add_watch(watch->notify, directory,
		IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF |
		    IN_MOVE_SELF | IN_ONLYDIR) == -1)
		stop_looking(watch);
	free(directory);
}

/* Reads what happened in the directory; whether it concerns the socket. */
static bool
has_appeared(struct watch *watch)
{
	char buf[4096]
	    __attribute__((aligned(__alignof__(struct inotify_event))));
	const char *name = path_base(watch->client->socket);
	bool appeared = false;
	ssize_t n, at;

	if (watch->notify == -1)
		return false;
	while ((n = read(watch->notify, buf, sizeof buf)) > 0) {
		for (at = 0; at < n;) {
			const struct inotify_event *one = (const void *)(buf +
			    at);

			/* Without a name: the directory itself, or too much. */
			if (one->len == 0 || strcmp(one->name, name) == 0)
				appeared = true;
			if (one->mask & IN_IGNORED)
				stop_looking(watch);
			at += (ssize_t)(sizeof *one + one->len);
		}
		if (watch->notify == -1)
			break;
	}
	return appeared;
}

/* When to dial again after it failed. */
static void
plan_retry(struct watch *watch)
{
	int64_t now = clock_mono_ms();

	start_looking(watch);
	if (now < watch->soon_until)
		watch->retry_at = now + RETRY_SOON;
	else if (watch->notify != -1 &&
	    (watch->result == CLIENT_OK ||
		watch->result == CLIENT_NOT_RUNNING ||
		watch->result == CLIENT_REFUSED))
		watch->retry_at = -1;
	else
		watch->retry_at = now + RETRY_EVERY;
}

/* --- connecting ----------------------------------------------------------- */

static bool
is_absent(enum client_result result)
{
	return result == CLIENT_OK || result == CLIENT_NOT_RUNNING;
}

/* Remembers why there is nobody; whether that is news. */
static bool
note_loss(struct watch *watch, enum client_result result)
{
	bool news = !watch->told ||
	    (watch->result != result &&
		!(is_absent(watch->result) && is_absent(result)));

	watch->told = true;
	watch->result = result;
	plan_retry(watch);
	return news;
}

static void
know_supervisor(struct watch *watch)
{
	int fd = client_stream_fd(watch->stream);
	pid_t pid = fd == -1 ? 0 : peercred_pid(fd);

	if (pid <= 0 || identity_read(&watch->supervisor, pid) == -1)
		watch->supervisor.pid = 0;
}

pid_t
watch_supervisor(const struct watch *watch)
{
	return watch->stream != NULL && watch->greeted &&
		identity_alive(&watch->supervisor) ?
	    watch->supervisor.pid :
	    0;
}

/* The first look comes after the watch, so that nothing falls in between. */
static enum watch_news
dial_again(struct watch *watch)
{
	enum client_result result;

	if (has_appeared(watch)) {
		watch->soon_until = clock_mono_ms() + RETRY_LIMIT;
		watch->retry_at = 0;
	}
	if (watch->retry_at == -1 || clock_mono_ms() < watch->retry_at)
		return WATCH_NOTHING;
	start_looking(watch);
	watch->stream = client_events(
	    watch->client, watch->replay, &result, NULL);
	watch->dialled_at = clock_mono_ms();
	if (watch->stream == NULL)
		return note_loss(watch, result) ? WATCH_LOST : WATCH_NOTHING;
	stop_looking(watch);
	know_supervisor(watch);
	watch->greeted = false;
	return WATCH_NOTHING;
}

static enum watch_news
hang_up(struct watch *watch)
{
	enum client_result result = client_stream_result(watch->stream);
	bool news;

	client_close(watch->stream);
	watch->stream = NULL;
	watch->soon_until = 0;
	news = note_loss(watch, result);
	/* The next one may be there already, or this one be good for nothing.
	 */
	watch->retry_at = watch->dialled_at + RETRY_EVERY;
	return news ? WATCH_LOST : WATCH_NOTHING;
}

static void
judge_age(struct watch *watch, const struct event *event)
{
	if (event->kind == EVENT_HELLO) {
		watch->greeted = true;
		watch->told = false;
		watch->since = watch->seen_at;
		watch->begun_seq = event->seq;
	}
	watch->is_new = event->seq > watch->begun_seq ||
	    event->at > watch->since;
	if (event->at > watch->seen_at)
		watch->seen_at = event->at;
}

enum watch_news
watch_next(struct watch *watch, struct event *event)
{
	enum watch_news news;

	if (watch->stream == NULL &&
	    ((news = dial_again(watch)) != WATCH_NOTHING ||
		watch->stream == NULL))
		return news;
	switch (client_next(watch->stream, event)) {
	case 1:
		judge_age(watch, event);
		return WATCH_EVENT;
	case 0:
		return WATCH_NOTHING;
	default:
		return hang_up(watch);
	}
}

size_t
watch_prepare(const struct watch *watch, struct pollfd *pfd, int *timeout)
{
	int fd = watch->notify;

	*timeout = watch->retry_at == -1 ? -1 :
					   clock_poll_timeout(watch->retry_at);
	if (watch->stream != NULL) {
		fd = client_stream_fd(watch->stream);
		*timeout = client_stream_timeout(watch->stream);
	}
	*pfd = (struct pollfd){ fd, POLLIN, 0 };
	return fd == -1 ? 0 : 1;
}
