/*
 * Going on in another file.
 *
 * A rotation, step by step, and what a successor finds that comes after it:
 *
 *	.next is made, with the line's beginning   it is removed
 *	.last is a second name of the log          it is removed
 *	log -> aside                               .next -> log, the cut
 *	.next -> log                               the cut
 *	the cut                                    nothing to cut
 *	.last is removed                           nothing
 *
 * Where the log was renamed from outside, the new one has its name already:
 * .last is made, the line's beginning copied and cut off, .last removed.  A
 * successor copies what is missing of it, and cuts.
 *
 * Where the file system knows no second names, SIGKILL just before the cut
 * leaves the beginning of the line in both files.
 */

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "process/safefile.h"
#include "supervisor/renew.h"

#define RENEWAL_BLOCK 4096 /* bytes that are compared at once */

/* "DIR/.NAME.next" for "DIR/NAME". */
static int
renewal_name(char *buf, size_t size, const char *path, const char *ending)
{
	const char *name = path_base(path);
	int n;

	n = snprintf(
	    buf, size, "%.*s.%s%s", (int)(name - path), path, name, ending);
	if (n >= 0 && (size_t)n < size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

int
renewal_init(struct renewal *renewal, const char *path)
{
	snprintf(renewal->path, sizeof(renewal->path), "%s", path);
	if (renewal_name(renewal->next, sizeof(renewal->next), path, ".next") ==
	    -1)
		return -1;
	return renewal_name(
	    renewal->last, sizeof(renewal->last), path, ".last");
}

/* --- what was left half done ---------------------------------------------- */

static bool
renewal_is_missing(const char *path)
{
	struct stat st;

	return lstat(path, &st) == -1 && errno == ENOENT;
}

/* Opens a file that one of us has left.  0, or -1: there is none. */
static int
renewal_open_left(struct logfile *file, const char *path)
{
	static const struct safefile left = { .how = O_RDWR, .no_link = true };
	struct stat st;
	int fd;

	if ((fd = safefile_open(path, &left, &st, NULL)) == -1)
		return -1;
	if (st.st_uid == geteuid() && logfile_take(file, fd) == 0)
		return 0;
	close(fd);
	return -1;
}

/* Whether len bytes at two places are the same. */
static bool
renewal_is_same(const struct logfile *one, int64_t at,
    const struct logfile *other, int64_t there, int64_t len)
{
	char ours[RENEWAL_BLOCK], theirs[RENEWAL_BLOCK];
	size_t n;

	for (; len > 0; len -= (int64_t)n, at += (int64_t)n, there += n) {
		n = len < RENEWAL_BLOCK ? (size_t)len : RENEWAL_BLOCK;
		if (pread(one->fd, ours, n, (off_t)at) != (ssize_t)n ||
		    pread(other->fd, theirs, n, (off_t)there) != (ssize_t)n ||
		    memcmp(ours, theirs, n) != 0)
			return false;
	}
	return true;
}

/* The line that the old file ends with, if the log goes on with it. */
static void
renewal_finish(struct logfile *log, struct logfile *old)
{
	int64_t place = logfile_line(old), there = logfile_line(log);
	int64_t got = log->end - there;

	if (logfile_is_same(log, old) || place == -1 || there == -1 ||
	    got > old->end - place ||
	    !renewal_is_same(log, there, old, place, got))
		return;
	if (logfile_copy(log, old, place + got) == 0)
		logfile_cut(old, place);
	else
		logfile_cut(log, there);
}

void
renewal_recover(const struct renewal *renewal)
{
	struct logfile next, old, log;

	if (renewal_open_left(&next, renewal->next) == 0) {
		logfile_close(&next);
		if (renewal_is_missing(renewal->path))
			rename(renewal->next, renewal->path);
		else
			unlink(renewal->next);
	}
	if (renewal_open_left(&old, renewal->last) == -1)
		return;
	if (logfile_open(&log, renewal->path) == 0) {
		renewal_finish(&log, &old);
		logfile_close(&log);
		unlink(renewal->last);
	}
	logfile_close(&old);
}

/* --- rotating ------------------------------------------------------------- */

static int
renewal_create(const struct renewal *renewal, const struct logfile *old)
{
	static const struct safefile fresh = {
		.how = O_RDWR | O_CREAT | O_EXCL, .mode = 0600, .no_link = true
	};
	struct stat st;
	int fd;

	if (fstat(old->fd, &st) == -1)
		return -1;
	unlink(renewal->next);
	fd = safefile_open(renewal->next, &fresh, NULL, NULL);
	if (fd != -1)
		(void)!fchmod(fd, st.st_mode & 07777);
	return fd;
}

int
renewal_drop(const struct renewal *renewal)
{
	int error = errno;

	unlink(renewal->next);
	unlink(renewal->last);
	errno = error;
	return -1;
}

int
renewal_begin(const struct renewal *renewal, struct logfile *next,
    const struct logfile *old, int64_t place, const char *head, size_t len)
{
	int fd = renewal_create(renewal, old);

	if (fd == -1)
		return -1;
	if (logfile_take(next, fd) == 0 &&
	    (len == 0 || logfile_write(next, head, len) == (ssize_t)len) &&
	    logfile_copy(next, old, place) == 0)
		return 0;
	renewal_drop(renewal);
	close(fd);
	return -1;
}

/* Gives the old file the name .last while its line moves. */
static void
renewal_record(const struct renewal *renewal, const struct logfile *old)
{
	char fd[64];

	unlink(renewal->last);
	snprintf(fd, sizeof(fd), "/proc/self/fd/%d", old->fd);
	(void)!linkat(AT_FDCWD, fd, AT_FDCWD, renewal->last, AT_SYMLINK_FOLLOW);
}

/* Gives a file back the name that it had; errno stays. */
static void
renewal_rename_back(const char *now, const char *before)
{
	int error = errno;

	rename(now, before);
	errno = error;
}

int
renewal_swap(const struct renewal *renewal, struct logfile *old, int64_t place,
    const char *aside)
{
	bool moves = place < old->end;

	if (moves)
		renewal_record(renewal, old);
	if (rename(renewal->path, aside) == -1)
		return renewal_drop(renewal);
	if (rename(renewal->next, renewal->path) == -1) {
		renewal_rename_back(aside, renewal->path);
		return renewal_drop(renewal);
	}
	if (moves && logfile_cut(old, place) == -1) {
		renewal_rename_back(renewal->path, renewal->next);
		renewal_rename_back(aside, renewal->path);
		return renewal_drop(renewal);
	}
	if (moves)
		unlink(renewal->last);
	return 0;
}

/* --- renamed from outside ------------------------------------------------- */

int
renewal_carry(
    const struct renewal *renewal, struct logfile *next, struct logfile *old)
{
	int64_t place, begin = next->end;
	int error = 0;

	logfile_look(old);
	place = logfile_line(old);
	if (place == -1 || place == old->end)
		return 0;
	renewal_record(renewal, old);
	if (logfile_copy(next, old, place) == -1) {
		error = errno;
	} else if (logfile_cut(old, place) == -1) {
		error = errno;
		logfile_cut(next, begin);
	}
	unlink(renewal->last);
	errno = error;
	return error == 0 ? 0 : -1;
}
