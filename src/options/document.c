/*
 * What the option table says about itself: the annotated sample file and the
 * list of keys in zdaemon.conf(5).
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "options/document.h"
#include "options/print.h"

#define WIDTH 72 /* columns */

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

const char *
document_type(const struct option_row *row, char *buf, size_t size)
{
	static const char *const names[] = {
		[OPTION_BOOL] = "on or off",
		[OPTION_OCTAL] = "an octal number, as 022",
		[OPTION_RIGHTS] = "an octal mode, as 640",
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
		show_bounds(row, "a whole number", print_number, buf, size);
	else if (row->type == OPTION_DURATION)
		show_bounds(row, "a duration (such as 90 or 1m30s)",
		    units_print_duration, buf, size);
	else if (row->type == OPTION_SIZE)
		show_bounds(row, "a size", units_print_size, buf, size);
	else if (row->type == OPTION_CHOICE)
		snprintf(buf, size, "one of %s", row->choices);
	else
		snprintf(buf, size, "%s", names[row->type]);
	return buf;
}

/* text as comment lines of at most WIDTH columns. */
static void
put_comment(FILE *out, const char *indent, const char *text)
{
	size_t column = 0, len;

	for (; *text != '\0'; text += len) {
		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (column > 0 && column + 1 + len > WIDTH) {
			putc('\n', out);
			column = 0;
		}
		if (column == 0)
			fprintf(out, "%s# ", indent);
		else
			putc(' ', out);
		fprintf(out, "%.*s", (int)len, text);
		column += len + 1;
	}
	putc('\n', out);
}

/* The default of a row in native syntax, or its argument; to be freed. */
static char *
sample_value(const struct option_row *row)
{
	struct runner scratch;
	char *text = NULL;

	if (row->fallback == NULL || runner_init(&scratch, NULL) == -1)
		return xstrdup(row->argument);
	if (option_is_target(row, NULL))
		(void)option_begin(
		    &scratch, row->section, option_origin(&scratch, row), NULL);
	text = print_value(&scratch, scratch.eventlog.target, row);
	runner_free(&scratch);
	return text == NULL ? xstrdup(row->argument) : text;
}

/* The keys of a section, each with its help; mark stands before each. */
static void
sample_keys(
    FILE *out, const char *section, const char *indent, const char *mark)
{
	const struct option_row *row;
	const char *between = "";
	char *value;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (strcmp(row->section, section) != 0 ||
		    row->where & OPTION_IGNORED)
			continue;
		value = sample_value(row);
		fputs(between, out);
		between = "\n";
		put_comment(out, indent, row->summary);
		put_comment(out, indent, row->help);
		if (strcmp(row->name, "program") == 0)
			fprintf(out, "%s%s = {\"sleep\", \"100\"}\n", indent,
			    row->name);
		else
			fprintf(out, "%s%s%s = %s\n", indent, mark,
			    row->type == OPTION_PAIRS ? "NAME" : row->name,
			    value);
		free(value);
	}
}

void
document_sample(FILE *out)
{
	fputs(
	    "# A configuration of zdaemon: every key, with its default as a "
	    "comment.\n"
	    "# See zdaemon.conf(5); `zdaemon -C FILE check` lists what is "
	    "wrong.\n"
	    "# Values with blanks or any of # = { } ( ) + , * \" ' must be "
	    "quoted.\n\n"
	    "runner {\n",
	    out);
	sample_keys(out, "runner", "\t", "#");
	fputs("}\n\nenvironment {\n", out);
	sample_keys(out, "environment", "\t", "#");
	fputs(
	    "}\n\n# What the supervisor logs about itself.\neventlog {\n", out);
	sample_keys(out, "eventlog", "\t", "#");
	fputs("\n\t# Where to: any number of logfile and syslog sections.\n"
	      "\t#logfile {\n",
	    out);
	sample_keys(out, "eventlog.logfile", "\t#\t", "");
	fputs("\t#}\n\n\t#syslog {\n", out);
	sample_keys(out, "eventlog.syslog", "\t#\t", "");
	fputs("\t#}\n}\n", out);
}

/*
 * Text for mdoc: a sentence begins a line, lines are filled, and nothing in
 * it is a request or an escape.
 */
static void
put_mdoc(FILE *out, const char *text)
{
	size_t column = 0, len, i;

	for (; *text != '\0'; text += len) {
		len = strcspn(text, " ");
		if (column > 0 && column + 1 + len > WIDTH) {
			putc('\n', out);
			column = 0;
		}
		if (column > 0)
			putc(' ', out);
		else if (*text == '.' || *text == '\'')
			fputs("\\&", out);
		for (i = 0; i < len; i++) {
			putc(text[i], out);
			if (text[i] == '\\')
				putc('e', out);
		}
		column += len + 1;
		if (strncmp(text + len, "  ", 2) == 0) {
			putc('\n', out);
			column = 0;
		}
		len += strspn(text + len, " ");
	}
	if (column > 0)
		putc('\n', out);
}

/* A value in a macro's argument. */
static void
put_literal(FILE *out, const char *text)
{
	fputs(".Li \"", out);
	for (; *text != '\0'; text++)
		if (*text == '"')
			fputs("\\(dq", out);
		else if (*text == '\\')
			fputs("\\e", out);
		else
			putc(*text, out);
	fputs("\" .\n", out);
}

static void
manual_summary(FILE *out, const char *summary)
{
	char *sentence = xasprintf("%c%s.", ascii_upper(*summary), summary + 1);

	put_mdoc(out, sentence);
	free(sentence);
}

/* What numbers are bounded by; of other types the argument tells enough. */
static void
manual_type(FILE *out, const struct option_row *row)
{
	char buf[160];

	if (row->type == OPTION_NUMBER || row->type == OPTION_DURATION ||
	    row->type == OPTION_SIZE)
		fprintf(
		    out, "Value: %s.\n", document_type(row, buf, sizeof buf));
}

static void
manual_key(FILE *out, const struct option_row *row)
{
	char *value;

	if (row->type == OPTION_PAIRS)
		fprintf(out, ".It Ar NAME No = Ar %s\n", row->argument);
	else
		fprintf(out, ".It Ic %s No = Ar %s\n", row->name,
		    row->type == OPTION_BOOL ? "on" : row->argument);
	manual_summary(out, row->summary);
	put_mdoc(out, row->help);
	manual_type(out, row);
	if (row->fallback != NULL) {
		value = sample_value(row);
		fputs("Default:\n", out);
		put_literal(out, value);
		free(value);
	}
	if (row->where & OPTION_CMDLINE && row->letter != 0)
		fprintf(out, "Command line:\n.Fl %c , Fl -%s .\n", row->letter,
		    row->name);
	else if (row->where & OPTION_CMDLINE)
		fprintf(out, "Command line:\n.Fl -%s .\n", row->name);
}

/* The keys of a section that have no effect, as one item. */
static void
manual_ignored(FILE *out, const char *section)
{
	const char *before = ".It Ic ";
	size_t i;

	for (i = 0; i < option_count; i++) {
		if (strcmp(option_table[i].section, section) != 0 ||
		    (option_table[i].where & OPTION_IGNORED) == 0)
			continue;
		fprintf(out, "%s%s", before, option_table[i].name);
		before = " , ";
	}
	if (strcmp(before, " , ") == 0)
		fputs(
		    "\nAccepted for compatibility with Zope's zdaemon, and "
		    "ignored.\n",
		    out);
}

static void
manual_section(FILE *out, const char *section, const char *title)
{
	size_t i;

	fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n", title);
	for (i = 0; i < option_count; i++)
		if (strcmp(option_table[i].section, section) == 0 &&
		    (option_table[i].where & OPTION_IGNORED) == 0)
			manual_key(out, &option_table[i]);
	manual_ignored(out, section);
	fputs(".El\n", out);
}

void
document_keys(FILE *out)
{
	manual_section(out, "runner", "The runner section");
	manual_section(out, "environment", "The environment section");
	manual_section(out, "eventlog", "The eventlog section");
	manual_section(
	    out, "eventlog.logfile", "The logfile section (inside eventlog)");
	manual_section(
	    out, "eventlog.syslog", "The syslog section (inside eventlog)");
}
