/*
 * The file of a history: opened and locked as one, read, appended to.  Mode
 * 0600, whatever it was.
 */
#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "process/safefile.h"
#include "shell/historyfile.h"

#define LOCK_TRIES 100 /* of LOCK_PAUSE ms */
#define LOCK_PAUSE 10

/* Opens the file, in a place of our own.  -1 with cause. */
static int
open_file(const char *name, char **cause)
{
	static const struct safefile ours = { .how = O_RDWR | O_APPEND |
		    O_CREAT,
		.mode = 0600,
		.ours = true,
		.make = true };
	struct stat st;
	int fd = safefile_open(name, &ours, &st, cause);

	/* Commands can hold secrets: nobody else's, even if it once was. */
	if (fd != -1 && (st.st_mode & 077) != 0)
		(void)fchmod(fd, 0600);
	return fd;
}

/* Whether name is still the file behind fd: it may have been renamed over. */
static bool
is_current(int fd, const char *name)
{
	struct stat there, here;

	return fstat(fd, &there) == 0 && stat(name, &here) == 0 &&
	    there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

/* Others hold the lock for a moment only. */
int
historyfile_lock(const char *name, char **cause)
{
	int fd, try;

	for (try = 0; try < LOCK_TRIES; try++) {
		if ((fd = open_file(name, cause)) == -1)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_current(fd, name))
			return fd;
		close(fd);
		poll(NULL, 0, LOCK_PAUSE);
	}
	cause_set(cause, "another session does not let go of it");
	return -1;
}

char *
historyfile_read(int fd, size_t *len)
{
	struct stat st;
	off_t start;
	char *text;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return NULL;
	start = st.st_size > HISTORYFILE_MOST ? st.st_size - HISTORYFILE_MOST :
						0;
	text = xmalloc((size_t)(st.st_size - start) + 1);
	*len = 0;
	while ((n = pread(fd, text + *len, (size_t)(st.st_size - start) - *len,
		    start + (off_t)*len)) > 0)
		*len += (size_t)n;
	text[*len] = '\0';
	if (n == -1) {
		free(text);
		return NULL;
	}
	return text;
}

int
historyfile_append(int fd, const char *line)
{
	struct stat st;
	char *text, last = '\n';
	int error = 0;
	size_t len;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return -1;
	if (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == -1)
		return -1;
	text = xasprintf("%s%s\n", last == '\n' ? "" : "\n", line);
	len = strlen(text);
	n = write(fd, text, len);
	if (n == -1 || (size_t)n < len) {
		error = n == -1 ? errno : ENOSPC;
		if (n > 0 && ftruncate(fd, st.st_size) == -1)
			error = errno;
	}
	free(text);
	errno = error;
	return error == 0 ? 0 : -1;
}
