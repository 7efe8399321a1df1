/*
 * The geometry of the line being edited: the one place that knows how libedit
 * draws.  A wide character that does not fit moves to the next row whole; a
 * row that is exactly full has its cursor on the next one; what cannot be
 * printed is written out (^X, \U+0085).
 */
#include "config.h"

#include <stdbool.h>
#include <wctype.h>

#include "shell/geometry.h"

#define TAB_STOP 8

struct pen {
	size_t row;
	size_t column;
	size_t columns;
};

size_t
geometry_cell(wchar_t c)
{
	int width;

	if (c < 0x20 || c == 0x7f)
		return 2;
	width = wcwidth(c);
	if (iswprint((wint_t)c) && width >= 0)
		return (size_t)width;
	return c > 0xffff ? 8 : 7;
}

static void
pen_break(struct pen *pen)
{
	pen->row++;
	pen->column = 0;
}

/* Writes so many cells that may be parted by the end of a row. */
static void
pen_advance(struct pen *pen, size_t width)
{
	while (width-- > 0)
		if (++pen->column >= pen->columns)
			pen_break(pen);
}

static void
pen_put(struct pen *pen, wchar_t c)
{
	size_t width = geometry_cell(c);

	if (c == L'\n')
		pen_break(pen);
	else if (c == L'\t')
		pen_advance(pen, TAB_STOP - pen->column % TAB_STOP);
	else if (iswprint((wint_t)c) && pen->column + width > pen->columns) {
		pen_break(pen);
		pen_advance(pen, width);
	} else
		pen_advance(pen, width);
}

void
geometry_place(struct geometry *geometry, const wchar_t *prompt,
    const wchar_t *line, size_t length, size_t cursor, size_t columns)
{
	struct pen pen = { 0, 0, columns > 0 ? columns : 1 };
	bool hidden = false;
	size_t i;

	for (; *prompt != L'\0'; prompt++) {
		if (*prompt == GEOMETRY_HIDDEN)
			hidden = !hidden;
		else if (!hidden)
			pen_put(&pen, *prompt);
	}
	for (i = 0; i <= length; i++) {
		if (i == cursor) {
			geometry->cursor_row = pen.row;
			geometry->cursor_column = pen.column;
		}
		if (i < length)
			pen_put(&pen, line[i]);
	}
	geometry->end_row = pen.row;
	geometry->end_column = pen.column;
}

size_t
geometry_width(const wchar_t *text)
{
	size_t width = 0;

	for (; *text != L'\0'; text++)
		width += geometry_cell(*text);
	return width;
}

size_t
geometry_fit(const wchar_t *text, size_t columns)
{
	size_t width = 0, i;

	for (i = 0; text[i] != L'\0'; i++) {
		width += geometry_cell(text[i]);
		if (width > columns)
			break;
	}
	return i;
}

size_t
geometry_prompt(const wchar_t *prompt)
{
	bool hidden = false;
	size_t width = 0;

	for (; *prompt != L'\0'; prompt++) {
		if (*prompt == GEOMETRY_HIDDEN)
			hidden = !hidden;
		else if (!hidden)
			width += geometry_cell(*prompt);
	}
	return width;
}

size_t
geometry_shown(const wchar_t *text)
{
	bool escape = false;
	size_t width = 0;

	for (; *text != L'\0'; text++) {
		if (*text == L'\033')
			escape = true;
		if (!escape)
			width += geometry_cell(*text);
		else if (*text == L'm')
			escape = false;
	}
	return width;
}
