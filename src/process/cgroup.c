/*
 * A control group (version 2) for the program.
 *
 * - It is made below the one we are in, and only where that bears the mark of
 *   a delegated one; root could make groups anywhere, and would spoil what the
 *   system's own manager knows of them.
 * - Everything goes through descriptors of the directories.  No call is worth
 *   a failure: without the group there are other ways to find a tree.
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "process/cgroup.h"
#include "process/procfs.h"

#define CGROUP_DIRECTORY (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define CGROUP_LINES     8192 /* bytes of /proc/PID/cgroup */
#define CGROUP_TRIES     10 /* names, where others are in use */

/* The path of a process's group of version 2 in the text; NULL: it has none. */
static const char *
cgroup_find_path(char *text)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (strncmp(line, "0::/", 4) == 0)
			return line + 3;
	}
	return NULL;
}

static bool
cgroup_read_path(int process, char *path, size_t size)
{
	char text[CGROUP_LINES];
	const char *found;

	if (procfs_read(process, "cgroup", text, sizeof(text)) <= 0 ||
	    (found = cgroup_find_path(text)) == NULL || strlen(found) >= size)
		return false;
	memcpy(path, found, strlen(found) + 1);
	return true;
}

/* The same by its name in /proc. */
static bool
cgroup_path_of(const char *process, char *path, size_t size)
{
	char name[32];
	bool found;
	int dir;

	snprintf(name, sizeof(name), "/proc/%s", process);
	if ((dir = open(name, CGROUP_DIRECTORY)) == -1)
		return false;
	found = cgroup_read_path(dir, path, size);
	close(dir);
	return found;
}

static bool
cgroup_is_delegated(int dir)
{
	static const char *const mark[] = { "user.delegate",
		"trusted.delegate" };
	char value[2];
	size_t i;

	for (i = 0; i < sizeof(mark) / sizeof(mark[0]); i++) {
		if (fgetxattr(dir, mark[i], value, sizeof(value)) == 1 &&
		    value[0] == '1')
			return true;
	}
	return false;
}

/* Our own group's directory, if it is ours to divide; -1. */
static int
cgroup_open_own(const char *path)
{
	static const char *const top[] = { "/sys/fs/cgroup",
		"/sys/fs/cgroup/unified" };
	char name[PATH_MAX];
	size_t i;
	int dir;

	for (i = 0; i < sizeof(top) / sizeof(top[0]); i++) {
		if ((size_t)snprintf(name, sizeof(name), "%s%s", top[i],
			path) >= sizeof(name) ||
		    (dir = open(name, CGROUP_DIRECTORY)) == -1)
			continue;
		/* Only a group of version 2 has this. */
		if (faccessat(dir, "cgroup.events", F_OK, 0) == 0 &&
		    cgroup_is_delegated(dir))
			return dir;
		close(dir);
	}
	return -1;
}

void
cgroup_init(struct cgroup *cgroup)
{
	memset(cgroup, 0, sizeof(*cgroup));
	cgroup->parent = cgroup->dir = -1;
}

void
cgroup_prepare(struct cgroup *cgroup, const char *base)
{
	char path[PATH_MAX];

	snprintf(cgroup->base, sizeof(cgroup->base), "%s", base);
	if (cgroup->parent == -1 && cgroup_path_of("self", path, sizeof(path)))
		cgroup->parent = cgroup_open_own(path);
}

static void
cgroup_forget(struct cgroup *cgroup)
{
	if (cgroup->dir != -1)
		close(cgroup->dir);
	cgroup->dir = -1;
	cgroup->name[0] = '\0';
}

/* Opens the group of that name in our own.  0, or -1. */
static int
cgroup_enter(struct cgroup *cgroup, const char *name)
{
	char path[PATH_MAX];

	if (!cgroup_path_of("self", path, sizeof(path)))
		return -1;
	/* Of the top group the path is "/" alone. */
	if ((size_t)snprintf(cgroup->path, sizeof(cgroup->path), "%s/%s",
		strcmp(path, "/") == 0 ? "" : path,
		name) >= sizeof(cgroup->path))
		return -1;
	cgroup->dir = openat(
	    cgroup->parent, name, CGROUP_DIRECTORY | O_NOFOLLOW);
	if (cgroup->dir == -1)
		return -1;
	snprintf(cgroup->name, sizeof(cgroup->name), "%s", name);
	return 0;
}

/* Whether we call groups so. */
static bool
cgroup_is_ours(const struct cgroup *cgroup, const char *name)
{
	return strncmp(name, cgroup->base, strlen(cgroup->base)) == 0 &&
	    strchr(name, '/') == NULL;
}

/* A group of that name with nobody in it. */
static int
cgroup_make(const struct cgroup *cgroup, const char *name)
{
	if (mkdirat(cgroup->parent, name, 0755) == 0)
		return 0;
	if (errno != EEXIST ||
	    unlinkat(cgroup->parent, name, AT_REMOVEDIR) == -1)
		return -1;
	return mkdirat(cgroup->parent, name, 0755);
}

void
cgroup_begin(struct cgroup *cgroup)
{
	char name[CGROUP_NAME_SIZE];
	int i;

	if (cgroup->parent == -1 || cgroup->dir != -1)
		return;
	for (i = 0; i < CGROUP_TRIES; i++) {
		snprintf(name, sizeof(name), i == 0 ? "%.60s" : "%.60s.%d",
		    cgroup->base, i);
		if (cgroup_make(cgroup, name) == 0) {
			cgroup_enter(cgroup, name);
			return;
		}
	}
}

void
cgroup_find(struct cgroup *cgroup, pid_t pid)
{
	char path[PATH_MAX], process[24];
	const char *name;

	snprintf(process, sizeof(process), "%ld", (long)pid);
	if (cgroup->parent == -1 ||
	    !cgroup_path_of(process, path, sizeof(path)))
		return;
	name = strrchr(path, '/') + 1;
	/* There may be one of that name somewhere else. */
	if (cgroup_is_ours(cgroup, name) && cgroup_enter(cgroup, name) == 0 &&
	    strcmp(path, cgroup->path) != 0)
		cgroup_forget(cgroup);
}

void
cgroup_reopen(struct cgroup *cgroup)
{
	char name[CGROUP_NAME_SIZE];

	memcpy(name, cgroup->name, sizeof(name));
	cgroup_forget(cgroup);
	if (cgroup->parent != -1 && cgroup_is_ours(cgroup, name))
		cgroup_enter(cgroup, name);
}

static int
cgroup_write(const struct cgroup *cgroup, const char *name, const char *text)
{
	ssize_t n;
	int fd;

	if (cgroup->dir == -1) {
		errno = ENOENT;
		return -1;
	}
	if ((fd = openat(cgroup->dir, name, O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == -1 ? -1 : 0;
}

int
cgroup_take(const struct cgroup *cgroup, pid_t pid)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", (long)pid);
	return cgroup_write(cgroup, "cgroup.procs", text);
}

bool
cgroup_has(const struct cgroup *cgroup, int process)
{
	char path[PATH_MAX];
	size_t len = strlen(cgroup->path);

	return cgroup->dir != -1 &&
	    cgroup_read_path(process, path, sizeof(path)) &&
	    strncmp(path, cgroup->path, len) == 0 &&
	    (path[len] == '\0' || path[len] == '/');
}

int
cgroup_kill(const struct cgroup *cgroup)
{
	return cgroup_write(cgroup, "cgroup.kill", "1");
}

void
cgroup_close(struct cgroup *cgroup)
{
	if (cgroup->dir != -1) {
		close(cgroup->dir);
		unlinkat(cgroup->parent, cgroup->name, AT_REMOVEDIR);
	}
	if (cgroup->parent != -1)
		close(cgroup->parent);
	cgroup->dir = cgroup->parent = -1;
}
