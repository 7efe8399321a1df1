/*
 * Any bytes as what zdaemon hands to zdrun: refused with a cause, or taken,
 * and then written and read back the same.
 */
#include "config.h"

#include "fuzz.h"
#include "options/handover.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct handover first, second;
	char *text, *again, *cause = NULL;
	size_t len, other;

	if (handover_read(&first, (const char *)data, size, &cause) == -1) {
		assert(cause != NULL && *cause != '\0');
		free(cause);
		return 0;
	}
	assert(cause == NULL && first.groups <= HANDOVER_GROUPS);
	text = handover_write(&first, &len, NULL);
	assert(text != NULL && len > 0 && text[len - 1] == '\0');
	assert(handover_read(&second, text, len, NULL) == 0);
	again = handover_write(&second, &other, NULL);
	assert(again != NULL && len == other && memcmp(text, again, len) == 0);
	free(again);
	free(text);
	runner_free(&second.runner);
	runner_free(&first.runner);
	return 0;
}
