/*
 * Any bytes as the state of a supervisor that is to be carried over: refused
 * with a cause, or taken, and then written and read back the same.
 */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "carrying.h"
#include "fuzz.h"
#include "supervisor/carry.h"

/* It as text again, in memory of just that size. */
static char *
write_again(const struct carry *carry, const struct supervisor *supervisor,
    size_t *len)
{
	static FILE *file;
	char *text;
	int fd;

	if (file == NULL)
		file = tmpfile();
	assert(file != NULL);
	fd = fileno(file);
	assert(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	assert(carry_write(fd, carry, supervisor) == 0);
	*len = (size_t)lseek(fd, 0, SEEK_END);
	text = malloc(*len + 1);
	assert(text != NULL && pread(fd, text, *len, 0) == (ssize_t)*len);
	text[*len] = '\0';
	return text;
}

/* Reads it, in place; NULL with cause, else as it is written again. */
static char *
pass_on(char *text, size_t len, size_t *again_len, char **cause)
{
	struct runner runner;
	struct supervisor *supervisor = carrying_make(&runner);
	struct carry carry;
	char *again = NULL;

	if (carry_begin(&carry, text, len, cause) == 0 &&
	    carry_read(&carry, supervisor, text, len, cause) == 0)
		again = write_again(&carry, supervisor, again_len);
	carrying_free(supervisor, &runner);
	return again;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *cause = NULL;
	size_t first_len, second_len;
	char *first = pass_on(text, size, &first_len, &cause);
	char *copy, *second;

	free(text);
	if (first == NULL) {
		assert(cause != NULL);
		free(cause);
		return 0;
	}
	copy = fuzz_text((const uint8_t *)first, first_len);
	second = pass_on(copy, first_len, &second_len, &cause);
	assert(second != NULL && second_len == first_len);
	assert(memcmp(first, second, first_len) == 0);
	free(copy);
	free(first);
	free(second);
	return 0;
}
