/*
 * Logs as one stream.  A log is read in three parts: the files it was rotated
 * to, the end of the file that has its name, and what is added to that.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "control/feed.h"
#include "control/filewatch.h"
#include "control/follow.h"
#include "control/linewalk.h"
#include "control/logs.h"
#include "control/match.h"
#include "control/since.h"
#include "control/tail.h"
#include "control/unpack.h"

#define TURN 16 /* chunks of one log before the next has its turn */

enum stage {
	STAGE_OLDER,
	STAGE_REST, /* up to end */
	STAGE_FOLLOWED,
	STAGE_DONE
};

struct source {
	enum stage stage;
	off_t end; /* of the file, when it was added */
	struct logs older; /* still to be read: from next on */
	size_t next;
	struct unpack *unpack; /* of the one being read, */
	int older_fd; /* or it as it is; -1 */
	off_t older_offset;
	struct since_gate gate;
	size_t kept; /* bytes in follow.buf that the gate will see again */
	struct follow follow;
};

struct feed {
	struct feed_want want;
	struct filewatch watch;
	struct source **source;
	size_t count;
	size_t missed;
	size_t current;
	int turns;
	char *cause;
};

struct feed *
feed_new(const struct feed_want *want)
{
	struct feed *feed = xcalloc(1, sizeof *feed);

	feed->want = *want;
	/* The kernel takes its time to end a watch: none without need. */
	if (want->follow)
		filewatch_open(&feed->watch);
	else
		filewatch_none(&feed->watch);
	return feed;
}

static void
close_older(struct source *source)
{
	unpack_free(source->unpack);
	source->unpack = NULL;
	if (source->older_fd != -1)
		close(source->older_fd);
	source->older_fd = -1;
	source->kept = 0;
}

void
feed_free(struct feed *feed)
{
	if (!feed)
		return;
	for (size_t i = 0; i < feed->count; i++) {
		close_older(feed->source[i]);
		logs_free(&feed->source[i]->older);
		follow_end(&feed->source[i]->follow);
		free(feed->source[i]);
	}
	filewatch_close(&feed->watch);
	free(feed->source);
	free(feed->cause);
	free(feed);
}

size_t
feed_count(const struct feed *feed)
{
	return feed->count;
}

void
feed_miss(struct feed *feed)
{
	feed->missed++;
}

bool
feed_is_several(const struct feed *feed)
{
	return feed->count + feed->missed > 1;
}

const char *
feed_path(const struct feed *feed, size_t source)
{
	return feed->source[source]->follow.path;
}

bool
feed_is_live(const struct feed *feed)
{
	for (size_t i = 0; i < feed->count; i++)
		if (feed->source[i]->stage < STAGE_FOLLOWED)
			return false;
	return true;
}

/* --- where to begin ------------------------------------------------------- */

static bool
is_ended(const struct feed_want *want)
{
	return want->end && want->end->is_wanted(want->end->data);
}

/* Where the last lines begin that fit. */
static off_t
find_fitting(const struct feed_want *want, int fd, off_t size)
{
	size_t lines = want->lines;
	struct linewalk *walk = xmalloc(sizeof *walk);
	struct line line;
	off_t found = size;

	linewalk_begin_back(walk, fd, size, want->end);
	while (lines > 0 && linewalk_back(walk, &line)) {
		if (!match_line(want->match, line.text, line.len))
			continue;
		found = line.start;
		lines--;
	}
	free(walk);
	return found;
}

static off_t
find_lines(const struct feed_want *want, int fd, off_t size)
{
	if (want->all)
		return 0;
	if (want->match)
		return find_fitting(want, fd, size);
	return tail_find(fd, size, want->lines);
}

/* A log without stamps is shown as if since were not wanted. */
static off_t
find_since(const struct feed_want *want, int fd, off_t size, char **note)
{
	struct feed_want plain = *want;
	off_t lines = find_lines(want, fd, size), since;

	if (since_find(fd, size, want->since_ms, clock_wall_ms(), want->end,
		&since) != SINCE_UNKNOWN ||
	    size == 0 || is_ended(want))
		return lines > since ? lines : since;
	*note = xstrdup("no line has a time stamp that is recognised, "
			"here are the last ones");
	if (plain.all)
		plain.lines = 10;
	plain.all = false;
	return find_lines(&plain, fd, size);
}

static off_t
find_start(const struct feed_want *want, int fd, off_t size, char **note)
{
	off_t start = want->since ? find_since(want, fd, size, note) :
				    find_lines(want, fd, size);

	return is_ended(want) ? size : start;
}

/* A file that is not there is waited for, unless its directory is missing. */
static bool
is_to_come(const struct feed *feed, const char *path)
{
	char *directory = path_directory(path);
	bool to_come = feed->want.follow && errno == ENOENT && directory &&
	    path_is_directory(directory);

	free(directory);
	return to_come;
}

int
feed_add(struct feed *feed, const char *path, char **note, char **cause)
{
	struct source *source;
	char *why = NULL;
	off_t offset = 0, end = 0;
	int fd = tail_open(path, &why);

	*note = NULL;
	if (fd == -1 && !is_to_come(feed, path)) {
		feed_miss(feed);
		free(*cause);
		*cause = why;
		return -1;
	}
	free(why);
	if (fd != -1) {
		end = tail_size(fd);
		offset = find_start(&feed->want, fd, end, note);
	} else
		*note = xstrdup("not there yet, waiting for it");
	/* A page that is never read into is never touched. */
	source = xmalloc(sizeof *source);
	memset(source, 0, offsetof(struct source, follow));
	source->older_fd = -1;
	source->end = end;
	if (feed->want.since && feed->want.rotated)
		logs_rotated(&source->older, path, feed->want.since_ms);
	follow_begin(&source->follow, &feed->watch, path, fd, offset);
	feed->source = xreallocarray(
	    feed->source, feed->count + 1, sizeof *feed->source);
	feed->source[feed->count++] = source;
	return 0;
}

/* --- rotated files -------------------------------------------------------- */

static void
open_older(struct feed *feed, struct source *source)
{
	const char *path = source->older.log[source->next++].path;

	source->gate = (struct since_gate){ .since = feed->want.since_ms,
		.now = clock_wall_ms() };
	source->older_offset = 0;
	if (unpack_knows(path))
		source->unpack = unpack_new(path, &feed->cause);
	else
		source->older_fd = tail_open(path, &feed->cause);
}

static enum unpack_result
read_older(struct feed *feed, struct source *source, size_t *len)
{
	char *buf = source->follow.buf + source->kept;
	size_t room = sizeof source->follow.buf - source->kept;
	ssize_t n;

	if (source->unpack)
		return unpack_read(
		    source->unpack, buf, room, len, &feed->cause);
	n = pread(source->older_fd, buf, room, source->older_offset);
	if (n == -1) {
		cause_set(&feed->cause, "unable to read '%s': %s",
		    source->older.log[source->next - 1].path, strerror(errno));
		return UNPACK_FAILED;
	}
	source->older_offset += n;
	*len = (size_t)n;
	return n == 0 ? UNPACK_END : UNPACK_DATA;
}

/* Hands on what is left behind the gate; whether that is anything. */
static bool
pass_gate(struct source *source, size_t len, bool last, struct feed_item *item)
{
	char *buf = source->follow.buf;
	size_t passed;

	len += source->kept;
	passed = since_pass(&source->gate, buf, len, last);
	source->kept = 0;
	if (source->gate.open && passed < len) {
		item->kind = FEED_DATA;
		item->data = buf + passed;
		item->len = len - passed;
		return true;
	}
	source->kept = len - passed;
	memmove(buf, buf + passed, source->kept);
	return false;
}

/* The next item of the rotated files; false: no more of them, or none now. */
static bool
next_older(struct feed *feed, struct source *source, struct feed_item *item)
{
	enum unpack_result result = UNPACK_END;
	size_t len;

	while (source->unpack || source->older_fd != -1 ||
	    source->next < source->older.count) {
		if (!source->unpack && source->older_fd == -1)
			open_older(feed, source);
		len = 0;
		result = source->unpack || source->older_fd != -1 ?
		    read_older(feed, source, &len) :
		    UNPACK_FAILED;
		if (result == UNPACK_NOTHING)
			return false;
		if (result == UNPACK_FAILED) {
			close_older(source);
			item->kind = FEED_NOTE;
			item->text = cause_text(feed->cause);
			item->lost = true;
			return true;
		}
		if (pass_gate(source, len, result == UNPACK_END, item)) {
			if (result == UNPACK_END)
				close_older(source);
			return true;
		}
		if (result == UNPACK_END)
			close_older(source);
	}
	return false;
}

/* --- following ------------------------------------------------------------ */

static void
tell_data(struct follow *follow, struct feed_item *item)
{
	item->kind = FEED_DATA;
	item->data = follow->data;
	item->len = follow->len;
	item->fd = follow->fd;
	item->offset = follow->offset - (off_t)follow->len;
	item->all = follow->len < FOLLOW_CHUNK;
}

/* Whether there is an item. */
static bool
next_followed(struct source *source, int64_t now, struct feed_item *item)
{
	static const char *const text[] = {
		[FOLLOW_TRUNCATED] = "truncated, from its beginning",
		[FOLLOW_ROTATED] = "rotated, reopened",
		[FOLLOW_APPEARED] = "there now",
		[FOLLOW_GONE] = "gone, waiting for it to come back",
	};
	struct follow *follow = &source->follow;
	enum follow_news news = follow_next(follow, now);

	item->kind = FEED_NOTE;
	switch (news) {
	case FOLLOW_NOTHING:
		return false;
	case FOLLOW_DATA:
		tell_data(follow, item);
		return true;
	case FOLLOW_TRUNCATED:
	case FOLLOW_ROTATED:
	case FOLLOW_APPEARED:
	case FOLLOW_GONE:
		item->text = text[news];
		item->truncated = news == FOLLOW_TRUNCATED;
		return true;
	case FOLLOW_REFUSED:
		item->text = cause_text(follow->cause);
		return true;
	case FOLLOW_FAILED:
		item->kind = FEED_FAILED;
		item->text = cause_text(follow->cause);
		source->stage = STAGE_DONE;
		return true;
	}
	return false;
}

/* The rest of what the file had when it was added. */
static bool
next_rest(struct feed *feed, struct source *source, int64_t now,
    struct feed_item *item)
{
	off_t left = source->end - source->follow.offset;

	if (left > 0 && next_followed(source, now, item)) {
		if (feed->want.follow || item->kind == FEED_FAILED)
			return true;
		if ((off_t)item->len > left)
			item->len = (size_t)left;
		if (item->kind == FEED_DATA)
			return true;
	}
	source->stage = feed->want.follow ? STAGE_FOLLOWED : STAGE_DONE;
	return false;
}

/* Whether there is an item; one stage leads to the next. */
static bool
next_of(struct feed *feed, struct source *source, int64_t now,
    struct feed_item *item)
{
	if (source->stage == STAGE_OLDER) {
		if (next_older(feed, source, item))
			return true;
		if (source->unpack)
			return false;
		source->stage = STAGE_REST;
	}
	if (source->stage == STAGE_REST && next_rest(feed, source, now, item))
		return true;
	return source->stage == STAGE_FOLLOWED &&
	    next_followed(source, now, item);
}

static bool
is_at_end(const struct feed *feed)
{
	for (size_t i = 0; i < feed->count; i++)
		if (feed->source[i]->stage != STAGE_DONE)
			return false;
	return true;
}

/* One that talks all the time has to let the others have their say. */
static void
take_turns(struct feed *feed)
{
	if (feed->turns == 0)
		filewatch_drain(&feed->watch);
	if (feed->turns < TURN ||
	    feed->source[feed->current]->stage < STAGE_FOLLOWED)
		return;
	feed->turns = 0;
	feed->current = (feed->current + 1) % feed->count;
}

void
feed_next(struct feed *feed, int64_t now, struct feed_item *item)
{
	struct source *source;

	memset(item, 0, sizeof *item);
	item->fd = -1;
	take_turns(feed);
	for (size_t i = 0; i < feed->count; i++) {
		item->source = (feed->current + i) % feed->count;
		source = feed->source[item->source];
		if (next_of(feed, source, now, item)) {
			feed->turns++;
			feed->current = item->source;
			return;
		}
		/* The pasts are told one after the other. */
		if (source->stage < STAGE_FOLLOWED) {
			feed->current = item->source;
			break;
		}
	}
	feed->turns = 0;
	item->kind = is_at_end(feed) ? FEED_END : FEED_NOTHING;
}
size_t
feed_poll(const struct feed *feed, struct pollfd *pfd)
{
	const struct unpack *unpack = feed->count > 0 ?
	    feed->source[feed->current]->unpack :
	    NULL;
	size_t count = 0;

	if (feed->watch.fd != -1)
		pfd[count++] = (struct pollfd){ feed->watch.fd, POLLIN, 0 };
	if (unpack)
		pfd[count++] = (struct pollfd){ unpack_fd(unpack), POLLIN, 0 };
	return count;
}

int
feed_timeout(const struct feed *feed, int64_t now)
{
	int least = -1;

	for (size_t i = 0; i < feed->count; i++) {
		const struct source *source = feed->source[i];
		int timeout = source->unpack ?
		    unpack_timeout(source->unpack) :
		    follow_timeout(&source->follow, now);

		if (source->stage != STAGE_DONE &&
		    (least == -1 || timeout < least))
			least = timeout;
	}
	return least;
}
