/*
 * Dropping to another user, for good: groups first, then the group, then the
 * user, and each is read back, because a drop that half worked is worse than
 * one that failed.
 */

#include "config.h"

#include <sys/types.h>

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "process/privs.h"

/* Whether we are that user, whichever of our identities is asked. */
static int
privs_verify(uid_t uid, gid_t gid)
{
	if (getuid() == uid && geteuid() == uid && getgid() == gid &&
	    getegid() == gid && (uid == 0 || setuid(0) == -1))
		return 0;
	errno = EPERM;
	return -1;
}

int
privs_become(uid_t uid, gid_t gid, const gid_t *group, size_t groups)
{
	/* Someone else than root may only stay who they are. */
	if (geteuid() != 0) {
		if (getuid() == uid && geteuid() == uid)
			return 0;
		errno = EPERM;
		return -1;
	}
	if (setgroups(groups, group) == -1 || setgid(gid) == -1 ||
	    setuid(uid) == -1)
		return -1;
	return privs_verify(uid, gid);
}

int
privs_drop(
    uid_t uid, gid_t gid, const gid_t *group, size_t groups, char **cause)
{
	if (privs_become(uid, gid, group, groups) == 0)
		return 0;
	cause_set(cause, "unable to become user %lu, group %lu: %s",
	    (unsigned long)uid, (unsigned long)gid, strerror(errno));
	return -1;
}
