#ifndef SHELL_CUT_H
#define SHELL_CUT_H

#include <stddef.h>

/*
 * Text made visible, tabs being blanks, and cut so that it fits one row of so
 * many columns and leaves the last one free.  To be freed.
 */
char *cut_to_row(const char *text, size_t len, size_t columns);

/* How many columns such a text takes. */
size_t cut_width(const char *text);

#endif
