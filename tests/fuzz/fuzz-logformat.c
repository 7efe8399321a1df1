/*
 * Any format, date format and message (a line, a line, the rest): the entry
 * fits its room, ends with its newline, and has no other control byte unless
 * one of the formats asks for it.
 */
#include "config.h"

#include "fuzz.h"
#include "supervisor/logformat.h"

static void
check_entry(const char *format, const char *dateformat,
    const struct logrecord *record, size_t size)
{
	char *buf = malloc(size);
	size_t len;

	assert(buf != NULL);
	len = logformat_entry(buf, size, format, dateformat, record);
	assert(len > 0 && len <= size && buf[len - 1] == '\n');
	if (strchr(format, '\\') == NULL &&
	    fuzz_is_clean(format, strlen(format), "") &&
	    fuzz_is_clean(dateformat, strlen(dateformat), "") &&
	    strpbrk(dateformat, "nt") == NULL)
		assert(fuzz_is_clean(buf, len - 1, "\t"));
	free(buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *format = fuzz_part(&data, &size, '\n');
	char *dateformat = fuzz_part(&data, &size, '\n');
	char *message = fuzz_text(data, size);
	struct logrecord record = { .level = 10 * (int)(size % 7),
		.at = 1700000000123,
		.since_start = (int64_t)size << (size % 40),
		.pid = 4711,
		.message = message };

	check_entry(format, dateformat, &record, 2);
	check_entry(format, dateformat, &record, 80);
	record.at = INT64_MAX;
	check_entry(format, dateformat, &record, 4096);
	free(message);
	free(dateformat);
	free(format);
	return 0;
}
