/*
 * The runner as records for zdrun, and back.  Written by a loop over the
 * option table, so that nothing can be forgotten; read by zdrun, so nothing
 * here may end the program for want of memory.
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/units.h"
#include "options/handover.h"

#define MAGIC "zdaemon-handover"

static const struct origin handover_origin = { ORIGIN_HANDOVER, NULL, 0 };

static void
put(FILE *out, const char *section, const char *name, const char *value)
{
	fprintf(
	    out, "%s%s%s=%s", section, *name == '\0' ? "" : ".", name, value);
	putc('\0', out);
}

static void
put_number(FILE *out, const char *name, long long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", number);
	put(out, name, "", text);
}

/* false without memory. */
static bool
put_row(FILE *out, const void *section, const struct option_row *row)
{
	char *value;

	if (!option_is_set(section, row) || row->where & OPTION_CLIENT)
		return true;
	if ((value = option_print(section, row)) == NULL)
		return false;
	put(out, row->section, row->name, value);
	free(value);
	return true;
}

static bool
put_target(FILE *out, const struct logtarget *target)
{
	bool begun = false;
	size_t i;

	for (i = 0; i < option_count; i++) {
		if (!option_is_target(&option_table[i], target))
			continue;
		if (!begun)
			put(out, "begin", "", option_table[i].section);
		begun = true;
		if (!put_row(out, target, &option_table[i]))
			return false;
	}
	return true;
}

static bool
put_all(FILE *out, const struct handover *handover)
{
	const struct eventlog *eventlog = &handover->runner.eventlog;
	size_t i;

	put_number(out, MAGIC, 1);
	if (handover->uid != (uid_t)-1) {
		put_number(out, "uid", handover->uid);
		put_number(out, "gid", handover->gid);
		for (i = 0; i < handover->groups; i++)
			put_number(out, "group", handover->group[i]);
	}
	if (handover->socket_group != (gid_t)-1)
		put_number(out, "socket-gid", handover->socket_group);
	for (i = 0; i < option_count; i++)
		if (!option_is_target(&option_table[i], NULL) &&
		    !put_row(out, &handover->runner, &option_table[i]))
			return false;
	if (eventlog->present)
		put(out, "begin", "", "eventlog");
	for (i = 0; i < eventlog->count; i++)
		if (!put_target(out, &eventlog->target[i]))
			return false;
	return true;
}

char *
handover_write(const struct handover *handover, size_t *len, char **cause)
{
	char *text = NULL;
	FILE *out;
	bool good;

	if ((out = open_memstream(&text, len)) == NULL) {
		cause_set(cause, "out of memory");
		return NULL;
	}
	good = put_all(out, handover);
	if (fclose(out) != 0 || !good) {
		free(text);
		cause_set(cause, "out of memory");
		return NULL;
	}
	return text;
}

/* A record about who to become; false if it is none or makes no sense. */
static bool
take_identity(struct handover *handover, const char *name, const char *value)
{
	long long id;

	if (!units_parse_number(value, 0, (long long)UINT_MAX - 1, &id))
		return false;
	if (strcmp(name, "uid") == 0)
		handover->uid = (uid_t)id;
	else if (strcmp(name, "gid") == 0)
		handover->gid = (gid_t)id;
	else if (strcmp(name, "socket-gid") == 0)
		handover->socket_group = (gid_t)id;
	else if (strcmp(name, "group") == 0 &&
	    handover->groups < HANDOVER_GROUPS)
		handover->group[handover->groups++] = (gid_t)id;
	else
		return false;
	return true;
}

/* A record of a row, NAME being "SECTION.KEY". */
static int
take_row(struct handover *handover, char *name, const char *value, char **cause)
{
	const struct option_row *row;
	char *dot = strrchr(name, '.');

	if (dot == NULL) {
		cause_set(cause, "unknown record '%.100s'", name);
		return -1;
	}
	*dot = '\0';
	row = option_find(name, dot + 1);
	*dot = '.';
	if (row == NULL) {
		cause_set(cause, "unknown record '%.100s'", name);
		return -1;
	}
	if (option_set(&handover->runner, row, NULL, value, &handover_origin,
		cause) == -1) {
		cause_prefix(cause, name);
		return -1;
	}
	return 0;
}

static int
take_record(struct handover *handover, char *record, char **cause)
{
	char *value = strchr(record, '=');

	if (value == NULL) {
		cause_set(cause, "record '%.100s' has no value", record);
		return -1;
	}
	*value++ = '\0';
	if (strcmp(record, "begin") == 0)
		return option_begin(
		    &handover->runner, value, &handover_origin, cause);
	if (take_identity(handover, record, value))
		return 0;
	return take_row(handover, record, value, cause);
}

/* A user without a group, or groups without a user, is nobody to become. */
static int
check_identity(const struct handover *handover, char **cause)
{
	bool user = handover->uid != (uid_t)-1;

	if (user == (handover->gid != (gid_t)-1) &&
	    (user || handover->groups == 0))
		return 0;
	cause_set(cause, "who to become is not whole");
	return -1;
}

/* text is changed while it is read. */
static int
take_all(struct handover *handover, char *text, size_t len, char **cause)
{
	char *next, *end = text + len;

	if (len == 0 || end[-1] != '\0' || strcmp(text, MAGIC "=1") != 0) {
		cause_set(cause, "this is not what zdaemon hands over");
		return -1;
	}
	for (text += strlen(text) + 1; text < end; text = next) {
		next = text + strlen(text) + 1;
		if (take_record(handover, text, cause) == -1)
			return -1;
	}
	return check_identity(handover, cause);
}

int
handover_read(
    struct handover *handover, const char *text, size_t len, char **cause)
{
	struct handover out;
	char *copy;
	int result;

	memset(&out, 0, sizeof(out));
	out.uid = (uid_t)-1;
	out.gid = (gid_t)-1;
	out.socket_group = (gid_t)-1;
	if (runner_init(&out.runner, cause) == -1)
		return -1;
	if ((copy = malloc(len + 1)) == NULL) {
		cause_set(cause, "out of memory");
		result = -1;
	} else {
		memcpy(copy, text, len);
		result = take_all(&out, copy, len, cause);
	}
	free(copy);
	if (result == -1) {
		runner_free(&out.runner);
		return -1;
	}
	*handover = out;
	return 0;
}
