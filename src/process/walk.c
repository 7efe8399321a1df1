/*
 * Walking a path that others may try to bend.
 *
 * O_NOFOLLOW guards the last name of a path only, and openat2(2) came with
 * Linux 5.6; so each part is opened by itself, with O_PATH, which neither
 * waits for a FIFO nor wakes a device, and links are read and judged here.
 */
#include "config.h"

#include <sys/vfs.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "process/walk.h"

#define WALK_LINKS 40 /* that one path may lead through, as in the kernel */
#define WALK_PART  (O_PATH | O_NOFOLLOW | O_CLOEXEC)
#define WALK_PROC  0x9fa0 /* statfs(2): PROC_SUPER_MAGIC */
#define NO_GUIDE   ((uid_t)-1)

/* A walk that is under way. */
struct trail {
	struct walk *walk;
	unsigned int rules;
	char **cause;
	struct stat dir; /* of walk->dir */
	char at[PATH_MAX]; /* its name, for messages */
	char rest[PATH_MAX]; /* still to be walked */
	unsigned int links;
	uid_t guide; /* whose link we follow; NO_GUIDE: of one we trust */
	size_t end; /* its target is reached with that much of rest left */
	const char *doubt; /* of the first directory that is not ours */
	char doubted[PATH_MAX];
};

/* --- whom we trust ------------------------------------------------------- */

bool
walk_trusts(uid_t uid)
{
	struct stat top;

	/* In a user namespace the real root is nobody, but still owns "/". */
	return uid == 0 || uid == geteuid() ||
	    (stat("/", &top) == 0 && top.st_uid == uid);
}

static mode_t
writable_by(const struct stat *st)
{
	return st->st_mode & (geteuid() == 0 ? S_IWGRP | S_IWOTH : S_IWOTH);
}

bool
walk_is_shared(const struct stat *dir)
{
	return !walk_trusts(dir->st_uid) || writable_by(dir) != 0;
}

const char *
walk_doubt(const struct stat *st)
{
	if (!walk_trusts(st->st_uid))
		return "belongs to another user";
	if (writable_by(st) == 0 ||
	    (S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX) != 0))
		return NULL;
	return (st->st_mode & S_IWOTH) != 0 ? "can be written by everybody" :
					      "can be written by its group";
}

/* --- failing ------------------------------------------------------------- */

static int
fail(struct trail *trail, int error)
{
	errno = error;
	cause_set(trail->cause, "%s", strerror(error));
	return -1;
}

/* What is wrong with that name in the place where we are. */
static int
fail_link(struct trail *trail, const char *name, const char *what)
{
	cause_set(trail->cause, "'%s%s%s' %s", trail->at,
	    strcmp(trail->at, "/") == 0 ? "" : "/", name, what);
	errno = ELOOP;
	return -1;
}

static int
fail_misled(struct trail *trail, const char *name)
{
	return fail_link(trail, name, "is where another user's link leads");
}

/* --- links --------------------------------------------------------------- */

/*
 * Whether the link may be followed, which has that status.  What bob links to
 * has to be bob's: that is checked once its target is reached.
 */
static int
judge_link(struct trail *trail, const char *name, const struct stat *link)
{
	bool strict = (trail->rules & WALK_OURS) != 0;
	uid_t guide = link->st_uid;

	if (++trail->links > WALK_LINKS)
		return fail(trail, ELOOP);
	if (!strict && geteuid() != 0)
		return 0;
	if (walk_trusts(guide)) {
		if (walk_doubt(&trail->dir) == NULL)
			return 0;
		/* Root's link, but another can have moved it here. */
		guide = trail->dir.st_uid;
	}
	if (strict || walk_trusts(guide) ||
	    (trail->guide != NO_GUIDE && trail->guide != guide))
		return fail_link(trail, name, "is another user's link");
	if (trail->guide == NO_GUIDE || strlen(trail->rest) < trail->end)
		trail->end = strlen(trail->rest);
	trail->guide = guide;
	return 0;
}

/* Whether a link has led to what st tells of, and may not. */
static bool
is_misled(struct trail *trail, const struct stat *st)
{
	uid_t guide = trail->guide;

	if (guide == NO_GUIDE || strlen(trail->rest) > trail->end)
		return false;
	trail->guide = NO_GUIDE;
	return st->st_uid != guide;
}

/* Puts the link's target before what is left to walk. */
static int
expand_link(struct trail *trail, int link)
{
	size_t left = strlen(trail->rest);
	char target[PATH_MAX];
	ssize_t len = readlinkat(link, "", target, sizeof(target));

	if (len == -1)
		return fail(trail, errno);
	while (len > 1 && target[len - 1] == '/')
		len--;
	if ((size_t)len + left >= sizeof(trail->rest))
		return fail(trail, ENAMETOOLONG);
	memmove(trail->rest + len, trail->rest, left + 1);
	memcpy(trail->rest, target, (size_t)len);
	return 0;
}

/* --- steps --------------------------------------------------------------- */

static void
name_place(struct trail *trail, const char *name)
{
	size_t len = strlen(trail->at);

	if (strcmp(trail->at, ".") == 0 || name[0] == '/')
		len = 0;
	snprintf(trail->at + len, sizeof(trail->at) - len, "%s%s",
	    len == 0 || trail->at[len - 1] == '/' ? "" : "/", name);
}

/* Goes on from fd, which is what name leads to; takes it in any case. */
static int
enter(struct trail *trail, int fd, const char *name)
{
	struct stat st;
	const char *doubt;

	if (fstat(fd, &st) == -1) {
		fail(trail, errno);
		close(fd);
		return -1;
	}
	if (is_misled(trail, &st)) {
		close(fd);
		return fail_misled(trail, name);
	}
	if (trail->walk->dir != -1)
		close(trail->walk->dir);
	trail->walk->dir = fd;
	trail->dir = st;
	name_place(trail, name);
	doubt = (trail->rules & WALK_OURS) != 0 ? walk_doubt(&st) : NULL;
	if (doubt != NULL && trail->doubt == NULL) {
		trail->doubt = doubt;
		memcpy(trail->doubted, trail->at, strlen(trail->at) + 1);
	}
	return 0;
}

/* Opens where the rest begins. */
static int
enter_start(struct trail *trail)
{
	const char *start = trail->rest[0] == '/' ? "/" : ".";
	int fd = open(start, WALK_PART | O_DIRECTORY);

	return fd == -1 ? fail(trail, errno) : enter(trail, fd, start);
}

/* Lets the kernel follow a link of /proc, whose text is no path. */
static int
follow_magic(struct trail *trail, const char *name)
{
	int fd = openat(trail->walk->dir, name, O_PATH | O_CLOEXEC);
	struct walk *walk = trail->walk;

	if (fd == -1)
		return fail(trail, errno);
	if (trail->rest[0] != '\0')
		return enter(trail, fd, name);
	walk->magic = true;
	walk->there = fstat(fd, &walk->st) == 0;
	close(fd);
	return 0;
}

static bool
is_in_proc(int dir)
{
	struct statfs fs;

	return fstatfs(dir, &fs) == 0 && fs.f_type == WALK_PROC;
}

/* fd is name, and a link with that status. */
static int
follow(struct trail *trail, int fd, const char *name, const struct stat *link)
{
	if (judge_link(trail, name, link) == -1)
		return -1;
	if (is_in_proc(trail->walk->dir) && trail->guide == NO_GUIDE)
		return follow_magic(trail, name);
	if (expand_link(trail, fd) == -1)
		return -1;
	return trail->rest[0] == '/' ? enter_start(trail) : 0;
}

/* A directory on the way, made if it is to be; -1 with errno. */
static int
open_directory(struct trail *trail, const char *name)
{
	/* O_DIRECTORY makes an automounter mount what belongs there. */
	int how = WALK_PART | O_DIRECTORY, dir = trail->walk->dir, fd;

	if ((fd = openat(dir, name, how)) != -1 || errno != ENOENT ||
	    (trail->rules & WALK_MAKE) == 0 || trail->doubt != NULL)
		return fd;
	if (mkdirat(dir, name, 0700) == -1 && errno != EEXIST)
		return -1;
	return openat(dir, name, how);
}

static int
step_directory(struct trail *trail, const char *name)
{
	int fd = open_directory(trail, name), result;
	struct stat st;

	if (fd != -1)
		return enter(trail, fd, name);
	if (errno != ENOTDIR && errno != ELOOP)
		return fail(trail, errno);
	if ((fd = openat(trail->walk->dir, name, WALK_PART)) == -1)
		return fail(trail, errno);
	if (fstat(fd, &st) == 0 && S_ISLNK(st.st_mode))
		result = follow(trail, fd, name, &st);
	else
		result = fail(trail, ENOTDIR);
	close(fd);
	return result;
}

static int
step_last(struct trail *trail, const char *name)
{
	int fd = openat(trail->walk->dir, name, WALK_PART), result = 0;
	struct walk *walk = trail->walk;

	/* A link to nothing: what is made there would be of our rights. */
	if (fd == -1 && errno == ENOENT && trail->guide != NO_GUIDE)
		return fail_misled(trail, name);
	if (fd == -1)
		return errno == ENOENT ? 0 : fail(trail, errno);
	walk->there = fstat(fd, &walk->st) == 0;
	if (walk->there && S_ISLNK(walk->st.st_mode)) {
		walk->there = false;
		result = (trail->rules & WALK_NO_LINK) != 0 ?
		    fail(trail, ELOOP) :
		    follow(trail, fd, name, &walk->st);
	} else if (walk->there && is_misled(trail, &walk->st))
		result = fail_misled(trail, name);
	close(fd);
	return result;
}

/* Takes the next name off the rest; "." where only slashes are left. */
static int
take_name(struct trail *trail)
{
	char *from = trail->rest + strspn(trail->rest, "/");
	size_t len = strcspn(from, "/");

	if (len > NAME_MAX)
		return fail(trail, ENAMETOOLONG);
	memcpy(trail->walk->name, len == 0 ? "." : from, len == 0 ? 1 : len);
	trail->walk->name[len == 0 ? 1 : len] = '\0';
	memmove(trail->rest, from + len, strlen(from + len) + 1);
	return 0;
}

/* A directory that is not ours matters where there is a file, or is to be. */
static int
judge_doubt(struct trail *trail, int result)
{
	bool making = (trail->rules & WALK_MAKE) != 0;

	if (trail->doubt == NULL ||
	    (!making && (result == -1 || !trail->walk->there)))
		return result;
	cause_set(trail->cause, "'%s' %s", trail->doubted, trail->doubt);
	errno = EPERM;
	return -1;
}

static int
start_trail(struct trail *trail, const char *path)
{
	trail->walk->dir = -1;
	trail->walk->there = trail->walk->magic = false;
	trail->at[0] = '\0';
	trail->links = 0;
	trail->guide = NO_GUIDE;
	trail->doubt = NULL;
	if (path[0] == '\0')
		return fail(trail, ENOENT);
	if (strlen(path) >= sizeof(trail->rest))
		return fail(trail, ENAMETOOLONG);
	memcpy(trail->rest, path, strlen(path) + 1);
	return enter_start(trail);
}

int
walk_to(struct walk *walk, const char *path, unsigned int rules, char **cause)
{
	struct trail trail;
	int result, error;

	/* It is large, and zdrun small: what is not used is not touched. */
	trail.walk = walk;
	trail.rules = rules;
	trail.cause = cause;
	result = start_trail(&trail, path);
	while (result == 0 && trail.rest[0] != '\0') {
		result = take_name(&trail);
		if (result == 0 && trail.rest[0] != '\0')
			result = step_directory(&trail, walk->name);
		else if (result == 0)
			result = step_last(&trail, walk->name);
	}
	result = judge_doubt(&trail, result);
	if (result == 0 || walk->dir == -1)
		return result;
	error = errno;
	close(walk->dir);
	walk->dir = -1;
	errno = error;
	return -1;
}

int
walk_directory(const char *path, char **cause)
{
	char inside[PATH_MAX];
	struct walk walk;

	if (snprintf(inside, sizeof(inside), "%s/", path) >=
	    (int)sizeof(inside)) {
		errno = ENAMETOOLONG;
		cause_set(cause, "%s", strerror(errno));
		return -1;
	}
	return walk_to(&walk, inside, 0, cause) == -1 ? -1 : walk.dir;
}
