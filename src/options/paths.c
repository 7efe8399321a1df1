/*
 * What each path key is relative to, for zdrun and the clients alike.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "options/paths.h"
#include "options/systemlog.h"

static char *
from_cwd(const char *path, const char *cwd)
{
	return path == NULL ? NULL : path_join(cwd, path);
}

char *
paths_socket(const struct runner *runner, const char *cwd)
{
	return from_cwd(runner->socket_name, cwd);
}

char *
paths_directory(const struct runner *runner, const char *cwd)
{
	if (!runner->daemon)
		return NULL;
	return from_cwd(runner->directory, cwd);
}

/* zdrun opens it when it has changed into the directory. */
static char *
from_directory(const char *file, const struct runner *runner, const char *cwd)
{
	char *directory, *path;

	if (file == NULL || !runner->daemon || systemlog_named(file))
		return NULL;
	if (runner->directory == NULL)
		return from_cwd(file, cwd);
	if ((directory = paths_directory(runner, cwd)) == NULL)
		return NULL;
	path = path_join(directory, file);
	free(directory);
	return path;
}

char *
paths_transcript(const struct runner *runner, const char *cwd)
{
	return from_directory(runner->transcript, runner, cwd);
}

char *
paths_transcript_stderr(const struct runner *runner, const char *cwd)
{
	return from_directory(runner->transcript_stderr, runner, cwd);
}

char *
paths_logfile(const struct runner *runner, const char *cwd)
{
	return from_cwd(runner->logfile, cwd);
}

char *
paths_pid_file(const struct runner *runner, const char *cwd)
{
	return from_cwd(runner->pid_file, cwd);
}

char *
paths_eventlog(const struct logtarget *target, const char *cwd)
{
	if (target->kind != LOGTARGET_FILE || target->path == NULL ||
	    strcmp(target->path, "STDOUT") == 0 ||
	    strcmp(target->path, "STDERR") == 0)
		return NULL;
	return path_join(cwd, target->path);
}

char *
paths_beside(const char *socket, const char *suffix)
{
	const char *base = path_base(socket);
	size_t size = strlen(socket) + strlen(suffix) + 3;
	char *path;

	if ((path = malloc(size)) != NULL)
		snprintf(path, size, "%.*s.%s.%s", (int)(base - socket), socket,
		    base, suffix);
	return path;
}
