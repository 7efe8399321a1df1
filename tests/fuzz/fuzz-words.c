/*
 * Any text as words: what is split and quoted again is split the same, the
 * splitter that works in place agrees, and any words survive quoting.
 */
#include "config.h"

#include "base/words.h"
#include "fuzz.h"
#include "protocol/fields.h"

static void
check_quoting(const struct words *words)
{
	char *line = words_quote(words);
	struct words again;

	assert(line != NULL);
	assert(words_split(&again, line, NULL) == 0);
	assert(words_equal(words, &again));
	words_free(&again);
	free(line);
}

/* A line of the protocol is split as a line of the user is. */
static void
check_fields(const char *text, const struct words *words)
{
	size_t i, max = words == NULL ? strlen(text) + 1 : words->count + 1;
	char *line = strdup(text), **field = calloc(max, sizeof(*field));
	int count;

	assert(line != NULL && field != NULL);
	count = fields_split(line, field, max);
	assert(count == (words == NULL ? -1 : (int)words->count));
	for (i = 0; words != NULL && i < words->count; i++)
		assert(strcmp(field[i], words->word[i]) == 0);
	if (words != NULL && words->count > 0) {
		strcpy(line, text);
		assert(fields_split(line, field, words->count - 1) == -1);
	}
	free(field);
	free(line);
}

static void
check_split(const char *text)
{
	struct words words;
	char *cause = NULL;

	if (words_split(&words, text, &cause) == -1) {
		assert(cause != NULL && *cause != '\0');
		free(cause);
		check_fields(text, NULL);
		return;
	}
	check_quoting(&words);
	check_fields(text, &words);
	words_free(&words);
	assert(words_split_blank(&words, text, NULL) == 0);
	check_quoting(&words);
	words_free(&words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words words = { NULL, 0 };
	char *part;

	while (size > 0) {
		part = fuzz_part(&data, &size, '\0');
		check_split(part);
		assert(words_add(&words, part) == 0);
		free(part);
	}
	check_quoting(&words);
	words_free(&words);
	return 0;
}
