/*
 * Any bytes as a state file: refused with a cause, or taken, and then written
 * and read back the same; and no part of a whole file passes for one.
 */
#include "config.h"

#include "fuzz.h"
#include "protocol/state.h"

static void
check_again(const struct state *state)
{
	char first[STATE_FILE_MAX], second[STATE_FILE_MAX];
	struct state again;
	size_t cut, len = state_format(first, sizeof(first), state);

	assert(len > 0 && len < sizeof(first));
	assert(state_parse(&again, first, len, NULL) == 0);
	assert(state_format(second, sizeof(second), &again) == len);
	assert(strcmp(first, second) == 0);
	for (cut = 0; cut + 1 < len; cut++)
		assert(state_parse(&again, first, cut, NULL) == -1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct state state;
	char *cause = NULL;

	if (state_parse(&state, (const char *)data, size, &cause) == -1) {
		assert(cause != NULL);
		assert(fuzz_is_clean(cause, strlen(cause), ""));
		free(cause);
		return 0;
	}
	assert(cause == NULL && state.state < RUN__COUNT);
	assert(state.manager >= 0 && state.pid >= 0 && state.backoff >= 0);
	assert(state.spawned_at >= 0);
	assert(memchr(state.boot_id, '\0', sizeof(state.boot_id)) != NULL);
	check_again(&state);
	return 0;
}
