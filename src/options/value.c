/*
 * The types of option values, text to field and back.  zdrun uses it: memory
 * failures are returned, and nothing is asked of the system but HOME for a
 * leading "~/".
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cause.h"
#include "base/near.h"
#include "base/path.h"
#include "base/signame.h"
#include "base/units.h"
#include "options/codes.h"
#include "options/format.h"
#include "options/pairs.h"
#include "options/schedule.h"
#include "options/systemlog.h"
#include "options/value.h"

#define SHOWN "'%.100s'" /* as much of a wrong value as a message repeats */

static const struct {
	const char *name;
	long long level;
} level_table[] = {
	/* of two names the first is the one that is printed */
	{ "critical", 50 },
	{ "fatal", 50 },
	{ "error", 40 },
	{ "warning", 30 },
	{ "warn", 30 },
	{ "info", 20 },
	{ "blather", 15 },
	{ "debug", 10 },
	{ "trace", 5 },
	{ "all", 1 },
	{ "notset", 0 },
};

#define LEVELS (sizeof(level_table) / sizeof(level_table[0]))

static int
no_memory(char **cause)
{
	cause_set(cause, "out of memory");
	return -1;
}

static int
parse_bool(bool *value, const char *text, char **cause)
{
	static const char *const word[] = { "off", "on", "no", "yes", "false",
		"true" };
	size_t i;

	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (ascii_same(text, word[i])) {
			*value = i % 2 == 1;
			return 0;
		}
	cause_set(cause, SHOWN " is neither on nor off", text);
	return -1;
}

static int
parse_number(long long *value, const struct option_row *row, const char *text,
    char **cause)
{
	long long any;

	if (units_parse_number(text, row->low, row->high, value))
		return 0;
	if (units_parse_number(text, -INT64_MAX, INT64_MAX, &any))
		cause_set(cause, SHOWN " is not between %lld and %lld", text,
		    row->low, row->high);
	else
		cause_set(cause, SHOWN " is not a whole number", text);
	return -1;
}

static int
parse_octal(unsigned int *value, const struct option_row *row, const char *text,
    char **cause)
{
	unsigned int mode;

	if (!units_parse_octal(text, &mode) || mode > row->high) {
		cause_set(cause, SHOWN " is not an octal mode up to %llo", text,
		    (unsigned long long)row->high);
		return -1;
	}
	*value = mode;
	return 0;
}

/* Who cannot look cannot control, and the owner always can. */
static int
parse_rights(unsigned int *value, const char *text, char **cause)
{
	unsigned int mode;

	if (!units_parse_octal(text, &mode) || mode > 0666 ||
	    (mode & 0111) != 0 || (mode & 0700) != 0600 ||
	    (mode & 060) == 020 || (mode & 06) == 02) {
		cause_set(cause,
		    SHOWN " is no mode such as 600, 640 or 664: 6 for the "
			  "owner, then 0, 4 (look) or 6 (control) for the "
			  "group and for others",
		    text);
		return -1;
	}
	*value = mode;
	return 0;
}

static int
parse_duration(int64_t *value, const struct option_row *row, const char *text,
    char **cause)
{
	char longest[32];
	int64_t ms;

	if (!units_parse_duration(text, &ms)) {
		cause_set(cause,
		    SHOWN " is not a number of seconds, nor a "
			  "time such as 500ms, 5m or 1h30m",
		    text);
		return -1;
	}
	if (ms < row->low || ms > row->high) {
		cause_set(cause, SHOWN " is longer than %s seconds", text,
		    units_print_duration(row->high, longest, sizeof(longest)));
		return -1;
	}
	*value = ms;
	return 0;
}

static int
parse_size(int64_t *value, const struct option_row *row, const char *text,
    char **cause)
{
	char least[32], most[32];
	int64_t bytes;

	if (!units_parse_size(text, &bytes)) {
		cause_set(cause,
		    SHOWN " is not a size: a number of bytes, or one with K, "
			  "M or G such as 10M",
		    text);
		return -1;
	}
	if (bytes < row->low || bytes > row->high) {
		cause_set(cause, SHOWN " is not between %s and %s", text,
		    units_print_size(row->low, least, sizeof(least)),
		    units_print_size(row->high, most, sizeof(most)));
		return -1;
	}
	*value = bytes;
	return 0;
}

/* The row of a level, or LEVELS. */
static size_t
find_level(const char *name)
{
	size_t i = 0;

	while (i < LEVELS && !ascii_same(name, level_table[i].name))
		i++;
	return i;
}

static int
parse_level(long long *value, const struct option_row *row, const char *text,
    char **cause)
{
	struct near near;
	size_t i = find_level(text);

	if (i < LEVELS) {
		*value = level_table[i].level;
		return 0;
	}
	if (units_parse_number(text, row->low, row->high, value))
		return 0;
	near_begin(&near, text);
	for (i = 0; i < LEVELS; i++)
		near_offer(&near, level_table[i].name);
	if (near.best != NULL)
		cause_set(cause, SHOWN " is not a level; did you mean '%s'?",
		    text, near.best);
	else
		cause_set(cause,
		    SHOWN " is not a level: a name such as info "
			  "or debug, or a number from 0 to 50",
		    text);
	return -1;
}

/* Takes over text, which may be NULL for want of memory. */
static int
keep_string(char **value, char *text, char **cause)
{
	if (text == NULL)
		return no_memory(cause);
	free(*value);
	*value = text;
	return 0;
}

static int
check_length(const struct option_row *row, const char *text, char **cause)
{
	size_t len = strlen(text);

	if (len < (size_t)row->low) {
		cause_set(cause, "the value is empty");
		return -1;
	}
	if (len > (size_t)row->high) {
		cause_set(cause, "'%.40s...' is longer than %lld bytes", text,
		    row->high);
		return -1;
	}
	return 0;
}

static int
parse_path(
    char **value, const struct option_row *row, const char *text, char **cause)
{
	const char *home = NULL;

	if (text[0] == '~' && (text[1] == '/' || text[1] == '\0'))
		home = getenv("HOME");
	if (home == NULL || *home == '\0') {
		if (check_length(row, text, cause) == -1)
			return -1;
		return keep_string(value, strdup(text), cause);
	}
	text += text[1] == '/' ? 2 : 1;
	if (*text == '\0')
		return keep_string(value, strdup(home), cause);
	return keep_string(value, path_join(home, text), cause);
}

static int
parse_target(
    char **value, const struct option_row *row, const char *text, char **cause)
{
	struct systemlog log;

	if (systemlog_named(text) &&
	    systemlog_parse(&log, text, NULL, cause) == -1)
		return -1;
	return parse_path(value, row, text, cause);
}

/* Whether the blank-parted list choices holds the word of len bytes. */
static bool
has_choice(const char *choices, const char *word, size_t len)
{
	const char *end;
	size_t n;

	do {
		end = strchr(choices, ' ');
		n = end != NULL ? (size_t)(end - choices) : strlen(choices);
		if (n == len && ascii_same_part(choices, word, len))
			return true;
		choices += n + 1;
	} while (end != NULL);
	return false;
}

static int
parse_choice(
    char **value, const struct option_row *row, const char *text, char **cause)
{
	if (*text == '\0' || !has_choice(row->choices, text, strlen(text))) {
		cause_set(cause, SHOWN " is none of %s", text, row->choices);
		return -1;
	}
	return keep_string(value, ascii_make_lower(strdup(text)), cause);
}

static int
parse_signal(char **value, const char *text, char **cause)
{
	int signal;

	if ((signal = schedule_signal(text, cause)) == -1)
		return -1;
	return keep_string(value, strdup(signame_of(signal)), cause);
}

static int
parse_schedule(char **value, const char *text, char **cause)
{
	struct schedule schedule;
	char buf[SCHEDULE_TEXT];

	if (schedule_parse(&schedule, text, cause) == -1)
		return -1;
	return keep_string(
	    value, strdup(schedule_print(&schedule, buf, sizeof(buf))), cause);
}

static int
parse_format(
    char **value, const struct option_row *row, const char *text, char **cause)
{
	char *format;

	if (check_length(row, text, cause) == -1 ||
	    (format = format_read(text, cause)) == NULL)
		return -1;
	return keep_string(value, format, cause);
}

static int
parse_words(struct words *value, const struct option_row *row, const char *text,
    char **cause)
{
	struct words words;

	if (words_split(&words, text, cause) == -1)
		return -1;
	if (words.count < (size_t)row->low) {
		words_free(&words);
		cause_set(cause, "the value is empty");
		return -1;
	}
	words_free(value);
	*value = words;
	return 0;
}

int
value_parse(
    void *field, const struct option_row *row, const char *text, char **cause)
{
	switch (row->type) {
	case OPTION_BOOL:
		return parse_bool(field, text, cause);
	case OPTION_NUMBER:
		return parse_number(field, row, text, cause);
	case OPTION_OCTAL:
		return parse_octal(field, row, text, cause);
	case OPTION_RIGHTS:
		return parse_rights(field, text, cause);
	case OPTION_DURATION:
		return parse_duration(field, row, text, cause);
	case OPTION_SIZE:
		return parse_size(field, row, text, cause);
	case OPTION_LEVEL:
		return parse_level(field, row, text, cause);
	case OPTION_STRING:
		if (check_length(row, text, cause) == -1)
			return -1;
		return keep_string(field, strdup(text), cause);
	case OPTION_PATH:
		return parse_path(field, row, text, cause);
	case OPTION_TARGET:
		return parse_target(field, row, text, cause);
	case OPTION_CHOICE:
		return parse_choice(field, row, text, cause);
	case OPTION_SIGNAL:
		return parse_signal(field, text, cause);
	case OPTION_SCHEDULE:
		return parse_schedule(field, text, cause);
	case OPTION_FORMAT:
		return parse_format(field, row, text, cause);
	case OPTION_WORDS:
		return parse_words(field, row, text, cause);
	case OPTION_CODES:
		return codes_parse(field, text, row->low, row->high, cause);
	case OPTION_PAIRS:
		return pairs_parse(field, text, cause);
	}
	return -1;
}

/* The name of a level, or NULL for a number without one. */
static const char *
level_name(long long level)
{
	size_t i;

	for (i = 0; i < LEVELS; i++)
		if (level_table[i].level == level)
			return level_table[i].name;
	return NULL;
}

static char *
print_level(long long level)
{
	const char *name = level_name(level);
	char buf[32];

	if (name != NULL)
		return strdup(name);
	snprintf(buf, sizeof(buf), "%lld", level);
	return strdup(buf);
}

char *
value_print(const void *field, const struct option_row *row)
{
	char buf[32];

	if (!value_is_set(field, row))
		return NULL;
	switch (row->type) {
	case OPTION_BOOL:
		return strdup(*(const bool *)field ? "on" : "off");
	case OPTION_NUMBER:
		snprintf(buf, sizeof(buf), "%lld", *(const long long *)field);
		return strdup(buf);
	case OPTION_OCTAL:
	case OPTION_RIGHTS:
		snprintf(
		    buf, sizeof(buf), "%03o", *(const unsigned int *)field);
		return strdup(buf);
	case OPTION_DURATION:
		return strdup(units_print_duration(
		    *(const int64_t *)field, buf, sizeof(buf)));
	case OPTION_SIZE:
		return strdup(units_print_size(
		    *(const int64_t *)field, buf, sizeof(buf)));
	case OPTION_LEVEL:
		return print_level(*(const long long *)field);
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
	case OPTION_CHOICE:
	case OPTION_SIGNAL:
	case OPTION_SCHEDULE:
	case OPTION_FORMAT:
		return strdup(*(char *const *)field);
	case OPTION_WORDS:
		return words_quote(field);
	case OPTION_CODES:
		return codes_print(field);
	case OPTION_PAIRS:
		return pairs_print(field);
	}
	return NULL;
}

/* How the types are kept in memory; several share one way. */
enum kept {
	KEPT_BOOL,
	KEPT_NUMBER, /* long long */
	KEPT_MODE, /* unsigned int */
	KEPT_AMOUNT, /* int64_t */
	KEPT_STRING,
	KEPT_WORDS,
	KEPT_CODES,
	KEPT_PAIRS
};

static enum kept
kept_as(enum option_type type)
{
	switch (type) {
	case OPTION_BOOL:
		return KEPT_BOOL;
	case OPTION_NUMBER:
	case OPTION_LEVEL:
		return KEPT_NUMBER;
	case OPTION_OCTAL:
	case OPTION_RIGHTS:
		return KEPT_MODE;
	case OPTION_DURATION:
	case OPTION_SIZE:
		return KEPT_AMOUNT;
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
	case OPTION_CHOICE:
	case OPTION_SIGNAL:
	case OPTION_SCHEDULE:
	case OPTION_FORMAT:
		break;
	case OPTION_WORDS:
		return KEPT_WORDS;
	case OPTION_CODES:
		return KEPT_CODES;
	case OPTION_PAIRS:
		return KEPT_PAIRS;
	}
	return KEPT_STRING;
}

bool
value_is_set(const void *field, const struct option_row *row)
{
	switch (kept_as(row->type)) {
	case KEPT_BOOL:
	case KEPT_NUMBER:
	case KEPT_MODE:
	case KEPT_AMOUNT:
	case KEPT_CODES:
		return true;
	case KEPT_STRING:
		return *(char *const *)field != NULL;
	case KEPT_WORDS:
		return ((const struct words *)field)->count > 0;
	case KEPT_PAIRS:
		return ((const struct pairs *)field)->count > 0;
	}
	return false;
}

static int
copy_string(char **to, const char *from)
{
	if (from == NULL)
		return 0;
	return (*to = strdup(from)) == NULL ? -1 : 0;
}

int
value_copy(void *to, const void *from, const struct option_row *row)
{
	switch (kept_as(row->type)) {
	case KEPT_BOOL:
		*(bool *)to = *(const bool *)from;
		return 0;
	case KEPT_NUMBER:
		*(long long *)to = *(const long long *)from;
		return 0;
	case KEPT_MODE:
		*(unsigned int *)to = *(const unsigned int *)from;
		return 0;
	case KEPT_AMOUNT:
		*(int64_t *)to = *(const int64_t *)from;
		return 0;
	case KEPT_STRING:
		return copy_string(to, *(char *const *)from);
	case KEPT_WORDS:
		return words_copy(to, from);
	case KEPT_CODES:
		return codes_copy(to, from);
	case KEPT_PAIRS:
		return pairs_copy(to, from);
	}
	return -1;
}

void
value_free(void *field, const struct option_row *row)
{
	switch (kept_as(row->type)) {
	case KEPT_BOOL:
	case KEPT_NUMBER:
	case KEPT_MODE:
	case KEPT_AMOUNT:
		break;
	case KEPT_STRING:
		free(*(char **)field);
		*(char **)field = NULL;
		break;
	case KEPT_WORDS:
		words_free(field);
		break;
	case KEPT_CODES:
		codes_free(field);
		break;
	case KEPT_PAIRS:
		pairs_free(field);
		break;
	}
}
