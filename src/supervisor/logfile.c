/*
 * Files that we append to.
 *
 * - splice(2) refuses O_APPEND.  So an owned file is written to where we know
 *   its end to be, which is looked up before each move; O_APPEND is set again
 *   for all that is written otherwise.
 * - A file that was truncated between that look and the move gets a hole
 *   before what was moved, which is closed at once.
 */

#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "process/safefile.h"
#include "supervisor/logfile.h"

#define LOGFILE_BLOCK 4096 /* bytes that are looked at at once */

/* --- opening -------------------------------------------------------------- */

/* The byte at that place; -1 if there is none, or it cannot be read. */
static int
logfile_byte(const struct logfile *file, int64_t place)
{
	unsigned char byte;

	if (!file->regular || place < 0 ||
	    pread(file->fd, &byte, 1, (off_t)place) != 1)
		return -1;
	return byte;
}

/* Whether somebody has said so who was here before us. */
static bool
logfile_has_company(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == -1)
		return errno == EWOULDBLOCK;
	flock(fd, LOCK_UN);
	return false;
}

int
logfile_take(struct logfile *file, int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat st;

	if (flags == -1 || fstat(fd, &st) == -1)
		return -1;
	file->fd = fd;
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	file->regular = S_ISREG(st.st_mode);
	file->append = (flags & O_APPEND) != 0;
	file->owned = file->regular && (flags & O_ACCMODE) == O_RDWR &&
	    !logfile_has_company(fd);
	file->end = file->regular ? (int64_t)st.st_size : 0;
	file->last = logfile_byte(file, file->end - 1);
	return 0;
}

int
logfile_open(struct logfile *file, const char *path)
{
	/* Root does not write where somebody else points it. */
	const struct safefile regular = {
		.how = O_RDWR | O_CREAT, .mode = 0666, .no_link = geteuid() == 0
	};
	struct safefile other = regular;
	int fd = safefile_open(path, &regular, NULL, NULL), error;

	/* Reading is for what we have written; a FIFO must not get it. */
	other.how = O_WRONLY | O_APPEND | O_CREAT;
	other.any = true;
	/* Or one that is not to be read by us, or marked append-only. */
	if (fd == -1 && (errno == EINVAL || errno == EACCES || errno == EPERM))
		fd = safefile_open(path, &other, NULL, NULL);
	if (fd == -1)
		return -1;
	if (logfile_take(file, fd) == 0)
		return 0;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

void
logfile_close(struct logfile *file)
{
	if (file->fd != -1)
		close(file->fd);
	file->fd = -1;
}

bool
logfile_is_same(const struct logfile *one, const struct logfile *other)
{
	return one->dev == other->dev && one->ino == other->ino;
}

void
logfile_share(struct logfile *file)
{
	file->owned = false;
	if (file->fd != -1)
		flock(file->fd, LOCK_SH | LOCK_NB);
}

bool
logfile_look(struct logfile *file)
{
	struct stat st;

	if (!file->regular || fstat(file->fd, &st) == -1)
		return true;
	if (st.st_size > file->end)
		file->owned = false;
	if (st.st_size != file->end) {
		file->end = (int64_t)st.st_size;
		file->last = logfile_byte(file, file->end - 1);
	}
	return st.st_nlink > 0;
}

/* --- writing -------------------------------------------------------------- */

/* Switches between appending and writing where we know the end to be. */
static void
logfile_append(struct logfile *file, bool append)
{
	int flags;

	if (file->append == append || (flags = fcntl(file->fd, F_GETFL)) == -1)
		return;
	flags = append ? flags | O_APPEND : flags & ~O_APPEND;
	if (fcntl(file->fd, F_SETFL, flags) == 0)
		file->append = append;
}

ssize_t
logfile_write(struct logfile *file, const char *data, size_t len)
{
	ssize_t n;

	if (file->regular)
		logfile_append(file, true);
	n = write(file->fd, data, len);
	if (n > 0) {
		file->end += n;
		file->last = (unsigned char)data[n - 1];
	}
	return n;
}

/*
 * Somebody truncated the file between a look at it and our writing: what we
 * have written between from and the end stands behind a hole.  Moves it to
 * where it belongs.
 */
static void
logfile_close_hole(struct logfile *file, int64_t from)
{
	char buf[LOGFILE_BLOCK];
	int64_t to = 0;
	ssize_t n;

	while (from < file->end &&
	    (n = pread(file->fd, buf, sizeof(buf), (off_t)from)) > 0) {
		if (pwrite(file->fd, buf, (size_t)n, (off_t)to) != n)
			break;
		from += n;
		to += n;
	}
	if (ftruncate(file->fd, (off_t)to) == 0)
		file->end = to;
}

/*
 * Whether the file has lost its beginning since we looked, though from bytes
 * seem to stand there.
 */
static bool
logfile_has_hole(const struct logfile *file, int64_t from)
{
	if (from == 0 || logfile_byte(file, from - 1) != 0 ||
	    logfile_byte(file, 0) != 0)
		return false;
	/* A NUL may be the program's own. */
	return file->last != 0 || lseek(file->fd, 0, SEEK_DATA) > 0;
}

ssize_t
logfile_splice(struct logfile *file, int pipe, size_t most)
{
	int64_t from = file->end;
	loff_t at = from;
	ssize_t n;

	logfile_append(file, false);
	if (file->append || !file->owned) {
		errno = 0;
		return -1;
	}
	do
		n = splice(pipe, NULL, file->fd, &at, most, SPLICE_F_NONBLOCK);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == EAGAIN ? 0 : -1;
	if (n == 0)
		return 0;
	file->end += n;
	if (logfile_has_hole(file, from))
		logfile_close_hole(file, from);
	file->last = logfile_byte(file, file->end - 1);
	return n;
}

/* --- the line that has no end yet ----------------------------------------- */

bool
logfile_is_inside(const struct logfile *file)
{
	return file->last != -1 && file->last != '\n';
}

int64_t
logfile_line(const struct logfile *file)
{
	int64_t end = file->end, from;
	char buf[LOGFILE_BLOCK];
	ssize_t n;

	if (!file->owned)
		return -1;
	for (; end > 0 && file->end - end <= LOGFILE_LINE; end = from) {
		from = end < (int64_t)sizeof(buf) ? 0 :
						    end - (int64_t)sizeof(buf);
		n = pread(file->fd, buf, (size_t)(end - from), (off_t)from);
		if (n != (ssize_t)(end - from))
			return -1;
		while (n > 0 && buf[n - 1] != '\n')
			n--;
		if (n > 0) {
			end = from + n;
			break;
		}
	}
	return file->end - end <= LOGFILE_LINE ? end : -1;
}

int
logfile_copy(struct logfile *file, const struct logfile *from, int64_t at)
{
	int64_t begin = file->end;
	char buf[LOGFILE_BLOCK];
	ssize_t n = 0;
	int error;

	for (; at < from->end; at += n) {
		n = pread(from->fd, buf, sizeof(buf), (off_t)at);
		if (n > 0)
			n = logfile_write(file, buf, (size_t)n);
		if (n <= 0)
			break;
	}
	if (at >= from->end)
		return 0;
	error = n == 0 ? EIO : errno;
	logfile_cut(file, begin);
	errno = error;
	return -1;
}

/* The line that stood at from: puts it back as it was. */
static void
logfile_put_back(
    const struct logfile *file, const struct iovec *line, int64_t from)
{
	int error = errno;

	if (pwrite(file->fd, line->iov_base, line->iov_len, (off_t)from) ==
	    (ssize_t)line->iov_len)
		(void)!ftruncate(file->fd, (off_t)file->end);
	errno = error;
}

int
logfile_insert(struct logfile *file, const char *lines, size_t len)
{
	int64_t from = logfile_line(file);
	char line[LOGFILE_LINE];
	struct iovec part[] = {
		{ (char *)(uintptr_t)lines, len },
		{ line, from == -1 ? 0 : (size_t)(file->end - from) },
	};
	ssize_t n;

	logfile_append(file, false);
	if (from == -1 || file->append ||
	    pread(file->fd, line, part[1].iov_len, (off_t)from) !=
		(ssize_t)part[1].iov_len)
		return 0;
	n = pwritev(file->fd, part, 2, (off_t)from);
	if (n == (ssize_t)(len + part[1].iov_len)) {
		file->end += (int64_t)len;
		return 1;
	}
	if (n != -1) {
		errno = ENOSPC;
		logfile_put_back(file, &part[1], from);
	}
	return -1;
}

int
logfile_cut(struct logfile *file, int64_t at)
{
	struct stat st;

	if (fstat(file->fd, &st) == -1)
		return -1;
	if (st.st_size != file->end)
		return 0;
	if (ftruncate(file->fd, (off_t)at) == -1)
		return -1;
	file->end = at;
	file->last = logfile_byte(file, at - 1);
	return 0;
}
