/*
 * Help on a configuration key: what it is for, what it accepts, what it is
 * now and who said so.
 */

#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/xmalloc.h"
#include "control/help.h"
#include "control/output.h"
#include "options/options.h"
#include "options/print.h"

#define TYPE_MOST   160
#define ORIGIN_MOST 1200

/* "a duration from 0.1 to 3600" */
static void
show_bounds(const struct option_row *row, const char *what,
    const char *(*print)(int64_t, char *, size_t), char *buf, size_t size)
{
	char low[32], high[32];
	bool floor = row->low > INT_MIN, ceiling = row->high < INT_MAX;

	if (row->low == row->high || (!floor && !ceiling))
		snprintf(buf, size, "%s", what);
	else if (!ceiling)
		snprintf(buf, size, "%s, %s or more", what,
		    print(row->low, low, sizeof low));
	else
		snprintf(buf, size, "%s from %s to %s", what,
		    print(row->low, low, sizeof low),
		    print(row->high, high, sizeof high));
}

static const char *
print_number(int64_t number, char *buf, size_t size)
{
	snprintf(buf, size, "%lld", (long long)number);
	return buf;
}

/* What a row accepts, in words; buf returned. */
static const char *
show_type(const struct option_row *row, char *buf, size_t size)
{
	static const char *const names[] = {
		[OPTION_BOOL] = "on or off",
		[OPTION_OCTAL] = "an octal number, as 022",
		[OPTION_LEVEL] = "a log level by name or number",
		[OPTION_STRING] = "text",
		[OPTION_PATH] = "the name of a file",
		[OPTION_TARGET] = "the name of a file, or syslog: or journal:",
		[OPTION_SIGNAL] = "a signal by name or number",
		[OPTION_SCHEDULE] = "signals and seconds, as TERM/30/KILL",
		[OPTION_FORMAT] = "text with %(name)s fields",
		[OPTION_WORDS] = "words, quoted as in a shell",
		[OPTION_CODES] = "exit statuses parted by commas",
		[OPTION_PAIRS] = "NAME = VALUE",
	};

	if (row->type == OPTION_NUMBER)
		show_bounds(row, "a number", print_number, buf, size);
	else if (row->type == OPTION_DURATION)
		show_bounds(row, "a duration (s, or 1h30m)",
		    units_print_duration, buf, size);
	else if (row->type == OPTION_SIZE)
		show_bounds(row, "a size", units_print_size, buf, size);
	else if (row->type == OPTION_CHOICE)
		snprintf(buf, size, "one of %s", row->choices);
	else
		snprintf(buf, size, "%s", names[row->type]);
	return buf;
}

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
	char text[TYPE_MOST];

	output_line(output, "%s", row->name);
	help_wrap(
	    output, row->help ? row->help : row->summary, 2, output->columns);
	help_pair(output, "section", row->section);
	help_pair(output, "type", show_type(row, text, sizeof text));
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
