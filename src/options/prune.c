/*
 * What libconfuse has no opinion about, or not ours: what stands twice, what
 * is too much, and what is accepted without effect.
 */
#include "config.h"

#include <string.h>

#include "options/prune.h"
#include "options/statement.h"

#define TARGETS_MAX 32 /* logs of one event log */

/* Sections of zdaemon's event log that do nothing here. */
static const char *const ignored_sections[] = { "email-notifier", "http-logger",
	"win32-eventlog" };

/* An earlier statement beside this one that means the same thing. */
static const struct statement *
find_earlier(const struct scan *scan, const struct statement *statement)
{
	const struct statement *one = scan->statement;

	if (statement->parent != STATEMENT_NONE)
		one += statement->parent + 1;
	for (; one < statement; one++) {
		if (!one->dropped && one->kind == statement->kind &&
		    strcmp(one->name, statement->name) == 0)
			return one;
		if (one->kind == STATEMENT_OPEN)
			one = &scan->statement[one->close];
	}
	return NULL;
}

/* Whether it is a log of a kind that zdaemon or, with -S, others have. */
static bool
is_other_log(const struct scan *scan, const struct statement *statement)
{
	const char *section = statement_section(scan, statement);
	size_t i;

	if (section == NULL || strcmp(section, "eventlog") != 0)
		return false;
	for (i = 0; i < sizeof(ignored_sections) / sizeof(*ignored_sections);
	     i++)
		if (strcmp(statement->name, ignored_sections[i]) == 0)
			return true;
	return scan->ignore_unknown && statement->section == NULL;
}

/* Counts the logs of each event log; what is too many is not looked at. */
static bool
has_room(struct scan *scan, const struct statement *statement, size_t *targets)
{
	if (statement->section == NULL)
		return true;
	if (!statement_repeats(statement->section)) {
		*targets = 0;
		return true;
	}
	if (++*targets == TARGETS_MAX + 1)
		statement_tell(scan, SEVERITY_ERROR, statement,
		    "more than %d logs", TARGETS_MAX);
	return *targets <= TARGETS_MAX;
}

/* Whether a section is not to be looked at; why has been told. */
static bool
is_section_lost(
    struct scan *scan, const struct statement *statement, size_t *targets)
{
	bool runner;
	const struct statement *earlier;

	if (!has_room(scan, statement, targets))
		return true;
	if (scan->ignore_unknown && statement->section == NULL &&
	    statement->parent == STATEMENT_NONE) {
		statement_tell(scan, SEVERITY_NOTICE, statement,
		    "section '%.64s' is skipped", statement->name);
		return true;
	}
	if (is_other_log(scan, statement)) {
		statement_tell(scan, SEVERITY_NOTICE, statement,
		    "section '%.64s' is ignored", statement->name);
		return true;
	}
	if (statement->section == NULL)
		return false; /* libconfuse will say so */
	if (statement->title != NULL) {
		runner = strcmp(statement->section, "runner") == 0;
		statement_tell(scan, SEVERITY_ERROR, statement,
		    runner ? "runner '%.64s': several runners in one file are "
			     "not yet supported; leave the title out" :
			     "'%.64s': this section has no title",
		    statement->title);
		return true;
	}
	if (statement_repeats(statement->section) ||
	    (earlier = find_earlier(scan, statement)) == NULL)
		return false;
	statement_tell(scan, SEVERITY_ERROR, statement,
	    "a second section '%.64s'; the first is in %s:%d", statement->name,
	    earlier->file, earlier->line);
	return true;
}

/* Whether an environment has more keys than its row allows (told). */
static bool
is_environment_full(struct scan *scan, const struct statement *open)
{
	const struct option_row *row;
	size_t keys = open->close - (size_t)(open - scan->statement) - 1;

	if (open->section == NULL)
		return false;
	row = option_find(open->section, "");
	if (row == NULL || row->type != OPTION_PAIRS ||
	    keys <= (size_t)row->high)
		return false;
	statement_tell(scan, SEVERITY_ERROR, open,
	    "section '%.64s' has %zu keys; %lld are the most", open->name, keys,
	    row->high);
	return true;
}

/* Names that mean a path inside the schema to libconfuse. */
static bool
is_path_name(const char *name)
{
	return *name == '\0' || strpbrk(name, "|=") != NULL;
}

/* Whether a key is not to be looked at; why has been told. */
static bool
is_key_lost(struct scan *scan, const struct statement *statement)
{
	const char *section = statement_section(scan, statement);
	const struct statement *earlier;

	if (statement->parent == STATEMENT_NONE && scan->ignore_unknown) {
		statement_tell(scan, SEVERITY_NOTICE, statement,
		    "key '%.64s' is skipped", statement->name);
		return true;
	}
	if (section == NULL || option_find(section, statement->name) == NULL) {
		if (!is_path_name(statement->name))
			return false; /* libconfuse will say so */
		statement_unknown(scan, statement);
		return true;
	}
	if ((earlier = find_earlier(scan, statement)) == NULL)
		return false;
	statement_tell(scan, SEVERITY_ERROR, statement,
	    "'%.64s' is set a second time; the first is in %s:%d",
	    statement->name, earlier->file, earlier->line);
	return true;
}

void
prune_statements(struct scan *scan)
{
	const struct statement *statement;
	size_t i, targets = 0;
	bool lost = false;

	for (i = 0; i < scan->count; i++) {
		statement = &scan->statement[i];
		if (statement->kind == STATEMENT_CLOSE)
			continue;
		if (statement->dropped)
			lost = true;
		else if (statement->kind == STATEMENT_KEY)
			lost = is_key_lost(scan, statement);
		else
			lost = is_section_lost(scan, statement, &targets) ||
			    is_environment_full(scan, statement);
		if (lost)
			statement_drop(scan, i);
	}
}
