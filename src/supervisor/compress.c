/*
 * Compressing rotated files.
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "process/safefile.h"
#include "supervisor/compress.h"
#include "supervisor/rotname.h"

#define COMPRESS_LIMIT (3600 * 1000LL) /* ms for one file */

extern char **environ;

void
compress_init(
    struct compress *compress, const struct words *command, const char *part_of)
{
	memset(compress, 0, sizeof(*compress));
	helper_init(&compress->helper);
	compress->limit = INT64_MAX;
	compress->suffix = "";
	if (command->count == 0)
		return;
	compress->argv = command->word;
	compress->suffix = rotname_suffix(command->word[0]);
	snprintf(compress->part, sizeof(compress->part), "%s.part", part_of);
	/* Of one who was killed over it. */
	unlink(compress->part);
}

void
compress_end(struct compress *compress)
{
	if (!compress_is_busy(compress))
		return;
	helper_end(&compress->helper);
	unlink(compress->part);
}

void
compress_limit(struct compress *compress, int64_t now)
{
	if (now < compress->limit)
		return;
	compress->limit = INT64_MAX;
	helper_end(&compress->helper);
}

bool
compress_is_busy(const struct compress *compress)
{
	return compress->helper.process.pid > 0;
}

static int
compress_open_part(const struct compress *compress, int in)
{
	struct stat st;
	int out;

	unlink(compress->part);
	out = open(compress->part,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out != -1 && fstat(in, &st) == 0 &&
	    fchmod(out, st.st_mode & 07777) == -1) {
		close(out);
		return -1;
	}
	return out;
}

/* Executes what the name of the command means now. */
static int
compress_run(struct compress *compress, int in, int out)
{
	char *file = child_find(compress->argv[0], getenv("PATH"), NULL);
	struct child child;
	int result, error;

	if (file == NULL)
		return -1;
	memset(&child, 0, sizeof(child));
	child.argv = compress->argv;
	child.file = file;
	child.envp = environ;
	child.in = in;
	child.out = out;
	child.err = -1;
	child.umask = -1;
	result = helper_start(&compress->helper, &child);
	error = errno;
	free(file);
	errno = error;
	return result;
}

int
compress_start(struct compress *compress, const char *name)
{
	static const struct safefile readable = { .how = O_RDONLY,
		.no_link = true };
	int in, out = -1, result = -1, error;

	if ((in = safefile_open(name, &readable, NULL, NULL)) == -1)
		return -1;
	if ((out = compress_open_part(compress, in)) != -1)
		result = compress_run(compress, in, out);
	error = errno;
	close(in);
	if (out != -1)
		close(out);
	if (result == -1)
		unlink(compress->part);
	else
		snprintf(compress->name, sizeof(compress->name), "%s", name);
	compress->limit = result == -1 ? INT64_MAX :
					 clock_mono_ms() + COMPRESS_LIMIT;
	errno = error;
	return result;
}

void
compress_renamed(struct compress *compress, const char *name)
{
	snprintf(compress->name, sizeof(compress->name), "%s",
	    name == NULL ? "" : name);
	if (name == NULL)
		helper_end(&compress->helper);
}

bool
compress_reaped(struct compress *compress, pid_t pid, int status)
{
	return helper_reaped(&compress->helper, pid, status);
}

/* Gives the result its name and lets the original go. */
static int
compress_keep(struct compress *compress, struct discard *discard)
{
	struct timespec times[2];
	char whole[PATH_MAX + 16];
	struct stat st;

	snprintf(
	    whole, sizeof(whole), "%s%s", compress->name, compress->suffix);
	if (stat(compress->name, &st) == 0) {
		times[0] = st.st_atim;
		times[1] = st.st_mtim;
		utimensat(AT_FDCWD, compress->part, times, 0);
	}
	if (rename(compress->part, whole) == -1)
		return -1;
	return discard_file(discard, compress->name);
}

/* It was ended, by us or with what the program left behind. */
static bool
compress_was_killed(int status)
{
	return WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGKILL);
}

int
compress_finish(
    struct compress *compress, struct discard *discard, char *text, size_t size)
{
	int status = compress->helper.status;
	char reason[100];

	if (!compress->helper.ended)
		return 0;
	compress->limit = INT64_MAX;
	if (helper_finish(&compress->helper, reason, sizeof(reason)) == 0 &&
	    compress->name[0] != '\0') {
		if (compress_keep(compress, discard) == 0)
			return 1;
		snprintf(reason, sizeof(reason), "%s", strerror(errno));
	}
	unlink(compress->part);
	if (compress->name[0] == '\0' || compress_was_killed(status))
		return 0;
	snprintf(text, size, "%s of '%.200s': %s", path_base(compress->argv[0]),
	    compress->name, reason);
	return -1;
}
