/*
 * A configuration file: read as a whole, and judged by who can write it.
 */
#include "config.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "options/read.h"
#include "process/safefile.h"

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

int
read_input(struct input *input, const char *path, size_t limit, char **cause)
{
	static const struct safefile readable = { .how = O_RDONLY };
	struct input out;
	struct stat st;
	char *why = NULL;

	memset(&out, 0, sizeof(out));
	out.text = safefile_read(path, &readable, limit, &st, &out.len, &why);
	if (out.text == NULL) {
		cause_set(cause, "unable to open '%.1000s': %s", path,
		    cause_text(why));
		free(why);
		return -1;
	}
	if (check_rights(&out, path, &st, cause) == -1) {
		free(out.text);
		return -1;
	}
	out.device = st.st_dev;
	out.inode = st.st_ino;
	*input = out;
	return 0;
}
