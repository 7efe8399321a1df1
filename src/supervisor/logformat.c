/*
 * Entries of the event log in the formats of Python's logging: %(name)s and
 * its relatives with flags, width and precision; \n, \t, \b, \f and \r as two
 * characters each, since that is how a configuration file has them.
 */

#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/visible.h"
#include "supervisor/logformat.h"

#define LOGFORMAT_VALUE 1024 /* the longest single value */
#define DIGITS_MAX      3 /* of a width and of a precision */

struct logout {
	char *buf;
	size_t size, len;
};

static void
logout_add(struct logout *out, const char *text, size_t len)
{
	size_t room = out->size - out->len;

	if (len > room)
		len = room;
	memcpy(out->buf + out->len, text, len);
	out->len += len;
}

static const char *
logformat_level(int level, char *buf, size_t size)
{
	static const struct {
		int level;
		const char *name;
	} table[] = {
		{ LOG_LEVEL_CRITICAL, "CRITICAL" },
		{ LOG_LEVEL_ERROR, "ERROR" },
		{ LOG_LEVEL_WARNING, "WARNING" },
		{ LOG_LEVEL_INFO, "INFO" },
		{ LOG_LEVEL_DEBUG, "DEBUG" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].level == level)
			return table[i].name;
	}
	snprintf(buf, size, "Level %d", level);
	return buf;
}

static void
logformat_time(char *buf, size_t size, const char *dateformat, int64_t at)
{
	time_t seconds = (time_t)(at / 1000);
	struct tm tm;

	buf[0] = '\0';
	if (localtime_r(&seconds, &tm) == NULL)
		return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (strftime(buf, size, dateformat, &tm) == 0)
		buf[0] = '\0';
#pragma GCC diagnostic pop
}

enum logfield { /* texts, then numbers */
	FIELD_ASCTIME,
	FIELD_LEVELNAME,
	FIELD_MESSAGE,
	FIELD_TEXT, /* the same in every entry */
	FIELD_LEVELNO,
	FIELD_PROCESS,
	FIELD_MSECS,
	FIELD_CREATED,
	FIELD_RELATIVE,
	FIELD_ZERO
};

static const struct {
	const char *name;
	enum logfield field;
	const char *text;
} logfield_table[] = {
	{ "asctime", FIELD_ASCTIME, NULL },
	{ "levelname", FIELD_LEVELNAME, NULL },
	{ "message", FIELD_MESSAGE, NULL },
	{ "name", FIELD_TEXT, "root" },
	{ "levelno", FIELD_LEVELNO, NULL },
	{ "process", FIELD_PROCESS, NULL },
	{ "msecs", FIELD_MSECS, NULL },
	{ "created", FIELD_CREATED, NULL },
	{ "relativeCreated", FIELD_RELATIVE, NULL },
	{ "processName", FIELD_TEXT, "MainProcess" },
	{ "threadName", FIELD_TEXT, "MainThread" },
	{ "thread", FIELD_ZERO, NULL },
	{ "lineno", FIELD_ZERO, NULL },
	{ "module", FIELD_TEXT, "zdrun" },
	{ "filename", FIELD_TEXT, "zdrun" },
	{ "pathname", FIELD_TEXT, "zdrun" },
	{ "funcName", FIELD_TEXT, "zdrun" },
};

/* The value as text, or, where is_number is set, as a number. */
static void
logformat_value(size_t row, const struct logrecord *record,
    const char *dateformat, char *text, size_t size, double *number,
    bool *is_number)
{
	char level[32];

	*is_number = true;
	*number = 0;
	switch (logfield_table[row].field) {
	case FIELD_LEVELNO:
		*number = record->level;
		break;
	case FIELD_PROCESS:
		*number = (double)record->pid;
		break;
	case FIELD_MSECS:
		*number = (double)(record->at % 1000);
		break;
	case FIELD_CREATED:
		*number = (double)record->at / 1000;
		break;
	case FIELD_RELATIVE:
		*number = (double)record->since_start;
		break;
	case FIELD_ZERO:
		break;
	case FIELD_ASCTIME:
		*is_number = false;
		logformat_time(text, size, dateformat, record->at);
		break;
	case FIELD_LEVELNAME:
		*is_number = false;
		snprintf(text, size, "%s",
		    logformat_level(record->level, level, sizeof(level)));
		break;
	case FIELD_MESSAGE:
		*is_number = false;
		visible_into(
		    text, size, record->message, strlen(record->message));
		break;
	case FIELD_TEXT:
		*is_number = false;
		snprintf(text, size, "%s", logfield_table[row].text);
		break;
	}
}

static bool
is_text(size_t row)
{
	return logfield_table[row].field <= FIELD_TEXT;
}

/* "%(NAME)FLAGS.." taken apart. */
struct logspec {
	size_t row;
	char modifiers[16]; /* flags, width, precision */
	char conversion;
	size_t len; /* of the whole in the format */
};

static bool
logspec_name(struct logspec *spec, const char *name, size_t len)
{
	size_t count = sizeof(logfield_table) / sizeof(logfield_table[0]);

	for (spec->row = 0; spec->row < count; spec->row++) {
		if (strlen(logfield_table[spec->row].name) == len &&
		    memcmp(logfield_table[spec->row].name, name, len) == 0)
			return true;
	}
	return false;
}

/*
 * Takes flags, width and precision, the latter of so few digits that snprintf
 * never fails; what follows, or NULL.
 */
static const char *
logspec_modifiers(struct logspec *spec, const char *text)
{
	static const char digits[] = "0123456789";
	size_t flags = strspn(text, "-#0 +");
	size_t width = strspn(text + flags, digits);
	size_t len = flags + width, precision = 0;

	if (text[len] == '.') {
		precision = strspn(text + len + 1, digits);
		len += 1 + precision;
	}
	if (width > DIGITS_MAX || precision > DIGITS_MAX ||
	    len >= sizeof(spec->modifiers))
		return NULL;
	memcpy(spec->modifiers, text, len);
	spec->modifiers[len] = '\0';
	return text + len;
}

static bool
logspec_read(struct logspec *spec, const char *at)
{
	const char *close, *rest;

	if (at[0] != '%' || at[1] != '(' || (close = strchr(at, ')')) == NULL ||
	    !logspec_name(spec, at + 2, (size_t)(close - at) - 2))
		return false;
	rest = logspec_modifiers(spec, close + 1);
	if (rest == NULL || *rest == '\0' ||
	    strchr("sdifFeEgGxXoucra", *rest) == NULL)
		return false;
	if (strchr("xXo", *rest) != NULL && is_text(spec->row))
		return false;
	spec->conversion = *rest;
	spec->len = (size_t)(rest - at) + 1;
	return true;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void
logformat_number(struct logout *out, const struct logspec *spec, double number)
{
	char format[32], text[LOGFORMAT_VALUE];

	switch (spec->conversion) {
	case 's':
	case 'r':
	case 'a':
	case 'c':
	case 'd':
	case 'i':
	case 'u':
		snprintf(
		    format, sizeof(format), "%%%s" PRId64, spec->modifiers);
		snprintf(text, sizeof(text), format, (int64_t)number);
		break;
	case 'x':
	case 'X':
	case 'o':
		snprintf(format, sizeof(format), "%%%sll%c", spec->modifiers,
		    spec->conversion);
		snprintf(text, sizeof(text), format,
		    (unsigned long long)(int64_t)number);
		break;
	default:
		snprintf(format, sizeof(format), "%%%s%c", spec->modifiers,
		    spec->conversion);
		snprintf(text, sizeof(text), format, number);
		break;
	}
	logout_add(out, text, strlen(text));
}

static void
logformat_text(
    struct logout *out, const struct logspec *spec, const char *value)
{
	char format[32], text[LOGFORMAT_VALUE];

	snprintf(format, sizeof(format), "%%%ss", spec->modifiers);
	snprintf(text, sizeof(text), format, value);
	logout_add(out, text, strlen(text));
}

#pragma GCC diagnostic pop

static void
logformat_field(struct logout *out, const struct logspec *spec,
    const char *dateformat, const struct logrecord *record)
{
	char text[LOGFORMAT_VALUE];
	double number;
	bool is_number;

	logformat_value(spec->row, record, dateformat, text, sizeof(text),
	    &number, &is_number);
	if (is_number)
		logformat_number(out, spec, number);
	else
		logformat_text(out, spec, text);
}

/* One piece of the format; how long it is there. */
static size_t
logformat_piece(struct logout *out, const char *at, const char *dateformat,
    const struct logrecord *record)
{
	static const char from[] = "ntbfr", to[] = "\n\t\b\f\r";
	struct logspec spec;
	const char *letter;

	if (logspec_read(&spec, at)) {
		logformat_field(out, &spec, dateformat, record);
		return spec.len;
	}
	if (at[0] == '%' && at[1] == '%') {
		logout_add(out, "%", 1);
		return 2;
	}
	if (at[0] == '\\' && at[1] != '\0' &&
	    (letter = strchr(from, at[1])) != NULL) {
		logout_add(out, &to[letter - from], 1);
		return 2;
	}
	logout_add(out, at, 1);
	return 1;
}

size_t
logformat_entry(char *buf, size_t size, const char *format,
    const char *dateformat, const struct logrecord *record)
{
	struct logout out = { buf, size - 1, 0 };

	while (*format != '\0')
		format += logformat_piece(&out, format, dateformat, record);
	buf[out.len++] = '\n';
	return out.len;
}
