/*
 * Help, made from the command table and the option table: nothing is told
 * here that does not stand in a row.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/help.h"
#include "control/output.h"
#include "control/settings.h"
#include "control/topics.h"
#include "options/options.h"
#include "options/spelling.h"

#define INDENT       2
#define NAME_MOST    24 /* columns that names may take in a list */
#define OPTION_MOST  30 /* the same for options */
#define KEY_COLUMN   8
#define TOPIC_COLUMN 12
#define TOPIC_LINE   240

static const char *const group_names[GROUP__COUNT] = {
	[GROUP_PROGRAM] = "Program",
	[GROUP_LOGS] = "Logs",
	[GROUP_SETTINGS] = "Settings",
	[GROUP_SESSION] = "Session",
};

const struct help_code help_code_table[] = {
	{ "0", "Success." },
	{ "1",
	    "The command failed: start or restart did not bring the program "
	    "up, stop left something running, kill had nothing to signal, "
	    "logtail found no file, help or show does not know the topic." },
	{ "2",
	    "Usage or configuration error: an unknown command, option or "
	    "signal, a bad value or a bad file." },
	{ "3",
	    "The supervisor is not running (status, tree, events); status says "
	    "so even if a program that it left behind is." },
	{ "4", "The state is unknown: no answer in time, or no permission." },
	{ "126",
	    "foreground, and start with daemon off: the program is not "
	    "executable." },
	{ "127", "The same: the program was not found." },
	{ "128+N",
	    "The same: signal N ended the program.  Otherwise these two "
	    "return the program's own exit status." },
};
const size_t help_code_count = sizeof help_code_table /
    sizeof help_code_table[0];

const char *
help_group(enum command_group group)
{
	return group_names[group];
}

/* How many bytes of text fit into a line; at least one word. */
static size_t
fit(const char *text, size_t width)
{
	size_t last = 0, at = 0;

	while (text[at] && text[at] != '\n') {
		if (text[at] == ' ' && at > 0 && text[at - 1] != ' ')
			last = at;
		if (at >= width && last > 0)
			return last;
		at++;
	}
	return at;
}

void
help_wrap(const struct output *output, const char *text, int indent, int width)
{
	size_t room = width > indent + 20 ? (size_t)(width - indent) : 20;

	while (*text) {
		size_t len = fit(text, room);

		output_line(output, "%*s%.*s", indent, "", (int)len, text);
		text += len;
		while (*text == ' ')
			text++;
		if (*text == '\n')
			text++;
	}
}

char *
help_text(const char *summary, const char *help)
{
	return xasprintf("%c%s.  %s", ascii_upper(*summary), summary + 1, help);
}

/* NAME and what it is, side by side, or one below the other. */
static void
print_pair(const struct output *output, const char *name, const char *about,
    int column)
{
	int room = output->columns - column - INDENT * 2;
	size_t len;

	if (room < 20) {
		output_line(output, "%*s%s", INDENT, "", name);
		help_wrap(output, about, INDENT * 3, output->columns);
		return;
	}
	len = fit(about, (size_t)room);
	if ((int)strlen(name) > column) {
		output_line(output, "%*s%s", INDENT, "", name);
		help_wrap(output, about, column + INDENT * 2, output->columns);
		return;
	}
	output_line(output, "%*s%-*s%*s%.*s", INDENT, "", column, name, INDENT,
	    "", (int)len, about);
	while (about[len] == ' ')
		len++;
	help_wrap(output, about + len, column + INDENT * 2, output->columns);
}

/* "foreground, fg" into buf; returns buf. */
static const char *
names_of(const struct command *command, char *buf, size_t size)
{
	size_t len = (size_t)snprintf(buf, size, "%s", command->name);

	for (size_t i = 0; i < COMMAND_ALIASES && command->alias[i]; i++) {
		if (len < size)
			len += (size_t)snprintf(
			    buf + len, size - len, ", %s", command->alias[i]);
	}
	return buf;
}

static bool
is_listed(const struct command *command, unsigned int where)
{
	return (command->where & where) && !(command->where & COMMAND_HIDDEN);
}

static int
widest_name(unsigned int where)
{
	char buf[NAME_MOST * 4];
	int widest = 0;

	for (size_t i = 0; i < command_count; i++) {
		int len;

		if (!is_listed(&command_table[i], where))
			continue;
		len = (int)strlen(names_of(&command_table[i], buf, sizeof buf));
		if (len > widest && len <= NAME_MOST)
			widest = len;
	}
	return widest;
}

void
help_list(const struct output *output, unsigned int where)
{
	char buf[NAME_MOST * 4];
	int column = widest_name(where);

	for (int group = 0; group < GROUP__COUNT; group++) {
		output_line(output, "%s", group_names[group]);
		for (size_t i = 0; i < command_count; i++) {
			const struct command *command = &command_table[i];

			if ((int)command->group == group &&
			    is_listed(command, where))
				print_pair(output,
				    names_of(command, buf, sizeof buf),
				    command->summary, column);
		}
	}
}

void
help_more(const struct output *output)
{
	char *list = topics_list(help_topic_table, help_topic_count);
	char *text = xasprintf(
	    "help NAME explains a command or a configuration "
	    "key; further topics: %s",
	    list);

	help_wrap(output, text, 0, output->columns);
	free(text);
	free(list);
}

/* "-n LINES, --lines=LINES" into buf; returns buf. */
static const char *
flag_name(const struct command_flag *flag, char *buf, size_t size)
{
	const char *argument = flag->argument ? flag->argument : "";

	if (flag->letter && flag->name)
		snprintf(buf, size, "-%c, --%s%s%s", flag->letter, flag->name,
		    *argument ? "=" : "", argument);
	else if (flag->letter)
		snprintf(buf, size, "-%c%s%s", flag->letter,
		    *argument ? " " : "", argument);
	else
		snprintf(buf, size, "--%s%s%s", flag->name,
		    *argument ? "=" : "", argument);
	return buf;
}

static void
print_words(const struct output *output, const struct command *command)
{
	char buf[80];

	for (size_t i = 0; i < COMMAND_OPERANDS && command->operand[i].name;
	     i++)
		print_pair(output, command->operand[i].name,
		    command->operand[i].summary, NAME_MOST);
	for (size_t i = 0; i < COMMAND_FLAGS; i++) {
		const struct command_flag *flag = &command->flag[i];

		if (flag->letter || flag->name)
			print_pair(output, flag_name(flag, buf, sizeof buf),
			    flag->summary, NAME_MOST);
	}
}

/* "LINE\tWHAT IT DOES\n" lines. */
static void
print_examples(const struct output *output, const char *examples)
{
	char line[160];

	output_line(output, "examples");
	while (*examples) {
		size_t len = strcspn(examples, "\t");
		size_t about = strcspn(examples + len + 1, "\n");
		char text[160];

		snprintf(line, sizeof line, "%.*s", (int)len, examples);
		snprintf(
		    text, sizeof text, "%.*s", (int)about, examples + len + 1);
		print_pair(output, line, text, NAME_MOST);
		examples += len + 1 + about + 1;
	}
}

/* As fit, for a synopsis: what stands in brackets stays together. */
static size_t
fit_part(const char *text, size_t width)
{
	size_t last = 0, depth = 0, at;

	for (at = 0; text[at]; at++) {
		if (text[at] == '[')
			depth++;
		else if (text[at] == ']')
			depth--;
		else if (text[at] == ' ' && depth == 0)
			last = at;
		if (at >= width && last > 0)
			return last;
	}
	return at;
}

/* The name and what may follow, broken between two of its parts. */
static void
print_synopsis(const struct output *output, const struct command *command)
{
	char *text = xasprintf("%s%s%s", command->name,
	    *command->synopsis ? " " : "", command->synopsis);
	const char *at = text;
	int indent = 0;

	while (*at) {
		size_t len = fit_part(at, (size_t)(output->columns - indent));

		output_line(output, "%*s%.*s", indent, "", (int)len, at);
		at += len + strspn(at + len, " ");
		indent = INDENT * 2;
	}
	free(text);
}

static void
print_see(const struct output *output, const char *commands)
{
	char *text = xasprintf("see also: %s", commands);

	help_wrap(output, text, 0, output->columns);
	free(text);
}

void
help_command(const struct output *output, const struct command *command)
{
	char *text = help_text(command->summary, command->help);

	print_synopsis(output, command);
	for (size_t i = 0; i < COMMAND_ALIASES && command->alias[i]; i++)
		output_line(output, "%s -- an alias for %s", command->alias[i],
		    command->name);
	help_wrap(output, text, 0, output->columns);
	free(text);
	print_words(output, command);
	print_examples(output, command->examples);
	output_line(output, "exit statuses");
	help_wrap(output, command->statuses, INDENT, output->columns);
	print_see(output, command->see);
}

void
help_pair(const struct output *output, const char *name, const char *about)
{
	print_pair(output, name, about, KEY_COLUMN);
}

/* The next of "LEFT\tRIGHT\n" lines into buf, parted; NULL at the end. */
static const char *
next_pair(const char *text, char *buf, size_t size, char **right)
{
	size_t len = strcspn(text, "\n");

	if (*text == '\0')
		return NULL;
	snprintf(buf, size, "%.*s", (int)len, text);
	*right = buf + strcspn(buf, "\t");
	if (**right)
		*(*right)++ = '\0';
	return text + len + 1;
}

void
help_topic(const struct output *output, const struct topic *topic)
{
	char buf[TOPIC_LINE], *right;
	const char *next = topic->text;

	while ((next = next_pair(next, buf, sizeof buf, &right)) != NULL)
		print_pair(output, buf, right, TOPIC_COLUMN);
	if (topic->after)
		help_wrap(output, topic->after, 0, output->columns);
}

static void
print_setting(const struct output *output, enum setting setting)
{
	const struct setting_row *row = &setting_table[setting];

	output_line(output, "%s = %s", row->name, row->fallback);
	help_wrap(output, row->summary, INDENT, output->columns);
	for (int i = 0; i < SETTING_CHOICES && row->choice[i]; i++)
		print_pair(output, row->choice[i], row->about[i], KEY_COLUMN);
	if (row->kind != SETTING_WORD)
		print_pair(output, settings_unit(row), row->amount, KEY_COLUMN);
}

void
help_settings(const struct output *output)
{
	for (int i = 0; i < SETTING__COUNT; i++)
		print_setting(output, (enum setting)i);
}

bool
help_setting(const struct output *output, const char *name)
{
	for (int i = 0; i < SETTING__COUNT; i++) {
		if (strcmp(setting_table[i].name, name) != 0)
			continue;
		print_setting(output, (enum setting)i);
		return true;
	}
	return false;
}

void
help_config(const struct output *output)
{
	const char *section = "";

	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_table[i];

		if (strcmp(section, row->section) != 0)
			output_line(output, "%s", row->section);
		section = row->section;
		print_pair(output, row->name ? row->name : "NAME", row->summary,
		    NAME_MOST);
	}
}

void
help_codes(const struct output *output)
{
	for (size_t i = 0; i < help_code_count; i++)
		print_pair(output, help_code_table[i].code,
		    help_code_table[i].meaning, 6);
}

/* "-C, --configure FILE", side by side with what it is for. */
static void
print_option(void *data, const struct spelling *option)
{
	const struct output *output = data;
	char left[80], letter[8] = "   ";
	const char *argument = option->argument ? option->argument : "";

	if (option->letter)
		snprintf(letter, sizeof letter, "-%c%s", option->letter,
		    option->name ? "," : "");
	snprintf(left, sizeof left, "%s%s%s%s%s", letter,
	    option->name ? " --" : "", option->name ? option->name : "",
	    *argument == '\0' || *argument == '[' ? "" : " ", argument);
	print_pair(output, left, option->summary, OPTION_MOST);
}

void
help_usage(const struct context *context)
{
	const struct output *output = context->output;

	output_line(output, "usage: %s [OPTION ...] [COMMAND [ARGUMENT ...]]",
	    context->program);
	output_line(output, "Options");
	spelling_each(print_option, (void *)(uintptr_t)output);
	help_list(output, COMMAND_ONESHOT);
	help_wrap(output,
	    "help COMMAND explains a command.  Without a command, a session "
	    "opens.",
	    0, output->columns);
}

void
help_version(const struct context *context)
{
	output_line(context->output, "%s", PACKAGE_STRING);
}
