#ifndef PROCESS_MAKEDIR_H
#define PROCESS_MAKEDIR_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Makes one directory on the way to which nobody can lead us astray: as the
 * user who is to own it, by a child with that user's rights; where that user
 * may not, as root, but only by a path that root alone can change.  A
 * directory that is there is none of ours: EEXIST.  uid (uid_t)-1: as
 * ourselves, plainly.  0, or -1 with errno.
 */
int makedir(
    const char *path, uid_t uid, gid_t gid, const gid_t *group, size_t groups);

#endif
