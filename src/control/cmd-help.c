/*
 * help and version: what the tables say, by topic.
 */

#include "config.h"

#include <string.h>

#include "base/near.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/help.h"
#include "control/output.h"
#include "control/topics.h"
#include "control/ui.h"
#include "options/options.h"

static int
show_keys(struct context *context, const struct invocation *invocation)
{
	if (context->shell)
		return context->shell->keys(context, invocation);
	output_line(context->output,
	    "The keys are those of the session: help keys, there.");
	return STATUS_DONE;
}

/* Topics beside commands and keys. */
static bool
show_topic(struct context *context, const struct invocation *invocation,
    const char *topic, int *status)
{
	*status = STATUS_DONE;
	if (strcmp(topic, "config") == 0)
		help_config(context->output);
	else if (strcmp(topic, "codes") == 0)
		help_codes(context->output);
	else if (strcmp(topic, "keys") == 0)
		*status = show_keys(context, invocation);
	else
		return false;
	return true;
}

static int
refuse(const struct context *context, const char *topic)
{
	const char *nearest = topics_nearest(topic);

	output_error(context->output, "*** No help on %s", topic);
	if (nearest)
		output_error(context->output, "did you mean '%s'?", nearest);
	return STATUS_FAILED;
}

int
cmd_help(struct context *context, const struct invocation *invocation)
{
	unsigned int where = context->session ? COMMAND_SESSION :
						COMMAND_ONESHOT;
	const struct command *command;
	const char *topic;
	int status;

	if (invocation->count == 0) {
		help_list(context->output, where);
		return STATUS_DONE;
	}
	topic = invocation->operand[0];
	if (show_topic(context, invocation, topic, &status))
		return status;
	if (command_find(topic, COMMAND_ONESHOT | COMMAND_SESSION, &command) ==
	    LOOKUP_FOUND) {
		help_command(context->output, command);
		return STATUS_DONE;
	}
	if (help_key(context->output, topic))
		return STATUS_DONE;
	return refuse(context, topic);
}

int
cmd_version(struct context *context, const struct invocation *invocation)
{
	(void)invocation;
	help_version(context);
	return STATUS_DONE;
}
