#ifndef CONTROL_CANDIDATES_H
#define CONTROL_CANDIDATES_H

#include "control/command.h"
#include "control/complete.h"

/* What only the system knows of candidates: files, logs, values now. */

/* Answers from the context, which has to stay. */
void candidates_provider(
    struct provider *provider, const struct context *context);

/* Files that begin with prefix, with size and age; directories with a /. */
void candidates_files(void *data, const char *prefix, struct candidates *out);

#endif
