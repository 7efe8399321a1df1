/*
 * From a command line to a runner: defaults, the file, -X, named options.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cause.h"
#include "base/xmalloc.h"
#include "options/conf.h"
#include "options/load.h"
#include "options/scan.h"

/* An override taken apart: [SECTION/...]KEY=VALUE. */
struct override {
	const char *typed;
	const char *section; /* as in the option table */
	char *key;
	const char *value;
	const struct option_row *row;
};

static void __attribute__((format(printf, 3, 4)))
tell(struct problems *problems, const char *typed, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	problems_add(
	    problems, SEVERITY_ERROR, NULL, 0, "-X %.200s: %s", typed, buf);
}

/* Finds the section before the last slash of path; what follows is the key. */
static bool
find_section(
    struct override *override, const char *path, struct problems *problems)
{
	const char *slash, *section = NULL;
	char *name;

	if (strchr(path, '/') == NULL)
		section = "runner";
	for (; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		name = ascii_make_lower(xstrndup(path, (size_t)(slash - path)));
		section = scan_section(section, name);
		if (section == NULL)
			tell(problems, override->typed,
			    "unknown section '%.64s'", name);
		free(name);
		if (section == NULL)
			return false;
	}
	override->section = section;
	override->key = xstrdup(path);
	return true;
}

static bool
find_row(struct override *override, struct problems *problems)
{
	const char *near;
	char *name;

	override->row = option_find(override->section, override->key);
	if (override->row != NULL)
		return true;
	name = ascii_make_lower(xstrdup(override->key));
	if ((override->row = option_find(override->section, name)) == NULL) {
		near = option_nearest(override->section, name);
		if (near == NULL)
			tell(problems, override->typed,
			    "unknown key '%.64s' in %s", name,
			    override->section);
		else
			tell(problems, override->typed,
			    "unknown key '%.64s' "
			    "in %s; did you mean '%s'?",
			    name, override->section, near);
	}
	free(name);
	return override->row != NULL;
}

/* Takes an override apart; false (told) if it is malformed or unknown. */
static bool
parse_override(
    struct override *override, const char *typed, struct problems *problems)
{
	const char *equal = strchr(typed, '=');
	char *path;
	bool good;

	memset(override, 0, sizeof(*override));
	override->typed = typed;
	if (equal == NULL) {
		tell(problems, typed,
		    "it is not of the form "
		    "SECTION/KEY=VALUE");
		return false;
	}
	override->value = equal + 1;
	path = xstrndup(typed, (size_t)(equal - typed));
	good = *path != '\0' && *path != '/' && strstr(path, "//") == NULL &&
	    path[strlen(path) - 1] != '/';
	if (!good)
		tell(problems, typed, "a name is missing in '%.64s'", path);
	else
		good = find_section(override, path, problems) &&
		    find_row(override, problems);
	free(path);
	return good;
}

/* Whether an override before this one sets the same. */
static bool
is_repeated(const struct override *override, size_t count)
{
	const struct override *one = override - count;

	for (; one < override; one++)
		if (one->row != NULL && one->row == override->row &&
		    (one->row->type != OPTION_PAIRS ||
			strcmp(one->key, override->key) == 0))
			return true;
	return false;
}

/* Whether there is just one section of the kind to set a key in. */
static bool
has_target(const struct runner *runner, const struct override *override,
    struct problems *problems)
{
	const struct eventlog *eventlog = &runner->eventlog;
	size_t i, count = 0;

	if (!option_is_target(override->row, NULL))
		return true;
	for (i = 0; i < eventlog->count; i++)
		if (option_is_target(override->row, &eventlog->target[i]))
			count++;
	if (count > 1)
		tell(problems, override->typed, "the file has %zu sections %s",
		    count, override->section);
	else if (count == 0)
		tell(problems, override->typed, "the file has no section %s",
		    override->section);
	return count == 1;
}

static void
apply_override(struct runner *runner, const struct override *override,
    struct problems *problems)
{
	static const struct origin origin = { ORIGIN_OVERRIDE, NULL, 0 };
	char *cause = NULL;

	if (!has_target(runner, override, problems))
		return;
	if (option_set(runner, override->row, override->key, override->value,
		&origin, &cause) == -1)
		tell(problems, override->typed, "%s", cause_text(cause));
	free(cause);
}

static void
apply_overrides(struct runner *runner, const struct cmdline *cmdline,
    struct problems *problems)
{
	struct override *override;
	size_t i, count = 0;

	override = xcalloc(cmdline->values + 1, sizeof(*override));
	for (i = 0; i < cmdline->values; i++) {
		if (cmdline->value[i].row != NULL)
			continue;
		if (cmdline->config == NULL) {
			problems_add(problems, SEVERITY_ERROR, NULL, 0,
			    "configuration overrides (-X) cannot be used "
			    "without a configuration file");
			break;
		}
		if (!parse_override(
			&override[count], cmdline->value[i].text, problems))
			override[count].row = NULL;
		else if (is_repeated(&override[count], count))
			tell(problems, override[count].typed,
			    "'%.64s' is set twice", override[count].key);
		else
			apply_override(runner, &override[count], problems);
		count++;
	}
	while (count > 0)
		free(override[--count].key);
	free(override);
}

static void
apply_options(struct runner *runner, const struct cmdline *cmdline,
    struct problems *problems)
{
	static const struct origin origin = { ORIGIN_CMDLINE, NULL, 0 };
	const struct cmdline_value *value;
	char *cause = NULL;
	size_t i;

	for (i = 0; i < cmdline->values; i++) {
		value = &cmdline->value[i];
		if (value->row == NULL ||
		    option_set(runner, value->row, NULL, value->text, &origin,
			&cause) == 0)
			continue;
		problems_add(problems, SEVERITY_ERROR, NULL, 0,
		    "invalid value for %s '%.100s': %s", value->typed,
		    value->text, cause_text(cause));
	}
	free(cause);
}

bool
options_load(struct runner *runner, const struct cmdline *cmdline,
    struct problems *problems)
{
	char *cause = NULL;

	if (runner_init(runner, &cause) == -1) {
		problems_add(
		    problems, SEVERITY_ERROR, NULL, 0, "%s", cause_text(cause));
		free(cause);
		return false;
	}
	if (cmdline->config != NULL)
		conf_read(
		    runner, cmdline->config, cmdline->schema != NULL, problems);
	if (cmdline->schema != NULL)
		problems_add(problems, SEVERITY_NOTICE, NULL, 0,
		    "-S %.200s is accepted and ignored", cmdline->schema);
	apply_overrides(runner, cmdline, problems);
	apply_options(runner, cmdline, problems);
	runner->faulty = problems->errors > 0;
	return !runner->faulty;
}
