/*
 * The two places in which a state is kept.
 *
 * - Whoever is killed between them, or in the middle of the second, leaves
 *   one that is whole; the serial number tells which is the newer.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "protocol/keptstate.h"

/* At most size bytes from at on; how many, or -1 with errno. */
static ssize_t
keptstate_slurp(int fd, off_t at, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = pread(fd, buf + len, size - len, at + (off_t)len);
		if (n > 0)
			len += (size_t)n;
		else if (n == 0)
			break;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)len;
}

/* Whether it was written into this very file, and is no copy of it.  When the
 * file was made may have been unknown to one of them. */
static bool
keptstate_is_at_home(const struct state *state, int fd)
{
	char here[FILEID_SIZE];
	const char *there = state->file;
	size_t len;

	fileid(fd, here, sizeof(here));
	len = strlen(here) < strlen(there) ? strlen(here) : strlen(there);
	if (there[0] == '\0')
		return true;
	return len > 0 && strncmp(here, there, len) == 0 &&
	    (here[len] == '\0' || here[len] == '-') &&
	    (there[len] == '\0' || there[len] == '-');
}

/* As keptstate_read, of one of them; an empty state file is a bad one. */
static int
keptstate_take(struct state *state, int fd, off_t at, const char *what,
    int *error, char **cause)
{
	char text[STATE_FILE_MAX];
	ssize_t len;

	if (fd == -1)
		return 0;
	if ((len = keptstate_slurp(fd, at, text, sizeof(text))) == -1) {
		*error = errno;
		cause_set(cause, "%s: %s", what, strerror(errno));
		return -1;
	}
	if (len == 0 && at > 0)
		return 0;
	if (state_parse(state, text, (size_t)len, cause) == -1)
		return -1;
	if (keptstate_is_at_home(state, fd))
		return 1;
	cause_set(cause, "%s: a copy of another supervisor's", what);
	return -1;
}

int
keptstate_read(struct state *state, int file, int lock, char **cause)
{
	struct state kept;
	char *why = NULL;
	int first, second, error = 0;

	first = keptstate_take(state, file, 0, "state file", &error, &why);
	second = keptstate_take(&kept, lock, KEPTSTATE_AT, "lock", &error,
	    first == -1 ? NULL : &why);
	if (second == 1 && (first != 1 || kept.serial > state->serial))
		*state = kept;
	if (first != 1 && second != 1 && first + second < 0) {
		if (cause != NULL)
			*cause = why;
		else
			free(why);
		errno = error;
		return -1;
	}
	free(why);
	return first == 1 || second == 1;
}

size_t
keptstate_format(char *buf, size_t size, const struct state *state, int fd)
{
	struct state here = *state;

	fileid(fd, here.file, sizeof(here.file));
	return state_format(buf, size, &here);
}

int
keptstate_write(int lock, const char *text, size_t len)
{
	ssize_t n;

	/* First nothing: the rest of an old one could make a torn one whole. */
	if (ftruncate(lock, KEPTSTATE_AT) == -1)
		return -1;
	while (
	    (n = pwrite(lock, text, len, KEPTSTATE_AT)) == -1 && errno == EINTR)
		;
	if (n == (ssize_t)len)
		return 0;
	if (n >= 0)
		errno = ENOSPC;
	return -1;
}

void
keptstate_clear(int lock)
{
	/* What stays names no process that is there. */
	if (ftruncate(lock, KEPTSTATE_AT) == -1)
		return;
}
