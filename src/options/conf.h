#ifndef OPTIONS_CONF_H
#define OPTIONS_CONF_H

#include <stddef.h>

#include "options/options.h"
#include "options/problems.h"

/*
 * Reads a configuration file of either syntax into the runner: bounded,
 * regular files only, every problem with its file and line.  The runner is
 * as complete as the good statements make it.
 */
void conf_read(struct runner *runner, const char *path, int ignore_unknown,
    struct problems *problems);

/* The same from memory; name is what messages call it. */
void conf_parse(struct runner *runner, const char *name, const char *text,
    size_t len, int ignore_unknown, struct problems *problems);

#endif
