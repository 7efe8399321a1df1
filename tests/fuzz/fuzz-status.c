/*
 * Any bytes as the reply to `status`: refused with a cause that can be shown,
 * or taken, and then written and read back the same, within any room.
 */
#include "config.h"

#include "fuzz.h"
#include "protocol/status.h"

static void
check_cause(char *cause)
{
	assert(cause != NULL && *cause != '\0');
	assert(fuzz_is_clean(cause, strlen(cause), "\t"));
	free(cause);
}

/* The status as text in memory of just the size given. */
static char *
format(const struct status *status, size_t size, size_t *len)
{
	char *buf = malloc(size);

	assert(buf != NULL);
	*len = status_format(buf, size, status);
	assert(*len == 0 || (*len < size && strlen(buf) == *len));
	return buf;
}

static void
check_again(const struct status *status, size_t size)
{
	char *first, *second, *small;
	struct status again;
	size_t len, other;

	first = format(status, size, &len);
	assert(len > 0);
	assert(status_parse(&again, first, len, NULL) == 0);
	second = format(&again, len + 1, &other);
	assert(other == len && strcmp(first, second) == 0);
	small = format(status, len, &other);
	assert(other == 0);
	free(small);
	small = format(status, len / 2 + 1, &other);
	assert(other == 0);
	free(small);
	status_free(&again);
	free(second);
	free(first);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct status status;
	char *cause = NULL;

	if (status_parse(&status, (const char *)data, size, &cause) == -1) {
		check_cause(cause);
		return 0;
	}
	assert(cause == NULL);
	assert(status.application >= 0 && status.manager >= 0);
	assert(status.now >= 0 && status.delay >= 0 && status.lasttime >= 0);
	assert(status.uptime >= -1 && status.retry_in >= -1);
	assert(status.state < RUN__COUNT);
	check_again(&status, 4 * size + 2048);
	status_free(&status);
	return 0;
}
