/* What a supervisor leaves, both ways.  A file is as hostile as a peer. */
#include "config.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "protocol/fields.h"
#include "protocol/lastexit.h"
#include "protocol/state.h"

static const struct number_row table[] = {
	{ "serial", NUMBER_UINT64, offsetof(struct state, serial), 0, 0,
	    INT64_MAX },
	{ "wanted", NUMBER_BOOL, offsetof(struct state, wanted), 0, 0, 1 },
	{ "manager", NUMBER_INT, offsetof(struct state, manager), 0, 1,
	    INT32_MAX },
	{ "manager_start", NUMBER_UINT64, offsetof(struct state, manager_start),
	    0, 0, NUMBER_MS_MAX / 1000 },
	{ "pid", NUMBER_INT, offsetof(struct state, pid), 0, 0, INT32_MAX },
	{ "start_time", NUMBER_UINT64, offsetof(struct state, start_time), 0, 0,
	    NUMBER_MS_MAX / 1000 },
	{ "spawned_at", NUMBER_INT64, offsetof(struct state, spawned_at), 0, 0,
	    NUMBER_MS_MAX },
	{ "restarts", NUMBER_ULONG, offsetof(struct state, restarts), 0, 0,
	    UINT32_MAX },
	{ "backoff", NUMBER_LONG, offsetof(struct state, backoff), 0, 0,
	    INT32_MAX },
};

#define ROWS (sizeof(table) / sizeof(table[0]))

size_t
state_format(char *buf, size_t size, const struct state *state)
{
	struct text text;
	size_t i;

	text_begin(&text, buf, size);
	text_add(&text, "version=%d\n", STATE_VERSION);
	text_add(&text, "state=%s\n", runstate_name(state->state));
	for (i = 0; i < ROWS; i++)
		text_add(&text, "%s=%" PRId64 "\n", table[i].name,
		    number_get(state, &table[i]));
	text_add(&text, "boot_id=%s\n", state->boot_id);
	if (state->file[0] != '\0')
		text_add(&text, "file=%s\n", state->file);
	text_add(&text, "cookie=%s\n", state->cookie);
	lastexit_format(&text, &state->last);
	text_add(&text, "end=1\n");
	return text_end(&text);
}

/* Hexadecimal digits with dashes. */
static bool
take_dashed(char *field, size_t size, const char *value)
{
	size_t len = strlen(value);

	if (len >= size ||
	    value[strspn(value, "0123456789abcdefABCDEF-")] != '\0')
		return false;
	memcpy(field, value, len + 1);
	return true;
}

/* Takes one line: false if its value is no good; unknown names pass. */
static bool
take_line(struct state *state, const char *name, const char *value)
{
	int taken;

	if (strcmp(name, "state") == 0)
		return runstate_parse(value, &state->state);
	if (strcmp(name, "boot_id") == 0)
		return take_dashed(
		    state->boot_id, sizeof(state->boot_id), value);
	if (strcmp(name, "file") == 0)
		return take_dashed(state->file, sizeof(state->file), value);
	if (strcmp(name, "cookie") == 0)
		return take_dashed(state->cookie, sizeof(state->cookie), value);
	taken = number_take(state, table, ROWS, name, value);
	if (taken == 0)
		taken = lastexit_field(&state->last, name, value);
	return taken != -1;
}

/* Reads the lines of copy; NULL if all is well, else what is wrong. */
static const char *
take_all(struct state *state, char *copy)
{
	char *at = copy, *name, *value;
	bool whole = false;

	if (!fields_next(&at, &name, &value) || strcmp(name, "version") != 0)
		return "no version in its first line";
	if (strcmp(value, "1") != 0)
		return "a version that is not known here";
	while (fields_next(&at, &name, &value)) {
		if (strcmp(name, "end") == 0)
			whole = strcmp(value, "1") == 0;
		else if (!take_line(state, name, value))
			return "a value out of range";
	}
	if (!whole)
		return "cut short";
	if (state->manager == 0)
		return "no manager in it";
	return NULL;
}

int
state_parse(struct state *state, const char *text, size_t len, char **cause)
{
	struct state found;
	const char *wrong;
	char *copy;

	memset(&found, 0, sizeof(found));
	lastexit_init(&found.last);
	if ((copy = malloc(len + 1)) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	memcpy(copy, text, len);
	copy[len] = '\0';
	wrong = take_all(&found, copy);
	free(copy);
	if (wrong != NULL) {
		cause_set(cause, "bad state file: %s", wrong);
		return -1;
	}
	*state = found;
	return 0;
}
