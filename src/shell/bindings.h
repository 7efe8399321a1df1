#ifndef SHELL_BINDINGS_H
#define SHELL_BINDINGS_H

#include <stdbool.h>
#include <wchar.h>

/* The keys of libedit.  Our functions (zd-...) have to be known to it. */
struct editline; /* an EditLine of histedit.h */

/*
 * Binds every key anew: ours, the user's, and those that must be ours.  mode
 * is L"emacs" or L"vi"; NULL: what the user's editrc says, whose text that is;
 * NULL: there is none.
 */
void bindings_set(
    struct editline *el, const wchar_t *mode, const char *editrc);

/* Whether the keys are those of that mode. */
bool bindings_is_mode(struct editline *el, const wchar_t *mode);

/* Whether something is bound to the keys, written as for bind. */
bool bindings_has(struct editline *el, const wchar_t *keys);

#endif
