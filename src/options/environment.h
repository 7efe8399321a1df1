#ifndef OPTIONS_ENVIRONMENT_H
#define OPTIONS_ENVIRONMENT_H

#include "options/options.h"

/*
 * The environment of a program: ours, with the configured variables in place
 * of every one of their names.  zdrun links this: memory failures are told.
 */

/* To be freed by environment_free; NULL without memory. */
char **environment_make(const struct pairs *configured);
void environment_free(char **environment);

/*
 * Makes NAME=VALUE the only variable of its name.  0, or -1 without memory,
 * with the environment as it was.
 */
int environment_set(char ***environment, const char *name, const char *value);

/* The value of a variable, or NULL. */
const char *environment_get(char *const *environment, const char *name);

#endif
