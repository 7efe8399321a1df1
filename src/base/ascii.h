#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Words of ours whatever their letters' case.  They are ASCII, so the locale
 * has no say: in a Turkish one "int" is not "INT" to strcasecmp.
 */
char ascii_lower(char c);
char ascii_upper(char c);

/* All of a text in lower case, in place; returns it.  NULL stays NULL. */
char *ascii_make_lower(char *text);

/* Their order: less than, equal to or greater than 0. */
int ascii_compare(const char *a, const char *b);

bool ascii_same(const char *a, const char *b);

/* Whether their first len bytes are the same, or both end before. */
bool ascii_same_part(const char *a, const char *b, size_t len);

#endif
