/* A text in rows: what a pager counts, shows and searches. */
#include "config.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "base/xmalloc.h"
#include "shell/rows.h"

#define TAB_STOP 8

/* The length of a colour at p, or 0. */
static size_t
color_length(const char *p)
{
	size_t len;

	if (p[0] != '\033' || p[1] != '[')
		return 0;
	len = 2 + strspn(p + 2, "0123456789;");
	return p[len] == 'm' ? len + 1 : 0;
}

/* The length of the character at p, and how far it leads from column. */
static size_t
measure(const char *p, size_t column, size_t *width)
{
	mbstate_t state;
	wchar_t wide;
	size_t len;
	int columns;

	if (*p == '\t') {
		*width = TAB_STOP - column % TAB_STOP;
		return 1;
	}
	memset(&state, 0, sizeof(state));
	len = mbrtowc(&wide, p, strnlen(p, MB_LEN_MAX), &state);
	*width = 1;
	if (len == 0 || len == (size_t)-1 || len == (size_t)-2)
		return 1;
	columns = wcwidth(wide);
	*width = columns < 0 ? 0 : (size_t)columns;
	return len;
}

/* The bytes of the row that begins at p. */
static size_t
row_length(const char *p, size_t columns)
{
	size_t at = 0, column = 0, len, width;

	while (p[at] != '\0' && p[at] != '\n') {
		if ((len = color_length(p + at)) > 0) {
			at += len;
			continue;
		}
		len = measure(p + at, column, &width);
		if (column + width > columns && column > 0)
			break;
		column += width;
		at += len;
	}
	return at;
}

void
rows_lay(struct rows *rows, const char *text, size_t columns)
{
	size_t at = 0, room = 0;

	*rows = (struct rows){ .text = text };
	for (;;) {
		if (rows->count + 1 >= room) {
			room = room == 0 ? 64 : 2 * room;
			rows->start = xreallocarray(
			    rows->start, room, sizeof(*rows->start));
		}
		rows->start[rows->count] = at;
		if (text[at] == '\0')
			break;
		at += row_length(text + at, columns);
		at += text[at] == '\n';
		rows->count++;
	}
}

void
rows_free(struct rows *rows)
{
	free(rows->start);
	*rows = (struct rows){ NULL, NULL, 0 };
}

const char *
rows_at(const struct rows *rows, size_t row, size_t *len)
{
	const char *start = rows->text + rows->start[row];

	*len = rows->start[row + 1] - rows->start[row];
	if (*len > 0 && start[*len - 1] == '\n')
		(*len)--;
	return start;
}

static bool
holds(const char *text, size_t len, const char *word, size_t size)
{
	size_t i;

	for (i = 0; i + size <= len; i++)
		if (strncasecmp(text + i, word, size) == 0)
			return true;
	return false;
}

size_t
rows_search(const struct rows *rows, size_t row, int step, const char *word)
{
	size_t len, size = strlen(word);
	const char *text;

	for (; row < rows->count; row += (size_t)step) {
		text = rows_at(rows, row, &len);
		if (holds(text, len, word, size))
			return row;
	}
	return rows->count;
}
