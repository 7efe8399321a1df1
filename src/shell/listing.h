#ifndef SHELL_LISTING_H
#define SHELL_LISTING_H

#include <stddef.h>

struct candidates;

/*
 * Candidates as text for the space above the line: a line each with what they
 * are, or in columns where that would fill the screen.  Pure; to be freed.
 */
char *listing_format(
    const struct candidates *found, size_t columns, size_t rows);

#endif
