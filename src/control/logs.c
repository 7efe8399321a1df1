/* Which log files there are. */

#include "config.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/xmalloc.h"
#include "control/logs.h"
#include "control/unpack.h"
#include "options/options.h"
#include "options/paths.h"

static struct known_log *
add(struct logs *logs, char *path, const char *what)
{
	struct known_log *log;

	logs->log = xreallocarray(
	    logs->log, logs->count + 1, sizeof *logs->log);
	log = &logs->log[logs->count++];
	memset(log, 0, sizeof *log);
	log->path = path;
	log->what = what;
	return log;
}

/* Takes path, which may be NULL. */
static void
add_known(struct logs *logs, char *path, const char *what)
{
	for (size_t i = 0; path && i < logs->count; i++) {
		if (strcmp(logs->log[i].path, path) == 0) {
			free(path);
			return;
		}
	}
	if (path)
		add(logs, path, what);
}

void
logs_known(struct logs *logs, const struct runner *runner, const char *cwd)
{
	memset(logs, 0, sizeof *logs);
	add_known(logs, paths_logfile(runner, cwd), "logfile");
	add_known(logs, paths_transcript(runner, cwd), "transcript");
	add_known(
	    logs, paths_transcript_stderr(runner, cwd), "transcript-stderr");
	for (size_t i = 0; i < runner->eventlog.count; i++)
		add_known(logs,
		    paths_eventlog(&runner->eventlog.target[i], cwd),
		    "event log");
}

void
logs_free(struct logs *logs)
{
	for (size_t i = 0; i < logs->count; i++)
		free(logs->log[i].path);
	free(logs->log);
	memset(logs, 0, sizeof *logs);
}

/* --- rotated -------------------------------------------------------------- */

/* Whether name is base, a dot or a dash, and a number or a date. */
static bool
is_rotated(const char *name, const char *base)
{
	size_t len = strlen(base);

	return strncmp(name, base, len) == 0 &&
	    (name[len] == '.' || name[len] == '-') && name[len + 1] >= '0' &&
	    name[len + 1] <= '9';
}

/* While it is packed, a file is there twice. */
static bool
is_double(const char *path)
{
	char *plain;
	struct stat st;
	bool there;

	if (!unpack_knows(path))
		return false;
	plain = xstrndup(path, (size_t)(strrchr(path, '.') - path));
	there = stat(plain, &st) == 0;
	free(plain);
	return there;
}

/* In ns since 1970; a file may say whatever its owner likes. */
static int64_t
changed_at(const struct stat *st)
{
	int64_t seconds = st->st_mtim.tv_sec;

	if (seconds > INT64_MAX / 1000000000 - 1)
		return INT64_MAX;
	if (seconds < 0)
		return 0;
	return seconds * 1000000000 + st->st_mtim.tv_nsec;
}

static bool
is_same(const struct known_log *log, dev_t dev, ino_t ino)
{
	return log->dev == dev && log->ino == ino;
}

/* While names are moved, a file can be met twice. */
static bool
has_file(const struct logs *logs, const struct stat *st)
{
	for (size_t i = 0; i < logs->count; i++)
		if (is_same(&logs->log[i], st->st_dev, st->st_ino))
			return true;
	return false;
}

/* Takes path, which may be NULL. */
static void
add_rotated(struct logs *logs, char *path, int64_t since)
{
	struct known_log *log;
	struct stat st;

	if (!path || stat(path, &st) == -1 || !S_ISREG(st.st_mode) ||
	    is_double(path) || has_file(logs, &st) ||
	    changed_at(&st) / 1000000 < since) {
		free(path);
		return;
	}
	log = add(logs, path, "rotated");
	log->changed = changed_at(&st);
	log->dev = st.st_dev;
	log->ino = st.st_ino;
}

/* The oldest first; of one age, the higher number. */
static int
compare(const void *a, const void *b)
{
	const struct known_log *one = a, *two = b;

	if (one->changed != two->changed)
		return one->changed < two->changed ? -1 : 1;
	return strlen(one->path) != strlen(two->path) ?
	    (int)strlen(two->path) - (int)strlen(one->path) :
	    strcmp(two->path, one->path);
}

void
logs_rotated(struct logs *logs, const char *path, int64_t since)
{
	const char *base = path_base(path);
	char *folder = path_directory(path);
	DIR *directory = folder ? opendir(folder) : NULL;
	struct dirent *entry;

	memset(logs, 0, sizeof *logs);
	while (directory && (entry = readdir(directory)) != NULL) {
		if (is_rotated(entry->d_name, base))
			add_rotated(
			    logs, path_join(folder, entry->d_name), since);
	}
	if (directory)
		closedir(directory);
	free(folder);
	if (logs->count > 0)
		qsort(logs->log, logs->count, sizeof *logs->log, compare);
}

bool
logs_are_same(const struct logs *one, const struct logs *two)
{
	if (one->count != two->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (!is_same(&one->log[i], two->log[i].dev, two->log[i].ino) ||
		    strcmp(one->log[i].path, two->log[i].path) != 0)
			return false;
	return true;
}
