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

/* Whether the backslash at text escapes what follows, inside of quote. */
static bool
escapes(const char *text, char quote)
{
	if (quote == '"')
		return text[1] != '\0' && strchr("\"\\$`", text[1]) != NULL;
	return quote == '\0';
}

enum words_result
words_take(char **at, char **word)
{
	char *from = *at, *to, *open = NULL;
	char quote = '\0';

	while (is_blank(*from))
		from++;
	if (*from == '\0')
		return WORDS_END;
	*word = to = from;
	for (; *from != '\0' && (quote != '\0' || !is_blank(*from)); from++) {
		if (quote == '\0' && (*from == '\'' || *from == '"')) {
			open = from;
			quote = *from;
		} else if (*from == quote)
			quote = '\0';
		else if (*from == '\\' && escapes(from, quote) &&
		    *++from == '\0')
			return WORDS_BACKSLASH;
		else
			*to++ = *from;
	}
	if (quote != '\0') {
		*at = open;
		return WORDS_QUOTE;
	}
	*at = *from == '\0' ? from : from + 1;
	*to = '\0';
	return WORDS_TAKEN;
}

int
words_split(struct words *words, const char *text, char **cause)
{
	struct words out = { NULL, 0 };
	char *copy, *at, *word;
	enum words_result result;

	if ((copy = at = strdup(text)) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	while ((result = words_take(&at, &word)) == WORDS_TAKEN)
		if (words_add(&out, word) == -1)
			break;
	if (result == WORDS_QUOTE)
		cause_set(cause, "open quote at %.20s", text + (at - copy));
	else if (result == WORDS_BACKSLASH)
		cause_set(cause, "nothing follows the last backslash");
	else if (result == WORDS_TAKEN)
		cause_set(cause, "out of memory");
	free(copy);
	if (result != WORDS_END) {
		words_free(&out);
		return -1;
	}
	*words = out;
	return 0;
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
