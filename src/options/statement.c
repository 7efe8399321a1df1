/* What a statement of a file means by the option table, and how it is told. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "options/statement.h"

const char *
statement_section(const struct scan *scan, const struct statement *statement)
{
	if (statement->parent == STATEMENT_NONE)
		return NULL;
	return scan->statement[statement->parent].section;
}

void
statement_tell(struct scan *scan, enum severity severity,
    const struct statement *statement, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	problems_vadd(scan->problems, severity, statement->file,
	    statement->line, fmt, ap);
	va_end(ap);
}

void
statement_drop(struct scan *scan, size_t i)
{
	struct statement *statement = &scan->statement[i];
	size_t last = statement->kind == STATEMENT_OPEN ? statement->close : i;

	for (; i <= last; i++)
		scan->statement[i].dropped = true;
}

/* The section, other than section, that has the key name; or NULL. */
static const char *
other_section(const char *section, const char *name)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (row->type != OPTION_PAIRS && strcmp(row->name, name) == 0 &&
		    (section == NULL || strcmp(row->section, section) != 0))
			return row->section;
	}
	return NULL;
}

/* The name of a key or section of section that is nearest to name. */
static const char *
nearest_name(const char *section, const char *name)
{
	const struct option_row *row;
	struct near near;
	const char *last;
	size_t i;

	near_begin(&near, name);
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (section != NULL && strcmp(row->section, section) == 0)
			near_offer(&near, row->name);
		last = strrchr(row->section, '.');
		last = last == NULL ? row->section : last + 1;
		if (scan_section(section, last) != NULL)
			near_offer(&near, last);
	}
	return near.best;
}

/* The section in which a section of this name may stand, or NULL. */
static const char *
home_of_section(const char *name)
{
	size_t i;

	if (scan_section(NULL, name) != NULL)
		return "the top level";
	for (i = 0; i < option_count; i++)
		if (scan_section(option_table[i].section, name) != NULL)
			return option_table[i].section;
	return NULL;
}

void
statement_unknown(struct scan *scan, const struct statement *statement)
{
	bool key = statement->kind == STATEMENT_KEY;
	const char *section = statement_section(scan, statement);
	const char *name = statement->name, *near, *home;
	char place[80];

	if (section == NULL)
		snprintf(place, sizeof(place), "at top level");
	else
		snprintf(place, sizeof(place), "in %s", section);
	near = nearest_name(section, name);
	home = key ? other_section(section, name) : home_of_section(name);
	if (home != NULL)
		statement_tell(scan, SEVERITY_ERROR, statement,
		    "unknown %s '%.64s' %s; its place is %s",
		    key ? "key" : "section", name, place, home);
	else if (near != NULL)
		statement_tell(scan, SEVERITY_ERROR, statement,
		    "unknown %s '%.64s' %s; did you mean '%s'?",
		    key ? "key" : "section", name, place, near);
	else
		statement_tell(scan, SEVERITY_ERROR, statement,
		    "unknown %s '%.64s' %s", key ? "key" : "section", name,
		    place);
}

void
statement_refused(
    struct scan *scan, const struct statement *statement, const char *why)
{
	const char *section = statement_section(scan, statement);
	const char *name = statement->name;
	const struct option_row *row;
	bool key;

	row = section == NULL ? NULL : option_find(section, name);
	key = statement->kind == STATEMENT_KEY;
	if (!key && statement->section == NULL && row != NULL)
		statement_tell(scan, SEVERITY_ERROR, statement,
		    "'%.64s' is no section here but a key: %.64s = ...", name,
		    name);
	else if (key && row == NULL && scan_section(section, name) != NULL)
		statement_tell(scan, SEVERITY_ERROR, statement,
		    "'%.64s' is no key but a section: %.64s { ... }", name,
		    name);
	else if ((key && row == NULL) || (!key && statement->section == NULL))
		statement_unknown(scan, statement);
	else if (statement->list && row != NULL && row->type != OPTION_WORDS &&
	    row->type != OPTION_CODES)
		statement_tell(scan, SEVERITY_ERROR, statement,
		    "%.64s: one value is wanted, no list", name);
	else
		statement_tell(
		    scan, SEVERITY_ERROR, statement, "%.64s: %s", name, why);
}

bool
statement_repeats(const char *section)
{
	return strchr(section, '.') != NULL;
}
