#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

/*
 * What the fuzz targets share.  Each is a file with one function, which gets
 * any bytes and asserts what must hold for them; libFuzzer calls it, or
 * replay.c with the files of the corpus.
 */

/* Their assertions are what these programs are for. */
#undef NDEBUG
#include <assert.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes with a NUL behind them, in memory of just that size. */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	assert(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/*
 * The next part of the input up to mark, which is passed over; the rest where
 * there is none.  To be freed.
 */
static inline char *
fuzz_part(const uint8_t **data, size_t *size, char mark)
{
	const uint8_t *end = *size == 0 ? NULL : memchr(*data, mark, *size);
	size_t len = end == NULL ? *size : (size_t)(end - *data);
	size_t passed = end == NULL ? len : len + 1;
	char *part = fuzz_text(*data, len);

	*data += passed;
	*size -= passed;
	return part;
}

/* Whether a text holds no control byte but those allowed. */
static inline bool
fuzz_is_clean(const char *text, size_t len, const char *allowed)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (((unsigned char)text[i] < 0x20 || text[i] == 0x7f) &&
		    (text[i] == '\0' || strchr(allowed, text[i]) == NULL))
			return false;
	return true;
}

#endif
