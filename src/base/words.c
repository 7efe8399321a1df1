/*
 * Lists of words: split as a shell splits, quoted so that the split gives
 * them back.  Used by zdrun too, so memory failures are returned.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/words.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' ||
	    c == '\f';
}

int
words_add(struct words *words, const char *text)
{
	char **grown;
	char *copy;

	grown = realloc(words->word, (words->count + 2) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	words->word = grown;
	grown[words->count] = NULL;
	if ((copy = strdup(text)) == NULL)
		return -1;
	grown[words->count++] = copy;
	grown[words->count] = NULL;
	return 0;
}

void
words_free(struct words *words)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		free(words->word[i]);
	free(words->word);
	words->word = NULL;
	words->count = 0;
}

/*
 * Takes one quoted part: text stands behind the quote.  Returns what stands
 * behind the closing quote, or NULL if there is none.
 */
static const char *
take_quoted(const char *text, char quote, char **to)
{
	for (; *text != '\0' && *text != quote; text++) {
		if (quote == '"' && *text == '\\' &&
		    (text[1] == '"' || text[1] == '\\' || text[1] == '$' ||
		    text[1] == '`'))
			text++;
		*(*to)++ = *text;
	}
	return *text == quote ? text + 1 : NULL;
}

/* Takes one word into buf; returns what follows, or NULL with cause. */
static const char *
take_word(const char *text, char *buf, char **cause)
{
	const char *start;
	char quote;

	while (*text != '\0' && !is_blank(*text)) {
		if (*text == '\'' || *text == '"') {
			quote = *text;
			start = text;
			text = take_quoted(text + 1, quote, &buf);
			if (text == NULL) {
				cause_set(cause, "open quote at %.20s", start);
				return NULL;
			}
			continue;
		}
		if (*text == '\\' && *++text == '\0') {
			cause_set(cause, "nothing follows the last backslash");
			return NULL;
		}
		*buf++ = *text++;
	}
	*buf = '\0';
	return text;
}

int
words_split(struct words *words, const char *text, char **cause)
{
	struct words out = { NULL, 0 };
	char *buf;

	if ((buf = malloc(strlen(text) + 1)) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	for (;;) {
		while (is_blank(*text))
			text++;
		if (*text == '\0')
			break;
		if ((text = take_word(text, buf, cause)) == NULL)
			goto fail;
		if (words_add(&out, buf) == -1) {
			cause_set(cause, "out of memory");
			goto fail;
		}
	}
	free(buf);
	*words = out;
	return 0;
fail:
	free(buf);
	words_free(&out);
	return -1;
}

int
words_split_blank(struct words *words, const char *text, char **cause)
{
	struct words out = { NULL, 0 };
	char *copy, *next, *word;

	if ((copy = strdup(text)) == NULL)
		goto fail;
	next = copy;
	while ((word = strtok_r(next, " \t\n\r\v\f", &next)) != NULL)
		if (words_add(&out, word) == -1)
			goto fail;
	free(copy);
	*words = out;
	return 0;
fail:
	free(copy);
	words_free(&out);
	cause_set(cause, "out of memory");
	return -1;
}

int
words_copy(struct words *to, const struct words *from)
{
	struct words out = { NULL, 0 };
	size_t i;

	for (i = 0; i < from->count; i++)
		if (words_add(&out, from->word[i]) == -1) {
			words_free(&out);
			return -1;
		}
	*to = out;
	return 0;
}

bool
words_begin(const struct words *all, const struct words *prefix)
{
	size_t i;

	if (prefix->count > all->count)
		return false;
	for (i = 0; i < prefix->count; i++)
		if (strcmp(all->word[i], prefix->word[i]) != 0)
			return false;
	return true;
}

bool
words_equal(const struct words *a, const struct words *b)
{
	return a->count == b->count && words_begin(a, b);
}

static bool
is_bare(const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_-+./,:=@%^";

	return *word != '\0' && word[strspn(word, safe)] == '\0';
}

/* Puts the quoted word at to, which has room; returns where it ends. */
static char *
put_quoted(char *to, const char *word)
{
	*to++ = '\'';
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			memcpy(to, "'\\''", 4);
			to += 4;
		} else
			*to++ = *word;
	}
	*to++ = '\'';
	return to;
}

char *
words_quote(const struct words *words)
{
	size_t i, room = 1;
	char *line, *to;

	for (i = 0; i < words->count; i++)
		room += 4 * strlen(words->word[i]) + 3;
	if ((line = to = malloc(room)) == NULL)
		return NULL;
	for (i = 0; i < words->count; i++) {
		if (i > 0)
			*to++ = ' ';
		if (is_bare(words->word[i]))
			to = stpcpy(to, words->word[i]);
		else
			to = put_quoted(to, words->word[i]);
	}
	*to = '\0';
	return line;
}

char *
words_quote_one(const char *word)
{
	char *list[2] = { (char *)word, NULL };
	struct words words = { list, 1 };

	return words_quote(&words);
}
