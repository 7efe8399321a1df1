/*
 * alias and unalias.  The text of an alias is the rest of its line as it was
 * typed, so that it may hold quotes, ; and |; it is read when it is used.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/alias.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"

static void
show_one(const struct context *context, const struct alias *alias)
{
	output_line(context->output, "alias %s = %s", alias->name, alias->text);
}

static int
list_all(const struct context *context)
{
	for (size_t i = 0; i < context->aliases->count; i++)
		show_one(context, &context->aliases->alias[i]);
	return STATUS_DONE;
}

static int
refuse_unknown(
    const struct context *context, const char *command, const char *name)
{
	const char *nearest = aliases_nearest(context->aliases, name);

	output_error(context->output, "Error: %s: no alias '%s'%s%s%s", command,
	    name, nearest ? "; did you mean '" : "", nearest ? nearest : "",
	    nearest ? "'?" : "");
	return STATUS_FAILED;
}

/* The whole text in one pair of quotes, as shells want it: the text. */
static void
strip_quotes(char *text)
{
	size_t len = strlen(text);

	if (len < 2 || (*text != '\'' && *text != '"') ||
	    strchr(text + 1, *text) != text + len - 1)
		return;
	memmove(text, text + 1, len - 2);
	text[len - 2] = '\0';
}

/* What the name would have run until now is told to who types it. */
static void
tell_abbreviation(const struct context *context, const char *name)
{
	const struct command *command;

	if (command_find(name, COMMAND_SESSION, &command) == LOOKUP_FOUND)
		output_line(context->output,
		    "'%s' no longer abbreviates the command %s", name,
		    command->name);
}

static int
set_alias(const struct context *context, const char *name, char *text)
{
	bool there = aliases_find(context->aliases, name) != NULL;
	char *cause = NULL;

	strip_quotes(text);
	if (aliases_set(context->aliases, name, text, &cause) == -1) {
		output_error(
		    context->output, "Error: alias: %s", cause_text(cause));
		free(cause);
		return STATUS_USAGE;
	}
	if (!there && !context->origin)
		tell_abbreviation(context, name);
	return STATUS_DONE;
}

int
cmd_alias(struct context *context, const struct invocation *invocation)
{
	char *copy, *text;
	int status;
	size_t len;

	if (invocation->count == 0)
		return list_all(context);
	copy = xstrdup(invocation->operand[0]);
	len = strcspn(copy, " \t=");
	text = copy + len + strspn(copy + len, " \t");
	if (*text == '=') {
		copy[len] = '\0';
		text++;
		status = set_alias(context, copy, text + strspn(text, " \t"));
	} else if (*text) {
		output_error(context->output,
		    "Error: alias: no '=' behind '%.*s'; usage: alias NAME = "
		    "TEXT",
		    (int)len, copy);
		status = STATUS_USAGE;
	} else if (aliases_find(context->aliases, copy)) {
		output_line(context->output, "alias %s = %s", copy,
		    aliases_find(context->aliases, copy));
		status = STATUS_DONE;
	} else {
		status = refuse_unknown(context, "alias", copy);
	}
	free(copy);
	return status;
}

int
cmd_unalias(struct context *context, const struct invocation *invocation)
{
	int status = STATUS_DONE;

	for (int i = 0; i < invocation->count; i++) {
		if (!aliases_remove(context->aliases, invocation->operand[i]))
			status = refuse_unknown(
			    context, "unalias", invocation->operand[i]);
	}
	return status;
}
