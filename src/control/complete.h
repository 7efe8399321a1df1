#ifndef CONTROL_COMPLETE_H
#define CONTROL_COMPLETE_H

#include <stddef.h>

#include "control/candidates.h"
#include "control/provider.h"

/*
 * What could stand at the cursor of a half-typed command line.  Pure: reads
 * the tables, and asks a provider for what only the system knows.
 */

/* Completes the word at byte cursor of line among commands for where. */
void complete_line(struct candidates *out, const char *line, size_t cursor,
    unsigned int where, const struct provider *provider);

#endif
