#ifndef CONTROL_LOGTIME_H
#define CONTROL_LOGTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Times as logs and people write them, in ms since 1970.  What has no zone is
 * local time; now completes what has no year.  Pure but for the zone.
 */

#define LOGTIME_HEAD 256 /* bytes of a line in which a stamp is looked for */

/*
 * The first time stamp in the head of a line: 2026-11-25T10:20:30.123+01:00
 * and its relatives with a blank or slashes, 25/Nov/2026:10:20:30 +0100,
 * Nov 25 10:20:30, and at the very beginning seconds since 1970 and TAI64N.
 */
bool logtime_find(const char *line, size_t len, int64_t now, int64_t *ms);

/*
 * A time that an operator names: a duration (that long ago), a stamp as
 * above, a date or a time alone, @SECONDS, now, today, yesterday.
 */
bool logtime_parse(const char *text, int64_t now, int64_t *ms);

#endif
