#ifndef CONTROL_LASTLINES_H
#define CONTROL_LASTLINES_H

#include <sys/types.h>

#include "options/options.h"

struct output;

/* What a program wrote into its transcript before it failed. */
struct lastlines {
	char *path; /* NULL: no transcript, or not marked */
	off_t mark; /* where it ended before */
};

void lastlines_mark(
    struct lastlines *lastlines, const struct runner *runner, const char *cwd);

/* The last lines since then, on standard error; nothing where there is none. */
void lastlines_show(
    const struct lastlines *lastlines, const struct output *output);
void lastlines_free(struct lastlines *lastlines);

#endif
