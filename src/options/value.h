#ifndef OPTIONS_VALUE_H
#define OPTIONS_VALUE_H

#include <stdbool.h>

#include "options/options.h"

/*
 * The types of values: text to field and back, side by side.  field points
 * to the member of the struct that a row names.
 */

/* 0, or -1 with cause; the field is unchanged then. */
int value_parse(
    void *field, const struct option_row *row, const char *text, char **cause);

/* Text that value_parse reads back; NULL: unset or no memory. */
char *value_print(const void *field, const struct option_row *row);

bool value_is_set(const void *field, const struct option_row *row);

/* to is empty memory; 0, or -1 without memory. */
int value_copy(void *to, const void *from, const struct option_row *row);
void value_free(void *field, const struct option_row *row);

#endif
