/*
 * Files that are appended to.
 *
 * - Opened so that nothing can hang or steal a terminal: a FIFO without a
 *   reader fails at once.
 * - A full disk, a limit, a device that is gone: the bytes are dropped and
 *   counted, the file is kept, the next write tries again.
 * - Only a slow target (a FIFO, a terminal) has a bounded queue.
 */

#include "config.h"

#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervisor/sink.h"

int
sinks_init(struct sinks *sinks, size_t most)
{
	sinks->count = 0;
	sinks->most = most;
	sinks->sink = calloc(most, sizeof(*sinks->sink));
	return sinks->sink == NULL ? -1 : 0;
}

static void
sink_close(struct sink *sink)
{
	if (sink->fd != -1)
		close(sink->fd);
	free(sink->wait.data);
	free(sink->path);
}

void
sinks_close(struct sinks *sinks)
{
	size_t i;

	for (i = 0; i < sinks->count; i++)
		sink_close(&sinks->sink[i]);
	free(sinks->sink);
	sinks->sink = NULL;
	sinks->count = sinks->most = 0;
}

/* The descriptor with its identity in st; -1 with errno. */
static int
sink_open_file(const char *path, struct stat *st)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_NONBLOCK |
	    O_CLOEXEC;
	int fd, error;

	/* Root does not write where somebody else points it. */
	if (geteuid() == 0)
		flags |= O_NOFOLLOW;
	if ((fd = open(path, flags, 0666)) == -1)
		return -1;
	if (fstat(fd, st) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static struct sink *
sinks_find(const struct sinks *sinks, const struct stat *st)
{
	size_t i;

	for (i = 0; i < sinks->count; i++) {
		if (sinks->sink[i].dev == st->st_dev &&
		    sinks->sink[i].ino == st->st_ino)
			return &sinks->sink[i];
	}
	return NULL;
}

/* Gives a slow target its queue, once. */
static int
sink_make_queue(struct sink *sink)
{
	void *data;

	if (!sink->slow || sink->wait.size > 0)
		return 0;
	if ((data = malloc(SINK_WAIT)) == NULL)
		return -1;
	ring_init(&sink->wait, data, SINK_WAIT);
	return 0;
}

static int
sink_take(struct sink *sink, int fd, const struct stat *st)
{
	sink->slow = !S_ISREG(st->st_mode);
	if (sink_make_queue(sink) == -1)
		return -1;
	sink->fd = fd;
	sink->dev = st->st_dev;
	sink->ino = st->st_ino;
	sink->error = 0;
	return 0;
}

struct sink *
sinks_open(struct sinks *sinks, const char *path, const char *step,
    struct failure *failure)
{
	struct sink *sink;
	struct stat st;
	int fd;

	if ((fd = sink_open_file(path, &st)) == -1) {
		failure_set(failure, step, errno, "%s", path);
		return NULL;
	}
	if ((sink = sinks_find(sinks, &st)) != NULL) {
		close(fd);
		return sink;
	}
	assert(sinks->count < sinks->most);
	sink = &sinks->sink[sinks->count];
	if ((sink->path = strdup(path)) == NULL ||
	    sink_take(sink, fd, &st) == -1) {
		failure_set(failure, step, ENOMEM, "%s", path);
		free(sink->path);
		sink->path = NULL;
		close(fd);
		return NULL;
	}
	sinks->count++;
	return sink;
}

static int
sink_reopen(struct sink *sink)
{
	struct stat st;
	int fd, old = sink->fd;

	if ((fd = sink_open_file(sink->path, &st)) == -1)
		return -1;
	if (sink_take(sink, fd, &st) == -1) {
		close(fd);
		errno = ENOMEM;
		return -1;
	}
	close(old);
	return 0;
}

int
sinks_reopen(struct sinks *sinks, const char *step, struct failure *failure)
{
	int result = 0;
	size_t i;

	for (i = 0; i < sinks->count; i++) {
		if (sink_reopen(&sinks->sink[i]) == -1 && result == 0)
			result = failure_set(
			    failure, step, errno, "%s", sinks->sink[i].path);
	}
	return result;
}

/* Writes what the file takes now; how much of it.  Sets error. */
static size_t
sink_push(struct sink *sink, const char *data, size_t len)
{
	size_t done = 0;
	ssize_t n;

	sink->error = 0;
	while (done < len) {
		n = write(sink->fd, data + done, len - done);
		if (n > 0) {
			done += (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			sink->error = n == 0 ? EIO : errno;
			break;
		}
	}
	sink->bytes += (int64_t)done;
	return done;
}

static bool
sink_is_full_for_now(const struct sink *sink)
{
	return sink->slow &&
	    (sink->error == EAGAIN || sink->error == EWOULDBLOCK);
}

bool
sink_write(struct sink *sink, const char *data, size_t len)
{
	int before = sink->error;
	size_t done = 0;

	if (!sink_waits(sink)) {
		done = sink_push(sink, data, len);
		if (sink_is_full_for_now(sink))
			sink->error = 0;
		else if (sink->error != 0) {
			sink->dropped += (int64_t)(len - done);
			return before == 0;
		}
	}
	if (done < len && sink->slow)
		done += ring_put(&sink->wait, data + done, len - done);
	sink->dropped += (int64_t)(len - done);
	return false;
}

bool
sink_waits(const struct sink *sink)
{
	return sink->wait.used > 0;
}

void
sink_flush(struct sink *sink)
{
	const char *data;
	size_t len, done;

	while (sink_waits(sink)) {
		data = ring_peek(&sink->wait, &len);
		done = sink_push(sink, data, len);
		ring_drop(&sink->wait, done);
		if (done == len)
			continue;
		if (!sink_is_full_for_now(sink)) {
			/* Broken: what waits would be late for ever. */
			sink->dropped += (int64_t)sink->wait.used;
			ring_drop(&sink->wait, sink->wait.used);
		}
		sink->error = 0;
		return;
	}
}
