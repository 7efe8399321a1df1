/*
 * Painting around the line.  All of it is relative to the cursor, so it is
 * right wherever on the screen the line stands; room under the line is made
 * with newlines, which scroll on the last row.
 *
 * Newline alone: the terminal makes CR LF of it in libedit's mode, too.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/xmalloc.h"
#include "shell/geometry.h"
#include "shell/paint.h"
#include "shell/wide.h"

#define RIGHT_GAP 1 /* cells that libedit keeps free before the right prompt */
#define GHOST_LEAST 2 /* cells: less says nothing */
#define MORE	    "..." /* where it does not fit */
#define MORE_WIDTH  3

static void
place(struct geometry *geometry, const struct view *view)
{
	geometry_place(geometry, view->prompt, view->text, view->length,
	    view->cursor, view->columns);
}

static void
move(size_t count, char direction)
{
	if (count > 0)
		printf("\033[%zu%c", count, direction);
}

static void
move_to_column(size_t column)
{
	putchar('\r');
	move(column, 'C');
}

bool
paint_is_simple(const struct view *view)
{
	struct geometry geometry;

	place(&geometry, view);
	return geometry.end_row == 0;
}

enum paint_fit
paint_fits(const struct view *view)
{
	struct geometry geometry;

	place(&geometry, view);
	if (geometry.end_row >= view->rows)
		return PAINT_TALLER;
	if (geometry.end_row > 0 && geometry.end_row + 2 >= view->rows)
		return PAINT_BRIM;
	return geometry.end_row > 0 && geometry.end_column == 0 &&
		view->cursor != view->length ?
	    PAINT_EDGE :
	    PAINT_FITS;
}

/* --- the words of the line ----------------------------------------------- */

static const char *
escape_of(enum paint_color color)
{
	switch (color) {
	case PAINT_KNOWN:
		return "\033[0;32m";
	case PAINT_PREFIX:
		return "\033[0;36m";
	case PAINT_UNKNOWN:
		return "\033[0;4;31m";
	case PAINT_PLAIN:
		break;
	}
	return "\033[0m";
}

/* What libedit writes out (^X) is not what would be written here. */
static bool
is_printable(const struct view *view)
{
	size_t i;

	for (i = 0; i < view->length; i++)
		if (!iswprint((wint_t)view->text[i]))
			return false;
	return true;
}

static bool
is_colored(const struct view *view, const unsigned char *color)
{
	size_t i;

	for (i = 0; color != NULL && i < view->length; i++)
		if (color[i] != PAINT_PLAIN)
			return true;
	return false;
}

/* Writes the words over themselves, in their colours. */
static void
put_words(struct paint *paint, const struct view *view,
    const unsigned char *color, const struct geometry *geometry)
{
	unsigned char now = PAINT_PLAIN;
	bool colored = is_colored(view, color);
	size_t i;

	if ((!colored && !paint->colored) || geometry->end_row > 0 ||
	    !is_printable(view))
		return;
	move_to_column(geometry_prompt(view->prompt));
	for (i = 0; i < view->length; i++) {
		if (colored && color[i] != now)
			fputs(escape_of(color[i]), stdout);
		now = colored ? color[i] : PAINT_PLAIN;
		printf("%lc", (wint_t)view->text[i]);
	}
	if (now != PAINT_PLAIN)
		fputs("\033[0m", stdout);
	move_to_column(geometry->cursor_column);
	paint->colored = colored;
}

/* --- behind the cursor --------------------------------------------------- */

/* How many cells are free from the cursor to what stands at the right. */
static size_t
free_cells(const struct view *view, const struct geometry *geometry)
{
	size_t used = geometry->cursor_column + 1, right;

	right = geometry_prompt(view->right);
	/* libedit shows it only beside a line that leaves it room. */
	if (geometry->end_row == 0 && right > 0 &&
	    geometry->end_column + right + RIGHT_GAP < view->columns)
		used += right + RIGHT_GAP + 1;
	return used < view->columns ? view->columns - used : 0;
}

static void
put_ghost(struct paint *paint, const struct view *view, const wchar_t *ghost,
    const struct geometry *geometry)
{
	size_t room = free_cells(view, geometry), count, i;
	bool cut;

	if (ghost == NULL || *ghost == L'\0' || view->cursor != view->length ||
	    room < GHOST_LEAST)
		return;
	count = geometry_fit(ghost, room);
	if ((cut = ghost[count] != L'\0' && room > GHOST_LEAST + MORE_WIDTH))
		count = geometry_fit(ghost, room - MORE_WIDTH);
	fputs("\033[2m", stdout);
	for (i = 0; i < count && iswprint((wint_t)ghost[i]); i++) {
		printf("%lc", (wint_t)ghost[i]);
		paint->ghost += geometry_cell(ghost[i]);
	}
	if (cut) {
		fputs(MORE, stdout);
		paint->ghost += MORE_WIDTH;
	}
	fputs("\033[0m", stdout);
	move(paint->ghost, 'D');
}

/* --- under the line ------------------------------------------------------ */

/* One line of what stands there; the rows it took, 0 if there is no room. */
static size_t
put_row(const char *text, size_t len, size_t columns, size_t room)
{
	char *line = xasprintf("%.*s\n", (int)len, text);
	size_t rows = paint_rows(line, columns);

	if (rows <= room)
		printf("\n%.*s\033[0m", (int)len, text);
	free(line);
	return rows <= room ? rows : 0;
}

static void
put_below(struct paint *paint, const struct view *view, const char *below,
    const struct geometry *geometry)
{
	size_t room = view->rows - 1, len, rows;

	if (below == NULL || *below == '\0' || geometry->end_row >= room)
		return;
	room -= geometry->end_row;
	move(geometry->end_row - geometry->cursor_row, 'B');
	for (; *below != '\0'; below += len + (below[len] == '\n')) {
		len = strcspn(below, "\n");
		rows = put_row(below, len, view->columns, room - paint->below);
		paint->below += rows;
		if (rows == 0)
			break;
	}
	move(paint->below + geometry->end_row - geometry->cursor_row, 'A');
	move_to_column(geometry->cursor_column);
}

void
paint_put(
    struct paint *paint, const struct view *view, const struct decor *decor)
{
	struct geometry geometry;

	place(&geometry, view);
	put_words(paint, view, decor->color, &geometry);
	put_ghost(paint, view, decor->ghost, &geometry);
	put_below(paint, view, decor->below, &geometry);
}

void
paint_take(struct paint *paint, const struct view *view)
{
	struct geometry geometry;
	size_t down;

	place(&geometry, view);
	if (paint->ghost > 0) {
		printf("%*s", (int)paint->ghost, "");
		move(paint->ghost, 'D');
	}
	if (paint->below > 0) {
		down = geometry.end_row - geometry.cursor_row + 1;
		move(down, 'B');
		fputs("\r\033[J", stdout);
		move(down, 'A');
		move_to_column(geometry.cursor_column);
	}
	paint->ghost = paint->below = 0;
}

void
paint_erase(struct paint *paint, const struct view *view, size_t above)
{
	struct geometry geometry;

	place(&geometry, view);
	putchar('\r');
	move(geometry.cursor_row + above, 'A');
	fputs("\033[J", stdout);
	memset(paint, 0, sizeof(*paint));
}

size_t
paint_rows(const char *text, size_t columns)
{
	wchar_t *wide = wide_from_text(text), *line = wide, *end;
	size_t rows = 0, width;

	for (; (end = wcschr(line, L'\n')) != NULL; line = end + 1) {
		*end = L'\0';
		width = geometry_shown(line);
		rows += width > columns ? (width + columns - 1) / columns : 1;
	}
	free(wide);
	return rows;
}
