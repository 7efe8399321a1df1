/*
 * The menu that a second Tab opens.  Names come from files and programs, so
 * they are made visible, and are measured in columns, not in bytes.  The one
 * chosen has a mark, and is reversed where there are colours.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "base/xmalloc.h"
#include "shell/geometry.h"
#include "shell/menu.h"
#include "shell/wide.h"

#define MARGIN	2 /* columns, where the mark stands */
#define REVERSE "\033[7m"
#define NORMAL	"\033[0m"

void
menu_open(struct menu *menu, struct candidates *found, const char *typed)
{
	menu_close(menu);
	menu->open = true;
	menu->found = *found;
	menu->chosen = MENU_NONE;
	menu->typed = xstrdup(typed);
	memset(found, 0, sizeof(*found));
}

void
menu_close(struct menu *menu)
{
	candidates_free(&menu->found);
	free(menu->typed);
	memset(menu, 0, sizeof(*menu));
}

const struct candidate *
menu_chosen(const struct menu *menu)
{
	if (!menu->open || menu->chosen == MENU_NONE)
		return NULL;
	return &menu->found.candidate[menu->chosen];
}

/* One column further, to the same row; where there are no columns, a row. */
static size_t
step_across(const struct menu *menu, bool right)
{
	size_t count = menu->found.count, down = menu->down, at = menu->chosen;

	if (menu->across < 2)
		down = 1;
	if (right)
		return at + down < count ? at + down : at % down;
	if (at >= down)
		return at - down;
	at += (count - 1) / down * down;
	return at < count ? at : at - down;
}

void
menu_step(struct menu *menu, enum menu_step step)
{
	size_t count = menu->found.count;

	if (count == 0)
		return;
	if (menu->chosen == MENU_NONE)
		menu->chosen = step == MENU_BEFORE ? count - 1 : 0;
	else if (step == MENU_NEXT)
		menu->chosen = (menu->chosen + 1) % count;
	else if (step == MENU_BEFORE)
		menu->chosen = (menu->chosen + count - 1) % count;
	else
		menu->chosen = step_across(menu, step == MENU_RIGHT);
}

/* --- how it looks -------------------------------------------------------- */

/* A cell: text fit for a terminal, and its width. */
struct cell {
	char *text;
	size_t width;
};

struct format {
	const struct menu *menu;
	struct cell *cell;
	size_t widest;
	size_t columns;
	size_t most; /* rows it may take */
	bool color;
	FILE *out;
};

static void
cell_make(struct cell *cell, const struct candidate *candidate)
{
	char *whole = xasprintf(
	    "%s%s", candidate->text, candidate->after == '/' ? "/" : "");
	wchar_t *wide;

	cell->text = visible_copy(whole, strlen(whole), 0);
	if (cell->text == NULL)
		cell->text = xstrdup("?");
	wide = wide_from_text(cell->text);
	cell->width = geometry_width(wide);
	free(wide);
	free(whole);
}

/* Prints text, cut to so many columns; how many it took. */
static size_t
print_cut(FILE *out, const char *text, size_t columns)
{
	wchar_t *wide = wide_from_text(text);
	size_t width;
	char *cut;

	wide[geometry_fit(wide, columns)] = L'\0';
	width = geometry_width(wide);
	cut = wide_to_text(wide);
	fputs(cut, out);
	free(cut);
	free(wide);
	return width;
}

/* The name, with its mark, in a column of the widest; what it took. */
static size_t
print_name(const struct format *format, size_t i, bool fill)
{
	bool chosen = i == format->menu->chosen;
	size_t room = format->columns - 1 - MARGIN, width;

	fprintf(format->out, "%s%c ", chosen && format->color ? REVERSE : "",
	    chosen ? '>' : ' ');
	width = print_cut(format->out, format->cell[i].text, room);
	if (fill && format->widest > width && format->widest < room) {
		fprintf(format->out, "%*s", (int)(format->widest - width), "");
		width = format->widest;
	}
	if (chosen && format->color)
		fputs(NORMAL, format->out);
	return MARGIN + width;
}

static void
print_about(const struct format *format, const char *about, size_t used)
{
	char *shown;

	used += MARGIN;
	if (about == NULL || used + 1 >= format->columns)
		return;
	if ((shown = visible_copy(about, strlen(about), 0)) == NULL)
		return;
	fprintf(format->out, "%*s%s", MARGIN, "", format->color ? "\033[2m" : "");
	print_cut(format->out, shown, format->columns - 1 - used);
	fputs(format->color ? NORMAL : "", format->out);
	free(shown);
}

static void
print_described(const struct format *format)
{
	const struct candidates *found = &format->menu->found;
	size_t i;

	for (i = 0; i < found->count; i++) {
		print_about(format, found->candidate[i].about,
		    print_name(format, i, true));
		putc('\n', format->out);
	}
}

/* The first row shown of down, so that the chosen one is among most. */
static size_t
first_row(const struct menu *menu, size_t down, size_t most)
{
	size_t row = menu->chosen == MENU_NONE ? 0 : menu->chosen % down;

	return row < most ? 0 : row - most + 1;
}

static void
print_columns(const struct format *format, size_t down)
{
	size_t count = format->menu->found.count, first = 0, most = down;
	size_t row, i, shown = 0;

	if (down > format->most) {
		most = format->most > 1 ? format->most - 1 : 1;
		first = first_row(format->menu, down, most);
	}
	for (row = first; row < first + most; row++) {
		for (i = row; i < count; i += down) {
			print_name(format, i, i + down < count);
			shown++;
		}
		putc('\n', format->out);
	}
	if (shown < count)
		fprintf(format->out, "%*s... %zu more\n", MARGIN, "",
		    count - shown);
}

/* What the chosen one is, where the rows have no room for it. */
static void
print_chosen(const struct format *format)
{
	const struct candidate *chosen = menu_chosen(format->menu);

	if (chosen == NULL || chosen->about == NULL)
		return;
	print_about(format, chosen->about, 0);
	putc('\n', format->out);
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

/* How many columns and rows the names alone take. */
static void
lay_out(struct menu *menu, size_t widest, size_t columns)
{
	menu->across = (columns - 1) / (widest + MARGIN);
	if (menu->across == 0)
		menu->across = 1;
	menu->down = (menu->found.count + menu->across - 1) / menu->across;
}

static void
print(struct menu *menu, const struct format *format)
{
	size_t count = menu->found.count;

	lay_out(menu, format->widest, format->columns);
	if (count <= format->most && is_described(&menu->found)) {
		menu->across = 1;
		menu->down = count;
		print_described(format);
	} else {
		print_columns(format, menu->down);
		print_chosen(format);
	}
}

char *
menu_format(struct menu *menu, size_t columns, size_t rows, bool color)
{
	struct format format = {
		.menu = menu,
		.columns = columns > MARGIN + 2 ? columns : MARGIN + 2,
		.most = rows > 3 ? rows / 2 : 1,
		.color = color,
	};
	size_t i, size;
	char *text = NULL;

	if ((format.out = open_memstream(&text, &size)) == NULL)
		return xstrdup("");
	format.cell = xcalloc(menu->found.count + 1, sizeof(*format.cell));
	for (i = 0; i < menu->found.count; i++) {
		cell_make(&format.cell[i], &menu->found.candidate[i]);
		if (format.cell[i].width > format.widest)
			format.widest = format.cell[i].width;
	}
	print(menu, &format);
	for (i = 0; i < menu->found.count; i++)
		free(format.cell[i].text);
	free(format.cell);
	fclose(format.out);
	return text;
}
