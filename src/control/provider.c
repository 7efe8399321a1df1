/*
 * The files, logs and values that Tab offers, as the system has them at this
 * moment.
 */

#include "config.h"

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/alias.h"
#include "control/command.h"
#include "control/logs.h"
#include "control/provider.h"
#include "options/options.h"
#include "options/print.h"

#define FILES_MOST 1000 /* nobody looks through more */

/* "2.1 MB, 14s ago" into buf; returns buf. */
static const char *
describe(const struct stat *st, char *buf, size_t size)
{
	char bytes[32], age[32];
	int64_t old = clock_wall_ms() - (int64_t)st->st_mtime * 1000;

	snprintf(buf, size, "%s, %s ago",
	    units_show_size((int64_t)st->st_size, bytes, sizeof bytes),
	    units_show_age(old < 0 ? 0 : old, age, sizeof age));
	return buf;
}

static void
offer_entry(struct candidates *out, const char *directory, const char *typed,
    const char *name)
{
	char *path = path_join(directory, name), *text;
	char about[80];
	struct stat st;

	if (path && stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode)) {
			text = xasprintf("%s%s/", typed, name);
			candidates_offer(out, typed, text, NULL, '\0');
		} else {
			text = xasprintf("%s%s", typed, name);
			candidates_offer(out, typed, text,
			    describe(&st, about, sizeof about), ' ');
		}
		free(text);
	}
	free(path);
}

static int
compare(const void *a, const void *b)
{
	const struct candidate *one = a, *two = b;

	return strcmp(one->text, two->text);
}

/* Files that begin with prefix, with size and age; directories with a /. */
static void
offer_files(void *data, const char *prefix, struct candidates *out)
{
	const char *base = path_base(prefix);
	char *typed = xstrndup(prefix, (size_t)(base - prefix));
	size_t first = out->count;
	struct dirent *entry;
	DIR *directory;

	(void)data;
	directory = opendir(*typed ? typed : ".");
	while (directory && out->count - first < FILES_MOST &&
	    (entry = readdir(directory)) != NULL) {
		const char *name = entry->d_name;

		if (strncmp(name, base, strlen(base)) != 0 ||
		    strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    (*name == '.' && *base != '.'))
			continue;
		offer_entry(out, *typed ? typed : ".", typed, name);
	}
	if (directory)
		closedir(directory);
	if (out->count > first)
		qsort(out->candidate + first, out->count - first,
		    sizeof *out->candidate, compare);
	free(typed);
}

/* What one directory of $PATH has that begins with prefix. */
static void
offer_programs_of(
    const char *folder, const char *prefix, struct candidates *out)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	char *path;

	while (directory && out->count < FILES_MOST &&
	    (entry = readdir(directory)) != NULL) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		path = path_join(folder, entry->d_name);
		if (path && entry->d_name[0] != '.' && access(path, X_OK) == 0)
			candidates_add(out, entry->d_name, NULL, ' ');
		free(path);
	}
	if (directory)
		closedir(directory);
}

static void
offer_programs(void *data, const char *prefix, struct candidates *out)
{
	const char *path = getenv("PATH");
	char *copy = xstrdup(path ? path : ""), *rest = copy, *folder;
	size_t first = out->count;

	(void)data;
	while ((folder = strsep(&rest, ":")) != NULL)
		offer_programs_of(*folder ? folder : ".", prefix, out);
	if (out->count > first)
		qsort(out->candidate + first, out->count - first,
		    sizeof *out->candidate, compare);
	free(copy);
}

/* As many as the system lists; a directory service may list none. */
static void
offer_names(void *data, bool groups, const char *prefix, struct candidates *out)
{
	const struct passwd *user;
	const struct group *group;

	(void)data;
	if (groups) {
		setgrent();
		while (out->count < FILES_MOST && (group = getgrent()) != NULL)
			candidates_offer(
			    out, prefix, group->gr_name, NULL, ' ');
		endgrent();
		return;
	}
	setpwent();
	while (out->count < FILES_MOST && (user = getpwent()) != NULL)
		candidates_offer(
		    out, prefix, user->pw_name, user->pw_gecos, ' ');
	endpwent();
}

static void
offer_logs(void *data, const char *prefix, struct candidates *out)
{
	const struct context *context = data;
	char about[80], line[120];
	struct logs known;
	struct stat st;

	logs_known(&known, context->runner, context->cwd);
	for (size_t i = 0; i < known.count; i++) {
		const struct known_log *log = &known.log[i];

		snprintf(line, sizeof line, "(%s) %s", log->what,
		    stat(log->path, &st) == 0 ?
			describe(&st, about, sizeof about) :
			"not there");
		candidates_offer(out, prefix, log->path, line, ' ');
	}
	logs_free(&known);
}

static char *
tell_value(void *data, const char *option)
{
	const struct context *context = data;
	const struct option_row *row = option_find("runner", option);

	return row ? print_value(context->runner, NULL, row) : NULL;
}

static void
offer_aliases(void *data, const char *prefix, struct candidates *out)
{
	const struct context *context = data;

	for (size_t i = 0; context->aliases && i < context->aliases->count; i++)
		candidates_offer(out, prefix, context->aliases->alias[i].name,
		    context->aliases->alias[i].text, ' ');
}

static char *
tell_setting(void *data, enum setting setting)
{
	const struct context *context = data;
	char buf[32];

	if (!context->settings)
		return NULL;
	return xstrdup(
	    settings_print(context->settings, setting, buf, sizeof buf));
}

void
provider_init(struct provider *provider, const struct context *context)
{
	provider->data = (void *)(uintptr_t)context;
	provider->files = offer_files;
	provider->programs = offer_programs;
	provider->names = offer_names;
	provider->logs = offer_logs;
	provider->value = tell_value;
	provider->aliases = offer_aliases;
	provider->setting = tell_setting;
	provider->past = NULL;
	provider->past_data = NULL;
}
