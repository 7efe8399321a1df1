/*
 * The list that a second Tab shows.  Names come from files and programs, so
 * they are made visible, and are measured in columns, not in bytes.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "base/xmalloc.h"
#include "control/complete.h"
#include "shell/geometry.h"
#include "shell/listing.h"
#include "shell/wide.h"

#define LISTING_MARGIN 2
#define LISTING_SPARE  3 /* rows for the line and what stood before it */

/* A cell: text fit for a terminal, and its width. */
struct cell {
	char *text;
	size_t width;
};

static void
cell_make(struct cell *cell, const char *text, char after)
{
	char *whole = xasprintf("%s%s", text, after == '/' ? "/" : "");
	wchar_t *wide;

	cell->text = visible_copy(whole, strlen(whole), 0);
	if (cell->text == NULL)
		cell->text = xstrdup("?");
	wide = wide_from_text(cell->text);
	cell->width = geometry_width(wide);
	free(wide);
	free(whole);
}

/* Prints text, cut to so many columns. */
static void
print_cut(FILE *out, const char *text, size_t columns)
{
	wchar_t *wide = wide_from_text(text);
	char *cut;

	wide[geometry_fit(wide, columns)] = L'\0';
	cut = wide_to_text(wide);
	fputs(cut, out);
	free(cut);
	free(wide);
}

static void
print_described(FILE *out, const struct candidates *found,
    const struct cell *cell, size_t widest, size_t columns)
{
	size_t i, used = LISTING_MARGIN + widest + LISTING_MARGIN;
	const char *about;

	for (i = 0; i < found->count; i++) {
		about = found->candidate[i].about;
		fprintf(out, "%*s", LISTING_MARGIN, "");
		print_cut(out, cell[i].text, columns - LISTING_MARGIN);
		if (about != NULL && used < columns) {
			fprintf(out, "%*s",
			    (int)(used - LISTING_MARGIN - cell[i].width), "");
			print_cut(out, about, columns - used);
		}
		putc('\n', out);
	}
}

static void
print_columns(FILE *out, const struct cell *cell, size_t count, size_t widest,
    size_t columns)
{
	size_t across = columns / (widest + LISTING_MARGIN), down, row, i;

	if (across == 0)
		across = 1;
	down = (count + across - 1) / across;
	for (row = 0; row < down; row++) {
		for (i = row; i < count; i += down) {
			print_cut(out, cell[i].text, columns);
			if (i + down < count)
				fprintf(out, "%*s",
				    (int)(widest + LISTING_MARGIN -
					cell[i].width),
				    "");
		}
		putc('\n', out);
	}
}

static bool
is_described(const struct candidates *found)
{
	size_t i;

	for (i = 0; i < found->count; i++)
		if (found->candidate[i].about != NULL)
			return true;
	return false;
}

char *
listing_format(const struct candidates *found, size_t columns, size_t rows)
{
	struct cell *cell = xcalloc(found->count + 1, sizeof(*cell));
	size_t i, widest = 0, size;
	char *text = NULL;
	FILE *out;

	if ((out = open_memstream(&text, &size)) == NULL) {
		free(cell);
		return xstrdup("");
	}
	for (i = 0; i < found->count; i++) {
		cell_make(&cell[i], found->candidate[i].text,
		    found->candidate[i].after);
		if (cell[i].width > widest)
			widest = cell[i].width;
	}
	if (is_described(found) && found->count + LISTING_SPARE <= rows &&
	    columns > LISTING_MARGIN)
		print_described(out, found, cell, widest, columns);
	else
		print_columns(out, cell, found->count, widest, columns);
	for (i = 0; i < found->count; i++)
		free(cell[i].text);
	free(cell);
	fclose(out);
	return text;
}
