/*
 * Logs on the terminal.  Every row of the area is cut to the width, so that
 * its place is known; where a smaller screen has folded them, they are taken
 * off as folded.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "control/feed.h"
#include "control/linewalk.h"
#include "control/match.h"
#include "control/output.h"
#include "shell/cut.h"
#include "shell/logview.h"
#include "shell/terminal.h"

#define NONE ((size_t)-1)

void
logview_init(struct logview *view, const struct output *output,
    const struct feed *feed, struct match *match)
{
	size_t i;

	memset(view, 0, sizeof(*view));
	view->output = output;
	view->feed = feed;
	view->only = true;
	view->last = NONE;
	view->sieve = xcalloc(feed_count(feed), sizeof(*view->sieve));
	for (i = 0; i < feed_count(feed); i++)
		sieve_init(&view->sieve[i], match);
	view->match = match;
}

void
logview_free(struct logview *view)
{
	size_t i;

	for (i = 0; i < feed_count(view->feed); i++)
		sieve_free(&view->sieve[i]);
	free(view->sieve);
	free(view->row[0]);
	free(view->row[1]);
}

void
logview_set_match(struct logview *view, struct match *match)
{
	size_t i;

	view->match = match;
	for (i = 0; i < feed_count(view->feed); i++)
		view->sieve[i].match = match;
}

/* --- lines --------------------------------------------------------------- */

static void
put(struct logview *view, const char *text, size_t len)
{
	logview_erase(view);
	output_bytes(view->output, text, len);
	view->bytes += len;
}

static void
end_row(struct logview *view)
{
	if (view->begun)
		put(view, "\n", 1);
	view->begun = false;
}

void
logview_say(struct logview *view, const char *text)
{
	end_row(view);
	put(view, text, strlen(text));
	put(view, "\n", 1);
}

static void
put_marked(struct logview *view, const char *text, size_t len)
{
	size_t from = 0, start = 0, end;

	logview_erase(view);
	while (match_part(view->match, text, len, &start, &end)) {
		put(view, text + from, start - from);
		output_strong(view->output, text + start, end - start);
		from = start = end;
	}
	put(view, text + from, len - from);
}

/* Where there is no color a line that fits begins with a mark. */
static void
put_text(struct logview *view, const char *text, size_t len, bool fits)
{
	bool marked = view->match != NULL && fits;

	if (marked && view->output->color) {
		put_marked(view, text, len);
		return;
	}
	if (marked && !view->only)
		put(view, "> ", 2);
	put(view, text, len);
}

/* With several logs, whose text comes now. */
static void
tell_source(struct logview *view)
{
	char *header;

	if (!feed_is_several(view->feed) || view->last == view->source)
		return;
	header = xasprintf("==> %s <==", feed_path(view->feed, view->source));
	logview_say(view, header);
	free(header);
	view->last = view->source;
}

static void
show_piece(void *data, const struct piece *piece)
{
	struct logview *view = data;

	view->lines += piece->first;
	if (view->only && !piece->fits)
		return;
	tell_source(view);
	view->shown += piece->first;
	if (piece->first)
		end_row(view);
	put_text(view, piece->text, piece->len, piece->fits && piece->first);
	view->begun = !piece->last;
	if (piece->last)
		put(view, "\n", 1);
}

void
logview_line(struct logview *view, const struct line *line)
{
	end_row(view);
	put_text(view, line->text, line->len,
	    view->match != NULL &&
		match_line(view->match, line->text, line->len));
	put(view, "\n", 1);
}

/* --- items --------------------------------------------------------------- */

static void
tell(struct logview *view, const char *text)
{
	char *row = feed_is_several(view->feed) ?
	    xasprintf(
		"--- %s: %s ---", feed_path(view->feed, view->source), text) :
	    xasprintf("--- %s ---", text);

	sieve_finish(&view->sieve[view->source], show_piece, view);
	logview_say(view, row);
	free(row);
}

void
logview_item(struct logview *view, const struct feed_item *item)
{
	view->source = item->source;
	if (item->kind == FEED_DATA)
		sieve_push(&view->sieve[item->source], item->data, item->len,
		    show_piece, view);
	else if (item->kind == FEED_NOTE || item->kind == FEED_FAILED)
		tell(view, item->text);
}

/* --- the area ------------------------------------------------------------ */

/* How many rows of the screen a row of the area takes by now. */
static size_t
count_folded(const char *row, size_t columns)
{
	size_t width = row != NULL ? cut_width(row) : 0;

	if (row == NULL)
		return 0;
	return width == 0 ? 1 : (width + columns - 1) / columns;
}

void
logview_erase(struct logview *view)
{
	size_t columns, height, rows;

	if (!view->painted)
		return;
	terminal_size(&columns, &height);
	rows = count_folded(view->row[0], columns) +
	    count_folded(view->row[1], columns);
	putchar('\r');
	if (rows > 1)
		printf("\033[%zuA", rows - 1);
	fputs("\033[J", stdout);
	view->painted = false;
}

/* The end of a line is still to come: what there is of it; else NULL. */
static char *
cut_begun(const struct logview *view, size_t columns, size_t height)
{
	const struct sieve *sieve = &view->sieve[view->source];

	if (sieve->len == 0 || height < 3)
		return NULL;
	return cut_to_row(sieve->held, sieve->len, columns);
}

static bool
is_equal(const char *one, const char *two)
{
	if (one == NULL || two == NULL)
		return one == two;
	return strcmp(one, two) == 0;
}

static void
put_area(struct logview *view)
{
	const char *on = view->output->color ? "\033[7m" : "";
	const char *off = view->output->color ? "\033[m" : "";

	if (view->row[0] != NULL)
		printf("%s\n", view->row[0]);
	printf("%s%s%s", on, view->row[1], off);
	view->painted = true;
}

void
logview_paint(struct logview *view, const char *status)
{
	size_t columns, height;
	char *begun, *row;

	terminal_size(&columns, &height);
	begun = cut_begun(view, columns, height);
	row = cut_to_row(status, strlen(status), columns);
	view->bytes = 0;
	if (view->painted && is_equal(begun, view->row[0]) &&
	    is_equal(row, view->row[1])) {
		free(begun);
		free(row);
		return;
	}
	logview_erase(view);
	end_row(view);
	free(view->row[0]);
	free(view->row[1]);
	view->row[0] = begun;
	view->row[1] = row;
	put_area(view);
}
