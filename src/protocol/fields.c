/* Bounded text, NAME=VALUE lines and quoted words, all in place. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "base/units.h"
#include "base/words.h"
#include "protocol/fields.h"

void
text_begin(struct text *text, char *buf, size_t size)
{
	text->buf = buf;
	text->size = size;
	text->len = 0;
	text->full = size == 0;
	if (size > 0)
		buf[0] = '\0';
}

void
text_add(struct text *text, const char *fmt, ...)
{
	size_t room = text->size - text->len;
	va_list ap;
	int n;

	if (text->full)
		return;
	va_start(ap, fmt);
	n = vsnprintf(text->buf + text->len, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room) {
		text->buf[text->len] = '\0';
		text->full = true;
		return;
	}
	text->len += (size_t)n;
}

/* One character of a quoted value. */
static void
add_quoted(struct text *text, char c)
{
	if (c == '\'')
		text_add(text, "'\\''");
	else
		text_add(text, "%c", (unsigned char)c < 0x20 ? ' ' : c);
}

void
text_add_field(struct text *text, const char *name, const char *value)
{
	const char *c;

	if (*value == '\0')
		return;
	text_add(text, " %s=", name);
	for (c = value; *c != '\0'; c++)
		if (strchr(" '\"\\", *c) != NULL || (unsigned char)*c < 0x20)
			break;
	if (*c == '\0') {
		text_add(text, "%s", value);
		return;
	}
	text_add(text, "'");
	for (; *value != '\0'; value++)
		add_quoted(text, *value);
	text_add(text, "'");
}

size_t
text_end(const struct text *text)
{
	return text->full ? 0 : text->len;
}

int
fields_split(char *line, char **word, size_t max)
{
	enum words_result result;
	size_t count = 0;
	char *next;

	while ((result = words_take(&line, &next)) == WORDS_TAKEN) {
		if (count == max)
			return -1;
		word[count++] = next;
	}
	return result == WORDS_END ? (int)count : -1;
}

bool
fields_next(char **at, char **name, char **value)
{
	char *line, *equals;

	while (**at != '\0') {
		line = *at;
		*at += strcspn(line, "\n");
		if (**at == '\n')
			*(*at)++ = '\0';
		if ((equals = strchr(line, '=')) == NULL)
			continue;
		*equals = '\0';
		*name = line;
		*value = equals + 1;
		return true;
	}
	return false;
}

bool
fields_number(const char *value, int64_t low, int64_t high, int64_t *number)
{
	long long found;

	if (!units_parse_number(value, low, high, &found))
		return false;
	*number = found;
	return true;
}

bool
fields_string(const char *value, char *buf, size_t size)
{
	size_t len = strlen(value);

	if (len >= size)
		return false;
	memcpy(buf, value, len + 1);
	return true;
}

int64_t
number_get(const void *base, const struct number_row *row)
{
	const void *at = (const char *)base + row->at;
	uid_t uid;

	switch (row->type) {
	case NUMBER_BOOL:
		return *(const bool *)at;
	case NUMBER_INT:
		return *(const int *)at;
	case NUMBER_UID:
		uid = *(const uid_t *)at;
		return uid == (uid_t)-1 ? -1 : (int64_t)uid;
	case NUMBER_LONG:
		return *(const long *)at;
	case NUMBER_ULONG:
		return (int64_t) * (const unsigned long *)at;
	case NUMBER_INT64:
		return *(const int64_t *)at;
	case NUMBER_UINT64:
		return (int64_t) * (const uint64_t *)at;
	}
	return 0;
}

static void
number_set(void *base, const struct number_row *row, int64_t value)
{
	void *at = (char *)base + row->at;

	switch (row->type) {
	case NUMBER_BOOL:
		*(bool *)at = value != 0;
		break;
	case NUMBER_INT:
		*(int *)at = (int)value;
		break;
	case NUMBER_UID:
		*(uid_t *)at = (uid_t)value;
		break;
	case NUMBER_LONG:
		*(long *)at = (long)value;
		break;
	case NUMBER_ULONG:
		*(unsigned long *)at = (unsigned long)value;
		break;
	case NUMBER_INT64:
		*(int64_t *)at = value;
		break;
	case NUMBER_UINT64:
		*(uint64_t *)at = (uint64_t)value;
		break;
	}
}

int
number_take(void *base, const struct number_row *table, size_t count,
    const char *name, const char *value)
{
	int64_t number;
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(table[i].name, name) != 0)
			continue;
		if (!fields_number(value, table[i].low, table[i].high, &number))
			return -1;
		number_set(base, &table[i], number);
		return 1;
	}
	return 0;
}
