/*
 * The parts of zdaemon(1) that come from the tables, in mdoc.
 */

#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/help.h"
#include "control/manual.h"
#include "control/settings.h"
#include "control/topics.h"
#include "options/spelling.h"

#define BEGIN          ".\\\" BEGIN "
#define END            ".\\\" END "
#define TEXT_WIDTH     78
#define EXAMPLE_COLUMN 20 /* of what an example does */
#define EXAMPLE_WIDTH  60 /* that fits a page of 80 columns */

/* --- text ---------------------------------------------------------------- */

static void
put_char(FILE *out, char c)
{
	if (c == '\\')
		fputs("\\e", out);
	else
		putc(c, out);
}

/* The next word, behind column of its line; the new column. */
static size_t
put_next(FILE *out, const char *word, size_t len, size_t column)
{
	if (column > 0 && column + 1 + len > TEXT_WIDTH) {
		putc('\n', out);
		column = 0;
	}
	if (column > 0)
		putc(' ', out);
	else if (*word == '.' || *word == '\'')
		fputs("\\&", out);
	for (size_t i = 0; i < len; i++)
		put_char(out, word[i]);
	return column + (column > 0) + len;
}

/* Sentences, each beginning a line, as mdoc wants them, and paragraphs. */
static void
put_text(FILE *out, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t len = strcspn(text, " \n");

		column = put_next(out, text, len, column);
		text += len;
		if (strncmp(text, "  ", 2) == 0 || *text == '\n') {
			putc('\n', out);
			column = 0;
		}
		if (strncmp(text, "\n\n", 2) == 0)
			fputs(".Pp\n", out);
		text += strspn(text, " \n");
	}
	putc('\n', out);
}

/* A word of a synopsis: a flag, something to be replaced, or itself. */
static void
put_word(FILE *out, const char *word, size_t len)
{
	if (len > 1 && word[0] == '-')
		fprintf(out, " Fl %.*s", (int)len - 1, word + 1);
	else if (len > 1 && isupper((unsigned char)word[0]))
		fprintf(out, " Ar %.*s", (int)len, word);
	else if (len > 1 && islower((unsigned char)word[0]))
		fprintf(out, " Cm %.*s", (int)len, word);
	else
		fprintf(out, " %.*s", (int)len, word);
}

/* "[-n LINES] [FILE]" */
static void
put_synopsis(FILE *out, const char *synopsis)
{
	while (*synopsis) {
		size_t len = strcspn(synopsis, "[] ");

		if (*synopsis == '[')
			fputs(" Oo", out);
		else if (*synopsis == ']')
			fputs(" Oc", out);
		else if (len > 0)
			put_word(out, synopsis, len);
		synopsis += len > 0 ? len : 1;
	}
}

/* --- commands ------------------------------------------------------------ */

static void
put_flag(FILE *out, const struct command_flag *flag)
{
	fputs(".It", out);
	if (flag->letter)
		fprintf(out, " Fl %c", flag->letter);
	if (flag->letter && flag->name)
		fputs(" ,", out);
	if (flag->name)
		fprintf(out, " Fl -%s", flag->name);
	if (flag->argument)
		fprintf(out, " Ar %s", flag->argument);
	putc('\n', out);
	put_text(out, flag->summary);
}

static void
put_operands(FILE *out, const struct command *command)
{
	if (!command->operand[0].name && !command->flag[0].letter &&
	    !command->flag[0].name)
		return;
	fputs(".Pp\n.Bl -tag -width Ds -compact\n", out);
	for (size_t i = 0; i < COMMAND_OPERANDS && command->operand[i].name;
	     i++) {
		fprintf(out, ".It Ar %s\n", command->operand[i].name);
		put_text(out, command->operand[i].summary);
	}
	for (size_t i = 0; i < COMMAND_FLAGS; i++) {
		if (command->flag[i].letter || command->flag[i].name)
			put_flag(out, &command->flag[i]);
	}
	fputs(".El\n", out);
}

static void
put_chars(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put_char(out, text[i]);
}

/* A line and what it does, behind it or, where that is too wide, above. */
static void
put_example(FILE *out, const char *line, size_t len, const char *about,
    size_t about_len)
{
	size_t column = len < EXAMPLE_COLUMN ? EXAMPLE_COLUMN : len + 1;
	bool above = column + 2 + about_len > EXAMPLE_WIDTH;

	if (above) {
		fputs("# ", out);
		put_chars(out, about, about_len);
		putc('\n', out);
	}
	if (*line == '.' || *line == '\'')
		fputs("\\&", out);
	put_chars(out, line, len);
	if (!above) {
		fprintf(out, "%*s# ", (int)(column - len), "");
		put_chars(out, about, about_len);
	}
	putc('\n', out);
}

static void
put_examples(FILE *out, const char *examples)
{
	fputs(".Pp\n.Bd -literal -offset indent -compact\n", out);
	while (*examples) {
		size_t len = strcspn(examples, "\t");
		const char *about = examples + len + 1;
		size_t about_len = strcspn(about, "\n");

		put_example(out, examples, len, about, about_len);
		examples = about + about_len + 1;
	}
	fputs(".Ed\n", out);
}

/* " , exit"; of "$?", mdoc is told that it is no punctuation. */
static void
put_alias(FILE *out, const char *alias)
{
	fputs(" , ", out);
	for (; *alias; alias++)
		fprintf(out, "%s%c",
		    isalpha((unsigned char)*alias) ? "" : "\\&", *alias);
}

static void
put_command(FILE *out, const struct command *command)
{
	char *text;

	fprintf(out, ".It Ic %s", command->name);
	for (size_t i = 0; i < COMMAND_ALIASES && command->alias[i]; i++)
		put_alias(out, command->alias[i]);
	put_synopsis(out, command->synopsis);
	putc('\n', out);
	text = help_text(command->summary, command->help);
	put_text(out, text);
	free(text);
	if (!(command->where & COMMAND_ONESHOT))
		fputs("Available in a session only.\n", out);
	put_operands(out, command);
	put_examples(out, command->examples);
	fputs(".Pp\nExit status:\n", out);
	text = xasprintf("%s.", command->statuses);
	put_text(out, text);
	free(text);
}

static void
put_commands(FILE *out)
{
	for (int group = 0; group < GROUP__COUNT; group++) {
		fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n",
		    help_group((enum command_group)group));
		for (size_t i = 0; i < command_count; i++) {
			const struct command *command = &command_table[i];

			if ((int)command->group == group &&
			    !(command->where & COMMAND_HIDDEN))
				put_command(out, command);
		}
		fputs(".El\n", out);
	}
}

static void
put_statuses(FILE *out)
{
	fputs(".Bl -tag -width 128+N\n", out);
	for (size_t i = 0; i < help_code_count; i++) {
		fprintf(out, ".It %s\n", help_code_table[i].code);
		put_text(out, help_code_table[i].meaning);
	}
	fputs(".El\n", out);
}

/* Topics of help that have a text of their own. */
static void
put_topic(FILE *out, const char *name)
{
	const struct topic *topic = topics_find(name);
	const char *text = topic->text;

	fputs(".Bl -tag -width Ds\n", out);
	while (*text) {
		size_t len = strcspn(text, "\t");
		size_t about = strcspn(text + len + 1, "\n");
		char *right = xstrndup(text + len + 1, about);

		fputs(".It \\&", out);
		for (size_t i = 0; i < len; i++)
			put_char(out, text[i]);
		putc('\n', out);
		put_text(out, right);
		free(right);
		text += len + 1 + about + 1;
	}
	fputs(".El\n.Pp\n", out);
	put_text(out, topic->after);
}

static void
put_keys(FILE *out)
{
	put_topic(out, "keys");
}

static void
put_language(FILE *out)
{
	put_topic(out, "language");
}

static void
put_setting(FILE *out, const struct setting_row *row)
{
	char *text = xasprintf(
	    "%c%s.", ascii_upper(*row->summary), row->summary + 1);

	fprintf(out, ".It Cm %s\n", row->name);
	put_text(out, text);
	free(text);
	fprintf(out, "Default:\n.Cm %s .\n", row->fallback);
	fputs(".Bl -tag -width NUMBER -compact\n", out);
	for (int i = 0; i < SETTING_CHOICES && row->choice[i]; i++)
		fprintf(out, ".It Cm %s\n%s\n", row->choice[i], row->about[i]);
	if (row->kind != SETTING_WORD)
		fprintf(
		    out, ".It Ar %s\n%s\n", settings_unit(row), row->amount);
	fputs(".El\n", out);
}

static void
put_settings(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (int i = 0; i < SETTING__COUNT; i++)
		put_setting(out, &setting_table[i]);
	fputs(".El\n", out);
}

/* --- the page ------------------------------------------------------------ */

static const struct part {
	const char *name;
	void (*put)(FILE *out);
} parts[] = {
	{ "options", spelling_manual },
	{ "commands", put_commands },
	{ "keys", put_keys },
	{ "language", put_language },
	{ "settings", put_settings },
	{ "statuses", put_statuses },
};

static const struct part *
find_part(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (strlen(parts[i].name) == len &&
		    memcmp(parts[i].name, name, len) == 0)
			return &parts[i];
	}
	return NULL;
}

int
manual_write(FILE *out, const char *text, char **cause)
{
	const struct part *part = NULL;

	while (*text) {
		size_t len = strcspn(text, "\n");
		bool begins = strncmp(text, BEGIN, strlen(BEGIN)) == 0;
		bool ends = strncmp(text, END, strlen(END)) == 0;

		if (ends)
			part = NULL;
		if (!part)
			fprintf(out, "%.*s\n", (int)len, text);
		if (begins) {
			part = find_part(
			    text + strlen(BEGIN), len - strlen(BEGIN));
			if (!part) {
				cause_set(cause, "unknown part: %.*s", (int)len,
				    text);
				return -1;
			}
			part->put(out);
		}
		text += len + (text[len] == '\n');
	}
	if (part)
		cause_set(cause, "the part '%s' has no end", part->name);
	return part ? -1 : 0;
}
