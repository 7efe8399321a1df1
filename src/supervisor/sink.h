#ifndef SUPERVISOR_SINK_H
#define SUPERVISOR_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/ring.h"
#include "supervisor/failure.h"
#include "supervisor/logfile.h"
#include "supervisor/stamp.h"

/*
 * Where bytes end: a file that is appended to, by the transcript, by event
 * logs, or by both when their paths name the same one - one descriptor, one
 * writer; or a log of the system's.
 *
 * Whatever happens to it, nobody is held up.  What it does not take waits in
 * a ring that was made at the start; what does not fit there is dropped by
 * whole lines and counted, and once there is room again a line says how much
 * is missing.
 */
struct sink;

/* What a kind of target can do; sink-*.c have one each. */
struct sink_kind {
	/* Opens by path again; 0, or -1 with errno: what was open stays. */
	int (*reopen)(struct sink *sink);
	/* As write(2), never waiting. */
	ssize_t (*write)(struct sink *sink, const char *data, size_t len);
	/*
	 * Puts whole lines before the one that has no end yet: as
	 * logfile_insert.  NULL: it cannot be done.
	 */
	int (*insert)(struct sink *sink, const char *lines, size_t len);
	/* Frees what it has of its own; NULL: nothing. */
	void (*close)(struct sink *sink);
};

/* What the event log has to say about a sink; a mask. */
enum sink_news {
	SINK_FAILED = 1, /* it does not take all any more: error */
	SINK_WORKS = 2, /* it does again, and has all that waited */
	SINK_RENEWED = 4 /* somebody deleted the file: there is a new one */
};

struct sink {
	char *path;
	const struct sink_kind *kind;
	struct logfile file; /* of a log of the system's: a descriptor alone */
	unsigned int users; /* who write to it */
	size_t slice; /* bytes before others get their turn */
	struct sink_log *log; /* of a log of the system's; NULL */

	/* trouble */
	struct ring wait;
	bool inside; /* what it has taken ends within a line */
	bool skip; /* the line that comes has lost its beginning */
	int64_t missing; /* dropped since it was told last */
	bool troubled; /* SINK_FAILED was said and SINK_WORKS not yet */
	int error; /* why; 0: it is only full for the moment */
	int64_t retry; /* monotonic ms */
	unsigned int news;

	enum stamp_kind stamps; /* of lines that we add */
	int64_t bytes; /* taken */
	int64_t dropped;
	int place; /* in the pollset of this turn */
};

#define SINK_WAIT  65536 /* bytes that wait where nobody says otherwise */
#define SINK_RETRY 500 /* ms between two tries at what fails */
#define SINK_SLICE 524288 /* bytes, of a file */

/*
 * Readies a sink for its kind to open: room is the size of its ring.  0, or
 * -1 without memory.
 */
int sink_init(struct sink *sink, const struct sink_kind *kind, const char *path,
    size_t room);
void sink_free(struct sink *sink);

/* Appends, or queues, or drops. */
void sink_write(struct sink *sink, const char *data, size_t len);

/*
 * Adds whole lines that are not part of the stream, before a line of it that
 * has no end yet.  Where that cannot be done, that line is ended.
 */
void sink_add(struct sink *sink, const char *lines, size_t len);

/*
 * Appends one line, made of text as stamp_mark does; a line of the stream that
 * has no end yet is ended.
 */
void sink_mark(struct sink *sink, const char *text);

/* Notes why something was not taken, and when to try again. */
void sink_refused(struct sink *sink, int error);

/* Whether the next byte would stand within a line. */
bool sink_ends_inside(const struct sink *sink);

/* Nothing waits and nothing is wrong: what comes is taken at once. */
bool sink_is_clear(const struct sink *sink);

/* When to try again, monotonic ms; INT64_MAX: wait for POLLOUT, or idle. */
int64_t sink_retry_at(const struct sink *sink);
bool sink_wants_room(const struct sink *sink);

/* Writes of what waits as much as is due before others get their turn. */
void sink_flush(struct sink *sink);

#endif
