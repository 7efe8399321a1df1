#ifndef OPTIONS_USER_H
#define OPTIONS_USER_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Who the `user` option names.  The only place that asks the name services;
 * zdrun gets the numbers (options/handover.h).
 */

/*
 * Resolves user, a name or a number; NULL is nobody in particular.  A number
 * without a passwd entry is a user with the group of that number.  *uid is
 * (uid_t)-1 where nothing is to change: no user, or ourselves already.
 * *groups holds how many fit into group, and gets how many there are.  0, or
 * -1 with cause: unknown, more groups than fit, or not ours to become.
 */
int user_resolve(const char *user, uid_t *uid, gid_t *gid, gid_t *group,
    size_t *groups, char **cause);

/*
 * The number of a group by its name or number; NULL is (gid_t)-1, none.  0,
 * or -1 with cause.
 */
int user_group(const char *group, gid_t *gid, char **cause);

#endif
