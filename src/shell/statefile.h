#ifndef SHELL_STATEFILE_H
#define SHELL_STATEFILE_H

/*
 * The name of a file with that ending for the configuration (or socket) of
 * that absolute path; to be freed.  Its directory need not be there.  NULL with
 * cause.
 */
char *statefile_name(const char *path, const char *ending, char **cause);

#endif
