/*
 * What is written down beside the socket: the state, for those who come after
 * us, and the pid file.
 *
 * - Files are replaced as a whole, so that nobody reads half of one.
 * - The state is believed only of one who had our rights, or root's.
 */

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "process/named.h"
#include "process/safefile.h"
#include "process/walk.h"
#include "protocol/keptstate.h"
#include "supervisor/life.h"

/* Begins a file that is to replace another; -1 with errno. */
static int
life_begin_file(int dir, const char *fresh, mode_t mode)
{
	unlinkat(dir, fresh, 0);
	return openat(dir, fresh,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
}

/* Fills it, and gives it its name once it is whole.  0, or -1 with errno. */
static int
life_finish_file(int dir, const char *fresh, const char *name, int fd,
    const char *text, size_t len)
{
	ssize_t n;
	int error;

	while ((n = write(fd, text, len)) == -1 && errno == EINTR)
		;
	error = n == -1 ? errno : ENOSPC;
	close(fd);
	if (n == (ssize_t)len) {
		if (renameat(dir, fresh, dir, name) == 0)
			return 0;
		error = errno;
	}
	unlinkat(dir, fresh, 0);
	errno = error;
	return -1;
}

/* Whether only a supervisor with our rights, or root's, can have written it. */
static bool
life_is_ours(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && walk_doubt(&st) == NULL;
}

/* The state file, if it is ours; else -1, with cause where it is another's. */
static int
life_open_state(const struct life *life, char **cause)
{
	static const struct safefile ours = { .how = O_RDONLY, .ours = true };
	char *why = NULL;
	int fd = safefile_open_at(
	    life->dir, life->state_name, &ours, NULL, &why);

	if (fd == -1 && errno != ENOENT)
		cause_set(cause, "state file '%s': %s", life->state_name,
		    cause_text(why));
	free(why);
	return fd;
}

/* Reads life->left; -1 with errno where it cannot be read, else 0. */
static int
life_read_state(struct life *life)
{
	char *why = NULL;
	int fd, result, error;

	fd = life_open_state(life, &why);
	result = keptstate_read(&life->left, fd,
	    life_is_ours(life->lock) ? life->lock : -1, &life->why);
	error = result == -1 ? errno : 0;
	if (fd != -1)
		close(fd);
	if (result == 1)
		life->serial = life->left.serial;
	if (result == 0 && why != NULL) {
		cause_set(&life->why, "%s", why);
		result = -1;
	}
	free(why);
	errno = error;
	return result;
}

pid_t
life_manager(struct life *life)
{
	const struct state *left = &life->left;

	free(life->why);
	life->why = NULL;
	life->found = life_read_state(life);
	if (life->found == -1 && errno != 0)
		return -1;
	if (life->found != 1 || left->manager == getpid() ||
	    !named_manager_runs(left))
		return 0;
	return left->manager;
}

static int
life_replace_state(const struct life *life, const struct state *state)
{
	char text[STATE_FILE_MAX];
	int fd = life_begin_file(life->dir, life->state_new, 0600);

	if (fd == -1)
		return -1;
	return life_finish_file(life->dir, life->state_new, life->state_name,
	    fd, text, keptstate_format(text, sizeof(text), state, fd));
}

/* Replaces the state file; -1 with errno where there is none after it. */
static int
life_write_file(const struct life *life, const struct state *state)
{
	if (life_replace_state(life, state) == 0)
		return 0;
	/* An old one would name a wrong process, and holds what room it has. */
	unlinkat(life->dir, life->state_name, 0);
	return life_replace_state(life, state);
}

int
life_write_state(struct life *life, const struct state *state)
{
	struct state fresh = *state;
	char text[STATE_FILE_MAX];
	size_t len;
	int file;

	fresh.serial = ++life->serial;
	len = keptstate_format(text, sizeof(text), &fresh, life->lock);
	if (len == 0) {
		errno = EOVERFLOW;
		return -1;
	}
	file = life_write_file(life, &fresh);
	return keptstate_write(life->lock, text, len) == 0 ? 0 : file;
}

/* The directory of the pid file; -1 with errno. */
static int
life_pid_directory(const struct life *life)
{
	char *path = path_directory(life->pid_file);
	int dir = path == NULL ? -1 : walk_directory(path, NULL), error = errno;

	free(path);
	errno = error;
	return dir;
}

static int
life_put_pid(const struct life *life, int dir, pid_t pid)
{
	const char *name = path_base(life->pid_file);
	char text[32];
	int fd, len;

	if (pid == 0)
		return unlinkat(dir, name, 0);
	if ((fd = life_begin_file(dir, life->pid_new, 0644)) == -1)
		return -1;
	len = snprintf(text, sizeof(text), "%ld\n", (long)pid);
	return life_finish_file(
	    dir, life->pid_new, name, fd, text, (size_t)len);
}

int
life_write_pid(const struct life *life, pid_t pid)
{
	int dir, result = -1, error;

	if (life->pid_file == NULL)
		return 0;
	if ((dir = life_pid_directory(life)) != -1)
		result = life_put_pid(life, dir, pid);
	error = errno;
	if (dir != -1)
		close(dir);
	errno = error;
	return result == -1 && pid == 0 && error == ENOENT ? 0 : result;
}
