#ifndef OPTIONS_PRINT_H
#define OPTIONS_PRINT_H

#include <stdio.h>

#include "options/options.h"

/* The runner as a native configuration file that reads back the same. */
void print_config(FILE *out, const struct runner *runner);

/* "name = value    # origin" for every row, unset ones included. */
void print_options(FILE *out, const struct runner *runner);

/*
 * The value of one row in native syntax; target is the struct of a logfile or
 * syslog section, else NULL.  To be freed; NULL: unset.
 */
char *print_value(const struct runner *runner, const struct logtarget *target,
    const struct option_row *row);

#endif
