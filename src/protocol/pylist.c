/*
 * Python's notation of strings and lists of strings, read as data.  The
 * escapes are Python 3's; an unknown one is kept as it stands, as there.
 */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/visible.h"
#include "protocol/fields.h"
#include "protocol/pylist.h"

static void
add_character(struct text *text, const char **at, char quote)
{
	size_t len = strnlen(*at, 4), took, i; /* no character is longer */
	unsigned int code = (unsigned char)**at;
	char c = **at;

	took = visible_utf8(*at, len, &code);
	if (c == quote || c == '\\')
		text_add(text, "\\%c", c);
	else if (c == '\n')
		text_add(text, "\\n");
	else if (c == '\r')
		text_add(text, "\\r");
	else if (c == '\t')
		text_add(text, "\\t");
	else if (took == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0))
		for (i = 0; i == 0 || i < took; i++)
			text_add(text, "\\x%02x", (unsigned char)(*at)[i]);
	else
		text_add(text, "%.*s", (int)took, *at);
	*at += took == 0 ? 1 : took;
}

static void
add_string(struct text *text, const char *word)
{
	char quote = '\'';

	if (strchr(word, '\'') != NULL && strchr(word, '"') == NULL)
		quote = '"';
	text_add(text, "%c", quote);
	while (*word != '\0')
		add_character(text, &word, quote);
	text_add(text, "%c", quote);
}

size_t
pylist_format(char *buf, size_t size, char *const *word, size_t count)
{
	struct text text;
	size_t i;

	text_begin(&text, buf, size);
	text_add(&text, "[");
	for (i = 0; i < count; i++) {
		if (i > 0)
			text_add(&text, ", ");
		add_string(&text, word[i]);
	}
	text_add(&text, "]");
	return text_end(&text);
}

size_t
pylist_format_one(char *buf, size_t size, const char *word)
{
	struct text text;

	text_begin(&text, buf, size);
	add_string(&text, word);
	return text_end(&text);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads digits hexadecimal digits at text; -1 if they are not there. */
static long
take_hex(const char *text, int digits)
{
	long value = 0;
	int i;

	for (i = 0; i < digits; i++) {
		if (hex_digit(text[i]) == -1)
			return -1;
		value = value * 16 + hex_digit(text[i]);
	}
	return value;
}

static char *
put_utf8(char *to, unsigned long code)
{
	if (code < 0x80)
		*to++ = (char)code;
	else if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
		*to++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*to++ = (char)(0xe0 | code >> 12);
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
		*to++ = (char)(0x80 | (code & 0x3f));
	} else {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
		*to++ = (char)(0x80 | (code & 0x3f));
	}
	return to;
}

/*
 * Takes one escape (at stands behind the backslash) and puts what it means at
 * *to.  \xNN is a byte here: our own writer uses it for bytes, and so does
 * Python 2.  Lone surrogates \udcNN are bytes too (Python's surrogateescape).
 * Returns what follows, or NULL for a NUL or a broken escape.
 */
static const char *
take_escape(const char *at, char **to)
{
	static const char letter[] = "abfnrtv\\'\"",
			  means[] = "\a\b\f\n\r\t\v\\'\"";
	const char *found;
	int digits = *at == 'x' ? 2 : *at == 'u' ? 4 : *at == 'U' ? 8 : 0;
	long code;

	if (digits > 0) {
		code = take_hex(at + 1, digits);
		if (code <= 0 || code > 0x10ffff)
			return NULL;
		if (digits == 2)
			*(*to)++ = (char)code;
		else if (code >= 0xdc80 && code <= 0xdcff)
			*(*to)++ = (char)(code - 0xdc00);
		else
			*to = put_utf8(*to, (unsigned long)code);
		return at + 1 + digits;
	}
	if (*at == '\0')
		return NULL;
	if ((found = strchr(letter, *at)) != NULL)
		*(*to)++ = means[found - letter];
	else {
		*(*to)++ = '\\';
		*(*to)++ = *at;
	}
	return at + 1;
}

/* Takes a string at text into buf; returns what follows, or NULL. */
static const char *
take_string(const char *text, char *buf)
{
	char quote;

	if (*text == 'u' || *text == 'b')
		text++;
	quote = *text++;
	if (quote != '\'' && quote != '"')
		return NULL;
	while (*text != quote) {
		if (*text == '\0')
			return NULL;
		if (*text == '\\') {
			if ((text = take_escape(text + 1, &buf)) == NULL)
				return NULL;
		} else
			*buf++ = *text++;
	}
	*buf = '\0';
	return text + 1;
}

static const char *
skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* The items up to "]"; false if there is anything else. */
static bool
take_items(struct words *words, const char *text, char *buf)
{
	text = skip_blanks(text);
	while (*text != ']') {
		if ((text = take_string(text, buf)) == NULL ||
		    words_add(words, buf) == -1)
			return false;
		text = skip_blanks(text);
		if (*text == ',')
			text = skip_blanks(text + 1);
		else if (*text != ']')
			return false;
	}
	return *skip_blanks(text + 1) == '\0';
}

int
pylist_parse(struct words *words, const char *text, char **cause)
{
	struct words out = { NULL, 0 };
	char *buf;

	if ((buf = malloc(strlen(text) + 1)) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	text = skip_blanks(text);
	if (*text != '[' || !take_items(&out, text + 1, buf)) {
		free(buf);
		words_free(&out);
		cause_set(cause, "not a list of strings");
		return -1;
	}
	free(buf);
	*words = out;
	return 0;
}
