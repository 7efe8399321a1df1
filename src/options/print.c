/*
 * The runner in native syntax, and the documents that the option table
 * writes.  Everything loops over the table: a new row shows everywhere.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "options/print.h"

#define WIDTH        72 /* of a line in the sample file */
#define ORIGIN_WIDTH 40 /* where the origin of an option begins */

/* --- values -----------------------------------------------------------------
 */

/* text in double quotes, so that libconfuse reads the same bytes. */
static void
put_quoted(FILE *out, const char *text)
{
	unsigned char c;

	putc('"', out);
	for (; *text != '\0'; text++) {
		c = (unsigned char)*text;
		if (c == '\n')
			fputs("\\n", out);
		else if (c == '\t')
			fputs("\\t", out);
		else if (c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else if (c == '"' || c == '\\' || (c == '$' && text[1] == '{'))
			fprintf(out, "\\%c", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

static bool
is_bare_name(const char *name)
{
	return strspn(name,
		   "abcdefghijklmnopqrstuvwxyz"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == strlen(name) &&
	    *name != '\0';
}

/* The name of a variable as a key: in single quotes where it must be. */
static void
put_name(FILE *out, const char *name)
{
	if (is_bare_name(name)) {
		fputs(name, out);
		return;
	}
	putc('\'', out);
	for (; *name != '\0'; name++) {
		if (*name == '\'' || *name == '\\')
			putc('\\', out);
		putc(*name, out);
	}
	putc('\'', out);
}

static void
put_words(FILE *out, const struct words *words)
{
	size_t i;

	putc('{', out);
	for (i = 0; i < words->count; i++) {
		if (i > 0)
			fputs(", ", out);
		put_quoted(out, words->word[i]);
	}
	putc('}', out);
}

static void
put_codes(FILE *out, const struct codes *codes)
{
	size_t i;

	putc('{', out);
	for (i = 0; i < codes->count; i++)
		fprintf(out, "%s%d", i > 0 ? ", " : "", codes->code[i]);
	putc('}', out);
}

static void
put_pairs(FILE *out, const struct pairs *pairs)
{
	size_t i;

	putc('{', out);
	for (i = 0; i < pairs->count; i++) {
		putc(' ', out);
		put_name(out, pairs->pair[i].name);
		fputs(" = ", out);
		put_quoted(out, pairs->pair[i].value);
	}
	fputs(" }", out);
}

/* The value of a row that has one. */
static void
put_value(FILE *out, const void *section, const struct option_row *row)
{
	const char *field = (const char *)section + row->field;
	char *text;

	switch (row->type) {
	case OPTION_BOOL:
	case OPTION_NUMBER:
	case OPTION_OCTAL:
	case OPTION_RIGHTS:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_LEVEL:
	case OPTION_CHOICE:
	case OPTION_SIGNAL:
		text = option_print(section, row);
		fputs(text == NULL ? "" : text, out);
		free(text);
		break;
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
	case OPTION_SCHEDULE:
	case OPTION_FORMAT:
		put_quoted(out, *(char *const *)(const void *)field);
		break;
	case OPTION_WORDS:
		put_words(out, (const void *)field);
		break;
	case OPTION_CODES:
		put_codes(out, (const void *)field);
		break;
	case OPTION_PAIRS:
		put_pairs(out, (const void *)field);
		break;
	}
}

char *
print_value(const struct runner *runner, const struct logtarget *target,
    const struct option_row *row)
{
	const void *section = runner;
	char *text = NULL;
	size_t len;
	FILE *out;

	if (option_is_target(row, NULL)) {
		if (target == NULL)
			return NULL;
		section = target;
	}
	if (!option_is_set(section, row) ||
	    (out = open_memstream(&text, &len)) == NULL)
		return NULL;
	put_value(out, section, row);
	fclose(out);
	return text;
}

/* --- a configuration file ---------------------------------------------------
 */

static bool
in_section(const struct option_row *row, const char *section)
{
	return strcmp(row->section, section) == 0;
}

/* The keys of a section that somebody has set. */
static void
put_keys(FILE *out, const struct runner *runner, const char *section)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (!in_section(row, section) || !option_is_set(runner, row) ||
		    option_origin(runner, row)->kind == ORIGIN_DEFAULT)
			continue;
		fprintf(out, "\t%s = ", row->name);
		put_value(out, runner, row);
		putc('\n', out);
	}
}

static void
put_environment(FILE *out, const struct pairs *environment)
{
	const struct pair *pair;
	size_t i;

	if (environment->count == 0)
		return;
	fputs("\nenvironment {\n", out);
	for (i = 0; i < environment->count; i++) {
		pair = &environment->pair[i];
		putc('\t', out);
		put_name(out, pair->name);
		fputs(" = ", out);
		put_quoted(out, pair->value);
		putc('\n', out);
	}
	fputs("}\n", out);
}

/* "logfile" or "syslog". */
static const char *
target_name(const struct logtarget *target)
{
	size_t i;

	for (i = 0; i < option_count; i++)
		if (option_is_target(&option_table[i], target))
			return strrchr(option_table[i].section, '.') + 1;
	return "";
}

/* The keys of a log that somebody has set. */
static void
put_target(FILE *out, const struct logtarget *target)
{
	const struct option_row *row;
	size_t i;

	fprintf(out, "\t%s {\n", target_name(target));
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (!option_is_target(row, target) ||
		    !option_is_set(target, row) ||
		    option_target_origin(target, row)->kind == ORIGIN_DEFAULT)
			continue;
		fprintf(out, "\t\t%s = ", row->name);
		put_value(out, target, row);
		putc('\n', out);
	}
	fputs("\t}\n", out);
}

static void
put_eventlog(FILE *out, const struct runner *runner)
{
	size_t i;

	if (!runner->eventlog.present)
		return;
	fputs("\neventlog {\n", out);
	put_keys(out, runner, "eventlog");
	for (i = 0; i < runner->eventlog.count; i++)
		put_target(out, &runner->eventlog.target[i]);
	fputs("}\n", out);
}

void
print_config(FILE *out, const struct runner *runner)
{
	fputs("runner {\n", out);
	put_keys(out, runner, "runner");
	fputs("}\n", out);
	put_environment(out, &runner->environment);
	put_eventlog(out, runner);
}

/* --- values and where they come from ----------------------------------------
 */

/* One value that there is to show. */
struct shown {
	char *name; /* "program", "environment.HOME" */
	const struct option_row *row;
	const void *section;
	const struct pair *pair; /* of the environment; else NULL */
	const struct origin *origin;
};

typedef void show_one(void *data, const struct shown *shown);

/* Shows a row; key is its name or that of a variable. */
static void
show_row(struct shown *shown, const char *key, show_one *show, void *data)
{
	if (in_section(shown->row, "runner"))
		shown->name = xstrdup(key);
	else
		shown->name = xasprintf("%s.%s", shown->row->section, key);
	show(data, shown);
	free(shown->name);
}

static void
walk_pairs(const struct runner *runner, const struct option_row *row,
    show_one *show, void *data)
{
	const struct pair *pair;
	struct shown shown;
	size_t i;

	for (i = 0; i < runner->environment.count; i++) {
		pair = &runner->environment.pair[i];
		shown = (struct shown){ NULL, row, runner, pair,
			&pair->origin };
		show_row(&shown, pair->name, show, data);
	}
}

static void
walk_target(const struct logtarget *target, show_one *show, void *data)
{
	const struct option_row *row;
	struct shown shown;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (!option_is_target(row, target) ||
		    !option_is_set(target, row))
			continue;
		shown = (struct shown){ NULL, row, target, NULL,
			option_target_origin(target, row) };
		show_row(&shown, row->name, show, data);
	}
}

/* Shows all values in the order of the table. */
static void
walk(const struct runner *runner, show_one *show, void *data)
{
	const struct option_row *row;
	struct shown shown;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (option_is_target(row, NULL) ||
		    (in_section(row, "eventlog") && !runner->eventlog.present))
			continue;
		if (row->type == OPTION_PAIRS) {
			walk_pairs(runner, row, show, data);
			continue;
		}
		shown = (struct shown){ NULL, row, runner, NULL,
			option_origin(runner, row) };
		show_row(&shown, row->name, show, data);
	}
	for (i = 0; i < runner->eventlog.count; i++)
		walk_target(&runner->eventlog.target[i], show, data);
}

/* A line of "name = value", padded, then where the value came from. */
static void
show_line(void *data, const struct shown *shown)
{
	const void *section = shown->section;
	char origin[1200], *line = NULL;
	size_t len = 0;
	FILE *out;

	option_show_origin(shown->origin, origin, sizeof(origin));
	if ((out = open_memstream(&line, &len)) == NULL)
		return;
	fprintf(out, "%s = ", shown->name);
	if (shown->pair != NULL)
		put_quoted(out, shown->pair->value);
	else if (option_is_set(section, shown->row))
		put_value(out, section, shown->row);
	else
		snprintf(origin, sizeof(origin), "not set");
	fclose(out);
	fprintf(data, "%-*s # %s\n", ORIGIN_WIDTH, line, origin);
	free(line);
}

void
print_options(FILE *out, const struct runner *runner)
{
	walk(runner, show_line, out);
}

/* --- documents --------------------------------------------------------------
 */

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
		if (!in_section(row, section) || row->where & OPTION_IGNORED)
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
print_sample(FILE *out)
{
	fputs(
	    "# A configuration of zdaemon: every key, with its default as a "
	    "comment.\n"
	    "# zdaemon.conf(5) tells more; `zdaemon -C FILE check` tells what "
	    "is wrong.\n"
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
	char *sentence = xasprintf("%s.", summary);

	if (*sentence >= 'a' && *sentence <= 'z')
		*sentence = (char)(*sentence - 'a' + 'A');
	put_mdoc(out, sentence);
	free(sentence);
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

static void
manual_section(FILE *out, const char *section, const char *title)
{
	size_t i;

	fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n", title);
	for (i = 0; i < option_count; i++)
		if (in_section(&option_table[i], section))
			manual_key(out, &option_table[i]);
	fputs(".El\n", out);
}

void
print_manual(FILE *out)
{
	manual_section(out, "runner", "Section runner");
	manual_section(out, "environment", "Section environment");
	manual_section(out, "eventlog", "Section eventlog");
	manual_section(
	    out, "eventlog.logfile", "Section logfile, inside eventlog");
	manual_section(
	    out, "eventlog.syslog", "Section syslog, inside eventlog");
}
