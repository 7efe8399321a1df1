#ifndef CONTROL_FEED_H
#define CONTROL_FEED_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Some logs as one stream: what is wanted of their past, then what is added
 * to them.  Does not block and does not print.
 */

struct linewalk_end;
struct match;

struct feed_want {
	size_t lines; /* the last so many, that fit match if there is one */
	bool all; /* as many as there are */
	struct match *match; /* NULL: any line */
	bool since; /* only from since_ms on */
	int64_t since_ms;
	bool rotated; /* with since: also what the log was rotated to */
	bool follow; /* go on when the past is told */
	/* Of the search for where to begin; then nothing of the past is told.
	 */
	const struct linewalk_end *end; /* NULL: nobody wants it */
};

struct feed;

struct feed *feed_new(const struct feed_want *want);
void feed_free(struct feed *feed);

/*
 * Adds the log at path.  0, or -1 with cause: it cannot be read, or it is not
 * there and following it makes no sense.  *note, to be freed, is something to
 * be said about it, or NULL.
 */
int feed_add(struct feed *feed, const char *path, char **note, char **cause);
size_t feed_count(const struct feed *feed);

/* Counts a log that is not there among those that are asked for. */
void feed_miss(struct feed *feed);

/* True when several logs are read, so each chunk needs a header. */
bool feed_is_several(const struct feed *feed);
const char *feed_path(const struct feed *feed, size_t source);

/* Whether all that was there when the logs were added has been told. */
bool feed_is_live(const struct feed *feed);

enum feed_kind {
	FEED_NOTHING, /* now */
	FEED_DATA,
	FEED_NOTE, /* something happened to the file: text */
	FEED_FAILED, /* it cannot be read any more: text */
	FEED_END /* all was told, and nothing is followed */
};

struct feed_item {
	enum feed_kind kind;
	size_t source; /* counted as added */
	const char *text;
	const char *data;
	size_t len;
	int fd; /* that data can be read from again; -1 */
	off_t offset; /* of data in it */
	bool all; /* FEED_DATA: very likely there is no more at present */
	bool truncated; /* FEED_NOTE: what was read of fd is gone from it */
	bool lost; /* FEED_NOTE: something of the past could not be read */
};

/* The next item at now (monotonic ms); good until the next call. */
void feed_next(struct feed *feed, int64_t now, struct feed_item *item);

/* What to wait for: fills at most two of pfd; how many. */
size_t feed_poll(const struct feed *feed, struct pollfd *pfd);
int feed_timeout(const struct feed *feed, int64_t now);

#endif
