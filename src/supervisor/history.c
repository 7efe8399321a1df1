/*
 * The last event lines.  A line lies in one piece; the room of the oldest
 * ones is given to the newest.
 */

#include "config.h"

#include <assert.h>
#include <string.h>

#include "supervisor/history.h"

void
history_init(struct history *history)
{
	history->first = history->next = 1;
}

/* Where the newest line ends. */
static size_t
history_end(const struct history *history)
{
	size_t last = (size_t)((history->next - 1) % HISTORY_LINES);

	if (history->first == history->next)
		return 0;
	return history->line[last].at + history->line[last].len;
}

/* Forgets the lines, oldest first, that lie within [from, to). */
static void
history_forget(struct history *history, size_t from, size_t to)
{
	size_t oldest;

	while (history->first < history->next) {
		oldest = (size_t)(history->first % HISTORY_LINES);
		if (history->line[oldest].at < from ||
		    history->line[oldest].at >= to)
			return;
		history->first++;
	}
}

void
history_add(struct history *history, const char *line, size_t len)
{
	size_t at = history_end(history), slot;

	assert(len > 0 && len <= HISTORY_BYTES);
	if (history->next - history->first == HISTORY_LINES)
		history->first++;
	if (HISTORY_BYTES - at < len) {
		history_forget(history, at, HISTORY_BYTES);
		at = 0;
	}
	history_forget(history, at, at + len);
	slot = (size_t)(history->next++ % HISTORY_LINES);
	history->line[slot].at = at;
	history->line[slot].len = len;
	memcpy(history->text + at, line, len);
}

const char *
history_line(const struct history *history, uint64_t number, size_t *len)
{
	size_t slot = (size_t)(number % HISTORY_LINES);

	if (number < history->first || number >= history->next)
		return NULL;
	*len = history->line[slot].len;
	return history->text + history->line[slot].at;
}
