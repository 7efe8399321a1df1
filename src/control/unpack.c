/*
 * Files unpacked by commands of the system.  The command reads a descriptor
 * that we have opened and checked, and sees no name.
 */

#include "config.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/xmalloc.h"
#include "control/unpack.h"
#include "process/child.h"
#include "process/descriptors.h"

#define PATIENCE 30000 /* ms without a byte */

extern char **environ;

static const struct kind {
	const char *suffix;
	const char *command;
} kinds[] = {
	{ ".gz", "gzip" },
	{ ".xz", "xz" },
	{ ".zst", "zstd" },
	{ ".bz2", "bzip2" },
};

struct unpack {
	char *path;
	const char *command;
	struct child_process process;
	int fd;
	int64_t deadline;
};

static const struct kind *
find_kind(const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t suffix = strlen(kinds[i].suffix);

		if (len > suffix &&
		    strcmp(path + len - suffix, kinds[i].suffix) == 0)
			return &kinds[i];
	}
	return NULL;
}

bool
unpack_knows(const char *path)
{
	return find_kind(path) != NULL;
}

/* Its standard error is ours: it says itself what is wrong with the file. */
static int
start(struct unpack *unpack, int in, int out)
{
	char name[16], option[] = "-dc", *argv[] = { name, option, NULL };
	struct child child = { .argv = argv,
		.envp = environ,
		.in = in,
		.out = out,
		.err = -1,
		.umask = -1 };
	char *file = child_find(unpack->command, getenv("PATH"), NULL);
	int result = -1;

	strcpy(name, unpack->command);
	child.file = file;
	if (file)
		result = child_spawn(&unpack->process, &child);
	free(file);
	return result;
}

struct unpack *
unpack_new(const char *path, int fd, char **cause)
{
	const struct kind *kind = find_kind(path);
	struct unpack *unpack;
	int out[2];

	assert(kind != NULL);
	if (descriptors_pipe(out) == -1) {
		cause_set(cause, "unable to make a pipe: %s", strerror(errno));
		close(fd);
		return NULL;
	}
	unpack = xcalloc(1, sizeof *unpack);
	unpack->path = xstrdup(path);
	unpack->command = kind->command;
	unpack->fd = out[0];
	unpack->process = (struct child_process){ 0, -1, -1 };
	unpack->deadline = clock_mono_ms() + PATIENCE;
	descriptors_nonblock(out[0]);
	if (start(unpack, fd, out[1]) == -1) {
		cause_set(cause, "unable to unpack '%s': %s: %s", path,
		    unpack->command, strerror(errno));
		unpack_free(unpack);
		unpack = NULL;
	}
	close(fd);
	close(out[1]);
	return unpack;
}

/* Ends the command, if it has not ended; its wait status. */
static int
reap(struct unpack *unpack, bool end)
{
	int status = 0;

	if (unpack->process.pid == 0)
		return 0;
	if (end)
		kill(unpack->process.pid, SIGKILL);
	while (waitpid(unpack->process.pid, &status, 0) == -1 && errno == EINTR)
		;
	unpack->process.pid = 0;
	child_forget(&unpack->process);
	return status;
}

void
unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	reap(unpack, true);
	close(unpack->fd);
	free(unpack->path);
	free(unpack);
}

static enum unpack_result
finish(struct unpack *unpack, char **cause)
{
	int status = reap(unpack, false);

	if (status == 0)
		return UNPACK_END;
	if (WIFEXITED(status))
		cause_set(cause, "unable to unpack '%s': %s: exit status %d",
		    unpack->path, unpack->command, WEXITSTATUS(status));
	else
		cause_set(cause, "unable to unpack '%s': %s: signal %d",
		    unpack->path, unpack->command, WTERMSIG(status));
	return UNPACK_FAILED;
}

enum unpack_result
unpack_read(
    struct unpack *unpack, char *buf, size_t size, size_t *len, char **cause)
{
	ssize_t n = read(unpack->fd, buf, size);

	if (n == 0)
		return finish(unpack, cause);
	if (n > 0) {
		*len = (size_t)n;
		unpack->deadline = clock_mono_ms() + PATIENCE;
		return UNPACK_DATA;
	}
	if (errno == EAGAIN && clock_mono_ms() >= unpack->deadline) {
		cause_set(cause, "unable to unpack '%s': %s is silent",
		    unpack->path, unpack->command);
		return UNPACK_FAILED;
	}
	if (errno == EAGAIN || errno == EINTR)
		return UNPACK_NOTHING;
	cause_set(
	    cause, "unable to unpack '%s': %s", unpack->path, strerror(errno));
	return UNPACK_FAILED;
}

int
unpack_fd(const struct unpack *unpack)
{
	return unpack->fd;
}

int
unpack_timeout(const struct unpack *unpack)
{
	return clock_poll_timeout(unpack->deadline);
}
