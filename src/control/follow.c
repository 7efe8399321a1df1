/*
 * Following a file by its name.  The kernel says when to look (inotify on the
 * file and its directory); where it cannot, we look four times a second.  What
 * is found when looking decides, never what the notice said.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_SYS_INOTIFY_H
#include <sys/inotify.h>
#endif

#include "base/cause.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "control/follow.h"
#include "control/tail.h"

#define LOOK_EVERY 250 /* ms, without inotify */
#define LOOK_TOO   5000 /* ms, with it: network file systems */

#ifdef HAVE_SYS_INOTIFY_H

static void
watch_open(struct follow *follow)
{
	follow->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (follow->notify == -1)
		return;
	if (inotify_add_watch(follow->notify, follow->directory,
		IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
		    IN_DELETE_SELF | IN_ONLYDIR) != -1)
		return;
	close(follow->notify);
	follow->notify = -1;
}

static void
watch_file(struct follow *follow)
{
	if (follow->notify == -1)
		return;
	if (follow->file_watch != -1)
		inotify_rm_watch(follow->notify, follow->file_watch);
	follow->file_watch = inotify_add_watch(
	    follow->notify, follow->path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF);
}

static void
watch_drain(struct follow *follow)
{
	char buf[4096];

	if (follow->notify != -1)
		while (read(follow->notify, buf, sizeof buf) > 0)
			;
}

#else

static void
watch_open(struct follow *follow)
{
	follow->notify = -1;
}

static void
watch_file(struct follow *follow)
{
	(void)follow;
}

static void
watch_drain(struct follow *follow)
{
	(void)follow;
}

#endif

void
follow_begin(struct follow *follow, const char *path, int fd, off_t offset)
{
	memset(follow, 0, sizeof *follow);
	follow->path = xstrdup(path);
	follow->directory = path_directory(path);
	follow->fd = fd;
	follow->offset = offset;
	follow->file_watch = -1;
	watch_open(follow);
	watch_file(follow);
}

int
follow_fd(const struct follow *follow)
{
	return follow->notify;
}

int
follow_timeout(const struct follow *follow)
{
	return follow->notify == -1 || follow->file_watch == -1 ? LOOK_EVERY :
								  LOOK_TOO;
}

void
follow_end(struct follow *follow)
{
	if (follow->fd != -1)
		close(follow->fd);
	if (follow->notify != -1)
		close(follow->notify);
	free(follow->path);
	free(follow->directory);
	free(follow->cause);
	memset(follow, 0, sizeof *follow);
	follow->fd = follow->notify = -1;
}

static enum follow_news
read_on(struct follow *follow)
{
	ssize_t n = pread(
	    follow->fd, follow->buf, sizeof follow->buf, follow->offset);

	if (n == -1 && errno != EINTR && errno != EAGAIN) {
		cause_set(&follow->cause, "unable to read '%s': %s",
		    follow->path, strerror(errno));
		return FOLLOW_FAILED;
	}
	if (n <= 0)
		return FOLLOW_NOTHING;
	follow->offset += n;
	follow->len = (size_t)n;
	return FOLLOW_DATA;
}

static enum follow_news
look_at_size(struct follow *follow)
{
	struct stat st;

	if (fstat(follow->fd, &st) == -1 || st.st_size >= follow->offset)
		return FOLLOW_NOTHING;
	follow->offset = 0;
	return FOLLOW_TRUNCATED;
}

static bool
is_same(int fd, const struct stat *named)
{
	struct stat st;

	return fd != -1 && fstat(fd, &st) == 0 && st.st_dev == named->st_dev &&
	    st.st_ino == named->st_ino;
}

/* Whether the name still leads to the file that is open. */
static enum follow_news
look_at_name(struct follow *follow)
{
	struct stat named;
	int fd;

	if (stat(follow->path, &named) == -1) {
		if (follow->gone_told)
			return FOLLOW_NOTHING;
		follow->gone_told = true;
		return FOLLOW_GONE;
	}
	if (is_same(follow->fd, &named)) {
		follow->gone_told = false;
		return FOLLOW_NOTHING;
	}
	if ((fd = tail_open(follow->path, NULL)) == -1)
		return FOLLOW_NOTHING;
	if (follow->fd != -1)
		close(follow->fd);
	follow->fd = fd;
	follow->offset = 0;
	follow->gone_told = false;
	watch_file(follow);
	return FOLLOW_REPLACED;
}

enum follow_news
follow_next(struct follow *follow)
{
	enum follow_news news = FOLLOW_NOTHING;

	watch_drain(follow);
	if (follow->fd != -1) {
		news = look_at_size(follow);
		if (news == FOLLOW_NOTHING)
			news = read_on(follow);
	}
	/* The old file is read to its end before the new one is turned to. */
	return news == FOLLOW_NOTHING ? look_at_name(follow) : news;
}
