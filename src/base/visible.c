/*
 * Makes hostile text fit for a terminal.  The UTF-8 decoder is strict:
 * over-long forms, surrogates and values beyond U+10FFFF are no characters.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"

#define PIECE_MAX 12 /* the longest replacement: \u{10FFFF} and a NUL */

static size_t
utf8_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

size_t
visible_utf8(const char *text, size_t len, unsigned int *code)
{
	static const unsigned int lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *byte = (const unsigned char *)text;
	size_t i, need;
	unsigned int sum;

	if (len == 0 || (need = utf8_length(byte[0])) == 0 || need > len)
		return 0;
	sum = need == 1 ? byte[0] : byte[0] & (0xffu >> (need + 1));
	for (i = 1; i < need; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		sum = sum << 6 | (byte[i] & 0x3f);
	}
	if (sum < lowest[need] || sum > 0x10ffff ||
	    (sum >= 0xd800 && sum <= 0xdfff))
		return 0;
	*code = sum;
	return need;
}

/* Characters without a shape of their own that change how others are read. */
static bool
is_sneaky(unsigned int code)
{
	return (code >= 0x200b && code <= 0x200f) ||
	    (code >= 0x2028 && code <= 0x202e) ||
	    (code >= 0x2060 && code <= 0x206f) || code == 0x061c ||
	    code == 0xfeff || code == 0x00ad ||
	    (code >= 0xe0000 && code <= 0xe0fff);
}

/* Blanks that look like a space and part no words. */
static bool
is_false_blank(unsigned int code)
{
	return code == 0xa0 || code == 0x1680 ||
	    (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
	    code == 0x205f || code == 0x3000;
}

/*
 * What stands for the next character of text: into piece, its length as the
 * result; *took gets how many bytes of text it stands for.
 */
static size_t
next_piece(
    char piece[PIECE_MAX], const char *text, size_t len, int how, size_t *took)
{
	unsigned char byte = (unsigned char)*text;
	unsigned int code = 0;
	int n;

	*took = visible_utf8(text, len, &code);
	if (*took == 0) {
		*took = 1;
		n = snprintf(piece, PIECE_MAX, "\\x%02x", byte);
	} else if (code == '\t' || ((how & VISIBLE_NEWLINES) && code == '\n'))
		n = snprintf(piece, PIECE_MAX, "%c", (char)code);
	else if (code < 0x20 || code == 0x7f)
		n = snprintf(piece, PIECE_MAX, "^%c", (char)(code ^ 0x40));
	else if (code < 0xa0 && code >= 0x80)
		n = snprintf(piece, PIECE_MAX, "\\x%02x", code);
	else if (is_sneaky(code) ||
	    ((how & VISIBLE_BLANKS) && is_false_blank(code)))
		n = snprintf(piece, PIECE_MAX, "\\u{%X}", code);
	else
		n = snprintf(piece, PIECE_MAX, "%.*s", (int)*took, text);
	return (size_t)n;
}

/* The first character of text that passes for a blank or for nothing; or 0. */
static unsigned int
find_false_blank(const char *text, size_t len)
{
	unsigned int code = 0;
	size_t took;

	for (; len > 0; text += took, len -= took) {
		if ((took = visible_utf8(text, len, &code)) == 0)
			took = 1;
		else if (is_sneaky(code) || is_false_blank(code))
			return code;
	}
	return 0;
}

char *
visible_copy(const char *text, size_t len, int how)
{
	char piece[PIECE_MAX];
	size_t n, took, used = 0, room = 0;
	char *out = NULL, *grown;

	do {
		if (room - used < PIECE_MAX) {
			room = room * 2 + len + 2 * PIECE_MAX;
			if ((grown = realloc(out, room)) == NULL) {
				free(out);
				return NULL;
			}
			out = grown;
		}
		if (len == 0)
			break;
		n = next_piece(piece, text, len, how, &took);
		memcpy(out + used, piece, n);
		used += n;
		text += took;
		len -= took;
	} while (true);
	out[used] = '\0';
	return out;
}

char *
visible_message(const char *text, size_t len, int how)
{
	char *shown = visible_copy(text, len, how | VISIBLE_BLANKS), *longer;
	unsigned int code = find_false_blank(text, len);

	if (code == 0 || shown == NULL)
		return shown;
	if (asprintf(&longer, "%s (\\u{%X} is not a plain space)", shown,
		code) == -1)
		longer = NULL;
	free(shown);
	return longer;
}

char *
visible_into(char *buf, size_t size, const char *text, size_t len)
{
	char piece[PIECE_MAX];
	size_t n, took, used = 0;

	while (len > 0) {
		n = next_piece(piece, text, len, 0, &took);
		if (used + n >= size)
			break;
		memcpy(buf + used, piece, n);
		used += n;
		text += took;
		len -= took;
	}
	buf[used] = '\0';
	return buf;
}
