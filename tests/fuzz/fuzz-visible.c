/*
 * Any bytes made fit for a terminal: what comes out is UTF-8 without a
 * control but tab (and newline, where wanted), and stays as it is when made
 * visible once more.
 */
#include "config.h"

#include "base/visible.h"
#include "fuzz.h"

static void
check_harmless(const char *text, const char *allowed)
{
	size_t took, len = strlen(text);
	unsigned int code;

	assert(fuzz_is_clean(text, len, allowed));
	for (; len > 0; text += took, len -= took) {
		took = visible_utf8(text, len, &code);
		assert(took >= 1 && took <= len);
		assert(code < 0x7f || code > 0x9f);
		assert(code < 0x202a || code > 0x202e);
		assert(code < 0x2066 || code > 0x2069);
	}
}

static void
check_copy(const char *text, size_t len, int newlines)
{
	char *once = visible_copy(text, len, newlines), *twice;

	assert(once != NULL);
	check_harmless(once, newlines ? "\t\n" : "\t");
	twice = visible_copy(once, strlen(once), newlines);
	assert(twice != NULL && strcmp(once, twice) == 0);
	free(twice);
	free(once);
}

static void
check_into(const char *text, size_t len, size_t size)
{
	char *whole = visible_copy(text, len, 0), *buf = malloc(size);

	assert(whole != NULL && buf != NULL);
	assert(visible_into(buf, size, text, len) == buf);
	assert(strlen(buf) < size);
	assert(strncmp(buf, whole, strlen(buf)) == 0);
	assert(size <= strlen(whole) || strcmp(buf, whole) == 0);
	check_harmless(buf, "\t");
	free(buf);
	free(whole);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	check_copy(text, size, 0);
	check_copy(text, size, 1);
	check_into(text, size, 1);
	check_into(text, size, size / 2 + 1);
	check_into(text, size, 10 * size + 1);
	return 0;
}
