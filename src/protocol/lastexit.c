/* The last exit as text, for the status reply and the state file alike. */
#include "config.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "protocol/lastexit.h"

static const struct number_row table[] = {
	{ "last_pid", NUMBER_INT, offsetof(struct last_exit, pid), 0, 0,
	    INT32_MAX },
	{ "last_code", NUMBER_INT, offsetof(struct last_exit, code), -1, -1,
	    255 },
	{ "last_signal", NUMBER_INT, offsetof(struct last_exit, signal), 0, 0,
	    128 },
	{ "last_core", NUMBER_BOOL, offsetof(struct last_exit, core), 0, 0, 1 },
	{ "last_at", NUMBER_INT64, offsetof(struct last_exit, at), 0, 0,
	    NUMBER_MS_MAX },
	{ "last_uptime", NUMBER_INT64, offsetof(struct last_exit, uptime), -1,
	    -1, NUMBER_MS_MAX },
};

#define ROWS (sizeof(table) / sizeof(table[0]))

void
lastexit_init(struct last_exit *last)
{
	memset(last, 0, sizeof(*last));
	last->code = -1;
}

void
lastexit_format(struct text *text, const struct last_exit *last)
{
	size_t i;

	if (!last->known)
		return;
	for (i = 0; i < ROWS; i++)
		text_add(text, "%s=%" PRId64 "\n", table[i].name,
		    number_get(last, &table[i]));
}

int
lastexit_field(struct last_exit *last, const char *name, const char *value)
{
	int taken = number_take(last, table, ROWS, name, value);

	if (taken == 1)
		last->known = true;
	return taken;
}
