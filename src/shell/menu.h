#ifndef SHELL_MENU_H
#define SHELL_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "control/candidates.h"

/*
 * The menu of candidates under the line: what is in it, which one is chosen,
 * how it looks.  Pure; reads no key and draws nothing.
 */

#define MENU_NONE ((size_t)-1)

struct menu {
	bool open;
	struct candidates found;
	size_t chosen; /* index, or MENU_NONE */
	char *typed; /* what stood there before, as it was typed */
	size_t across, down; /* how it was shown last */
};

/* Takes found; typed is copied. */
void menu_open(struct menu *menu, struct candidates *found, const char *typed);
void menu_close(struct menu *menu);

enum menu_step { MENU_NEXT, MENU_BEFORE, MENU_LEFT, MENU_RIGHT };

/* Chooses another one, round and round. */
void menu_step(struct menu *menu, enum menu_step step);

/* The one chosen, or NULL. */
const struct candidate *menu_chosen(const struct menu *menu);

/*
 * Its rows for a screen of that size, each with its newline: one for each
 * candidate with what it is, in columns where that would take more than half
 * the screen, and not all of them where even that would.  To be freed.
 */
char *menu_format(struct menu *menu, size_t columns, size_t rows, bool color);

#endif
