/*
 * Making a directory for somebody else.
 *
 * Root that makes or gives away "/home/joe/run/x" does what joe wants: he may
 * have put a link to /etc in place of run.  So joe's rights are used where
 * they suffice; and where they do not, root walks there (walk.h), and only to a
 * directory that nobody but root can change.
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "process/makedir.h"
#include "process/privs.h"
#include "process/walk.h"

#define MAKEDIR_MODE 0755
#define MAKEDIR_OPEN (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* As the user, in a child.  0, or what went wrong. */
static int
makedir_as_user(
    const char *path, uid_t uid, gid_t gid, const gid_t *group, size_t groups)
{
	int status;
	pid_t pid;

	if ((pid = fork()) == -1)
		return errno;
	if (pid == 0) {
		if (privs_become(uid, gid, group, groups) == -1 ||
		    mkdir(path, MAKEDIR_MODE) == -1)
			_exit(errno > 0 && errno < 256 ? errno : EIO);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) == -1) {
		if (errno != EINTR)
			return errno;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

/* Makes name in parent and gives it away before anybody has seen it. */
static int
makedir_give(int parent, const char *name, uid_t uid, gid_t gid)
{
	struct stat st;
	int fd, error;

	if (fstat(parent, &st) == -1)
		return -1;
	if (walk_doubt(&st) != NULL) {
		errno = EACCES;
		return -1;
	}
	if (mkdirat(parent, name, MAKEDIR_MODE) == -1)
		return -1;
	if ((fd = openat(parent, name, MAKEDIR_OPEN)) == -1)
		return -1;
	if (fchown(fd, uid, gid) == 0) {
		close(fd);
		return 0;
	}
	error = errno;
	close(fd);
	unlinkat(parent, name, AT_REMOVEDIR);
	errno = error;
	return -1;
}

static int
makedir_as_root(const char *path, uid_t uid, gid_t gid)
{
	struct walk walk;
	int result, error;

	if (walk_to(&walk, path, WALK_NO_LINK, NULL) == -1)
		return -1;
	result = makedir_give(walk.dir, walk.name, uid, gid);
	error = errno;
	close(walk.dir);
	errno = error;
	return result;
}

int
makedir(
    const char *path, uid_t uid, gid_t gid, const gid_t *group, size_t groups)
{
	if (uid == (uid_t)-1)
		return mkdir(path, MAKEDIR_MODE);
	errno = makedir_as_user(path, uid, gid, group, groups);
	if (errno == 0)
		return 0;
	if (errno != EACCES && errno != EPERM)
		return -1;
	return makedir_as_root(path, uid, gid);
}
