/*
 * What is new in a log.  A file is known by its device and number: one that
 * was rotated or truncated meanwhile counts from its beginning, and that is
 * said.
 */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/tail.h"
#include "process/safefile.h"
#include "shell/seen.h"
#include "shell/statefile.h"

#define COUNT_MOST (4 << 20) /* bytes that are looked through for newlines */
#define MARK_BYTES 80 /* that a mark takes at the most */

/* How far a log was. */
struct mark {
	uint64_t device, number, size;
};

struct seen {
	char *file; /* NULL: nothing is remembered */
	char *log;
	bool known; /* a session before us left a mark */
	struct mark before;
};

/* Where the log ends now, and a descriptor of it if fd is wanted. */
static bool
take_mark(const struct seen *seen, struct mark *mark, int *fd)
{
	int log = tail_open(seen->log, NULL);
	struct stat st;

	if (log == -1)
		return false;
	if (fstat(log, &st) == -1) {
		close(log);
		return false;
	}
	*mark = (struct mark){ (uint64_t)st.st_dev, (uint64_t)st.st_ino,
		(uint64_t)st.st_size };
	if (fd != NULL)
		*fd = log;
	else
		close(log);
	return true;
}

static bool
read_mark(const char *text, struct mark *mark)
{
	return sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNu64, &mark->device,
		   &mark->number, &mark->size) == 3;
}

/* Reads what the last session left; forgets a file that is not ours. */
static void
remember(struct seen *seen, char **cause)
{
	static const struct safefile ours = { .how = O_RDONLY, .ours = true };
	char *why = NULL, *text;
	struct stat st;
	size_t len;

	text = safefile_read(seen->file, &ours, MARK_BYTES, &st, &len, &why);
	if (text != NULL)
		seen->known = read_mark(text, &seen->before);
	else if (!safefile_is_missing(errno)) {
		cause_set(cause, "unable to open '%s': %s", seen->file,
		    cause_text(why));
		free(seen->file);
		seen->file = NULL;
	}
	free(why);
	free(text);
}

struct seen *
seen_new(const char *owner, const char *log, char **cause)
{
	struct seen *seen = xcalloc(1, sizeof(*seen));

	seen->log = xstrdup(log);
	if ((seen->file = statefile_name(owner, "seen", NULL)) != NULL)
		remember(seen, cause);
	return seen;
}

static void
write_mark(const char *file, const struct mark *mark)
{
	static const struct safefile ours = { .how = O_WRONLY | O_CREAT,
		.mode = 0600,
		.ours = true,
		.make = true };
	char text[MARK_BYTES];
	int fd, len;

	if ((fd = safefile_open(file, &ours, NULL, NULL)) == -1)
		return;
	len = snprintf(text, sizeof(text),
	    "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", mark->device, mark->number,
	    mark->size);
	/* One that is cut is none. */
	if (ftruncate(fd, 0) == 0)
		(void)!write(fd, text, (size_t)len);
	close(fd);
}

void
seen_note(const struct seen *seen)
{
	struct mark mark;

	if (seen != NULL && seen->file != NULL && take_mark(seen, &mark, NULL))
		write_mark(seen->file, &mark);
}

void
seen_free(struct seen *seen)
{
	if (seen == NULL)
		return;
	free(seen->file);
	free(seen->log);
	free(seen);
}

/* The newlines of fd from one place to another. */
static unsigned long
count_lines(int fd, uint64_t from, uint64_t to)
{
	char buf[65536];
	unsigned long lines = 0;
	ssize_t n;
	size_t want;

	while (from < to) {
		want = to - from < sizeof(buf) ? (size_t)(to - from) :
						 sizeof(buf);
		if ((n = pread(fd, buf, want, (off_t)from)) <= 0)
			break;
		from += (uint64_t)n;
		while (n > 0)
			lines += buf[--n] == '\n';
	}
	return lines;
}

char *
seen_news(const struct seen *seen, const char *log)
{
	const struct mark *before;
	struct mark now;
	unsigned long lines;
	uint64_t from, to;
	bool grown;
	int fd;

	if (seen == NULL || seen->file == NULL || strcmp(seen->log, log) != 0 ||
	    !seen->known || !take_mark(seen, &now, &fd))
		return NULL;
	before = &seen->before;
	grown = before->device == now.device && before->number == now.number &&
	    before->size <= now.size;
	from = grown ? before->size : 0;
	to = now.size - from > COUNT_MOST ? from + COUNT_MOST : now.size;
	lines = count_lines(fd, from, to);
	close(fd);
	return xasprintf("%s%lu %s%s%s", to < now.size ? "more than " : "",
	    lines, grown ? "new " : "", lines == 1 ? "line" : "lines",
	    grown ? "" : ", begun anew");
}
