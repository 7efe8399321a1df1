#ifndef CONTROL_TAIL_H
#define CONTROL_TAIL_H

#include <stddef.h>
#include <sys/types.h>

/* The end of a file, in bounded memory. */

struct linewalk_end;

/* Opens a regular file to read.  -1 with errno and cause. */
int tail_open(const char *path, char **cause);

/* How long it is now. */
off_t tail_size(int fd);

/*
 * Where the last lines of the first size bytes begin.  A line without its
 * newline at the end counts as one.  until, which may be NULL, is asked for
 * each block; where an end is wanted the answer is of no use.
 */
off_t tail_find(
    int fd, off_t size, size_t lines, const struct linewalk_end *until);

#endif
