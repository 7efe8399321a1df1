/*
 * The options of the command line as they are spelled: those of the option
 * table and those that are no values of a runner.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "options/spelling.h"

/* Options that are no values of a runner, by enum fixed. */
static const struct spelling fixed_table[FIXED__COUNT] = {
	[FIXED_CONFIGURE] = { "configure", 'C', "FILE", true,
	    "the configuration file", NULL, NULL },
	[FIXED_OVERRIDE] = { NULL, 'X', "SECTION/KEY=VALUE", true,
	    "override a key of the configuration file", NULL, NULL },
	[FIXED_SCHEMA] = { "schema", 'S', "FILE", true,
	    "ignored, but unknown top-level sections are skipped", NULL, NULL },
	[FIXED_HELP] = { "help", 'h', NULL, true,
	    "show a summary of options and commands and exit", NULL, NULL },
	[FIXED_VERSION] = { "version", 0, NULL, true,
	    "show the version and exit", NULL, NULL },
	[FIXED_INTERACTIVE] = { "interactive", 'i', NULL, true,
	    "open a session, whatever default-to-interactive says", NULL,
	    NULL },
	[FIXED_COMMAND] = { "command", 'c', "COMMANDS", false,
	    "run commands, separated by ; or newlines, and exit", NULL, NULL },
	[FIXED_KEEP_GOING] = { "keep-going", 'k', NULL, false,
	    "with -c or a batch: go on after a command that fails", NULL,
	    NULL },
	[FIXED_YES] = { "yes", 'y', NULL, false, "never ask for confirmation",
	    NULL, NULL },
	[FIXED_JSON] = { "json", 0, NULL, false,
	    "print JSON; refused by a command that has none", NULL, NULL },
	[FIXED_PLAIN] = { "plain", 0, NULL, false,
	    "no colors, and only plain lines", NULL, NULL },
	[FIXED_COLOR] = { "color", 0, "[=WHEN]", false,
	    "when to use colors: auto, always or never", "auto always never",
	    NULL },
};

size_t
spelling_collect(struct spelling *spelling)
{
	const struct option_row *row;
	size_t i, count = 0;

	for (i = 0; i < FIXED__COUNT; i++)
		spelling[count++] = fixed_table[i];
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (row->where & OPTION_CMDLINE)
			spelling[count++] = spelling_of_row(row);
	}
	return count;
}

/* How options are ordered for people: by letter, small before capital. */
static int
compare_spellings(const void *a, const void *b)
{
	const struct spelling *x = a, *y = b;
	char left = x->letter == 0 ? x->name[0] : x->letter;
	char right = y->letter == 0 ? y->name[0] : y->letter;
	int order = (left | 0x20) - (right | 0x20);

	if (order == 0)
		order = (x->letter == 0) - (y->letter == 0);
	return order != 0 ? order : right - left;
}

static size_t
sorted_spellings(struct spelling *spelling)
{
	size_t count = spelling_collect(spelling);

	qsort(spelling, count, sizeof(*spelling), compare_spellings);
	return count;
}

void
spelling_manual(FILE *stream)
{
	struct spelling spelling[SPELLINGS_MAX], *one;
	size_t i, count = sorted_spellings(spelling);

	fputs(".Bl -tag -width Ds\n", stream);
	for (i = 0; i < count; i++) {
		one = &spelling[i];
		fputs(".It", stream);
		if (one->letter != 0)
			fprintf(stream, " Fl %c", one->letter);
		if (one->letter != 0 && one->name != NULL)
			fputs(" ,", stream);
		if (one->name != NULL)
			fprintf(stream, " Fl -%s", one->name);
		if (one->argument != NULL && one->argument[0] == '[')
			fprintf(stream, " Ns Op = Ns Ar %.*s",
			    (int)strlen(one->argument) - 3, one->argument + 2);
		else if (one->argument != NULL)
			fprintf(stream, " Ar %s", one->argument);
		fprintf(stream, "\n%c%s.\n", ascii_upper(one->summary[0]),
		    one->summary + 1);
	}
	fputs(".El\n", stream);
}

/* What an argument is, as far as its name says it. */
static enum spelling_kind
kind_of_argument(const char *argument)
{
	static const struct {
		const char *argument;
		enum spelling_kind kind;
	} named[] = {
		{ "FILE", SPELLING_FILE },
		{ "SOCKET", SPELLING_FILE },
		{ "DIRECTORY", SPELLING_DIRECTORY },
		{ "USER", SPELLING_USER },
		{ "GROUP", SPELLING_GROUP },
		{ "SECTION/KEY=VALUE", SPELLING_KEY },
		{ "COMMANDS", SPELLING_LINE },
	};

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (argument != NULL &&
		    strcmp(argument, named[i].argument) == 0)
			return named[i].kind;
	return SPELLING_FREE;
}

enum spelling_kind
spelling_kind(const struct spelling *spelling)
{
	if (spelling->choices != NULL)
		return SPELLING_CHOICE;
	if (spelling->row != NULL && spelling->row->type == OPTION_WORDS)
		return SPELLING_PROGRAM;
	if (spelling->row != NULL && spelling->row->type == OPTION_SIGNAL)
		return SPELLING_SIGNAL;
	return kind_of_argument(spelling->argument);
}

struct spelling
spelling_of_row(const struct option_row *row)
{
	return (struct spelling){
		.name = row->name,
		.letter = row->letter,
		.argument = row->argument,
		.classic = row->where & OPTION_CLASSIC,
		.summary = row->summary,
		.choices = row->type == OPTION_BOOL ? "on off" : row->choices,
		.row = row,
	};
}

bool
spelling_find(const char *word, size_t len, struct spelling *found)
{
	struct spelling spelling[SPELLINGS_MAX];
	size_t i, count = spelling_collect(spelling);
	bool whole = len > 2 && strncmp(word, "--", 2) == 0;

	for (i = 0; i < count; i++) {
		const char *name = spelling[i].name;

		if (spelling[i].argument == NULL)
			continue;
		if (whole ? name != NULL && strlen(name) == len - 2 &&
			    strncmp(name, word + 2, len - 2) == 0 :
			    len > 1 && word[0] == '-' && word[1] != '-' &&
			    word[len - 1] == spelling[i].letter) {
			*found = spelling[i];
			return true;
		}
	}
	return false;
}

void
spelling_each(
    void (*each)(void *data, const struct spelling *spelling), void *data)
{
	struct spelling spelling[SPELLINGS_MAX];
	size_t i, count = sorted_spellings(spelling);

	for (i = 0; i < count; i++)
		each(data, &spelling[i]);
}
