/*
 * The bounded reader: a regular file, of bounded size, opened so that neither
 * a FIFO nor a terminal nor a device can hold or change anything.
 */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "options/read.h"

/* Whether root may trust the file; what is only odd becomes a warning. */
static int
check_rights(
    struct input *input, const char *path, const struct stat *st, char **cause)
{
	if (geteuid() != 0)
		return 0;
	if (st->st_mode & S_IWOTH) {
		cause_set(cause,
		    "%.1000s: refusing a world-writable configuration "
		    "(chmod o-w %.1000s)",
		    path, path);
		return -1;
	}
	if (st->st_uid != 0)
		input->warning = "the file belongs to another user than root";
	else if (st->st_mode & S_IWGRP)
		input->warning = "the file may be written by its group";
	return 0;
}

static int
check_file(
    struct input *input, int fd, const char *path, size_t limit, char **cause)
{
	const char *reason = NULL;
	struct stat st;

	if (fstat(fd, &st) == -1)
		reason = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		reason = "it is a directory";
	else if (!S_ISREG(st.st_mode))
		reason = "it is no regular file";
	if (reason != NULL) {
		cause_set(cause, "unable to read '%.1000s': %s", path, reason);
		return -1;
	}
	if (st.st_size > (off_t)limit) {
		cause_set(cause,
		    "unable to read '%.1000s': it is larger than "
		    "%zu bytes",
		    path, limit);
		return -1;
	}
	input->size = (size_t)st.st_size + 1;
	input->text = xmalloc(input->size + 1);
	input->device = st.st_dev;
	input->inode = st.st_ino;
	return check_rights(input, path, &st, cause);
}

/*
 * Reads to the end, whatever size the file had: it may grow, and some say 0.
 * One byte more than the limit is enough to know that it is passed.
 */
static int
read_all(
    struct input *input, int fd, const char *path, size_t limit, char **cause)
{
	ssize_t n;

	for (;;) {
		if (input->len == input->size) {
			input->size = 2 * input->size + 1;
			input->text = xreallocarray(
			    input->text, input->size + 1, 1);
		}
		n = read(
		    fd, input->text + input->len, input->size - input->len);
		if (n == 0)
			break;
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			cause_set(cause, "unable to read '%.1000s': %s", path,
			    strerror(errno));
			return -1;
		}
		if ((input->len += (size_t)n) > limit) {
			cause_set(cause,
			    "unable to read '%.1000s': it is larger than "
			    "%zu bytes",
			    path, limit);
			return -1;
		}
	}
	input->text[input->len] = '\0';
	return 0;
}

int
read_input(struct input *input, const char *path, size_t limit, char **cause)
{
	struct input out;
	int fd, status;

	memset(&out, 0, sizeof(out));
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd == -1) {
		cause_set(cause, "unable to open '%.1000s': %s", path,
		    strerror(errno));
		return -1;
	}
	if ((status = check_file(&out, fd, path, limit, cause)) == 0)
		status = read_all(&out, fd, path, limit, cause);
	close(fd);
	if (status == -1)
		free(out.text);
	else
		*input = out;
	return status;
}
