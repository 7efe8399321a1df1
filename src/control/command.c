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

#define ALIAS_LETTERS 2 /* the least that begin an alias */
#define JSON_FLAG     "json"

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

static bool
is_offered(const struct command *command, unsigned int where)
{
	return (command->where & where) && !(command->where & COMMAND_HIDDEN);
}

static bool
is_begun(const struct command *command, const char *word)
{
	return strncmp(command->name, word, strlen(word)) == 0;
}

/* Whether an alias that is a word begins so. */
static bool
is_alias_begun(const struct command *command, const char *word)
{
	size_t len = strlen(word);

	if (len < ALIAS_LETTERS || !isalpha((unsigned char)*word))
		return false;
	for (size_t i = 0; i < COMMAND_ALIASES && command->alias[i]; i++) {
		if (strncmp(command->alias[i], word, len) == 0)
			return true;
	}
	return false;
}

/* "?stop": an alias that is a sign, with the first operand glued to it. */
static bool
is_glued(const struct command *command, const char *word)
{
	const char sign[] = { *word, '\0' };

	return ispunct((unsigned char)*word) && word[1] &&
	    !(command->where & COMMAND_VERBATIM) &&
	    command_is_named(command, sign);
}

/* The first row for where of which holds is true; how many there are. */
static size_t
find_by(bool (*holds)(const struct command *command, const char *word),
    const char *word, unsigned int where, const struct command **found)
{
	size_t count = 0;

	for (size_t i = 0; i < command_count; i++) {
		if (!is_offered(&command_table[i], where) ||
		    !holds(&command_table[i], word))
			continue;
		if (count++ == 0)
			*found = &command_table[i];
	}
	return count;
}

static const struct command *
find_exact(const char *word, unsigned int where)
{
	const struct command *found = NULL;

	for (size_t i = 0; i < command_count; i++) {
		if ((command_table[i].where & where) &&
		    command_is_named(&command_table[i], word))
			return &command_table[i];
	}
	find_by(is_glued, word, where, &found);
	return found;
}

static bool
is_like(const struct command *command, const char *word)
{
	for (size_t i = 0; i < COMMAND_LIKE && command->like[i]; i++) {
		if (strcmp(command->like[i], word) == 0)
			return true;
	}
	return false;
}

const struct command *
command_meant(const char *word, unsigned int where)
{
	const struct command *found = NULL;

	find_by(is_like, word, where, &found);
	return found;
}

static const struct command *
find_nearest(const char *word, unsigned int where)
{
	const struct command *meant = command_meant(word, where);
	struct near near;

	if (meant)
		return meant;
	near_begin(&near, word);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		if (!is_offered(command, where))
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
	size_t count;

	if (*word == '\0')
		word = COMMAND_EMPTY;
	if ((*found = find_exact(word, where)) != NULL)
		return LOOKUP_FOUND;
	count = find_by(is_begun, word, where, &begun);
	*found = begun;
	if (count > 1)
		return LOOKUP_AMBIGUOUS;
	if (count == 1 && (int)strlen(word) >= begun->letters)
		return LOOKUP_FOUND;
	/* A word that is too short for a name is not taken from an alias. */
	if (find_by(is_alias_begun, word, where, found) == 1)
		return LOOKUP_FOUND;
	if (count == 1)
		return LOOKUP_SHORT;
	*found = find_nearest(word, where);
	return LOOKUP_UNKNOWN;
}

/* The names of the rows that find_by counts, as "start, status"; to be freed.
 */
static char *
list_by(bool (*holds)(const struct command *command, const char *word),
    const char *word, unsigned int where)
{
	char *list = xstrdup("");

	for (size_t i = 0; i < command_count; i++) {
		char *longer;

		if (!is_offered(&command_table[i], where) ||
		    !holds(&command_table[i], word))
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

static bool
is_of_session(const char *word)
{
	const struct command *found;

	return command_find(word, COMMAND_SESSION, &found) == LOOKUP_FOUND;
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
		list = list_by(is_begun, word, where);
		doubt = xasprintf("'%s' could be %s", word, list);
		free(list);
		return doubt;
	case LOOKUP_SHORT:
		return xasprintf(
		    "'%s' is too short for %s; type at least %d letters", word,
		    found->name, found->letters);
	case LOOKUP_UNKNOWN:
		if (where == COMMAND_ONESHOT && is_of_session(word))
			return xasprintf(
			    "%s: only in a session (zdaemon -C FILE)", word);
		if (found)
			return xasprintf("did you mean '%s'?", found->name);
		break;
	}
	return NULL;
}

/* Says why the words name no command; the first line is zdaemon's. */
static int
refuse_word(
    const struct context *context, unsigned int where, int count, char **word)
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

static int
refuse_operands(const struct context *context, const struct command *command,
    const char *cause)
{
	output_error(context->output, "Error: %s: %s; usage: %s%s%s",
	    command->name, cause, command->name, *command->synopsis ? " " : "",
	    command->synopsis);
	if (!context->session)
		output_error(context->output, "For help, use %s help %s",
		    context->program, command->name);
	return STATUS_USAGE;
}

/*
 * zdaemon's own words for bad operands.  Of long flags, which it had none of,
 * they would not be true.
 */
static int
refuse_as_zdaemon(const struct context *context, const struct command *command,
    int count, char **word, const char *cause)
{
	for (int i = 0; i < count; i++) {
		if (strncmp(word[i], "--", 2) == 0 && word[i][2]) {
			refuse_operands(context, command, cause);
			return STATUS_FAILED;
		}
	}
	output_error(context->output, "%s", command->refusal);
	return STATUS_FAILED;
}

/* Whether --json before a one-shot command, which was given, is of no use. */
static bool
lacks_json(const struct context *context, const struct command *command)
{
	char *list;

	if (!context->output->json || context->session ||
	    (command->where & COMMAND_HIDDEN) ||
	    command_has_flag(command, JSON_FLAG))
		return false;
	list = list_by(command_has_flag, JSON_FLAG, COMMAND_ONESHOT);
	output_error(context->output,
	    "Error: %s prints no JSON; --json is for %s", command->name, list);
	free(list);
	return true;
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

static bool
asks_for_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Checks the words behind a command against its row, and runs it. */
static int
run_operands(struct context *context, const struct command *command, int count,
    char **word)
{
	struct invocation invocation;
	char *cause = NULL;
	int status;

	if (flags_parse(&invocation, command, count, word, &cause) == -1) {
		status = command->refusal ?
		    refuse_as_zdaemon(context, command, count, word, cause) :
		    refuse_operands(context, command, cause);
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

/*
 * Help where it is the only word.  A program that is to get that word gets it
 * behind a "--", which is no word of its own then.
 */
static int
run_found(struct context *context, const struct command *command, int count,
    char **word)
{
	const unsigned int passes = COMMAND_RAW | COMMAND_NEEDS_PROGRAM;

	if (lacks_json(context, command))
		return STATUS_USAGE;
	if (count == 1 && asks_for_help(word[0]) &&
	    !(command->where & COMMAND_HIDDEN)) {
		help_command(context->output, command);
		return STATUS_DONE;
	}
	if (count == 2 && (command->where & passes) == passes &&
	    strcmp(word[0], "--") == 0 && asks_for_help(word[1]))
		return run_operands(context, command, 1, word + 1);
	return run_operands(context, command, count, word);
}

/* "?stop" is "? stop". */
static int
run_glued(struct context *context, const struct command *command, int count,
    char **word)
{
	char **operand = xcalloc((size_t)count + 1, sizeof *operand);
	int status;

	memcpy(operand, word, (size_t)count * sizeof *operand);
	operand[0] = word[0] + 1;
	status = run_found(context, command, count, operand);
	free(operand);
	return status;
}

int
command_run(struct context *context, int count, char **word)
{
	static char empty[] = COMMAND_EMPTY;
	static char *const nothing[] = { empty, NULL };
	const struct command *command;
	unsigned int where = context->session ? COMMAND_SESSION :
						COMMAND_ONESHOT;

	if (count == 0) {
		count = 1;
		word = (char **)nothing;
	}
	if (command_find(word[0], where, &command) != LOOKUP_FOUND)
		return refuse_word(context, where, count, word);
	if (is_glued(command, word[0]))
		return run_glued(context, command, count, word);
	return run_found(context, command, count - 1, word + 1);
}
