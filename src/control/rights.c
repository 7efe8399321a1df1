/* Becoming the configured user, and the directories made for it before. */

#include "config.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "control/rights.h"
#include "options/paths.h"
#include "options/user.h"
#include "process/makedir.h"
#include "process/privs.h"

int
rights_find(struct rights *rights, const struct runner *runner, char **cause)
{
	rights->groups = RIGHTS_GROUPS;
	rights->gid = (gid_t)-1;
	return user_resolve(runner->user, &rights->uid, &rights->gid,
	    rights->group, &rights->groups, cause);
}

int
rights_drop(const struct runner *runner, char **cause)
{
	struct rights rights;

	if (!runner->user)
		return 0;
	if (rights_find(&rights, runner, cause) == -1)
		return -1;
	if (rights.uid == (uid_t)-1)
		return 0;
	return privs_drop(
	    rights.uid, rights.gid, rights.group, rights.groups, cause);
}

/* path is freed; NULL is nothing to make. */
static int
make_directory(char *path, const struct rights *rights, char **cause)
{
	int done = 0;

	if (path && !path_is_directory(path))
		done = makedir(path, rights->uid, rights->gid, rights->group,
		    rights->groups);
	/* Somebody else may have made it meanwhile. */
	if (done == -1 && !(errno == EEXIST && path_is_directory(path)))
		cause_set(cause, "unable to make directory '%s': %s", path,
		    strerror(errno == EEXIST ? ENOTDIR : errno));
	else
		done = 0;
	free(path);
	return done;
}

int
rights_directories(const struct runner *runner, const char *socket,
    const char *cwd, char **cause)
{
	struct rights rights;

	/* Before one is made that nobody asked for. */
	if (path_base(socket)[0] == '\0') {
		cause_set(cause, "socket-name '%s' names a directory, no file",
		    socket);
		return -1;
	}
	if (rights_find(&rights, runner, cause) == -1 ||
	    make_directory(paths_directory(runner, cwd), &rights, cause) == -1)
		return -1;
	return make_directory(path_directory(socket), &rights, cause);
}

int
rights_lend(const struct rights *rights, struct rights *own)
{
	int count = getgroups(RIGHTS_GROUPS, own->group);

	if (rights->uid == (uid_t)-1)
		return 0;
	if (count == -1)
		return -1;
	own->groups = (size_t)count;
	own->uid = geteuid();
	own->gid = getegid();
	if (setgroups(rights->groups, rights->group) == 0 &&
	    setegid(rights->gid) == 0 && seteuid(rights->uid) == 0)
		return 0;
	rights_regain(rights, own);
	return -1;
}

void
rights_regain(const struct rights *rights, const struct rights *own)
{
	/* To go on with the rights of another would be worse than to end. */
	if (rights->uid != (uid_t)-1 &&
	    (seteuid(own->uid) == -1 || setegid(own->gid) == -1 ||
		setgroups(own->groups, own->group) == -1))
		abort();
}
