/*
 * The types of option values, text to field and back.  zdrun uses it: memory
 * failures are returned, and nothing is asked of the system but HOME for a
 * leading "~/".
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/path.h"
#include "base/signame.h"
#include "base/units.h"
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

/* What Python's logging can put into an entry. */
static const char *const format_names[] = { "name", "levelno", "levelname",
	"pathname", "filename", "module", "lineno", "funcName", "created",
	"asctime", "msecs", "relativeCreated", "thread", "threadName",
	"process", "processName", "message" };

#define FORMAT_NAMES (sizeof(format_names) / sizeof(format_names[0]))

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
		if (strcasecmp(text, word[i]) == 0) {
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
parse_size(
    int64_t *value, const struct option_row *row, const char *text, char **cause)
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

static int
parse_level(long long *value, const struct option_row *row, const char *text,
    char **cause)
{
	struct near near;
	size_t i;

	near_begin(&near, text);
	for (i = 0; i < LEVELS; i++) {
		if (strcasecmp(text, level_table[i].name) == 0) {
			*value = level_table[i].level;
			return 0;
		}
		near_offer(&near, level_table[i].name);
	}
	if (units_parse_number(text, row->low, row->high, value))
		return 0;
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

const char *
option_level_name(long long level)
{
	size_t i;

	for (i = 0; i < LEVELS; i++)
		if (level_table[i].level == level)
			return level_table[i].name;
	return NULL;
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
	size_t n;

	for (; *choices != '\0'; choices += n) {
		choices += strspn(choices, " ");
		n = strcspn(choices, " ");
		if (n == len && strncasecmp(choices, word, len) == 0)
			return true;
	}
	return false;
}

static int
parse_choice(
    char **value, const struct option_row *row, const char *text, char **cause)
{
	char *lower, *c;

	if (*text == '\0' || !has_choice(row->choices, text, strlen(text))) {
		cause_set(cause, SHOWN " is none of %s", text, row->choices);
		return -1;
	}
	if ((lower = strdup(text)) != NULL)
		for (c = lower; *c != '\0'; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
	return keep_string(value, lower, cause);
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

/* Replaces the two-character escapes in place, as zdaemon does. */
static void
expand_escapes(char *text)
{
	static const char letter[] = "nrtbf", byte[] = "\n\r\t\b\f";
	const char *found;
	char *to = text;

	for (; *text != '\0'; text++) {
		if (text[0] == '\\' && text[1] != '\0' &&
		    (found = strchr(letter, text[1])) != NULL) {
			*to++ = byte[found - letter];
			text++;
		} else
			*to++ = *text;
	}
	*to = '\0';
}

/* What stands behind flags, width and precision; NULL if they are too large. */
static const char *
skip_modifiers(const char *text)
{
	size_t flags = strspn(text, "-#0 +"), width, precision = 0;

	text += flags;
	width = strspn(text, "0123456789");
	text += width;
	if (*text == '.') {
		precision = strspn(text + 1, "0123456789");
		text += 1 + precision;
	}
	return flags > 5 || width > 3 || precision > 3 ? NULL : text;
}

/* Checks one field behind its '%'; returns what follows, NULL with cause. */
static const char *
check_field(const char *text, char **cause)
{
	struct near near;
	char name[32];
	size_t i, len;

	if (*text == '%')
		return text + 1;
	len = *text == '(' ? strcspn(text + 1, ")") : 0;
	if (*text != '(' || text[1 + len] == '\0') {
		cause_set(cause,
		    "'%%%.20s' is not of the form %%(name)s; a "
		    "percent sign is %%%%",
		    text);
		return NULL;
	}
	snprintf(
	    name, sizeof(name), "%.*s", (int)(len < 31 ? len : 31), text + 1);
	near_begin(&near, name);
	for (i = 0; i < FORMAT_NAMES; i++) {
		if (strcmp(name, format_names[i]) == 0)
			break;
		near_offer(&near, format_names[i]);
	}
	if (i == FORMAT_NAMES) {
		if (near.best == NULL)
			cause_set(cause, "'%%(%s)' is unknown", name);
		else
			cause_set(cause,
			    "'%%(%s)' is unknown; did you mean "
			    "'%%(%s)'?",
			    name, near.best);
		return NULL;
	}
	text += len + 2;
	if ((text = skip_modifiers(text)) == NULL) {
		cause_set(cause,
		    "the width or precision after '%%(%s)' is too large", name);
		return NULL;
	}
	if (*text == '\0' || strchr("sdifFeEgGxXoucra", *text) == NULL) {
		cause_set(cause, "no type such as s or d after '%%(%s)'", name);
		return NULL;
	}
	return text + 1;
}

static int
parse_format(
    char **value, const struct option_row *row, const char *text, char **cause)
{
	const char *next = text;
	char *copy;

	if (check_length(row, text, cause) == -1)
		return -1;
	while ((next = strchr(next, '%')) != NULL)
		if ((next = check_field(next + 1, cause)) == NULL)
			return -1;
	if ((copy = strdup(text)) != NULL)
		expand_escapes(copy);
	return keep_string(value, copy, cause);
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

static int
add_code(struct codes *codes, int code)
{
	int *grown;

	grown = realloc(codes->code, (codes->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	codes->code = grown;
	codes->code[codes->count++] = code;
	return 0;
}

/* Takes the numbers of text into codes; a comma must stand between two. */
static int
take_codes(
    struct codes *codes, const struct option_row *row, char *text, char **cause)
{
	static const char blank[] = " \t\r\n";
	bool comma = false;
	long long code;
	char *end, after;

	for (;;) {
		text += strspn(text, blank);
		if (*text == '\0' && !comma)
			return 0;
		end = text + strcspn(text, ", \t\r\n");
		after = *end;
		*end = '\0';
		if (!units_parse_number(text, row->low, row->high, &code)) {
			cause_set(cause,
			    SHOWN " is not an exit status from "
				  "%lld to %lld",
			    text, row->low, row->high);
			return -1;
		}
		if (add_code(codes, (int)code) == -1)
			return no_memory(cause);
		*end = after;
		text = end + strspn(end, blank);
		if ((comma = *text == ','))
			text++;
	}
}

static int
parse_codes(struct codes *value, const struct option_row *row, const char *text,
    char **cause)
{
	struct codes codes = { NULL, 0 };
	char *copy;

	if ((copy = strdup(text)) == NULL)
		return no_memory(cause);
	if (take_codes(&codes, row, copy, cause) == -1) {
		free(codes.code);
		free(copy);
		return -1;
	}
	free(copy);
	free(value->code);
	*value = codes;
	return 0;
}

static void
free_pairs(struct pairs *pairs)
{
	size_t i;

	for (i = 0; i < pairs->count; i++) {
		free(pairs->pair[i].name);
		free(pairs->pair[i].value);
	}
	free(pairs->pair);
	pairs->pair = NULL;
	pairs->count = 0;
}

static struct pair *
find_pair(const struct pairs *pairs, const char *name)
{
	size_t i;

	for (i = 0; i < pairs->count; i++)
		if (strcmp(pairs->pair[i].name, name) == 0)
			return &pairs->pair[i];
	return NULL;
}

static int
add_pair(struct pairs *pairs, const char *name, const char *text,
    const struct origin *origin)
{
	struct pair *grown, *pair;

	grown = realloc(pairs->pair, (pairs->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	pairs->pair = grown;
	pair = &grown[pairs->count];
	*pair = (struct pair){ NULL, NULL, *origin };
	if (keep_string(&pair->name, strdup(name), NULL) == -1 ||
	    keep_string(&pair->value, strdup(text), NULL) == -1) {
		free(pair->name);
		return -1;
	}
	pairs->count++;
	return 0;
}

static bool
is_variable_name(const char *name)
{
	const char *c;

	for (c = name; *c != '\0'; c++)
		if (*c == '=' || (*c >= '\0' && *c < ' ') || *c == 0x7f)
			return false;
	return c > name;
}

int
value_set_pair(struct pairs *pairs, const char *name, const char *text,
    const struct origin *origin, char **cause)
{
	struct pair *pair;

	if (!is_variable_name(name)) {
		cause_set(
		    cause, SHOWN " cannot be the name of a variable", name);
		return -1;
	}
	if ((pair = find_pair(pairs, name)) == NULL)
		return add_pair(pairs, name, text, origin) == -1 ?
		    no_memory(cause) :
		    0;
	if (pair->origin.kind > origin->kind)
		return 0;
	if (keep_string(&pair->value, strdup(text), cause) == -1)
		return -1;
	pair->origin = *origin;
	return 0;
}

static int
parse_pairs(struct pairs *value, const char *text, char **cause)
{
	static const struct origin none = { ORIGIN_DEFAULT, NULL, 0 };
	struct pairs pairs = { NULL, 0 };
	struct words words;
	char *equal;
	size_t i;

	if (words_split(&words, text, cause) == -1)
		return -1;
	for (i = 0; i < words.count; i++) {
		if ((equal = strchr(words.word[i], '=')) == NULL) {
			cause_set(
			    cause, SHOWN " is not NAME=VALUE", words.word[i]);
			break;
		}
		*equal = '\0';
		if (value_set_pair(
			&pairs, words.word[i], equal + 1, &none, cause) == -1)
			break;
	}
	if (i < words.count) {
		free_pairs(&pairs);
		words_free(&words);
		return -1;
	}
	words_free(&words);
	free_pairs(value);
	*value = pairs;
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
		return parse_codes(field, row, text, cause);
	case OPTION_PAIRS:
		return parse_pairs(field, text, cause);
	}
	return -1;
}

static char *
print_level(long long level)
{
	const char *name = option_level_name(level);
	char buf[32];

	if (name != NULL)
		return strdup(name);
	snprintf(buf, sizeof(buf), "%lld", level);
	return strdup(buf);
}

static char *
print_codes(const struct codes *codes)
{
	size_t i, used = 0, size = codes->count * 12 + 1;
	char *text;

	if ((text = malloc(size)) == NULL)
		return NULL;
	*text = '\0';
	for (i = 0; i < codes->count; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%d",
		    i == 0 ? "" : ",", codes->code[i]);
	return text;
}

static char *
print_pairs(const struct pairs *pairs)
{
	struct words words = { NULL, 0 };
	const struct pair *pair;
	char *text = NULL;
	size_t i, len;

	for (i = 0; i < pairs->count; i++) {
		pair = &pairs->pair[i];
		len = strlen(pair->name) + strlen(pair->value) + 2;
		free(text);
		if ((text = malloc(len)) == NULL)
			break;
		snprintf(text, len, "%s=%s", pair->name, pair->value);
		if (words_add(&words, text) == -1)
			break;
	}
	free(text);
	text = i < pairs->count ? NULL : words_quote(&words);
	words_free(&words);
	return text;
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
		return print_codes(field);
	case OPTION_PAIRS:
		return print_pairs(field);
	}
	return NULL;
}

bool
value_is_set(const void *field, const struct option_row *row)
{
	switch (row->type) {
	case OPTION_BOOL:
	case OPTION_NUMBER:
	case OPTION_OCTAL:
	case OPTION_RIGHTS:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_LEVEL:
	case OPTION_CODES:
		return true;
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
	case OPTION_CHOICE:
	case OPTION_SIGNAL:
	case OPTION_SCHEDULE:
	case OPTION_FORMAT:
		return *(char *const *)field != NULL;
	case OPTION_WORDS:
		return ((const struct words *)field)->count > 0;
	case OPTION_PAIRS:
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

static int
copy_codes(struct codes *to, const struct codes *from)
{
	if (from->count == 0)
		return 0;
	to->code = malloc(from->count * sizeof(*to->code));
	if (to->code == NULL)
		return -1;
	memcpy(to->code, from->code, from->count * sizeof(*to->code));
	to->count = from->count;
	return 0;
}

static int
copy_pairs(struct pairs *to, const struct pairs *from)
{
	const struct pair *pair;
	size_t i;

	for (i = 0; i < from->count; i++) {
		pair = &from->pair[i];
		if (add_pair(to, pair->name, pair->value, &pair->origin) == -1)
			return -1;
	}
	return 0;
}

int
value_copy(void *to, const void *from, const struct option_row *row)
{
	switch (row->type) {
	case OPTION_BOOL:
		*(bool *)to = *(const bool *)from;
		return 0;
	case OPTION_NUMBER:
	case OPTION_LEVEL:
		*(long long *)to = *(const long long *)from;
		return 0;
	case OPTION_OCTAL:
	case OPTION_RIGHTS:
		*(unsigned int *)to = *(const unsigned int *)from;
		return 0;
	case OPTION_DURATION:
	case OPTION_SIZE:
		*(int64_t *)to = *(const int64_t *)from;
		return 0;
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
	case OPTION_CHOICE:
	case OPTION_SIGNAL:
	case OPTION_SCHEDULE:
	case OPTION_FORMAT:
		return copy_string(to, *(char *const *)from);
	case OPTION_WORDS:
		return words_copy(to, from);
	case OPTION_CODES:
		return copy_codes(to, from);
	case OPTION_PAIRS:
		return copy_pairs(to, from);
	}
	return -1;
}

void
value_free(void *field, const struct option_row *row)
{
	switch (row->type) {
	case OPTION_BOOL:
	case OPTION_NUMBER:
	case OPTION_OCTAL:
	case OPTION_RIGHTS:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_LEVEL:
		break;
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
	case OPTION_CHOICE:
	case OPTION_SIGNAL:
	case OPTION_SCHEDULE:
	case OPTION_FORMAT:
		free(*(char **)field);
		*(char **)field = NULL;
		break;
	case OPTION_WORDS:
		words_free(field);
		break;
	case OPTION_CODES:
		free(((struct codes *)field)->code);
		*(struct codes *)field = (struct codes){ NULL, 0 };
		break;
	case OPTION_PAIRS:
		free_pairs(field);
		break;
	}
}
