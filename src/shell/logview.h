#ifndef SHELL_LOGVIEW_H
#define SHELL_LOGVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "control/sieve.h"

/*
 * Logs on the terminal: lines that run upwards, and below them an area that
 * is painted as text and taken off before more lines come: the line that has
 * no end yet, and a status row.
 */

struct feed;
struct feed_item;
struct line;
struct match;
struct output;

struct logview {
	const struct output *output;
	const struct feed *feed;
	struct match *match; /* not ours; NULL: none */
	bool only; /* what does not fit is not shown */
	unsigned long lines, shown;
	size_t last; /* the log whose text was shown last */

	struct sieve *sieve; /* for each log */
	size_t source; /* of the item being shown */
	size_t bytes; /* shown since the area was painted */
	bool begun; /* the last row shown has no newline */
	char *row[2]; /* of the area: the line begun, or NULL; the status */
	bool painted; /* they stand on the screen */
};

/* All logs must be in the feed. */
void logview_init(struct logview *view, const struct output *output,
    const struct feed *feed, struct match *match);
void logview_free(struct logview *view);

void logview_set_match(struct logview *view, struct match *match);

/* Shows an item of the feed. */
void logview_item(struct logview *view, const struct feed_item *item);

/* Shows a row of our own; made visible, cut nowhere. */
void logview_say(struct logview *view, const char *text);

/* Shows a line out of the middle of a log, marked if it fits. */
void logview_line(struct logview *view, const struct line *line);

/* Paints the area, status being its last row; takes it off. */
void logview_paint(struct logview *view, const char *status);
void logview_erase(struct logview *view);

#endif
