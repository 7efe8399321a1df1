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

/* The directory part ("." where there is none).  To be freed; NULL: memory. */
char *path_directory(const char *path);

/* The last part of path; a pointer into it. */
const char *path_base(const char *path);

/* Whether path names a directory (links followed). */
bool path_is_directory(const char *path);

/*
 * Makes the directory path, one level deep, mode 0755 less the umask, owned
 * by uid and gid where uid is not (uid_t)-1; the owner is set on the opened
 * directory, never through the name.  One that exists is left as it is.  0,
 * or -1 with errno.
 */
int path_make_directory(const char *path, uid_t uid, gid_t gid);

#endif
