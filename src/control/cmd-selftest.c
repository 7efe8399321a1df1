/*
 * self-test: every row of the command table, looked at as a whole, so that
 * one without help, or one that hides another, cannot be shipped.
 */

#include "config.h"

#include <string.h>

#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"

#define SUMMARY_MOST 60 /* columns; a list has to stay a list */
#define HARM_LETTERS 3 /* of an abbreviation of what does harm */
#define BOTH         (COMMAND_ONESHOT | COMMAND_SESSION)

static bool
is_set(const char *text)
{
	return text && *text;
}

static const char *
check_texts(const struct command *command)
{
	if (!is_set(command->name))
		return "has no name";
	if (!command->synopsis)
		return "has no synopsis";
	if (!is_set(command->summary) || !is_set(command->help))
		return "has no help";
	if (strlen(command->summary) > SUMMARY_MOST)
		return "has a summary that is too long";
	if (!is_set(command->examples) || !strchr(command->examples, '\t') ||
	    command->examples[strlen(command->examples) - 1] != '\n')
		return "has no examples";
	if (!is_set(command->statuses))
		return "has no exit statuses";
	return NULL;
}

static const char *
check_shape(const struct command *command)
{
	const struct command_operand *operand = command->operand;
	int named = 0;

	while (named < COMMAND_OPERANDS && operand[named].name)
		named++;
	for (int i = 0; i < named; i++) {
		if (!is_set(operand[i].summary))
			return "has an operand without a summary";
	}
	if (command->max != -1 &&
	    (command->min > command->max || named > command->max))
		return "has bounds that contradict its operands";
	if ((command->max != 0) != (named > 0))
		return "takes operands and names none";
	if (!command->run)
		return "has no handler";
	if (!(command->where & BOTH))
		return "can be used nowhere";
	if ((command->where & COMMAND_CAREFUL) &&
	    command->letters < HARM_LETTERS)
		return "does harm and can be abbreviated too far";
	return NULL;
}

static const char *
check_flags(const struct command *command)
{
	for (int i = 0; i < COMMAND_FLAGS; i++) {
		const struct command_flag *flag = &command->flag[i];

		if (!flag->letter && !flag->name)
			continue;
		if (!is_set(flag->summary))
			return "has a flag without a summary";
		for (int j = 0; j < i; j++) {
			const struct command_flag *other = &command->flag[j];

			if ((flag->letter && flag->letter == other->letter) ||
			    (flag->name && other->name &&
				strcmp(flag->name, other->name) == 0))
				return "has a flag twice";
		}
	}
	return NULL;
}

/* Each of its names leads to it, and each of "see also" to a command. */
static const char *
check_names(const struct command *command)
{
	const struct command *found;
	const char *see = command->see;

	if (command_find(command->name, command->where & BOTH, &found) !=
		LOOKUP_FOUND ||
	    found != command)
		return "is hidden by another";
	for (int i = 0; i < COMMAND_ALIASES && command->alias[i]; i++) {
		if (command_find(command->alias[i], command->where & BOTH,
			&found) != LOOKUP_FOUND ||
		    found != command)
			return "has an alias that leads elsewhere";
	}
	for (int i = 0; i < COMMAND_LIKE && command->like[i]; i++) {
		if (command_find(command->like[i], BOTH, &found) !=
		    LOOKUP_UNKNOWN)
			return "is meant by a word that is a command";
	}
	while (is_set(see)) {
		char name[32];
		size_t len = strcspn(see, ",");

		snprintf(name, sizeof name, "%.*s", (int)len, see);
		if (command_find(name, BOTH, &found) != LOOKUP_FOUND ||
		    strcmp(found->name, name) != 0)
			return "refers to what is no command";
		see += len + strspn(see + len, ", ");
	}
	return NULL;
}

int
cmd_self_test(struct context *context, const struct invocation *invocation)
{
	int status = STATUS_DONE;

	(void)invocation;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];
		const char *fault = check_texts(command);

		if (!fault)
			fault = check_shape(command);
		if (!fault)
			fault = check_flags(command);
		if (!fault)
			fault = check_names(command);
		if (!fault)
			continue;
		output_line(context->output, "%s %s",
		    is_set(command->name) ? command->name : "a row", fault);
		status = STATUS_FAILED;
	}
	if (status == STATUS_DONE)
		output_line(context->output, "%zu commands: all rows are whole",
		    command_count);
	return status;
}
