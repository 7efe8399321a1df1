/*
 * Making a directory for somebody else.
 *
 * Root that makes or gives away "/home/joe/run/x" does what joe wants: he may
 * have put a link to /etc in place of run.  So joe's rights are used where
 * they suffice; and where they do not, each part of the path is opened by
 * itself, and a link is followed only if nobody but root could have put it.
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "process/makedir.h"
#include "process/privs.h"

#define MAKEDIR_MODE  0755
#define MAKEDIR_LINKS 40 /* that one path may lead through */
#define MAKEDIR_OPEN  (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

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

/* Whether only root can change what is in it; a sticky one protects root's. */
static bool
makedir_is_roots(int dir)
{
	struct stat st;

	return fstat(dir, &st) == 0 && st.st_uid == 0 &&
	    ((st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
		(st.st_mode & S_ISVTX) != 0);
}

static int makedir_walk(int dir, const char *path, int *links);

/* Follows a link in dir that root has put there. */
static int
makedir_follow(int dir, const char *name, int *links)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t len;

	if (!makedir_is_roots(dir) ||
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    st.st_uid != 0 || ++*links > MAKEDIR_LINKS) {
		errno = ELOOP;
		return -1;
	}
	len = readlinkat(dir, name, target, sizeof(target) - 1);
	if (len == -1)
		return -1;
	target[len] = '\0';
	return makedir_walk(dir, target, links);
}

static int
makedir_step(int dir, const char *name, int *links)
{
	struct stat st;
	int fd;

	if ((fd = openat(dir, name, MAKEDIR_OPEN)) != -1)
		return fd;
	if ((errno == ELOOP || errno == ENOTDIR) &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		return makedir_follow(dir, name, links);
	return -1;
}

/* Opens path, from dir where it is relative, part by part.  -1 with errno. */
static int
makedir_walk(int dir, const char *path, int *links)
{
	char part[NAME_MAX + 1];
	int fd, next, error;
	size_t len;

	fd = openat(dir, path[0] == '/' ? "/" : ".", MAKEDIR_OPEN);
	while (fd != -1) {
		path += strspn(path, "/");
		if ((len = strcspn(path, "/")) == 0)
			break;
		if (len > NAME_MAX) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, path, len);
		part[len] = '\0';
		path += len;
		next = makedir_step(fd, part, links);
		error = errno;
		close(fd);
		errno = error;
		fd = next;
	}
	return fd;
}

/* Makes name in parent and gives it away before anybody has seen it. */
static int
makedir_give(int parent, const char *name, uid_t uid, gid_t gid)
{
	int fd, error;

	if (!makedir_is_roots(parent)) {
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
	char *directory;
	int parent, links = 0, result, error;

	if ((directory = path_directory(path)) == NULL)
		return -1;
	parent = makedir_walk(AT_FDCWD, directory, &links);
	error = errno;
	free(directory);
	errno = error;
	if (parent == -1)
		return -1;
	result = makedir_give(parent, path_base(path), uid, gid);
	error = errno;
	close(parent);
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
