#ifndef OPTIONS_CODES_H
#define OPTIONS_CODES_H

#include "options/options.h"

/*
 * Reads numbers within [low, high], parted by commas, in place of
 * what is in codes.  0, or -1 with cause; codes is unchanged then.
 */
int codes_parse(struct codes *codes, const char *text, long long low,
    long long high, char **cause);

/* "0,2"; to be freed, NULL without memory. */
char *codes_print(const struct codes *codes);

/* to is empty.  0, or -1 without memory. */
int codes_copy(struct codes *to, const struct codes *from);

void codes_free(struct codes *codes);

#endif
