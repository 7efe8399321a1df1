/*
 * Help on a configuration key: what it is for, what it accepts, what it is
 * now and who said so.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "control/help.h"
#include "control/output.h"
#include "options/document.h"
#include "options/options.h"
#include "options/print.h"

#define TYPE_MOST   160
#define ORIGIN_MOST 1200

/* The value that counts now; sections that repeat have no single one. */
static void
show_now(const struct output *output, const struct runner *runner,
    const struct option_row *row)
{
	char origin[ORIGIN_MOST], *value, *line;

	if (!runner || (row->where & OPTION_IGNORED) ||
	    option_is_target(row, NULL))
		return;
	value = print_value(runner, NULL, row);
	line = xasprintf("%s%s%s%s", value ? value : "not set",
	    value ? " (" : "",
	    value ? option_show_origin(
			option_origin(runner, row), origin, sizeof origin) :
		    "",
	    value ? ")" : "");
	help_pair(output, "now", line);
	free(line);
	free(value);
}

static void
show_key(const struct output *output, const struct runner *runner,
    const struct option_row *row)
{
	char text[TYPE_MOST], *about = help_text(row->summary, row->help);

	output_line(output, "%s", row->name);
	help_wrap(output, about, 2, output->columns);
	free(about);
	help_pair(output, "section", row->section);
	help_pair(output, "type", document_type(row, text, sizeof text));
	help_pair(output, "default", row->fallback ? row->fallback : "not set");
	if (row->where & OPTION_CMDLINE) {
		if (row->letter)
			snprintf(text, sizeof text, "-%c, --%s", row->letter,
			    row->name);
		else
			snprintf(text, sizeof text, "--%s", row->name);
		help_pair(output, "option", text);
	}
	show_now(output, runner, row);
}

bool
help_key(
    const struct output *output, const struct runner *runner, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < option_count; i++) {
		if (!option_table[i].name ||
		    strcmp(option_table[i].name, name) != 0)
			continue;
		show_key(output, runner, &option_table[i]);
		found = true;
	}
	return found;
}
