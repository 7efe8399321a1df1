/* outcome, or $?: the exit status of the last command, and what its row says of
 * it. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/signame.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/help.h"
#include "control/output.h"

#define MEANING_MOST 160

/* The entry of "0 sent, 1 not running" for a status; false: none. */
static bool
find_meaning(const char *statuses, int status, char *buf, size_t size)
{
	while (*statuses) {
		size_t len = strcspn(statuses, ",");
		char *end;

		if (strtol(statuses, &end, 10) == status && end != statuses &&
		    *end == ' ') {
			snprintf(buf, size, "%.*s",
			    (int)(len - (size_t)(end + 1 - statuses)), end + 1);
			return true;
		}
		statuses += len;
		statuses += strspn(statuses, ", ");
	}
	return false;
}

/* What a status of a command means; empty where only that command knows. */
static const char *
meaning(const struct command *command, int status, char *buf, size_t size)
{
	const char *name = status > 128 ? signame_of(status - 128) : NULL;

	buf[0] = '\0';
	if (command && find_meaning(command->statuses, status, buf, size))
		return buf;
	if (name)
		snprintf(buf, size, "ended by SIG%s", name);
	else if (status == STATUS_DONE)
		snprintf(buf, size, "done");
	else if (status == STATUS_USAGE)
		snprintf(buf, size, "usage or configuration");
	return buf;
}

int
cmd_outcome(struct context *context, const struct invocation *invocation)
{
	char buf[MEANING_MOST];
	const char *about = meaning(
	    context->ran, context->status, buf, sizeof buf);

	(void)invocation;
	if (*about && context->ran)
		output_line(context->output, "%d (%s: %s)", context->status,
		    context->ran->name, about);
	else
		output_line(context->output, "%d%s%s%s", context->status,
		    *about ? " (" : "", about, *about ? ")" : "");
	return context->status;
}
