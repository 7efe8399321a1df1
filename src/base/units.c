/*
 * Numbers, durations and sizes as text, both ways.  Every parser takes the
 * whole text or nothing; every print reads back to the same value.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/units.h"

#define MS_SECOND  1000LL
#define MS_MINUTE  (60 * MS_SECOND)
#define MS_HOUR	   (60 * MS_MINUTE)
#define MS_DAY	   (24 * MS_HOUR)
#define MS_LONGEST (36525 * MS_DAY)

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits at *text as a number; moves behind them.  False: none, or many. */
static bool
take_digits(const char **text, int64_t *number)
{
	int64_t sum = 0;

	if (!is_digit(**text))
		return false;
	for (; is_digit(**text); (*text)++)
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, **text - '0', &sum))
			return false;
	*number = sum;
	return true;
}

bool
units_parse_number(const char *text, long long low, long long high,
    long long *value)
{
	bool negative = *text == '-';
	int64_t sum;

	if (negative)
		text++;
	if (!take_digits(&text, &sum))
		return false;
	if (negative)
		sum = -sum;
	if (*text != '\0' || sum < low || sum > high)
		return false;
	*value = sum;
	return true;
}

bool
units_parse_octal(const char *text, unsigned int *value)
{
	unsigned int sum = 0;

	if (text[0] == '0' && (text[1] == 'o' || text[1] == 'O'))
		text += 2;
	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '7'; text++)
		if ((sum = sum * 8 + (unsigned int)(*text - '0')) > 07777)
			return false;
	if (*text != '\0')
		return false;
	*value = sum;
	return true;
}

/* The unit at *text in ms; moves behind it.  No unit at the end: seconds. */
static int64_t
take_duration_unit(const char **text)
{
	static const struct {
		const char *name;
		int64_t ms;
	} unit[] = {	/* "ms" before "m" */
		{ "ms", 1 },
		{ "s", MS_SECOND },
		{ "m", MS_MINUTE },
		{ "h", MS_HOUR },
		{ "d", MS_DAY },
	};
	size_t i, len;

	if (**text == '\0')
		return MS_SECOND;
	for (i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		len = strlen(unit[i].name);
		if (strncmp(*text, unit[i].name, len) == 0) {
			*text += len;
			return unit[i].ms;
		}
	}
	return 0;
}

/* One number with its fraction and unit; false if there is none. */
static bool
take_duration_part(const char **text, int64_t *ms)
{
	int64_t whole = 0, fraction = 0, scale = 1, unit;

	if (!is_digit(**text))
		return false;
	for (; is_digit(**text); (*text)++)
		if ((whole = whole * 10 + (**text - '0')) > MS_LONGEST)
			return false;
	if (**text == '.') {
		(*text)++;
		if (!is_digit(**text))
			return false;
		for (; is_digit(**text); (*text)++) {
			if (scale == 1000 * 1000)
				continue;	/* finer than we can keep */
			fraction = fraction * 10 + (**text - '0');
			scale *= 10;
		}
	}
	if ((unit = take_duration_unit(text)) == 0 ||
	    whole > MS_LONGEST / unit)
		return false;
	*ms = whole * unit + fraction * unit / scale;
	return true;
}

bool
units_parse_duration(const char *text, int64_t *ms)
{
	int64_t sum = 0, part;

	do {
		if (!take_duration_part(&text, &part))
			return false;
		if ((sum += part) > MS_LONGEST)
			return false;
	} while (*text != '\0');
	*ms = sum;
	return true;
}

bool
units_parse_size(const char *text, int64_t *bytes)
{
	static const char unit[] = "BKMGT";
	const char *found = unit;
	int64_t sum;
	int i;

	if (!take_digits(&text, &sum))
		return false;
	if (*text != '\0') {
		char upper = *text >= 'a' && *text <= 'z' ?
		    (char)(*text - 'a' + 'A') : *text;

		if ((found = strchr(unit, upper)) == NULL || text[1] != '\0')
			return false;
	}
	for (i = 0; i < found - unit; i++)
		if (__builtin_mul_overflow(sum, 1024, &sum))
			return false;
	*bytes = sum;
	return true;
}

const char *
units_print_duration(int64_t ms, char *buf, size_t size)
{
	long long seconds = ms / MS_SECOND;
	int rest = (int)(ms % MS_SECOND);
	char *end;

	if (rest == 0) {
		snprintf(buf, size, "%lld", seconds);
		return buf;
	}
	snprintf(buf, size, "%lld.%03d", seconds, rest);
	for (end = buf + strlen(buf); end[-1] == '0'; end--)
		continue;
	*end = '\0';
	return buf;
}

const char *
units_print_size(int64_t bytes, char *buf, size_t size)
{
	static const char unit[] = "\0KMGT";
	int i = 0;

	while (bytes != 0 && bytes % 1024 == 0 && i < 4) {
		bytes /= 1024;
		i++;
	}
	if (i == 0)
		snprintf(buf, size, "%lld", (long long)bytes);
	else
		snprintf(buf, size, "%lld%c", (long long)bytes, unit[i]);
	return buf;
}

const char *
units_show_age(int64_t ms, char *buf, size_t size)
{
	long long s = ms < 0 ? 0 : ms / MS_SECOND;

	if (s < 60)
		snprintf(buf, size, "%llds", s);
	else if (s < 3600)
		snprintf(buf, size, "%lldm", s / 60);
	else if (s < 86400)
		snprintf(buf, size, "%lldh %lldm", s / 3600, s / 60 % 60);
	else
		snprintf(buf, size, "%lldd %lldh", s / 86400, s / 3600 % 24);
	return buf;
}

const char *
units_show_size(int64_t bytes, char *buf, size_t size)
{
	static const char *const unit[] = { "kB", "MB", "GB", "TB" };
	double value = (double)bytes;
	int i;

	if (bytes < 1000) {
		snprintf(buf, size, "%lld bytes", (long long)bytes);
		return buf;
	}
	/* As it is rounded: 999999 bytes are 1.0 MB, not 1000 kB. */
	for (i = -1; value >= 999.5 && i < 3; i++)
		value /= 1000;
	snprintf(
	    buf, size, value < 9.95 ? "%.1f %s" : "%.0f %s", value, unit[i]);
	return buf;
}
