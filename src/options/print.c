/*
 * The runner in native syntax, by loops over the option table: a new row
 * shows everywhere.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "options/print.h"

#define ORIGIN_WIDTH 40 /* where the origin of an option begins */

/* --- values -------------------------------------------------------------- */

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

/* --- a configuration file ------------------------------------------------ */

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

/* --- values and where they come from ------------------------------------- */

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
