#ifndef SUPERVISOR_STAMP_H
#define SUPERVISOR_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The time in front of every line.  Pure: time goes in, bytes come out.
 *
 *	utc		2026-11-25T10:20:30.123Z LINE
 *	local		2026-11-25T11:20:30.123+01:00 LINE
 *	monotonic	[12345.678] LINE	(seconds since the system's start)
 */
enum stamp_kind {
	STAMP_OFF,
	STAMP_UTC,
	STAMP_LOCAL,
	STAMP_MONOTONIC
};

#define STAMP_MAX 48 /* bytes of a stamp with its blank and a NUL */
#define STAMP_MARK_MAX 512 /* bytes of a whole line of ours */

struct stamp {
	enum stamp_kind kind;
	bool inside; /* a line has begun: the next byte gets no stamp */
	int64_t second; /* what text says but for its last part */
	size_t whole; /* so much of text stands for that second */
	size_t len;
	char text[STAMP_MAX];
};

/* "off", "utc", "local" or "monotonic"; anything else is off. */
enum stamp_kind stamp_named(const char *name);

void stamp_init(struct stamp *stamp, enum stamp_kind kind);

/*
 * What lines that begin from now on get: wall clock (ms since 1970) and
 * monotonic ms.
 */
void stamp_set(struct stamp *stamp, int64_t wall, int64_t mono);

/*
 * Copies from in to out with a stamp where a line begins.  Only newlines end
 * lines: carriage returns, NULs and all else are bytes like others.  size
 * must be STAMP_MAX at least.  How many bytes were written; *taken gets how
 * many were read, fewer than len only where out is full.
 */
size_t stamp_copy(struct stamp *stamp, char *out, size_t size, const char *in,
    size_t len, size_t *taken);

/*
 * A line of the supervisor's own, "TIME --- zdaemon: TEXT ---", in UTC where
 * lines have no stamps.  Its length without the NUL; text is cut to fit.
 */
size_t stamp_mark(char *buf, size_t size, enum stamp_kind kind, int64_t wall,
    int64_t mono, const char *text);

#endif
