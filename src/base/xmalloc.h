#ifndef BASE_XMALLOC_H
#define BASE_XMALLOC_H

#include <stddef.h>

#include "base/words.h"

/*
 * Allocation that ends a short-lived program when memory is gone.  Not for
 * the supervisor, which must outlive that: zdrun is linked without it.
 */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *ptr, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same of words.h. */
void xwords_add(struct words *words, const char *text);
char *xwords_quote(const struct words *words);

#endif
