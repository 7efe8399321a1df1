/*
 * Where our own programs are: beside the running one in a build tree (known
 * by its config.status), else where they were configured to be installed.
 * PATH is never asked: a foreign zdrun there is not ours.
 */

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "process/installed.h"
#include "process/place.h"

static const struct {
	const char *name;
	const char *installed;
} place_table[] = {
	{ "zdaemon", INSTALLED_ZDAEMON },
	{ "zdrun", INSTALLED_ZDRUN },
	{ "zdshell", INSTALLED_ZDSHELL },
};

static const char *
place_installed(const char *program)
{
	size_t i;

	for (i = 0; i < sizeof(place_table) / sizeof(place_table[0]); i++) {
		if (strcmp(place_table[i].name, program) == 0)
			return place_table[i].installed;
	}
	return NULL;
}

/* The directory of the build tree we run from; NULL: an installed program. */
static char *
place_build_tree(void)
{
	char exe[PATH_MAX], *dir, *mark;
	ssize_t n;

	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n == -1)
		return NULL;
	exe[n] = '\0';
	if ((dir = path_directory(exe)) == NULL)
		return NULL;
	mark = path_join(dir, "config.status");
	if (mark == NULL || access(mark, F_OK) == -1) {
		free(dir);
		dir = NULL;
	}
	free(mark);
	return dir;
}

char *
place_find(const char *program, char **cause)
{
	const char *installed = place_installed(program);
	char *dir, *file;

	if (installed == NULL) {
		cause_set(cause, "no program of ours is called '%s'", program);
		return NULL;
	}
	dir = place_build_tree();
	file = dir != NULL ? path_join(dir, program) : strdup(installed);
	free(dir);
	if (file != NULL && access(file, X_OK) == 0)
		return file;
	if (file == NULL)
		cause_set(cause, "unable to find '%s': out of memory", program);
	else
		cause_set(
		    cause, "unable to execute '%s': %s", file, strerror(errno));
	free(file);
	return NULL;
}
