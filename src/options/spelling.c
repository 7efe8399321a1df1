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
	    "the configuration file", NULL },
	[FIXED_OVERRIDE] = { NULL, 'X', "SECTION/KEY=VALUE", true,
	    "override a key of the configuration file", NULL },
	[FIXED_SCHEMA] = { "schema", 'S', "FILE", true,
	    "ignored, but unknown top-level sections are skipped", NULL },
	[FIXED_HELP] = { "help", 'h', NULL, true,
	    "show a summary of options and commands and exit", NULL },
	[FIXED_VERSION] = { "version", 0, NULL, true,
	    "show the version and exit", NULL },
	[FIXED_INTERACTIVE] = { "interactive", 'i', NULL, true,
	    "open a session, whatever default-to-interactive says", NULL },
	[FIXED_COMMAND] = { "command", 'c', "COMMANDS", false,
	    "run commands, separated by ; or newlines, and exit", NULL },
	[FIXED_KEEP_GOING] = { "keep-going", 'k', NULL, false,
	    "with -c or a batch: go on after a command that fails", NULL },
	[FIXED_YES] = { "yes", 'y', NULL, false, "never ask for confirmation",
	    NULL },
	[FIXED_JSON] = { "json", 0, NULL, false,
	    "print JSON; refused by a command that has none", NULL },
	[FIXED_PLAIN] = { "plain", 0, NULL, false,
	    "no colors, and only plain lines", NULL },
	[FIXED_COLOR] = { "color", 0, "[=WHEN]", false,
	    "when to use colors: auto, always or never", NULL },
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
			spelling[count++] = (struct spelling){ row->name,
				row->letter, row->argument,
				row->where & OPTION_CLASSIC, row->summary,
				row };
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

bool
spelling_names_file(const struct spelling *spelling)
{
	if (spelling->row != NULL)
		return spelling->row->type == OPTION_PATH ||
		    spelling->row->type == OPTION_TARGET;
	return spelling->argument != NULL &&
	    strcmp(spelling->argument, "FILE") == 0;
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
