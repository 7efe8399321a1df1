#ifndef SHELL_WIDE_H
#define SHELL_WIDE_H

#include <stddef.h>
#include <wchar.h>

/*
 * Text of the locale to wide characters and back; what has no counterpart
 * becomes a question mark.  Both to be freed.
 */
wchar_t *wide_from_text(const char *text);
char *wide_to_text(const wchar_t *wide);

/* How many wide characters text becomes. */
size_t wide_count(const char *text);

#endif
