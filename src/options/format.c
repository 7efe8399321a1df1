/*
 * How an entry of the event log looks, in Python's %(name)s form: zdaemon's
 * files have it, and nothing may reach the supervisor that it cannot print.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cause.h"
#include "base/near.h"
#include "options/format.h"

/* What Python's logging can put into an entry. */
static const char *const format_names[] = { "name", "levelno", "levelname",
	"pathname", "filename", "module", "lineno", "funcName", "created",
	"asctime", "msecs", "relativeCreated", "thread", "threadName",
	"process", "processName", "message" };

#define FORMAT_NAMES (sizeof(format_names) / sizeof(format_names[0]))

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

static bool
is_known(const char *name, char **cause)
{
	struct near near;
	size_t i;

	near_begin(&near, name);
	for (i = 0; i < FORMAT_NAMES; i++) {
		if (strcmp(name, format_names[i]) == 0)
			return true;
		near_offer(&near, format_names[i]);
	}
	if (near.best == NULL)
		cause_set(cause, "'%%(%s)' is unknown", name);
	else
		cause_set(cause, "'%%(%s)' is unknown; did you mean '%%(%s)'?",
		    name, near.best);
	return false;
}

/* Checks one field behind its '%'; returns what follows, NULL with cause. */
static const char *
check_field(const char *text, char **cause)
{
	char name[32];
	size_t len;

	if (*text == '%')
		return text + 1;
	len = *text == '(' ? strcspn(text + 1, ")") : 0;
	if (*text != '(' || text[1 + len] == '\0') {
		cause_set(cause,
		    "'%%%.20s' is not of the form %%(name)s; a percent sign "
		    "is %%%%",
		    text);
		return NULL;
	}
	snprintf(
	    name, sizeof(name), "%.*s", (int)(len < 31 ? len : 31), text + 1);
	if (!is_known(name, cause))
		return NULL;
	if ((text = skip_modifiers(text + len + 2)) == NULL)
		cause_set(cause,
		    "the width or precision after '%%(%s)' is too large", name);
	else if (*text == '\0' || strchr("sdifFeEgGxXoucra", *text) == NULL)
		cause_set(cause, "no type such as s or d after '%%(%s)'", name);
	else
		return text + 1;
	return NULL;
}

char *
format_read(const char *text, char **cause)
{
	const char *next = text;
	char *copy;

	while ((next = strchr(next, '%')) != NULL)
		if ((next = check_field(next + 1, cause)) == NULL)
			return NULL;
	if ((copy = strdup(text)) == NULL)
		cause_set(cause, "out of memory");
	else
		expand_escapes(copy);
	return copy;
}
