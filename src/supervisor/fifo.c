/*
 * The named pipe between the program and the transcript.
 *
 * - We hold a reading and a writing end of our own: no hang-up when the
 *   program closes its output, so nothing to spin on.
 * - It is as large as a pipe is by default until it was seen half full: all
 *   pipes of an ordinary user share a limit.
 */

#include "config.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "process/safefile.h"
#include "process/walk.h"
#include "supervisor/fifo.h"

#define FIFO_SIZE  65536 /* what it holds by default */
#define FIFO_MOST  (1 << 19) /* 70 of them leave their user half */
#define FIFO_QUIET 10000 /* ms after which it shrinks again */

void
fifo_init(struct fifo *fifo)
{
	memset(fifo, 0, sizeof(*fifo));
	fifo->in = fifo->keep = -1;
	fifo->shrink_at = INT64_MAX;
}

/* --- its size ------------------------------------------------------------- */

/* When to look at it again, from how large it is. */
static void
fifo_note_size(struct fifo *fifo, int64_t now)
{
	fifo->shrink_at = fifo->size > FIFO_SIZE ? now + FIFO_QUIET : INT64_MAX;
}

/* One that we take over may have grown. */
static void
fifo_measure(struct fifo *fifo)
{
	int size = fcntl(fifo->in, F_GETPIPE_SZ);

	fifo->size = size > 0 ? (size_t)size : FIFO_SIZE;
	fifo->capped = false;
	fifo_note_size(fifo, clock_mono_ms());
}

static void
fifo_resize(struct fifo *fifo, size_t size)
{
	int now = fcntl(fifo->in, F_SETPIPE_SZ, (int)size);

	/* The user's pipes together have their limit: do not insist. */
	fifo->capped = now == -1;
	if (now == -1)
		now = fcntl(fifo->in, F_GETPIPE_SZ);
	if (now > 0)
		fifo->size = (size_t)now;
}

/* One that is half full will be full soon, and its writer wait. */
static void
fifo_note_load(struct fifo *fifo)
{
	if (fifo->here < fifo->size / 2)
		return;
	if (fifo->size < FIFO_MOST && !fifo->capped)
		fifo_resize(fifo, fifo->size * 2);
	fifo->shrink_at = clock_mono_ms() + FIFO_QUIET;
}

void
fifo_rest(struct fifo *fifo, int64_t now)
{
	if (now < fifo->shrink_at || fifo->in == -1)
		return;
	fifo_resize(fifo, FIFO_SIZE);
	fifo->capped = false;
	fifo_note_size(fifo, now);
}

void
fifo_count(struct fifo *fifo)
{
	int here;

	if (ioctl(fifo->in, FIONREAD, &here) == -1)
		here = 0;
	fifo->here = (size_t)here;
	fifo_note_load(fifo);
}

void
fifo_take(struct fifo *fifo, size_t n)
{
	fifo->here -= n < fifo->here ? n : fifo->here;
}

/* --- opening -------------------------------------------------------------- */

/* One of ours, for our eyes only, of that name. */
static int
fifo_make(int dir, const char *name)
{
	mode_t mask = umask(0177);
	int result = mkfifoat(dir, name, 0600), error = errno;

	umask(mask);
	errno = error;
	return result == 0 || error == EEXIST ? 0 : -1;
}

static int
fifo_open_end(int dir, const char *name, int how)
{
	const struct safefile end = { .how = how, .any = true };
	struct stat st;
	int fd = safefile_open_at(dir, name, &end, &st, NULL);

	if (fd == -1)
		return -1;
	if (S_ISFIFO(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & 077) == 0)
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

void
fifo_close(struct fifo *fifo)
{
	if (fifo->in != -1)
		close(fifo->in);
	if (fifo->keep != -1)
		close(fifo->keep);
	fifo->in = fifo->keep = -1;
}

/* Makes or takes over the one in dir, and opens our ends of it. */
static int
fifo_open_at(struct fifo *fifo, int dir)
{
	const char *name = path_base(fifo->path);

	if (fifo_make(dir, name) == -1)
		return -1;
	fifo->in = fifo_open_end(dir, name, O_RDONLY);
	if (fifo->in != -1)
		fifo->keep = fifo_open_end(dir, name, O_WRONLY);
	return fifo->keep == -1 ? -1 : 0;
}

int
fifo_open(struct fifo *fifo, const char *path)
{
	char *folder = path_directory(path);
	int dir = folder == NULL ? -1 : walk_directory(folder, NULL);
	int result = -1, error;

	fifo->path = path;
	if (dir != -1)
		result = fifo_open_at(fifo, dir);
	error = errno;
	if (dir != -1)
		close(dir);
	free(folder);
	if (result == 0)
		fifo_measure(fifo);
	else
		fifo_close(fifo);
	errno = error;
	return result;
}

void
fifo_inherit(struct fifo *fifo, int in, int keep)
{
	fifo_close(fifo);
	fifo->in = in;
	fifo->keep = keep;
}

bool
fifo_is_there(const struct fifo *fifo)
{
	struct stat ours, there;

	return fifo->in != -1 && fstat(fifo->in, &ours) == 0 &&
	    lstat(fifo->path, &there) == 0 && ours.st_dev == there.st_dev &&
	    ours.st_ino == there.st_ino;
}

/*
 * Whether link (of /proc) leads to our FIFO though its name is gone.  A pipe
 * of the program's own has another text.  The directory may be known to the
 * kernel by another name than to us.
 */
static bool
fifo_lost_name(const struct fifo *fifo, const char *link)
{
	const char *name = path_base(fifo->path);
	size_t len = strlen(name);
	char text[PATH_MAX];
	const char *last;
	ssize_t n;

	n = readlink(link, text, sizeof(text) - 1);
	if (n == -1)
		return false;
	text[n] = '\0';
	last = path_base(text);
	return strncmp(last, name, len) == 0 &&
	    strcmp(last + len, " (deleted)") == 0;
}

void
fifo_adopt(struct fifo *fifo, pid_t pid, int stream)
{
	char link[64];
	int in, keep;

	snprintf(link, sizeof(link), "/proc/%ld/fd/%d", (long)pid, stream);
	if (!fifo_lost_name(fifo, link))
		return;
	in = open(link, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (in == -1)
		return;
	keep = open(link, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (keep == -1) {
		close(in);
		return;
	}
	fifo_inherit(fifo, in, keep);
	fifo_measure(fifo);
}
