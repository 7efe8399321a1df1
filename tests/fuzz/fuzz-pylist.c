/*
 * Any text as a Python list of strings, and any strings as such a list: what
 * is read and written is read the same.
 */
#include "config.h"

#include "fuzz.h"
#include "protocol/pylist.h"

static void
check_again(const struct words *words, size_t size)
{
	char *text = malloc(size), *small;
	struct words again;
	size_t len;

	assert(text != NULL);
	len = pylist_format(text, size, words->word, words->count);
	assert(len >= 2 && len < size && strlen(text) == len);
	assert(fuzz_is_clean(text, len, ""));
	assert(pylist_parse(&again, text, NULL) == 0);
	assert(words_equal(words, &again));
	words_free(&again);
	assert((small = malloc(len)) != NULL);
	assert(pylist_format(small, len, words->word, words->count) == 0);
	free(small);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = 6 * size + 16;
	struct words words = { NULL, 0 };
	char *text = fuzz_text(data, size), *cause = NULL;

	if (pylist_parse(&words, text, &cause) == 0) {
		assert(cause == NULL);
		check_again(&words, room);
		words_free(&words);
	} else {
		assert(cause != NULL && words.word == NULL);
		free(cause);
	}
	free(text);
	while (size > 0) {
		text = fuzz_part(&data, &size, '\0');
		assert(words_add(&words, text) == 0);
		free(text);
	}
	check_again(&words, room);
	words_free(&words);
	return 0;
}
