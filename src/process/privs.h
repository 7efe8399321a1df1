#ifndef PROCESS_PRIVS_H
#define PROCESS_PRIVS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Becomes uid with gid and these supplementary groups for good, and verifies
 * that there is no way back.  0, or -1 with cause.
 */
int privs_drop(
    uid_t uid, gid_t gid, const gid_t *group, size_t groups, char **cause);

/* The same between fork and exec: 0, or -1 with errno; allocates nothing. */
int privs_become(uid_t uid, gid_t gid, const gid_t *group, size_t groups);

/*
 * Whether we run with rights that are not our caller's: a setuid or setgid
 * installation, of which there must be none.
 */
bool privs_are_borrowed(void);

#endif
