/*
 * The end of a file: read backwards in blocks, so that the last lines of a
 * file of any size cost no more than they are long.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/linewalk.h"
#include "control/tail.h"
#include "process/safefile.h"

#define FIRST 8192 /* bytes: in most cases all that has to be read */
#define BLOCK 32768

int
tail_open(const char *path, char **cause)
{
	static const struct safefile readable = { .how = O_RDONLY };
	char *why = NULL;
	int fd = safefile_open(path, &readable, NULL, &why);

	if (fd == -1)
		cause_set(
		    cause, "unable to open '%s': %s", path, cause_text(why));
	free(why);
	return fd;
}

off_t
tail_size(int fd)
{
	struct stat st;

	return fstat(fd, &st) == -1 ? 0 : st.st_size;
}

/*
 * Counts newlines of a block from its end.  The index behind the one that
 * ends the wanted line, or -1 when the block has too few; *lines is what
 * remains to be found.
 */
static ssize_t
find_in_block(const char *block, size_t len, size_t *lines)
{
	while (len > 0) {
		const char *newline = memrchr(block, '\n', len);

		if (!newline)
			return -1;
		if (*lines == 0)
			return newline - block + 1;
		(*lines)--;
		len = (size_t)(newline - block);
	}
	return -1;
}

/*
 * Looks at the bytes before *end, most of them at the most.  Whether *end is
 * where the wanted line begins now, or as far as can be read.
 */
static bool
find_before(int fd, char *block, off_t most, off_t *end, size_t *lines)
{
	size_t want = (size_t)(*end < most ? *end : most);
	off_t start = *end - (off_t)want;
	ssize_t found;

	if (want == 0 || pread(fd, block, want, start) != (ssize_t)want)
		return true;
	found = find_in_block(block, want, lines);
	*end = found == -1 ? start : start + found;
	return found != -1;
}

off_t
tail_find(int fd, off_t size, size_t lines, const struct linewalk_end *until)
{
	char first[FIRST], last, *block;
	off_t end = size;

	if (lines == 0)
		return size;
	/* The newline at the very end ends the last line and begins none. */
	if (size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n')
		lines--;
	if (find_before(fd, first, FIRST, &end, &lines))
		return end;
	block = xmalloc(BLOCK);
	while (!linewalk_is_ended(until) &&
	    !find_before(fd, block, BLOCK, &end, &lines))
		;
	free(block);
	return end;
}
