#ifndef OPTIONS_PAIRS_H
#define OPTIONS_PAIRS_H

#include "options/options.h"

/*
 * Sets one variable or adds it; a weaker origin replaces no stronger one.
 * 0, or -1 with cause; pairs is unchanged then.
 */
int pairs_set(struct pairs *pairs, const char *name, const char *text,
    const struct origin *origin, char **cause);

/*
 * Reads NAME=VALUE words in place of what is in pairs.  0, or -1 with cause;
 * pairs is unchanged then.
 */
int pairs_parse(struct pairs *pairs, const char *text, char **cause);

/* Words that pairs_parse reads back; to be freed, NULL without memory. */
char *pairs_print(const struct pairs *pairs);

/* to is empty; what it got stays there on failure.  0, or -1: no memory. */
int pairs_copy(struct pairs *to, const struct pairs *from);

void pairs_free(struct pairs *pairs);

#endif
