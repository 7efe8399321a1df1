/*
 * The format of an event log's entries.  The supervisor prints one form only,
 * Python's %(name)s; the other styles are translated into it while the
 * configuration is read, and what it cannot print is refused here.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cause.h"
#include "base/near.h"
#include "options/format.h"

/* What Python's logging can put into an entry. */
struct field {
	const char *name;
	bool number;
};

static const struct field fields[] = {
	{ "name", false },
	{ "levelno", true },
	{ "levelname", false },
	{ "pathname", false },
	{ "filename", false },
	{ "module", false },
	{ "lineno", true },
	{ "funcName", false },
	{ "created", true },
	{ "asctime", false },
	{ "msecs", true },
	{ "relativeCreated", true },
	{ "thread", true },
	{ "threadName", false },
	{ "process", true },
	{ "processName", false },
	{ "message", false },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* The field that len bytes of text name, or NULL with cause. */
static const struct field *
find_field(const char *text, size_t len, char **cause)
{
	struct near near;
	char name[32];
	size_t i;

	snprintf(name, sizeof(name), "%.*s", (int)(len < 31 ? len : 31), text);
	near_begin(&near, name);
	for (i = 0; i < FIELDS; i++) {
		if (strcmp(name, fields[i].name) == 0)
			return &fields[i];
		near_offer(&near, fields[i].name);
	}
	if (near.best == NULL)
		cause_set(cause, "there is no field '%s'", name);
	else
		cause_set(cause, "there is no field '%s'; did you mean '%s'?",
		    name, near.best);
	return NULL;
}

/* --- classic: %(name)s --------------------------------------------------- */

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
	const struct field *field;
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
	if ((field = find_field(text + 1, len, cause)) == NULL)
		return NULL;
	if ((text = skip_modifiers(text + len + 2)) == NULL)
		cause_set(cause,
		    "the width or precision after '%%(%s)' is too large",
		    field->name);
	else if (*text == '\0' || strchr("sdifFeEgGxXoucra", *text) == NULL)
		cause_set(cause, "no type such as s or d after '%%(%s)'",
		    field->name);
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

/* --- the other styles ---------------------------------------------------- */

/* A character that stands for itself. */
static void
put_literal(FILE *out, char c)
{
	if (c == '%')
		putc('%', out);
	putc(c, out);
}

/*
 * What follows the name in {NAME:SPEC}, from its colon or its brace: puts the
 * field as %(NAME)SPEC.  Returns what stands behind the closing brace, or NULL
 * if Python or our form has no such specification.
 */
static const char *
put_spec(FILE *out, const struct field *field, const char *spec)
{
	static const char digits[] = "0123456789";
	const char *flags, *width, *precision = "";
	size_t flag_count, width_len, precision_len = 0;
	bool left = !field->number;
	char type = 's';

	spec += *spec == ':';
	if (*spec == ' ' && (spec[1] == '<' || spec[1] == '>'))
		spec++;
	if (*spec == '<' || *spec == '>')
		left = *spec++ == '<';
	flags = spec;
	flag_count = field->number ? strspn(spec, "+ #0") : 0;
	width = flags + flag_count;
	width_len = strspn(width, digits);
	spec = width + width_len;
	if (*spec == '.') {
		precision = spec;
		precision_len = 1 + strspn(spec + 1, digits);
		spec += precision_len;
	}
	if (*spec != '\0' && strchr(field->number ? "deEfFgGxXo" : "s", *spec))
		type = *spec++;
	if (*spec != '}' || precision_len == 1 ||
	    (*width == '0' && width_len) ||
	    (field->number && precision_len && !strchr("eEfFgG", type)))
		return NULL;
	fprintf(out, "%%(%s)%s%.*s%.*s%.*s%c", field->name,
	    left && width_len > 0 ? "-" : "", (int)flag_count, flags,
	    (int)width_len, width, (int)precision_len, precision, type);
	return spec + 1;
}

/* One piece in the style of str.format; what follows, or NULL with cause. */
static const char *
put_braces(FILE *out, const char *text, char **cause)
{
	const struct field *field;
	const char *rest;
	size_t len;

	if (strchr("{}", *text) == NULL || text[1] == *text) {
		put_literal(out, *text);
		return text + (text[1] == *text && strchr("{}", *text) ? 2 : 1);
	}
	len = strcspn(text + 1, "!:{}");
	if (*text == '}' || text[1 + len] == '\0' || text[1 + len] == '{') {
		cause_set(cause,
		    "'%.20s' is not of the form {name}; a brace is {{ or }}",
		    text);
		return NULL;
	}
	if ((field = find_field(text + 1, len, cause)) == NULL)
		return NULL;
	rest = text + 1 + len;
	if (strncmp(rest, "!s", 2) == 0 && !field->number)
		rest += 2;
	if ((rest = put_spec(out, field, rest)) == NULL)
		cause_set(cause,
		    "'%.*s' is not supported: write {name}, or {name:SPEC} "
		    "with <, >, a width, a precision and a type",
		    (int)strcspn(text, "}") + 1, text);
	return rest;
}

/* How long the name at text is, as string.Template reads it. */
static size_t
name_length(const char *text)
{
	if (*text >= '0' && *text <= '9')
		return 0;
	return strspn(text,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
}

/*
 * One piece in the style of string.Template, with cause NULL in that of its
 * safe_substitute: what names no field stands for itself there.  Returns what
 * follows, or NULL with cause.
 */
static const char *
put_dollar(FILE *out, const char *text, char **cause)
{
	bool braced = text[0] == '$' && text[1] == '{';
	const char *name = text + 1 + braced;
	const struct field *field = NULL;
	size_t len;

	if (*text != '$' || text[1] == '$') {
		put_literal(out, *text);
		return text + (*text == '$' ? 2 : 1);
	}
	len = name_length(name);
	if (len == 0 || (braced && name[len] != '}'))
		cause_set(cause,
		    "'%.20s' is not of the form $name or ${name}; a dollar "
		    "sign is $$",
		    text);
	else
		field = find_field(name, len, cause);
	if (field != NULL) {
		fprintf(out, "%%(%s)s", field->name);
		return name + len + braced;
	}
	if (cause != NULL)
		return NULL;
	putc('$', out);
	return text + 1;
}

static bool
put_all(FILE *out, const char *text, const char *style, char **cause)
{
	while (text != NULL && *text != '\0') {
		if (strcasecmp(style, "format") == 0)
			text = put_braces(out, text, cause);
		else if (strcasecmp(style, "template") == 0)
			text = put_dollar(out, text, cause);
		else
			text = put_dollar(out, text, NULL);
	}
	return text != NULL;
}

char *
format_translate(const char *text, const char *style, char **cause)
{
	char *made = NULL;
	size_t len;
	FILE *out;
	bool good;

	if ((out = open_memstream(&made, &len)) == NULL) {
		cause_set(cause, "out of memory");
		return NULL;
	}
	good = put_all(out, text, style, cause);
	if (fclose(out) == 0 && good)
		return made;
	if (good)
		cause_set(cause, "out of memory");
	free(made);
	return NULL;
}
