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

/* Whether the identity that was put aside is theirs, too. */
static bool
privs_saved_are(uid_t uid, gid_t gid)
{
	uid_t real, effective, saved;
	gid_t real_group, effective_group, saved_group;

	return getresuid(&real, &effective, &saved) == 0 && saved == uid &&
	    getresgid(&real_group, &effective_group, &saved_group) == 0 &&
	    saved_group == gid;
}

/*
 * Whether we are that user, whichever of our identities is asked, and there
 * is no way back.
 */
static int
privs_verify(uid_t uid, gid_t gid, size_t groups)
{
	if (getuid() == uid && geteuid() == uid && getgid() == gid &&
	    getegid() == gid && privs_saved_are(uid, gid) &&
	    getgroups(0, NULL) == (int)groups &&
	    (uid == 0 || (setuid(0) == -1 && seteuid(0) == -1)))
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
	return privs_verify(uid, gid, groups);
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

bool
privs_are_borrowed(void)
{
	return getuid() != geteuid() || getgid() != getegid();
}
