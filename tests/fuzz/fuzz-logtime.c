/*
 * Any line and any time of an operator: a stamp is found or not, in the same
 * place whatever stands behind the head of the line, and a stream of
 * such lines is passed over line by line.
 */
#include "config.h"

#include "control/since.h"
#include "control/logtime.h"
#include "fuzz.h"

#define NOW 1795602030000LL

static void
check_head(const char *line, size_t len)
{
	int64_t whole = 1, head = 1;
	bool found = logtime_find(line, len, NOW, &whole);

	if (len > LOGTIME_HEAD)
		len = LOGTIME_HEAD;
	assert(logtime_find(line, len, NOW, &head) == found);
	assert(!found || head == whole);
}

/* The gate opens where a line begins, wherever the stream was cut. */
static void
check_gate(const char *text, size_t size)
{
	struct since_gate gate = { .since = NOW - 1000, .now = NOW };
	size_t passed = since_pass(&gate, text, size, true);

	assert(passed <= size);
	if (gate.open)
		assert(passed == 0 || text[passed - 1] == '\n');
	else
		assert(passed == size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	int64_t ms;

	check_head(text, size);
	check_gate(text, size);
	if (logtime_parse(text, NOW, &ms))
		assert(ms >= -100LL * 366 * 24 * 3600 * 1000);
	free(text);
	return 0;
}
