#ifndef SHELL_GEOMETRY_H
#define SHELL_GEOMETRY_H

#include <stddef.h>
#include <wchar.h>

/*
 * Where a prompt and the line behind it stand on the screen, as libedit draws
 * them.  Pure.
 */

/* In a prompt: what stands between two of these takes no room (colours). */
#define GEOMETRY_HIDDEN L'\1'

struct geometry {
	size_t cursor_row; /* counted from the row of the prompt */
	size_t cursor_column;
	size_t end_row; /* of what stands behind the last character */
	size_t end_column;
};

/*
 * Lays out length characters of line behind the prompt on a screen of so many
 * columns; cursor is an index into line.
 */
void geometry_place(struct geometry *geometry, const wchar_t *prompt,
    const wchar_t *line, size_t length, size_t cursor, size_t columns);

/* How many columns one character takes. */
size_t geometry_cell(wchar_t c);

/* How many columns a prompt takes, in one row. */
size_t geometry_prompt(const wchar_t *prompt);

/* How many columns text takes whose escapes (ESC [ ... m) take none. */
size_t geometry_shown(const wchar_t *text);

/* How many columns text takes in one endless row. */
size_t geometry_width(const wchar_t *text);

/* How many characters of text fit into so many columns. */
size_t geometry_fit(const wchar_t *text, size_t columns);

#endif
