#ifndef CONTROL_RIGHTS_H
#define CONTROL_RIGHTS_H

#include <stddef.h>
#include <sys/types.h>

#include "options/options.h"

/* Becoming the configured user, and what has to be done before. */

#define RIGHTS_GROUPS 256

struct rights {
	uid_t uid; /* (uid_t)-1: stay who we are */
	gid_t gid;
	size_t groups;
	gid_t group[RIGHTS_GROUPS];
};

/* Who the configured user is.  0, or -1 with cause. */
int rights_find(
    struct rights *rights, const struct runner *runner, char **cause);

/* Becomes the configured user for good.  0, or -1 with cause. */
int rights_drop(const struct runner *runner, char **cause);

/*
 * Makes the directories that start and foreground are to find: `directory`
 * (daemon on) and that of the socket, one level, owned by the user.  0, or -1
 * with cause.
 */
int rights_directories(const struct runner *runner, const char *socket,
    const char *cwd, char **cause);

/*
 * Acts as that user for a while: what is looked at is seen with his rights.
 * own keeps ours for rights_regain.  0, or -1 with errno, ours again.
 */
int rights_lend(const struct rights *rights, struct rights *own);
void rights_regain(const struct rights *rights, const struct rights *own);

#endif
