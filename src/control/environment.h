#ifndef CONTROL_ENVIRONMENT_H
#define CONTROL_ENVIRONMENT_H

#include "options/options.h"

/*
 * Our environment with the configured section over it, for a program that we
 * start ourselves.  To be freed by environment_free.
 */
char **environment_make(const struct runner *runner);
void environment_free(char **environment);

/* A value in it, or NULL. */
const char *environment_get(char *const *environment, const char *name);

#endif
