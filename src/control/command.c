/*
 * Finds commands by name, alias or prefix, takes their words apart and runs
 * them.  Knows the shape of a row and nothing of any command: everything that
 * is special to one stands in its row.
 */

#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/flags.h"
#include "control/help.h"
#include "control/output.h"
#include "control/rights.h"
#include "options/cmdline.h"
#include "options/load.h"
#include "options/problems.h"

#define CAREFUL_LETTERS 3

bool
command_is_named(const struct command *command, const char *word)
{
	if (strcmp(command->name, word) == 0)
		return true;
	for (size_t i = 0; i < COMMAND_ALIASES && command->alias[i]; i++) {
		if (strcmp(command->alias[i], word) == 0)
			return true;
	}
	return false;
}

/* Whether word begins the name, or an alias that is a word too. */
static bool
is_begun(const struct command *command, const char *word)
{
	return strncmp(command->name, word, strlen(word)) == 0;
}

static const struct command *
find_exact(const char *word, unsigned int where)
{
	for (size_t i = 0; i < command_count; i++) {
		if ((command_table[i].where & where) &&
		    command_is_named(&command_table[i], word))
			return &command_table[i];
	}
	return NULL;
}

static const struct command *
find_nearest(const char *word, unsigned int where)
{
	struct near near;

	near_begin(&near, word);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		if (!(command->where & where) ||
		    (command->where & COMMAND_HIDDEN))
			continue;
		near_offer(&near, command->name);
		for (size_t j = 0; j < COMMAND_ALIASES && command->alias[j];
		     j++) {
			if (isalpha((unsigned char)*command->alias[j]))
				near_offer(&near, command->alias[j]);
		}
	}
	return near.best ? find_exact(near.best, where) : NULL;
}

enum command_lookup
command_find(const char *word, unsigned int where, const struct command **found)
{
	const struct command *begun = NULL;
	size_t count = 0;

	if (*word == '\0')
		word = COMMAND_EMPTY;
	if ((*found = find_exact(word, where)) != NULL)
		return LOOKUP_FOUND;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		if (!(command->where & where) ||
		    (command->where & COMMAND_HIDDEN) ||
		    !is_begun(command, word))
			continue;
		begun = command;
		count++;
	}
	*found = begun;
	if (count > 1)
		return LOOKUP_AMBIGUOUS;
	if (count == 1 && (begun->where & COMMAND_CAREFUL) &&
	    strlen(word) < CAREFUL_LETTERS)
		return LOOKUP_SHORT;
	if (count == 1)
		return LOOKUP_FOUND;
	*found = find_nearest(word, where);
	return LOOKUP_UNKNOWN;
}

/* What a word begins, as "start, status"; to be freed. */
static char *
list_begun(const char *word, unsigned int where)
{
	char *list = xstrdup("");

	for (size_t i = 0; i < command_count; i++) {
		char *longer;

		if (!(command_table[i].where & where) ||
		    (command_table[i].where & COMMAND_HIDDEN) ||
		    !is_begun(&command_table[i], word))
			continue;
		longer = xasprintf(
		    "%s%s%s", list, *list ? ", " : "", command_table[i].name);
		free(list);
		list = longer;
	}
	return list;
}

static char *
join(int count, char **word)
{
	char *line = xstrdup(count > 0 ? word[0] : "");

	for (int i = 1; i < count; i++) {
		char *longer = xasprintf("%s %s", line, word[i]);

		free(line);
		line = longer;
	}
	return line;
}

char *
command_doubt(const char *word, unsigned int where)
{
	const struct command *found;
	char *list, *doubt;

	switch (command_find(word, where, &found)) {
	case LOOKUP_FOUND:
		break;
	case LOOKUP_AMBIGUOUS:
		list = list_begun(word, where);
		doubt = xasprintf("'%s' could be %s", word, list);
		free(list);
		return doubt;
	case LOOKUP_SHORT:
		return xasprintf("'%s' is too short for %s; type three letters",
		    word, found->name);
	case LOOKUP_UNKNOWN:
		if (found)
			return xasprintf("did you mean '%s'?", found->name);
		break;
	}
	return NULL;
}

/* Says why the words name no command; the first line is zdaemon's. */
static int
refuse_word(const struct context *context, unsigned int where, int count,
    char **word)
{
	char *line = join(count, word), *doubt = command_doubt(word[0], where);

	output_error(context->output, "*** Unknown syntax: %s", line);
	if (doubt || (context->session && context->output->error_terminal))
		output_error(context->output, "%s",
		    doubt ? doubt : "help lists the commands");
	free(doubt);
	free(line);
	return STATUS_USAGE;
}

void
command_usage_error(const struct context *context, const char *text)
{
	output_error(context->output, "Error: %s", text);
	if (!context->session)
		output_error(
		    context->output, "For help, use %s -h", context->program);
}

/* The flags and operands were wrong: zdaemon's own words, or the usage. */
static int
refuse_operands(const struct context *context, const struct command *command,
    const char *cause)
{
	if (command->refusal) {
		output_error(context->output, "%s", command->refusal);
		return STATUS_FAILED;
	}
	output_error(context->output, "Error: %s: %s; usage: %s%s%s",
	    command->name, cause, command->name, *command->synopsis ? " " : "",
	    command->synopsis);
	if (!context->session)
		output_error(context->output, "For help, use %s help %s",
		    context->program, command->name);
	return STATUS_USAGE;
}

static bool
complain(const struct context *context, const struct problems *problems)
{
	char *first;

	if (problems->errors == 0)
		return false;
	first = problems_first(problems);
	command_usage_error(context, cause_text(first));
	free(first);
	return true;
}

static void
warn_of(const struct context *context, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		char *text;

		if (problems->problem[i].severity != SEVERITY_WARNING)
			continue;
		text = problem_text(&problems->problem[i]);
		output_error(context->output, "warning: %s", cause_text(text));
		free(text);
	}
}

/* Whether the configuration is good enough for the command. */
static bool
is_configured(const struct context *context, const struct command *command)
{
	struct problems found;
	bool need = command->where & COMMAND_NEEDS_PROGRAM;
	bool good;

	if (complain(context, context->problems))
		return false;
	problems_init(&found);
	options_check(context->runner, context->cmdline->config, need, &found);
	good = !complain(context, &found);
	if (!good && context->session && context->runner->program.count == 0)
		output_error(context->output,
		    "reload -C FILE reads a configuration, reload -p COMMAND "
		    "names a program");
	if (good && need) {
		warn_of(context, context->problems);
		warn_of(context, &found);
	}
	problems_free(&found);
	return good;
}

/*
 * A one-shot that starts nothing has no need of root's rights.  What starts
 * something drops them itself, as soon as it can.
 */
static bool
has_rights(struct context *context, const struct command *command)
{
	char *cause = NULL;

	if (context->session || (command->where & COMMAND_NEEDS_PROGRAM))
		return true;
	if (rights_drop(context->runner, &cause) == 0)
		return true;
	command_usage_error(context, cause_text(cause));
	free(cause);
	return false;
}

/* -y of a row that does harm says that nobody is to be asked. */
static int
run_row(struct context *context, const struct invocation *invocation)
{
	bool careful = context->careful;
	int status;

	if ((invocation->command->where & COMMAND_CAREFUL) &&
	    invocation_has(invocation, "y"))
		context->careful = false;
	status = invocation->command->run(context, invocation);
	context->careful = careful;
	return status;
}

int
command_run(struct context *context, int count, char **word)
{
	static char empty[] = COMMAND_EMPTY;
	static char *const nothing[] = { empty, NULL };
	const struct command *command;
	struct invocation invocation;
	unsigned int where = context->session ? COMMAND_SESSION :
						COMMAND_ONESHOT;
	char *cause = NULL;
	int status;

	if (count == 0) {
		count = 1;
		word = (char **)nothing;
	}
	if (command_find(word[0], where, &command) != LOOKUP_FOUND)
		return refuse_word(context, where, count, word);
	if (count == 2 && strcmp(word[1], "--help") == 0 &&
	    !(command->where & (COMMAND_RAW | COMMAND_VERBATIM))) {
		help_command(context->output, command);
		return STATUS_DONE;
	}
	if (flags_parse(&invocation, command, count - 1, word + 1, &cause) ==
	    -1) {
		status = refuse_operands(context, command, cause);
		free(cause);
		return status;
	}
	if (!(command->where & COMMAND_ANY_CONFIG) &&
	    (!is_configured(context, command) || !has_rights(context, command)))
		status = STATUS_USAGE;
	else
		status = run_row(context, &invocation);
	flags_free(&invocation);
	return status;
}
