/* The last words of a program that failed to start. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/lastlines.h"
#include "control/output.h"
#include "control/tail.h"
#include "options/paths.h"

#define LINES_MOST 10
#define BYTES_MOST 8192

void
lastlines_mark(
    struct lastlines *lastlines, const struct runner *runner, const char *cwd)
{
	struct stat st;

	lastlines_free(lastlines);
	lastlines->path = paths_transcript(runner, cwd);
	if (lastlines->path && stat(lastlines->path, &st) == 0)
		lastlines->mark = st.st_size;
}

/* Text of a program: line by line, so that each is set off. */
static void
show(const struct output *output, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		output_error(output, "| %.*s", (int)(stop - text), text);
		text = stop + 1;
	}
}

void
lastlines_show(const struct lastlines *lastlines, const struct output *output)
{
	char text[BYTES_MOST];
	off_t from, end;
	ssize_t len;
	int fd;

	if (!lastlines->path || (fd = tail_open(lastlines->path, NULL)) == -1)
		return;
	end = tail_size(fd);
	from = tail_find(fd, end, LINES_MOST, NULL);
	if (from < lastlines->mark && lastlines->mark <= end)
		from = lastlines->mark;
	if (end - from > BYTES_MOST)
		from = end - BYTES_MOST;
	len = pread(fd, text, sizeof text, from);
	close(fd);
	if (len <= 0)
		return;
	output_error(output, "the last output of the program:");
	show(output, text, (size_t)len);
}

void
lastlines_free(struct lastlines *lastlines)
{
	free(lastlines->path);
	lastlines->path = NULL;
	lastlines->mark = 0;
}
