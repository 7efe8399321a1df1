/*
 * The time in front of every line.  A calendar date is worked out once for
 * each second, so that stamps cost little more than copying.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "supervisor/stamp.h"

enum stamp_kind
stamp_named(const char *name)
{
	static const char *const names[] = {
		[STAMP_OFF] = "off",
		[STAMP_UTC] = "utc",
		[STAMP_LOCAL] = "local",
		[STAMP_MONOTONIC] = "monotonic",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return (enum stamp_kind)i;
	}
	return STAMP_OFF;
}

void
stamp_init(struct stamp *stamp, enum stamp_kind kind)
{
	memset(stamp, 0, sizeof(*stamp));
	stamp->kind = kind;
	stamp->second = INT64_MIN;
}

/* The part for the whole second, up to where its thousandths go. */
static void
stamp_set_second(struct stamp *stamp, int64_t second)
{
	time_t when = (time_t)second;
	struct tm tm;

	stamp->second = second;
	if (stamp->kind == STAMP_MONOTONIC) {
		stamp->whole = (size_t)snprintf(stamp->text,
		    sizeof(stamp->text), "[%" PRId64 ".", second);
		return;
	}
	if ((stamp->kind == STAMP_LOCAL ? localtime_r(&when, &tm) :
					  gmtime_r(&when, &tm)) == NULL)
		memset(&tm, 0, sizeof(tm));
	stamp->whole = strftime(
	    stamp->text, sizeof(stamp->text), "%Y-%m-%dT%H:%M:%S.", &tm);
	/* What follows the thousandths is kept behind their place. */
	if (stamp->kind == STAMP_LOCAL) {
		char zone[8] = "+0000";

		strftime(zone, sizeof(zone), "%z", &tm);
		snprintf(stamp->text + stamp->whole + 3,
		    sizeof(stamp->text) - stamp->whole - 3, "%.3s:%.2s ", zone,
		    zone + 3);
	} else {
		memcpy(stamp->text + stamp->whole + 3, "Z ", 3);
	}
	stamp->len = stamp->whole + 3 + strlen(stamp->text + stamp->whole + 3);
}

void
stamp_set(struct stamp *stamp, int64_t wall, int64_t mono)
{
	int64_t at = stamp->kind == STAMP_MONOTONIC ? mono : wall;
	int64_t second = at / 1000, ms = at % 1000;
	char *place;

	if (stamp->kind == STAMP_OFF)
		return;
	if (ms < 0) {
		second--;
		ms += 1000;
	}
	if (second != stamp->second)
		stamp_set_second(stamp, second);
	place = stamp->text + stamp->whole;
	place[0] = (char)('0' + ms / 100);
	place[1] = (char)('0' + ms / 10 % 10);
	place[2] = (char)('0' + ms % 10);
	if (stamp->kind == STAMP_MONOTONIC) {
		memcpy(place + 3, "] ", 3);
		stamp->len = stamp->whole + 5;
	}
}

size_t
stamp_copy(struct stamp *stamp, char *out, size_t size, const char *in,
    size_t len, size_t *taken)
{
	size_t done = 0, used = 0, part;
	const char *end;

	while (done < len) {
		if (!stamp->inside && stamp->len > 0) {
			if (size - used <= stamp->len)
				break;
			memcpy(out + used, stamp->text, stamp->len);
			used += stamp->len;
		}
		stamp->inside = true;
		if ((part = len - done) > size - used)
			part = size - used;
		if (part == 0)
			break;
		if ((end = memchr(in + done, '\n', part)) != NULL) {
			part = (size_t)(end - in) + 1 - done;
			stamp->inside = false;
		}
		memcpy(out + used, in + done, part);
		used += part;
		done += part;
	}
	*taken = done;
	return used;
}

size_t
stamp_mark(char *buf, size_t size, enum stamp_kind kind, int64_t wall,
    int64_t mono, const char *text)
{
	struct stamp stamp;
	char *byte;
	int n;

	stamp_init(&stamp, kind == STAMP_OFF ? STAMP_UTC : kind);
	stamp_set(&stamp, wall, mono);
	n = snprintf(
	    buf, size, "%s--- zdaemon: %.400s ---\n", stamp.text, text);
	if ((size_t)n >= size)
		n = (int)size - 1;
	/* One line, whatever the text: paths may hold anything. */
	for (byte = buf; byte < buf + n - 1; byte++) {
		if ((unsigned char)*byte < ' ' || *byte == '\177')
			*byte = '?';
	}
	return (size_t)n;
}
