/*
 * The runner, and the one setter through which every value enters it.  zdrun
 * links this: memory failures are returned, and nothing here knows files,
 * libconfuse or users.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/near.h"
#include "options/options.h"
#include "options/pairs.h"
#include "options/value.h"

static const struct origin default_origin = { ORIGIN_DEFAULT, NULL, 0 };

const struct option_row *
option_find(const char *section, const char *name)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (strcmp(row->section, section) == 0 &&
		    (row->type == OPTION_PAIRS || strcmp(row->name, name) == 0))
			return row;
	}
	return NULL;
}

const char *
option_nearest(const char *section, const char *name)
{
	struct near near;
	size_t i;

	near_begin(&near, name);
	for (i = 0; i < option_count; i++)
		if (strcmp(option_table[i].section, section) == 0)
			near_offer(&near, option_table[i].name);
	return near.best;
}

/* The kind of target that the rows of a section describe. */
static bool
target_kind(const char *section, enum logtarget_kind *kind)
{
	if (strcmp(section, "eventlog.logfile") == 0)
		*kind = LOGTARGET_FILE;
	else if (strcmp(section, "eventlog.syslog") == 0)
		*kind = LOGTARGET_SYSLOG;
	else
		return false;
	return true;
}

bool
option_is_target(const struct option_row *row, const struct logtarget *target)
{
	enum logtarget_kind kind;

	return target_kind(row->section, &kind) &&
	    (target == NULL || target->kind == kind);
}

/* The field of a row in its section's struct. */
static void *
field_of(void *section, const struct option_row *row)
{
	return (char *)section + row->field;
}

static const void *
const_field_of(const void *section, const struct option_row *row)
{
	return (const char *)section + row->field;
}

static struct origin *
origin_of(struct runner *runner, const struct option_row *row)
{
	return &runner->origin[row - option_table];
}

/* The newest target of a row's kind, or NULL. */
static struct logtarget *
newest_target(struct runner *runner, const struct option_row *row)
{
	size_t i;

	for (i = runner->eventlog.count; i > 0; i--)
		if (option_is_target(row, &runner->eventlog.target[i - 1]))
			return &runner->eventlog.target[i - 1];
	return NULL;
}

static int
set_in_target(struct runner *runner, const struct option_row *row,
    const char *text, const struct origin *origin, char **cause)
{
	struct logtarget *target = newest_target(runner, row);
	struct origin *old;

	if (target == NULL) {
		cause_set(cause, "there is no %s section", row->section);
		return -1;
	}
	old = &target->key[row - option_table];
	if (old->kind > origin->kind)
		return 0;
	if (value_parse(field_of(target, row), row, text, cause) == -1)
		return -1;
	*old = *origin;
	return 0;
}

static int
set_pairs(struct runner *runner, const struct option_row *row, const char *name,
    const char *text, const struct origin *origin, char **cause)
{
	struct pairs *pairs = field_of(runner, row);
	size_t i;

	if (name != NULL)
		return pairs_set(pairs, name, text, origin, cause);
	if (value_parse(pairs, row, text, cause) == -1)
		return -1;
	for (i = 0; i < pairs->count; i++)
		pairs->pair[i].origin = *origin;
	return 0;
}

/* A value that is not kept: all such rows are strings. */
static int
check_only(const struct option_row *row, const char *text, char **cause)
{
	char *unkept = NULL;
	int status = value_parse(&unkept, row, text, cause);

	free(unkept);
	return status;
}

int
option_set(struct runner *runner, const struct option_row *row,
    const char *name, const char *text, const struct origin *origin,
    char **cause)
{
	bool single = row->type == OPTION_PAIRS && name != NULL;
	struct origin *old = origin_of(runner, row);
	int status;

	if (row->field == OPTION_NO_FIELD)
		return check_only(row, text, cause);
	if (option_is_target(row, NULL))
		return set_in_target(runner, row, text, origin, cause);
	/* single variables have origins of their own */
	if (old->kind > origin->kind && !single)
		return 0;
	if (row->type == OPTION_PAIRS)
		status = set_pairs(runner, row, name, text, origin, cause);
	else
		status = value_parse(field_of(runner, row), row, text, cause);
	if (status == 0 && (!single || old->kind == ORIGIN_DEFAULT))
		*old = *origin;
	return status;
}

static int
set_target_defaults(struct logtarget *target, char **cause)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (row->fallback == NULL || !option_is_target(row, target))
			continue;
		if (value_parse(
			field_of(target, row), row, row->fallback, cause) == -1)
			return -1;
	}
	return 0;
}

static void
free_target(struct logtarget *target)
{
	size_t i;

	for (i = 0; i < option_count; i++)
		if (option_table[i].field != OPTION_NO_FIELD &&
		    option_is_target(&option_table[i], target))
			value_free(field_of(target, &option_table[i]),
			    &option_table[i]);
}

static struct logtarget *
add_target(struct eventlog *eventlog)
{
	struct logtarget *grown;

	grown = realloc(
	    eventlog->target, (eventlog->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	eventlog->target = grown;
	memset(&grown[eventlog->count], 0, sizeof(*grown));
	return &grown[eventlog->count];
}

int
option_begin(struct runner *runner, const char *section,
    const struct origin *origin, char **cause)
{
	enum logtarget_kind kind;
	struct logtarget *target;

	if (strcmp(section, "eventlog") == 0)
		runner->eventlog.present = true;
	if (!target_kind(section, &kind))
		return 0;
	if ((target = add_target(&runner->eventlog)) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	target->kind = kind;
	target->origin = *origin;
	if (set_target_defaults(target, cause) == -1) {
		free_target(target);
		return -1;
	}
	runner->eventlog.present = true;
	runner->eventlog.count++;
	return 0;
}

char *
option_print(const void *section, const struct option_row *row)
{
	if (row->field == OPTION_NO_FIELD)
		return NULL;
	return value_print(const_field_of(section, row), row);
}

bool
option_is_set(const void *section, const struct option_row *row)
{
	return row->field != OPTION_NO_FIELD &&
	    value_is_set(const_field_of(section, row), row);
}

const struct origin *
option_origin(const struct runner *runner, const struct option_row *row)
{
	return &runner->origin[row - option_table];
}

const struct origin *
option_target_origin(
    const struct logtarget *target, const struct option_row *row)
{
	return &target->key[row - option_table];
}

const char *
option_show_origin(const struct origin *origin, char *buf, size_t size)
{
	const char *text = "default";

	switch (origin->kind) {
	case ORIGIN_DEFAULT:
		break;
	case ORIGIN_CONF:
		snprintf(buf, size, "%s:%d",
		    origin->file == NULL ? "?" : origin->file, origin->line);
		return buf;
	case ORIGIN_OVERRIDE:
		text = "-X";
		break;
	case ORIGIN_CMDLINE:
		text = "command line";
		break;
	case ORIGIN_HANDOVER:
		text = "zdaemon";
		break;
	}
	snprintf(buf, size, "%s", text);
	return buf;
}

const char *
runner_keep_file(struct runner *runner, const char *file)
{
	struct words *files = &runner->files;
	size_t i;

	for (i = 0; i < files->count; i++)
		if (strcmp(files->word[i], file) == 0)
			return files->word[i];
	if (words_add(files, file) == -1)
		return NULL;
	return files->word[files->count - 1];
}

int
runner_init(struct runner *runner, char **cause)
{
	const struct option_row *row;
	size_t i;

	memset(runner, 0, sizeof(*runner));
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (row->fallback == NULL || option_is_target(row, NULL))
			continue;
		if (option_set(runner, row, NULL, row->fallback,
			&default_origin, cause) == -1) {
			cause_prefix(cause, row->name);
			runner_free(runner);
			return -1;
		}
	}
	return 0;
}

/* Copies the fields of those rows that describe section. */
static int
copy_fields(void *to, const void *from, const struct logtarget *target)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (row->field == OPTION_NO_FIELD ||
		    option_is_target(row, target) != (target != NULL))
			continue;
		if (value_copy(field_of(to, row), const_field_of(from, row),
			row) == -1)
			return -1;
	}
	return 0;
}

static int
copy_eventlog(struct eventlog *to, const struct eventlog *from)
{
	struct logtarget *target;
	size_t i;

	to->present = from->present;
	for (i = 0; i < from->count; i++) {
		if ((target = add_target(to)) == NULL)
			return -1;
		target->kind = from->target[i].kind;
		target->origin = from->target[i].origin;
		memcpy(target->key, from->target[i].key, sizeof(target->key));
		to->count++;
		if (copy_fields(target, &from->target[i], target) == -1)
			return -1;
	}
	return 0;
}

/* Points an origin of a copied runner to the copy's own file names. */
static void
adopt_origin(struct runner *runner, struct origin *origin)
{
	if (origin->file != NULL)
		origin->file = runner_keep_file(runner, origin->file);
}

static void
adopt_origins(struct runner *runner)
{
	struct logtarget *target;
	size_t i, j;

	for (i = 0; i < option_count; i++)
		adopt_origin(runner, &runner->origin[i]);
	for (i = 0; i < runner->environment.count; i++)
		adopt_origin(runner, &runner->environment.pair[i].origin);
	for (i = 0; i < runner->eventlog.count; i++) {
		target = &runner->eventlog.target[i];
		adopt_origin(runner, &target->origin);
		for (j = 0; j < option_count; j++)
			adopt_origin(runner, &target->key[j]);
	}
}

int
runner_copy(struct runner *to, const struct runner *from, char **cause)
{
	memset(to, 0, sizeof(*to));
	memcpy(to->origin, from->origin, sizeof(to->origin));
	to->faulty = from->faulty;
	if (words_copy(&to->files, &from->files) == -1 ||
	    copy_fields(to, from, NULL) == -1 ||
	    copy_eventlog(&to->eventlog, &from->eventlog) == -1) {
		runner_free(to);
		cause_set(cause, "out of memory");
		return -1;
	}
	adopt_origins(to);
	return 0;
}

void
runner_free(struct runner *runner)
{
	size_t i;

	for (i = 0; i < option_count; i++)
		if (option_table[i].field != OPTION_NO_FIELD &&
		    !option_is_target(&option_table[i], NULL))
			value_free(field_of(runner, &option_table[i]),
			    &option_table[i]);
	for (i = 0; i < runner->eventlog.count; i++)
		free_target(&runner->eventlog.target[i]);
	free(runner->eventlog.target);
	words_free(&runner->files);
	memset(runner, 0, sizeof(*runner));
}
