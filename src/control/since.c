/*
 * Where a time begins in a log.  A big one is halved: lines without a stamp
 * belong to the one before.  When a stamp is met that cannot be in an
 * ascending log, all lines are read instead.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "control/linewalk.h"
#include "control/logtime.h"
#include "control/since.h"

#define NEAR (4 * LINEWALK_HEAD) /* bytes that are read rather than halved */

struct search {
	int fd;
	off_t size;
	int64_t since, now;
	const struct linewalk_end *end;
	off_t low; /* nothing before it is of since */
	off_t high; /* no stamped line begins between it and best */
	off_t best; /* the first line of since so far, or the size */
	int64_t low_ms, best_ms;
	bool seen; /* some stamp */
	bool mixed; /* they do not ascend */
	struct linewalk walk;
};

/* The next stamped line that begins before or at limit. */
static bool
next_stamped(struct search *search, off_t limit, struct line *line, int64_t *ms)
{
	while (linewalk_on(&search->walk, line) && line->start <= limit) {
		if (logtime_find(line->text, line->len, search->now, ms)) {
			search->seen = true;
			return true;
		}
	}
	return false;
}

/* Looks at the first stamp of the lines that begin behind middle. */
static void
halve(struct search *search, off_t middle)
{
	struct line line;
	int64_t ms;

	linewalk_begin_on(
	    &search->walk, search->fd, middle, search->size, search->end);
	if (!linewalk_on(&search->walk, &line) ||
	    !next_stamped(search, search->high, &line, &ms)) {
		search->high = middle;
		return;
	}
	search->mixed |= ms < search->low_ms || ms > search->best_ms;
	if (ms >= search->since) {
		search->best = line.start;
		search->best_ms = ms;
		search->high = middle;
	} else {
		search->low = line.start;
		search->low_ms = ms;
	}
}

/* Reads the lines that begin from low to high. */
static void
read_lines(struct search *search)
{
	struct line line;
	int64_t ms;

	linewalk_begin_on(
	    &search->walk, search->fd, search->low, search->size, search->end);
	while (next_stamped(search, search->high, &line, &ms)) {
		if (ms < search->since)
			continue;
		search->best = line.start;
		return;
	}
}

static void
search_all(struct search *search)
{
	search->low = 0;
	search->high = search->best = search->size;
	search->low_ms = INT64_MIN;
	search->best_ms = INT64_MAX;
	search->mixed = false;
}

enum since_result
since_find(int fd, off_t size, int64_t since, int64_t now,
    const struct linewalk_end *end, off_t *offset)
{
	struct search *search = xcalloc(1, sizeof *search);
	enum since_result result;

	search->fd = fd;
	search->size = size;
	search->since = since;
	search->now = now;
	search->end = end;
	search_all(search);
	while (search->high - search->low > NEAR && !search->mixed)
		halve(search, search->low + (search->high - search->low) / 2);
	if (search->mixed)
		search_all(search);
	read_lines(search);
	*offset = search->best;
	result = search->best < size ? SINCE_FOUND :
	    search->seen             ? SINCE_LATER :
				       SINCE_UNKNOWN;
	free(search);
	return result;
}

/* --- in a stream ---------------------------------------------------------- */

size_t
since_pass(struct since_gate *gate, const char *data, size_t len, bool last)
{
	size_t passed = 0;
	int64_t ms;

	while (!gate->open && passed < len) {
		const char *line = data + passed;
		const char *newline = memchr(line, '\n', len - passed);
		size_t have = newline ? (size_t)(newline - line) : len - passed;

		if (!newline && !last && !gate->inside && have < LOGTIME_HEAD)
			break;
		if (!gate->inside && logtime_find(line, have, gate->now, &ms) &&
		    ms >= gate->since) {
			gate->open = true;
			break;
		}
		gate->inside = newline == NULL;
		passed += newline ? have + 1 : have;
	}
	return passed;
}
