#ifndef SHELL_WIDE_H
#define SHELL_WIDE_H

#include <wchar.h>

/*
 * Text of the locale to wide characters and back; what has no counterpart
 * becomes a question mark.  Both to be freed.
 */
wchar_t *wide_from_text(const char *text);
char *wide_to_text(const wchar_t *wide);

#endif
