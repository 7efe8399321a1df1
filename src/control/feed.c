/*
 * Logs as one stream.  A log is read in three parts: the files it was rotated
 * to, the end of the file that has its name, and what is added to that.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "control/feed.h"
#include "control/filewatch.h"
#include "control/follow.h"
#include "control/linewalk.h"
#include "control/match.h"
#include "control/older.h"
#include "control/since.h"
#include "control/tail.h"

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
	struct older *older; /* NULL: not wanted, or all read */
	struct follow follow; /* its buf is older's before */
};

struct feed {
	struct feed_want want;
	struct filewatch watch;
	struct source **source;
	size_t count;
	size_t missed;
	size_t current;
	int turns;
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

void
feed_free(struct feed *feed)
{
	if (!feed)
		return;
	for (size_t i = 0; i < feed->count; i++) {
		older_free(feed->source[i]->older);
		follow_end(&feed->source[i]->follow);
		free(feed->source[i]);
	}
	filewatch_close(&feed->watch);
	free(feed->source);
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
	return tail_find(fd, size, want->lines, want->end);
}

/* A log without stamps is shown as if since were not wanted. */
static off_t
find_since(const struct feed_want *want, int fd, off_t size, char **note)
{
	struct feed_want plain = *want;
	off_t lines = find_lines(want, fd, size), since;

	if (since_find(fd, size, want->since_ms, clock_wall_ms(), want->end,
		&since) != SINCE_UNKNOWN ||
	    size == 0 || linewalk_is_ended(want->end))
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

	return linewalk_is_ended(want->end) ? size : start;
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
	off_t offset = 0;
	int fd = tail_open(path, &why);

	*note = NULL;
	if (fd == -1 && !is_to_come(feed, path)) {
		feed_miss(feed);
		free(*cause);
		*cause = why;
		return -1;
	}
	free(why);
	/* A page that is never read into is never touched. */
	source = xmalloc(sizeof *source);
	memset(source, 0, offsetof(struct source, follow));
	if (feed->want.since && feed->want.rotated)
		source->older = older_new(path, fd, feed->want.since_ms,
		    source->follow.buf, sizeof source->follow.buf);
	if (fd != -1) {
		source->end = tail_size(fd);
		offset = find_start(&feed->want, fd, source->end, note);
	} else
		*note = xstrdup("not there yet, waiting for it");
	follow_begin(&source->follow, &feed->watch, path, fd, offset);
	feed->source = xreallocarray(
	    feed->source, feed->count + 1, sizeof *feed->source);
	feed->source[feed->count++] = source;
	return 0;
}

/* --- the parts of a log --------------------------------------------------- */

/* Whether there is an item of the files it was rotated to. */
static bool
next_older(struct source *source, struct feed_item *item)
{
	enum older_news news = source->older ?
	    older_next(source->older, &item->data, &item->len) :
	    OLDER_END;

	switch (news) {
	case OLDER_NOTHING:
		return false;
	case OLDER_DATA:
		item->kind = FEED_DATA;
		return true;
	case OLDER_FAILED:
		item->kind = FEED_NOTE;
		item->text = older_cause(source->older);
		item->lost = true;
		return true;
	case OLDER_END:
		break;
	}
	older_free(source->older);
	source->older = NULL;
	source->stage = STAGE_REST;
	return false;
}

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
	if (source->stage == STAGE_OLDER && next_older(source, item))
		return true;
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

/* --- waiting ---------------------------------------------------------------
 */

size_t
feed_poll(const struct feed *feed, struct pollfd *pfd)
{
	const struct older *older = feed->count > 0 ?
	    feed->source[feed->current]->older :
	    NULL;
	int fd = older ? older_fd(older) : -1;
	size_t count = 0;

	if (feed->watch.fd != -1)
		pfd[count++] = (struct pollfd){ feed->watch.fd, POLLIN, 0 };
	if (fd != -1)
		pfd[count++] = (struct pollfd){ fd, POLLIN, 0 };
	return count;
}

int
feed_timeout(const struct feed *feed, int64_t now)
{
	int least = -1;

	for (size_t i = 0; i < feed->count; i++) {
		const struct source *source = feed->source[i];
		int timeout = source->older ? older_timeout(source->older) : -1;

		if (timeout == -1)
			timeout = follow_timeout(&source->follow, now);
		if (source->stage != STAGE_DONE &&
		    (least == -1 || timeout < least))
			least = timeout;
	}
	return least;
}
