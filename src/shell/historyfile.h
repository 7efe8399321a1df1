#ifndef SHELL_HISTORYFILE_H
#define SHELL_HISTORYFILE_H

#include <stddef.h>

#define HISTORYFILE_MOST (8 << 20) /* bytes that are read */

/*
 * Opens the file, which is made if need be, and locks it; closing unlocks.
 * One who does not let go of the lock is not waited for: a second at the most.
 * A file that others can write or put there is refused.  -1 with cause.
 */
int historyfile_lock(const char *name, char **cause);

/*
 * The end of the file, at most HISTORYFILE_MOST bytes and a NUL behind them,
 * to be freed; NULL with errno.
 */
char *historyfile_read(int fd, size_t *len);

/*
 * Appends a line to the locked file; what could not be written whole is taken
 * back.  0, or -1 with errno.
 */
int historyfile_append(int fd, const char *line);

#endif
