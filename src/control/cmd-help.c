/*
 * help and version: what the tables say, by topic.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "control/command.h"
#include "control/handlers.h"
#include "control/help.h"
#include "control/output.h"
#include "control/topics.h"
#include "options/options.h"

/* Topics beside commands and keys. */
static bool
show_topic(const struct output *output, const char *name)
{
	const struct topic *topic = topics_find(name);

	if (!topic)
		return false;
	if (topic->text)
		help_topic(output, topic);
	else if (strcmp(name, "config") == 0)
		help_config(output);
	else if (strcmp(name, "settings") == 0)
		help_settings(output);
	else
		help_codes(output);
	return true;
}

static int
refuse(const struct context *context, const char *topic)
{
	const char *nearest = topics_nearest(topic);
	char *list = topics_list(help_topic_table, help_topic_count);

	output_error(context->output, "*** No help on %s", topic);
	if (nearest)
		output_error(context->output, "did you mean '%s'?", nearest);
	output_error(context->output,
	    "topics: %s; help lists the commands, help config the keys", list);
	free(list);
	return STATUS_FAILED;
}

int
cmd_help(struct context *context, const struct invocation *invocation)
{
	unsigned int where = context->session ? COMMAND_SESSION :
						COMMAND_ONESHOT;
	const struct command *command;
	const char *topic;

	if (invocation->count == 0) {
		help_list(context->output, where);
		help_more(context->output);
		return STATUS_DONE;
	}
	topic = invocation->operand[0];
	if (show_topic(context->output, topic))
		return STATUS_DONE;
	if (command_find(topic, COMMAND_ONESHOT | COMMAND_SESSION, &command) ==
	    LOOKUP_FOUND) {
		help_command(context->output, command);
		return STATUS_DONE;
	}
	if (help_setting(context->output, topic) ||
	    help_key(context->output, context->runner, topic))
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
