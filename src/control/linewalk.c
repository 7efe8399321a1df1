/*
 * Lines in a window over a file.  The window has room for two heads of lines:
 * whatever begins in its first half has a whole head in it.
 */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "control/linewalk.h"

static void
begin(struct linewalk *walk, int fd, off_t offset, off_t limit,
    const struct linewalk_end *end)
{
	walk->fd = fd;
	walk->end = end;
	walk->offset = walk->low = offset;
	walk->limit = limit;
	walk->len = 0;
}

void
linewalk_begin_on(struct linewalk *walk, int fd, off_t offset, off_t limit,
    const struct linewalk_end *end)
{
	begin(walk, fd, offset, limit, end);
}

void
linewalk_begin_back(
    struct linewalk *walk, int fd, off_t offset, const struct linewalk_end *end)
{
	begin(walk, fd, offset, 0, end);
}

bool
linewalk_is_ended(const struct linewalk_end *end)
{
	return end && end->is_wanted(end->data);
}

static size_t
head(off_t len)
{
	return len < LINEWALK_HEAD ? (size_t)len : LINEWALK_HEAD;
}

/* --- onwards -------------------------------------------------------------- */

/* Moves the window to offset and fills it. */
static void
move_on(struct linewalk *walk)
{
	size_t gone = (size_t)(walk->offset - walk->low), room;
	ssize_t n;

	walk->len -= gone;
	memmove(walk->window, walk->window + gone, walk->len);
	walk->low = walk->offset;
	room = sizeof walk->window - walk->len;
	if ((off_t)room > walk->limit - walk->low - (off_t)walk->len)
		room = (size_t)(walk->limit - walk->low - (off_t)walk->len);
	while (room > 0 &&
	    (n = pread(walk->fd, walk->window + walk->len, room,
		 walk->low + (off_t)walk->len)) > 0) {
		walk->len += (size_t)n;
		room -= (size_t)n;
	}
}

/* Where a line ends that has filled the window. */
static off_t
find_end(const struct linewalk *walk)
{
	char block[LINEWALK_HEAD], *newline;
	off_t offset = walk->low + (off_t)walk->len;
	ssize_t n;

	while (offset < walk->limit && !linewalk_is_ended(walk->end) &&
	    (n = pread(walk->fd, block, head(walk->limit - offset), offset)) >
		0) {
		if ((newline = memchr(block, '\n', (size_t)n)) != NULL)
			return offset + (newline - block) + 1;
		offset += n;
	}
	return offset;
}

bool
linewalk_on(struct linewalk *walk, struct line *line)
{
	size_t from = (size_t)(walk->offset - walk->low);
	char *newline = memchr(walk->window + from, '\n', walk->len - from);

	if (!newline && linewalk_is_ended(walk->end))
		return false;
	if (!newline) {
		from = 0;
		move_on(walk);
		newline = memchr(walk->window, '\n', walk->len);
	}
	if (!newline && from == walk->len)
		return false;
	line->start = walk->offset;
	line->text = walk->window + from;
	line->end = newline ? walk->low + (newline - walk->window) + 1 :
			      find_end(walk);
	line->len = newline ? (size_t)(newline - line->text) : walk->len - from;
	if (line->len > LINEWALK_HEAD)
		line->len = LINEWALK_HEAD;
	walk->offset = line->end;
	/* Behind a long line the window begins anew. */
	if (walk->offset > walk->low + (off_t)walk->len) {
		walk->low = walk->offset;
		walk->len = 0;
	}
	return true;
}

/* --- backwards ------------------------------------------------------------ */

/*
 * Puts what lies before the window into it; at most a head of what it holds
 * stays.  How much was put there: 0 at the beginning of the file.
 */
static size_t
move_back(struct linewalk *walk)
{
	size_t want = head(walk->low);

	walk->len = head((off_t)walk->len);
	memmove(walk->window + want, walk->window, walk->len);
	if (want == 0 ||
	    pread(walk->fd, walk->window, want, walk->low - (off_t)want) !=
		(ssize_t)want)
		return 0;
	walk->low -= (off_t)want;
	walk->len += want;
	return want;
}

/* The last newline of the first len bytes of the window; -1: none. */
static ssize_t
last_newline(const struct linewalk *walk, size_t len)
{
	const char *newline = memrchr(walk->window, '\n', len);

	return newline ? newline - walk->window : -1;
}

bool
linewalk_back(struct linewalk *walk, struct line *line)
{
	off_t end = walk->offset, text_end;
	size_t fresh;
	ssize_t newline;

	if (end == walk->low &&
	    (end == 0 || linewalk_is_ended(walk->end) || move_back(walk) == 0))
		return false;
	walk->len = (size_t)(end - walk->low);
	/* Its own newline ends the line and begins none. */
	text_end = walk->window[walk->len - 1] == '\n' ? end - 1 : end;
	newline = last_newline(walk, (size_t)(text_end - walk->low));
	while (newline == -1 && !linewalk_is_ended(walk->end) &&
	    (fresh = move_back(walk)) > 0)
		newline = last_newline(walk, fresh);
	if (newline == -1 && walk->low > 0)
		return false;
	line->start = walk->low + newline + 1;
	line->end = end;
	line->text = walk->window + newline + 1;
	line->len = head(text_end - line->start);
	walk->offset = line->start;
	return true;
}
