/*
 * Following a file by its name.
 *
 * - A file is turned away from only when its end was seen after its name was
 *   seen to lead elsewhere: what was written before the rotation is read.
 * - A new file that is still empty has no writer yet, who may go on with the
 *   old one for a moment: it is turned to when something stands in it.
 * - Where several rotations fell between two looks, the files in between are
 *   found by their numbers: log.2 is followed by log.1, that one by log.
 * - Where only writing was told, a read that finds the end is all: no second
 *   one, no look at the name.
 * - The last bytes read are read again with those behind them.  If they have
 *   changed, the file was truncated and has grown again meanwhile.
 */

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "control/filewatch.h"
#include "control/follow.h"
#include "control/tail.h"

#define LOOK_EVERY 250 /* ms, where nobody tells us */
#define LOOK_TOO   5000 /* ms, where somebody does: network file systems */
#define GONE_AFTER 1000 /* ms: a rotation leaves no file for a moment */
#define ROTATED    64 /* numbers looked at */
#define TRIES      8 /* while names are being moved */

/* --- beginning and ending ------------------------------------------------- */

/* The name may lead to another file than before: number is its watch. */
static void
watch_name(struct follow *follow, int *number)
{
	int before = *number;

	*number = filewatch_file(follow->watch, follow->path);
	if (before != -1)
		filewatch_remove(follow->watch, before);
}

static void
unwatch(struct follow *follow, int *number)
{
	if (*number != -1)
		filewatch_remove(follow->watch, *number);
	*number = -1;
}

/* The directory may be another one than before, or one at last. */
static void
watch_directory(struct follow *follow)
{
	int before = follow->directory_watch;

	follow->directory_watch = filewatch_directory(
	    follow->watch, follow->directory);
	if (before != -1)
		filewatch_remove(follow->watch, before);
}

void
follow_begin(struct follow *follow, struct filewatch *watch, const char *path,
    int fd, off_t offset)
{
	ssize_t n;

	memset(follow, 0, offsetof(struct follow, buf));
	follow->path = xstrdup(path);
	follow->directory = path_directory(path);
	follow->watch = watch;
	follow->file_watch = follow->next_watch = -1;
	follow->directory_watch = follow->next = -1;
	follow->fd = fd;
	follow->offset = offset;
	follow->missing = follow->gap = -1;
	follow->told = fd == -1; /* by who has looked for it */
	follow->marked = offset < FOLLOW_MARK ? (size_t)offset : FOLLOW_MARK;
	if (fd != -1) {
		n = pread(fd, follow->mark, follow->marked,
		    offset - (off_t)follow->marked);
		if (n != (ssize_t)follow->marked)
			follow->marked = 0;
	}
	watch_directory(follow);
	if (fd != -1)
		watch_name(follow, &follow->file_watch);
}

void
follow_end(struct follow *follow)
{
	if (follow->fd != -1)
		close(follow->fd);
	if (follow->next != -1)
		close(follow->next);
	unwatch(follow, &follow->file_watch);
	unwatch(follow, &follow->next_watch);
	unwatch(follow, &follow->directory_watch);
	free(follow->path);
	free(follow->directory);
	free(follow->cause);
	memset(follow, 0, offsetof(struct follow, buf));
	follow->fd = follow->next = -1;
}

static bool
is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* A link's file lies in a directory that is not watched. */
static bool
is_told(const struct follow *follow)
{
	if (follow->directory_watch == -1)
		return false;
	if (follow->fd != -1 && follow->missing == -1)
		return follow->file_watch != -1;
	return !is_link(follow->path);
}

int
follow_timeout(const struct follow *follow, int64_t now)
{
	int timeout = is_told(follow) ? LOOK_TOO : LOOK_EVERY;
	int64_t since = follow->missing != -1 && !follow->told ?
	    follow->missing :
	    follow->gap;
	int64_t left = since + GONE_AFTER - now;

	if (since == -1 || left >= timeout)
		return timeout;
	return left < 0 ? 0 : (int)left;
}

/* --- the open file -------------------------------------------------------- */

static void
keep_mark(struct follow *follow)
{
	const char *end = follow->data + follow->len;
	size_t have = (size_t)(end - follow->buf);

	follow->marked = have < FOLLOW_MARK ? have : FOLLOW_MARK;
	memcpy(follow->mark, end - follow->marked, follow->marked);
}

static enum follow_news
read_on(struct follow *follow)
{
	size_t marked = follow->marked;
	ssize_t n = pread(follow->fd, follow->buf, sizeof follow->buf,
	    follow->offset - (off_t)marked);

	if (n == -1 && errno != EINTR && errno != EAGAIN) {
		cause_set(&follow->cause, "unable to read '%s': %s",
		    follow->path, strerror(errno));
		return FOLLOW_FAILED;
	}
	if (n == -1)
		return FOLLOW_NOTHING;
	if ((size_t)n < marked ||
	    memcmp(follow->buf, follow->mark, marked) != 0) {
		follow->offset = 0;
		follow->marked = 0;
		return FOLLOW_TRUNCATED;
	}
	follow->data = follow->buf + marked;
	follow->len = (size_t)n - marked;
	if (follow->len == 0)
		return FOLLOW_NOTHING;
	follow->offset += (off_t)follow->len;
	follow->ended = (size_t)n < sizeof follow->buf;
	follow->round = follow->watch->round;
	keep_mark(follow);
	return FOLLOW_DATA;
}

/* --- the name ------------------------------------------------------------- */

static bool
is_same(const struct stat *one, const struct stat *two)
{
	return one->st_dev == two->st_dev && one->st_ino == two->st_ino;
}

static char *
numbered(const struct follow *follow, int number)
{
	if (number == 0)
		return xstrdup(follow->path);
	return xasprintf("%s.%d", follow->path, number);
}

static bool
stat_numbered(const struct follow *follow, int number, struct stat *st)
{
	char *path = numbered(follow, number);
	bool there = stat(path, st) == 0;

	free(path);
	return there;
}

/* The number that the open file has now; 0: none. */
static int
find_number(const struct follow *follow, const struct stat *open)
{
	struct stat st;

	for (int number = 1; number <= ROTATED; number++)
		if (stat_numbered(follow, number, &st) && is_same(&st, open))
			return number;
	return 0;
}

static bool
is_older(const struct stat *one, const struct stat *two)
{
	if (one->st_mtim.tv_sec != two->st_mtim.tv_sec)
		return one->st_mtim.tv_sec < two->st_mtim.tv_sec;
	return one->st_mtim.tv_nsec < two->st_mtim.tv_nsec;
}

/* One behind the oldest file that is newer than the open one, deleted. */
static int
find_deleted(const struct follow *follow, const struct stat *open)
{
	struct stat st;
	int number = ROTATED;

	while (number > 0 &&
	    !(stat_numbered(follow, number, &st) && !is_older(&st, open)))
		number--;
	return number + 1;
}

static int
open_numbered(const struct follow *follow, int number)
{
	char *path = numbered(follow, number);
	int fd = tail_open(path, NULL);

	free(path);
	return fd;
}

/* Opens what was begun when the open file was left; -1: not now. */
static int
open_successor(const struct follow *follow, const struct stat *open)
{
	struct stat st;

	for (int try = 0; try < TRIES; try++) {
		int number = find_number(follow, open), fd;

		if (number == 0 && open->st_nlink == 0)
			return open_numbered(
			    follow, find_deleted(follow, open) - 1);
		if (number == 0)
			return open_numbered(follow, 0);
		fd = open_numbered(follow, number - 1);
		/* Unless names were moved meanwhile, that was the right one. */
		if (stat_numbered(follow, number, &st) && is_same(&st, open))
			return fd;
		if (fd != -1)
			close(fd);
	}
	return -1;
}

static enum follow_news
miss(struct follow *follow, int64_t now)
{
	if (follow->missing == -1)
		follow->missing = now;
	watch_directory(follow);
	if (follow->told || now - follow->missing < GONE_AFTER)
		return FOLLOW_NOTHING;
	follow->told = true;
	return FOLLOW_GONE;
}

static enum follow_news
refuse(struct follow *follow, char *cause)
{
	if (follow->told) {
		free(cause);
		return FOLLOW_NOTHING;
	}
	free(follow->cause);
	follow->cause = cause;
	follow->told = true;
	return FOLLOW_REFUSED;
}

/*
 * The open file was left, for a newer one of its name that is open as fd.  A
 * file in between that is not there now is waited for: names are being moved.
 */
static int
choose_next(struct follow *follow, const struct stat *open, int fd, int64_t now)
{
	int next;

	watch_name(follow, &follow->next_watch);
	if (tail_size(fd) == 0) {
		close(fd);
		return -1;
	}
	next = open_successor(follow, open);
	if (next == -1 && follow->gap == -1)
		follow->gap = now;
	if (next != -1 || now - follow->gap < GONE_AFTER) {
		close(fd);
		return next;
	}
	return fd;
}

/* Another file has the name: opens the one to turn to, if it is time. */
static enum follow_news
look_for_next(struct follow *follow, int64_t now)
{
	char *cause = NULL;
	struct stat open;
	int fd = tail_open(follow->path, &cause);

	if (fd == -1 && errno == ENOENT)
		free(cause);
	else if (fd == -1)
		return refuse(follow, cause);
	else if (follow->fd != -1 && fstat(follow->fd, &open) == 0)
		follow->next = choose_next(follow, &open, fd, now);
	else
		follow->next = fd;
	return FOLLOW_NOTHING;
}

/* Whether the name still leads to the file that is open. */
static enum follow_news
look_at_name(struct follow *follow, int64_t now)
{
	struct stat named, open;
	bool there = stat(follow->path, &named) == 0;

	follow->looked = now;
	if (!there && (errno == ENOENT || errno == ENOTDIR))
		return miss(follow, now);
	if (follow->missing != -1)
		follow->told = false;
	follow->missing = -1;
	if (!there || follow->fd == -1 || fstat(follow->fd, &open) == -1 ||
	    !is_same(&open, &named))
		return look_for_next(follow, now);
	follow->told = false;
	return FOLLOW_NOTHING;
}

static enum follow_news
turn(struct follow *follow)
{
	bool had = follow->fd != -1;

	if (had)
		close(follow->fd);
	follow->fd = follow->next;
	follow->next = -1;
	follow->offset = 0;
	follow->marked = 0;
	follow->told = false;
	follow->gap = -1;
	watch_directory(follow);
	watch_name(follow, &follow->file_watch);
	unwatch(follow, &follow->next_watch);
	return had ? FOLLOW_ROTATED : FOLLOW_APPEARED;
}

/*
 * Whether what was told led to what was just read, and to no more: then there
 * is nothing behind it, and the name leads where it led.
 */
static bool
is_settled(const struct follow *follow, int64_t now)
{
	return follow->ended && follow->round == follow->watch->round &&
	    !follow->watch->names && follow->file_watch != -1 &&
	    follow->directory_watch != -1 && follow->next == -1 &&
	    follow->missing == -1 && follow->gap == -1 &&
	    now - follow->looked < LOOK_TOO;
}

enum follow_news
follow_next(struct follow *follow, int64_t now)
{
	bool settled = is_settled(follow, now);
	enum follow_news news;

	follow->ended = false;
	if (settled)
		return FOLLOW_NOTHING;
	for (;;) {
		if (follow->fd != -1 &&
		    (news = read_on(follow)) != FOLLOW_NOTHING)
			return news;
		if (follow->next != -1)
			return turn(follow);
		news = look_at_name(follow, now);
		if (news != FOLLOW_NOTHING || follow->next == -1)
			return news;
	}
}
