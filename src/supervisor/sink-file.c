/*
 * Files as targets.
 *
 * - Opened so that nothing can hang or steal a terminal: a FIFO without a
 *   reader fails at once.
 * - Where we know the place of the next byte, a killed supervisor's successor
 *   can tell what has reached the file.  splice(2) leaves the rest in the
 *   pipe; what passes through a buffer is staging.c's.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "supervisor/sink-file.h"

#define SINK_FLAGS (O_CREAT | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)

/* --- opening -------------------------------------------------------------- */

int
sink_file_open(const char *path, struct stat *st, bool *plain)
{
	int flags = SINK_FLAGS, fd, error;

	/* Root does not write where somebody else points it. */
	if (geteuid() == 0)
		flags |= O_NOFOLLOW;
	*plain = false;
	/* Reading is for what we have written; a FIFO must not get it. */
	if (stat(path, st) == 0 && !S_ISREG(st->st_mode))
		*plain = true;
	if (*plain || (fd = open(path, flags | O_RDWR, 0666)) == -1) {
		/* Not to be read by us, or marked append-only. */
		*plain = true;
		fd = open(path, flags | O_WRONLY | O_APPEND, 0666);
	}
	if (fd == -1)
		return -1;
	if (fstat(fd, st) == 0) {
		*plain = *plain || !S_ISREG(st->st_mode);
		return fd;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* Switches between appending and writing where we know the end to be. */
static void
sink_file_append(struct sink *sink, bool append)
{
	int flags;

	if (sink->append == append || (flags = fcntl(sink->fd, F_GETFL)) == -1)
		return;
	flags = append ? flags | O_APPEND : flags & ~O_APPEND;
	if (fcntl(sink->fd, F_SETFL, flags) == 0)
		sink->append = append;
}

/* The byte at that place; -1 if it cannot be read. */
static int
sink_file_byte(const struct sink *sink, int64_t place)
{
	unsigned char byte;

	if (sink->plain || place < 0 ||
	    pread(sink->fd, &byte, 1, (off_t)place) != 1)
		return -1;
	return byte;
}

/* Whether it ends within a line; as far as we know, if it cannot be read. */
static bool
sink_file_is_inside(const struct sink *sink)
{
	int last;

	if (sink->at == 0)
		return false;
	last = sink_file_byte(sink, sink->at - 1);
	return last == -1 ? sink->inside : last != '\n';
}

/* Whether somebody has said so who was here before us. */
static bool
sink_file_has_company(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == -1)
		return errno == EWOULDBLOCK;
	flock(fd, LOCK_UN);
	return false;
}

void
sink_file_share(struct sink *sink)
{
	if (sink->kind != &sink_file_kind)
		return;
	sink->shared = true;
	if (sink->fd != -1)
		flock(sink->fd, LOCK_SH | LOCK_NB);
}

void
sink_file_take(struct sink *sink, int fd, const struct stat *st, bool plain)
{
	if (sink->fd != -1)
		close(sink->fd);
	sink->fd = fd;
	sink->dev = st->st_dev;
	sink->ino = st->st_ino;
	sink->slow = !S_ISREG(st->st_mode);
	sink->plain = plain;
	sink->shared = S_ISREG(st->st_mode) && sink_file_has_company(fd);
	sink->refuses = false;
	sink->append = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
	sink->at = S_ISREG(st->st_mode) ? (int64_t)st->st_size : 0;
	sink->first = sink->unseen = -1;
	sink->inside = false;
	sink->inside = sink_file_is_inside(sink);
	sink->retry = 0;
}

static int
sink_file_reopen(struct sink *sink)
{
	struct stat st;
	bool plain;
	int fd;

	if ((fd = sink_file_open(sink->path, &st, &plain)) == -1)
		return -1;
	sink_file_take(sink, fd, &st, plain);
	return 0;
}

void
sink_file_look(struct sink *sink)
{
	struct stat st;

	if (sink->slow || fstat(sink->fd, &st) == -1)
		return;
	if (st.st_nlink == 0 && sink_file_reopen(sink) == 0) {
		sink->news |= SINK_RENEWED;
		return;
	}
	if (!sink->append && st.st_size > sink->at)
		sink->shared = true;
	if (st.st_size < sink->at)
		sink->first = sink->unseen = -1;
	if (st.st_size == sink->at)
		return;
	sink->at = (int64_t)st.st_size;
	sink->inside = sink_file_is_inside(sink);
}

/* --- writing -------------------------------------------------------------- */

static ssize_t
sink_file_write(struct sink *sink, const char *data, size_t len)
{
	ssize_t n;

	if (!sink->slow)
		sink_file_append(sink, true);
	n = write(sink->fd, data, len);
	if (n > 0)
		sink->at += n;
	return n;
}

const struct sink_kind sink_file_kind = {
	.reopen = sink_file_reopen,
	.write = sink_file_write,
};

/* So much of what stands in buf belongs to a line without an end. */
static size_t
sink_file_unfinished(const char *buf, size_t len)
{
	size_t from = len;

	while (from > 0 && buf[from - 1] != '\n')
		from--;
	return len - from;
}

size_t
sink_file_take_back(struct sink *sink, char *buf, size_t size)
{
	size_t len, part;

	if (sink->plain || sink->slow || sink->shared || !sink_is_clear(sink))
		return 0;
	sink_file_look(sink);
	len = sink->at < (int64_t)size ? (size_t)sink->at : size;
	if (pread(sink->fd, buf, len, (off_t)(sink->at - (int64_t)len)) !=
	    (ssize_t)len)
		return 0;
	part = sink_file_unfinished(buf, len);
	/* One that fills all of buf has begun before it. */
	if (part == size ||
	    ftruncate(sink->fd, (off_t)(sink->at - (int64_t)part)) == -1)
		return 0;
	memmove(buf, buf + len - part, part);
	sink->at -= (int64_t)part;
	sink->bytes -= (int64_t)part;
	sink->inside = false;
	return part;
}

/* --- moving --------------------------------------------------------------- */

bool
sink_file_is_ours(const struct sink *sink)
{
	return sink->kind == &sink_file_kind && !sink->plain && !sink->shared &&
	    sink->users == 1 && sink_is_clear(sink);
}

/*
 * Somebody truncated the file between a look at it and our writing: what we
 * have written between from and end stands behind a hole, which may end only
 * behind from.  Moves it to where it belongs.
 */
static void
sink_file_close_hole(struct sink *sink, int64_t from, int64_t end)
{
	char buf[4096];
	int64_t to = 0;
	ssize_t n, skip;

	while (from < end &&
	    (n = pread(sink->fd, buf, sizeof(buf), (off_t)from)) > 0) {
		for (skip = 0; to == 0 && skip < n && buf[skip] == '\0'; skip++)
			;
		if (pwrite(sink->fd, buf + skip, (size_t)(n - skip),
			(off_t)to) != n - skip)
			break;
		from += n;
		to += n - skip;
	}
	if (ftruncate(sink->fd, (off_t)to) == 0)
		sink->at = to;
}

/* Whether the file has lost its beginning since we know it. */
static bool
sink_file_has_hole(struct sink *sink)
{
	if (sink->first == -1 || sink_file_byte(sink, 0) != 0)
		return false;
	if (sink->first != 0)
		return true;
#ifdef SEEK_DATA
	return lseek(sink->fd, 0, SEEK_DATA) > 0;
#else
	return false;
#endif
}

bool
sink_file_aim(struct sink *sink)
{
	if (sink->first == -1 && sink->at > 0)
		sink->first = sink_file_byte(sink, 0);
	sink_file_append(sink, false);
	sink_file_look(sink);
	return !sink->append && !sink->shared;
}

static void
sink_file_has_taken(struct sink *sink, ssize_t n)
{
	if (sink->unseen == -1)
		sink->unseen = sink->at;
	sink->at += n;
	sink->bytes += n;
}

void
sink_file_settle(struct sink *sink)
{
	int64_t from = sink->unseen;

	if (from == -1)
		return;
	sink->unseen = -1;
	if (from > 0 && sink_file_has_hole(sink))
		sink_file_close_hole(sink, from, sink->at);
	sink->inside = sink_file_is_inside(sink);
}

ssize_t
sink_file_put(struct sink *sink, const char *data, size_t len)
{
	ssize_t n;

	do
		n = pwrite(sink->fd, data, len, (off_t)sink->at);
	while (n == -1 && errno == EINTR);
	if (n > 0)
		sink_file_has_taken(sink, n);
	return n;
}

#ifdef HAVE_SPLICE

ssize_t
sink_file_splice(struct sink *sink, int pipe, size_t most)
{
	loff_t at = sink->at;
	ssize_t n;

	do
		n = splice(pipe, NULL, sink->fd, &at, most, SPLICE_F_NONBLOCK);
	while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return 0;
	if (n == -1) {
		/* Else it is the file that is full, which writing shows. */
		if (errno == EINVAL || errno == ENOSYS || errno == EPERM)
			sink->refuses = true;
		return -1;
	}
	sink_file_has_taken(sink, n);
	return n;
}

#else /* !HAVE_SPLICE */

ssize_t
sink_file_splice(struct sink *sink, int pipe, size_t most)
{
	(void)pipe;
	(void)most;
	sink->refuses = true;
	return -1;
}

#endif
