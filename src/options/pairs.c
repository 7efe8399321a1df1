/* Variables of an environment, text to struct and back. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/words.h"
#include "options/pairs.h"

void
pairs_free(struct pairs *pairs)
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
	if ((pair->name = strdup(name)) == NULL ||
	    (pair->value = strdup(text)) == NULL) {
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

static int
no_memory(char **cause)
{
	cause_set(cause, "out of memory");
	return -1;
}

int
pairs_set(struct pairs *pairs, const char *name, const char *text,
    const struct origin *origin, char **cause)
{
	struct pair *pair;
	char *copy;

	if (!is_variable_name(name)) {
		cause_set(
		    cause, "'%.100s' cannot be the name of a variable", name);
		return -1;
	}
	if ((pair = find_pair(pairs, name)) == NULL)
		return add_pair(pairs, name, text, origin) == -1 ?
		    no_memory(cause) :
		    0;
	if (pair->origin.kind > origin->kind)
		return 0;
	if ((copy = strdup(text)) == NULL)
		return no_memory(cause);
	free(pair->value);
	pair->value = copy;
	pair->origin = *origin;
	return 0;
}

/* Reads NAME=VALUE words into empty pairs; what it has read stays there. */
static int
take_words(struct pairs *pairs, const struct words *words, char **cause)
{
	static const struct origin none = { ORIGIN_DEFAULT, NULL, 0 };
	char *equal;
	size_t i;

	for (i = 0; i < words->count; i++) {
		if ((equal = strchr(words->word[i], '=')) == NULL) {
			cause_set(cause, "'%.100s' is not NAME=VALUE",
			    words->word[i]);
			return -1;
		}
		*equal = '\0';
		if (pairs_set(pairs, words->word[i], equal + 1, &none, cause) ==
		    -1)
			return -1;
	}
	return 0;
}

int
pairs_parse(struct pairs *pairs, const char *text, char **cause)
{
	struct pairs out = { NULL, 0 };
	struct words words;
	int result;

	if (words_split(&words, text, cause) == -1)
		return -1;
	result = take_words(&out, &words, cause);
	words_free(&words);
	if (result == -1) {
		pairs_free(&out);
		return -1;
	}
	pairs_free(pairs);
	*pairs = out;
	return 0;
}

char *
pairs_print(const struct pairs *pairs)
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

int
pairs_copy(struct pairs *to, const struct pairs *from)
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
