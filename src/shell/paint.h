#ifndef SHELL_PAINT_H
#define SHELL_PAINT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/*
 * What is painted around the line being edited, on standard output, while a
 * key is awaited: behind libedit's back, and taken off before it goes on.
 */

/* The line as libedit has drawn it. */
struct view {
	const wchar_t *prompt;
	const wchar_t *right; /* the right prompt; "": none */
	const wchar_t *text;
	size_t length;
	size_t cursor; /* an index into text */
	size_t columns, rows; /* of the screen */
};

/* How a character of the line is to look. */
enum paint_color {
	PAINT_PLAIN,
	PAINT_KNOWN,
	PAINT_PREFIX, /* of something known */
	PAINT_UNKNOWN
};

/* What is to be painted; every part may be left out (NULL). */
struct decor {
	const unsigned char *color; /* enum paint_color for each character */
	const wchar_t *ghost; /* behind the cursor, at the end of the line */
	const char *below; /* rows under the line, each with its newline */
};

/* What is on the screen. */
struct paint {
	size_t ghost; /* cells of it */
	size_t below; /* rows of it */
	bool colored; /* words of the line */
};

void paint_put(
    struct paint *paint, const struct view *view, const struct decor *decor);

/* Takes ghost and rows off; the colours stay until libedit draws over them. */
void paint_take(struct paint *paint, const struct view *view);

/*
 * Takes the whole line off, with whatever stands around it, and so many rows
 * above it.  The cursor stands at the beginning of what was the first row.
 */
void paint_erase(struct paint *paint, const struct view *view, size_t above);

/* Whether the line stands in one row, so that there is no nested reading. */
bool paint_is_simple(const struct view *view);

enum paint_fit {
	PAINT_FITS,
	PAINT_EDGE, /* ends at the edge, with the cursor before its end */
	PAINT_BRIM, /* fills the screen, but for a row at most */
	PAINT_TALLER /* has more rows than the screen */
};

/* How the line fits the screen. */
enum paint_fit paint_fits(const struct view *view);

/* How many rows text takes, newlines within it included. */
size_t paint_rows(const char *text, size_t columns);

#endif
