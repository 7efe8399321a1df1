#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * "DIR/PATH", or PATH itself when it is absolute or dir is NULL or empty.
 * To be freed by the caller; NULL without memory.
 */
char *path_join(const char *dir, const char *path);

/*
 * path made absolute from the current directory, without changing links or
 * dots.  To be freed by the caller; NULL (errno) on failure.
 */
char *path_absolute(const char *path);

/*
 * The current directory; "" where there is none any more, so that only what
 * is relative to it fails.  To be freed; NULL without memory.
 */
char *path_here(void);

/* The directory part ("." where there is none).  To be freed; NULL: memory. */
char *path_directory(const char *path);

/* The last part of path; a pointer into it. */
const char *path_base(const char *path);

/* Whether path names a directory (links followed). */
bool path_is_directory(const char *path);

#endif
