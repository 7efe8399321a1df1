/*
 * Time stamps of logs.  A cursor runs over the text; each reader takes its form whole
 * or leaves the cursor where it was.
 */

#include "config.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/units.h"
#include "control/logtime.h"

#define DAY_MS (24 * 60 * 60 * 1000LL)

/* TAI64 counts from here; the difference to UTC is as old as the label. */
#define TAI_EPOCH 0x4000000000000000LL
#define TAI_AHEAD 10

struct cursor {
	const char *at, *end;
};

struct moment {
	int year, month, day, hour, minute, second, ms; /* month from 1 */
	bool zoned;
	int zone; /* minutes east of UTC */
};

/* --- pieces --------------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
peek(const struct cursor *cursor)
{
	return cursor->at < cursor->end ? *cursor->at : '\0';
}

static bool
take(struct cursor *cursor, char c)
{
	if (c == '\0' || peek(cursor) != c)
		return false;
	cursor->at++;
	return true;
}

/* Just count digits, worth low to high. */
static bool
take_number(struct cursor *cursor, int count, int low, int high, int *value)
{
	const char *at = cursor->at;
	int sum = 0;

	if (cursor->end - at < count)
		return false;
	for (int i = 0; i < count; i++, at++) {
		if (!is_digit(*at))
			return false;
		sum = sum * 10 + (*at - '0');
	}
	if (sum < low || sum > high)
		return false;
	cursor->at = at;
	*value = sum;
	return true;
}

/* A fraction of a second, if there is one, to its third digit. */
static void
take_fraction(struct cursor *cursor, int *ms)
{
	int scale = 100;

	*ms = 0;
	if (cursor->end - cursor->at < 2 ||
	    (*cursor->at != '.' && *cursor->at != ',') ||
	    !is_digit(cursor->at[1]))
		return;
	for (cursor->at++; is_digit(peek(cursor)); cursor->at++) {
		*ms += (*cursor->at - '0') * scale;
		scale /= 10;
	}
}

static bool
take_month(struct cursor *cursor, int *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (cursor->end - cursor->at < 3)
		return false;
	for (int i = 0; i < 12; i++) {
		if (ascii_same_part(cursor->at, names + i * 3, 3)) {
			cursor->at += 3;
			*month = i + 1;
			return true;
		}
	}
	return false;
}

/* HH:MM, and :SS and a fraction if they are there. */
static bool
take_clock(struct cursor *cursor, struct moment *moment)
{
	struct cursor start = *cursor;

	moment->second = moment->ms = 0;
	if (take_number(cursor, 2, 0, 23, &moment->hour) && take(cursor, ':') &&
	    take_number(cursor, 2, 0, 59, &moment->minute) &&
	    (!take(cursor, ':') ||
		take_number(cursor, 2, 0, 60, &moment->second)) &&
	    !is_digit(peek(cursor))) {
		take_fraction(cursor, &moment->ms);
		return true;
	}
	*cursor = start;
	return false;
}

/* Z, +HH:MM or +HHMM, behind a blank or not; if it is there. */
static void
take_zone(struct cursor *cursor, struct moment *moment)
{
	struct cursor start = *cursor;
	int hours, minutes, sign;

	moment->zoned = false;
	moment->zone = 0;
	if (take(cursor, 'Z')) {
		moment->zoned = true;
		return;
	}
	take(cursor, ' ');
	sign = take(cursor, '-') ? -1 : take(cursor, '+') ? 1 : 0;
	if (sign != 0 && take_number(cursor, 2, 0, 18, &hours) &&
	    (take(cursor, ':') || true) &&
	    take_number(cursor, 2, 0, 59, &minutes) &&
	    !is_digit(peek(cursor))) {
		moment->zoned = true;
		moment->zone = sign * (hours * 60 + minutes);
		return;
	}
	*cursor = start;
}

/* --- to milliseconds ------------------------------------------------------ */

/* Days from 1970 in the Gregorian calendar. */
static int64_t
count_days(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t m = month > 2 ? month - 3 : month + 9; /* from March */

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day -
	    719469;
}

static bool
is_date(int year, int month, int day)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

static bool
local_ms(const struct moment *moment, int64_t *ms)
{
	struct tm tm;
	time_t seconds;

	memset(&tm, 0, sizeof tm);
	tm.tm_year = moment->year - 1900;
	tm.tm_mon = moment->month - 1;
	tm.tm_mday = moment->day;
	tm.tm_hour = moment->hour;
	tm.tm_min = moment->minute;
	tm.tm_sec = moment->second;
	tm.tm_isdst = -1;
	if ((seconds = mktime(&tm)) == (time_t)-1)
		return false;
	*ms = (int64_t)seconds * 1000 + moment->ms;
	return true;
}

static bool
to_ms(const struct moment *moment, int64_t *ms)
{
	int64_t minutes;

	if (!is_date(moment->year, moment->month, moment->day))
		return false;
	if (!moment->zoned)
		return local_ms(moment, ms);
	minutes = (count_days(moment->year, moment->month, moment->day) * 24 +
		      moment->hour) *
		60 +
	    moment->minute - moment->zone;
	*ms = (minutes * 60 + moment->second) * 1000 + moment->ms;
	return true;
}

static void
local_date(int64_t now, struct moment *moment)
{
	time_t seconds = (time_t)(now / 1000);
	struct tm tm;

	memset(moment, 0, sizeof *moment);
	if (!localtime_r(&seconds, &tm))
		memset(&tm, 0, sizeof tm);
	moment->year = tm.tm_year + 1900;
	moment->month = tm.tm_mon + 1;
	moment->day = tm.tm_mday;
}

/* --- forms ---------------------------------------------------------------- */

/* 2026-11-25 or 2026/11/25 */
static bool
take_date(struct cursor *cursor, struct moment *moment)
{
	struct cursor start = *cursor;
	char between;

	if (take_number(cursor, 4, 1970, 9999, &moment->year) &&
	    ((between = peek(cursor)) == '-' || between == '/') &&
	    take(cursor, between) &&
	    take_number(cursor, 2, 1, 12, &moment->month) &&
	    take(cursor, between) &&
	    take_number(cursor, 2, 1, 31, &moment->day) &&
	    !is_digit(peek(cursor)))
		return true;
	*cursor = start;
	return false;
}

/* A date, T or a blank, a time, a zone */
static bool
take_iso(struct cursor *cursor, int64_t *ms)
{
	struct cursor start = *cursor;
	struct moment moment;

	if (take_date(cursor, &moment) &&
	    (take(cursor, 'T') || take(cursor, ' ')) &&
	    take_clock(cursor, &moment)) {
		take_zone(cursor, &moment);
		if (to_ms(&moment, ms))
			return true;
	}
	*cursor = start;
	return false;
}

/* 25/Nov/2026:10:20:30 +0100, as web servers have it */
static bool
take_web(struct cursor *cursor, int64_t *ms)
{
	struct cursor start = *cursor;
	struct moment moment;

	if (take_number(cursor, 2, 1, 31, &moment.day) && take(cursor, '/') &&
	    take_month(cursor, &moment.month) && take(cursor, '/') &&
	    take_number(cursor, 4, 1970, 9999, &moment.year) &&
	    take(cursor, ':') && take_clock(cursor, &moment)) {
		take_zone(cursor, &moment);
		if (to_ms(&moment, ms))
			return true;
	}
	*cursor = start;
	return false;
}

/* The year behind, as ctime(3) has it, or the last such day there was. */
static bool
complete_year(
    struct cursor *cursor, struct moment *moment, int64_t now, int64_t *ms)
{
	struct cursor start = *cursor;
	struct moment today;

	if (take(cursor, ' ') &&
	    take_number(cursor, 4, 1970, 9999, &moment->year) &&
	    !is_digit(peek(cursor)))
		return to_ms(moment, ms);
	*cursor = start;
	local_date(now, &today);
	moment->year = today.year;
	if (to_ms(moment, ms) && *ms <= now + DAY_MS)
		return true;
	moment->year--;
	return to_ms(moment, ms);
}

/* Nov  5 10:20:30, as syslog has it */
static bool
take_syslog(struct cursor *cursor, int64_t now, int64_t *ms)
{
	struct cursor start = *cursor;
	struct moment moment;

	moment.zoned = false;
	if (take_month(cursor, &moment.month) && take(cursor, ' ') &&
	    (take(cursor, ' ') ? take_number(cursor, 1, 1, 9, &moment.day) :
				 take_number(cursor, 2, 1, 31, &moment.day) ||
			take_number(cursor, 1, 1, 9, &moment.day)) &&
	    take(cursor, ' ') && take_clock(cursor, &moment) &&
	    complete_year(cursor, &moment, now, ms))
		return true;
	*cursor = start;
	return false;
}

/* Seconds since 1970 in ten digits, with a fraction; ms in thirteen */
static bool
take_seconds(struct cursor *cursor, int64_t *ms)
{
	struct cursor start = *cursor;
	int high, low, part = 0;

	if (take_number(cursor, 5, 10000, 99999, &high) &&
	    take_number(cursor, 5, 0, 99999, &low)) {
		if (!take_number(cursor, 3, 0, 999, &part))
			take_fraction(cursor, &part);
		if (!is_digit(peek(cursor)) && !is_letter(peek(cursor))) {
			*ms = ((int64_t)high * 100000 + low) * 1000 + part;
			return true;
		}
	}
	*cursor = start;
	return false;
}

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* @ and 24 hexadecimal digits, as multilog has it */
static bool
take_tai(struct cursor *cursor, int64_t *ms)
{
	int64_t seconds = 0, nano = 0;

	if (cursor->end - cursor->at < 25 || *cursor->at != '@' ||
	    cursor->at[1] != '4')
		return false;
	for (int i = 1; i < 25; i++) {
		int digit = hex_value(cursor->at[i]);

		if (digit == -1)
			return false;
		if (i <= 16)
			seconds = seconds * 16 + digit;
		else
			nano = nano * 16 + digit;
	}
	seconds -= TAI_EPOCH + TAI_AHEAD;
	if (seconds < 0 || seconds > INT64_MAX / 2000 || nano > 999999999)
		return false;
	*ms = seconds * 1000 + nano / 1000000;
	cursor->at += 25;
	return true;
}

/* --- where they stand ----------------------------------------------------- */

/* What may begin at this place of a line: the cheap question first. */
static bool
take_any(struct cursor *cursor, int64_t now, int64_t *ms)
{
	char c = peek(cursor);

	if (is_digit(c))
		return take_iso(cursor, ms) || take_web(cursor, ms);
	return is_letter(c) && take_syslog(cursor, now, ms);
}

/* Numbers alone may be anything elsewhere. */
static bool
take_first(struct cursor *cursor, int64_t *ms)
{
	if (take_tai(cursor, ms))
		return true;
	take(cursor, '[');
	return take_seconds(cursor, ms);
}

bool
logtime_find(const char *line, size_t len, int64_t now, int64_t *ms)
{
	struct cursor cursor = { line,
		line + (len < LOGTIME_HEAD ? len : LOGTIME_HEAD) };
	struct cursor first = cursor;

	if (take_first(&first, ms))
		return true;
	while (cursor.at < cursor.end) {
		if (take_any(&cursor, now, ms))
			return true;
		/* Not from the middle of a word or a number. */
		if (!is_digit(*cursor.at) && !is_letter(*cursor.at)) {
			cursor.at++;
			continue;
		}
		while (is_digit(peek(&cursor)) || is_letter(peek(&cursor)))
			cursor.at++;
	}
	return false;
}

/* --- what an operator writes ---------------------------------------------- */

static bool
parse_word(const char *text, int64_t now, int64_t *ms)
{
	struct moment moment;

	if (strcmp(text, "now") == 0) {
		*ms = now;
		return true;
	}
	local_date(now, &moment);
	if (strcmp(text, "yesterday") == 0)
		moment.day--; /* mktime(3) knows what the 0th is */
	else if (strcmp(text, "today") != 0)
		return false;
	return local_ms(&moment, ms);
}

/* A time alone is that of today, or of yesterday if it is still to come. */
static bool
parse_clock(struct cursor *cursor, int64_t now, int64_t *ms)
{
	struct moment moment;

	local_date(now, &moment);
	if (!take_clock(cursor, &moment) || !local_ms(&moment, ms))
		return false;
	if (*ms <= now)
		return true;
	moment.day--;
	return local_ms(&moment, ms);
}

static bool
parse_date(struct cursor *cursor, int64_t *ms)
{
	struct moment moment;

	memset(&moment, 0, sizeof moment);
	return take_date(cursor, &moment) && to_ms(&moment, ms);
}

/* A duration, with `ago' behind it or not. */
static bool
parse_age(const char *text, int64_t now, int64_t *ms)
{
	static const char ago[] = " ago";
	size_t len = strlen(text);
	char age[64];
	int64_t found;

	if (len > strlen(ago) && strcmp(text + len - strlen(ago), ago) == 0)
		len -= strlen(ago);
	if (len >= sizeof age)
		return false;
	memcpy(age, text, len);
	age[len] = '\0';
	if (!units_parse_duration(age, &found))
		return false;
	*ms = now - found;
	return true;
}

static bool
parse_stamp(struct cursor *cursor, int64_t now, int64_t *ms)
{
	struct cursor start = *cursor;

	if (take(cursor, '@'))
		return take_seconds(cursor, ms);
	if (take_any(cursor, now, ms) || parse_clock(cursor, now, ms))
		return true;
	*cursor = start;
	return parse_date(cursor, ms);
}

bool
logtime_parse(const char *text, int64_t now, int64_t *ms)
{
	struct cursor cursor = { text, text + strlen(text) };
	int64_t found;

	if (!parse_word(text, now, &found) && !parse_age(text, now, &found) &&
	    (!parse_stamp(&cursor, now, &found) || cursor.at != cursor.end))
		return false;
	*ms = found;
	return true;
}
