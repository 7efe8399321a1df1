#ifndef SHELL_STATEFILE_H
#define SHELL_STATEFILE_H

/*
 * The name of a file with that ending for the configuration (or socket) of
 * that absolute path, its directory made; to be freed.  NULL with cause.
 */
char *statefile_name(const char *path, const char *ending, char **cause);

#endif
