/*
 * The one way to open a file whose path, or place, others may have a hand in.
 *
 * What is there is looked at before it is opened, since opening alone can
 * wait, rewind a tape or answer a FIFO's writer; and once more afterwards,
 * since it may be another by then.
 */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "process/safefile.h"
#include "process/walk.h"

#define SAFEFILE_HOW (O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static int
refuse(int error, const char *why, char **cause)
{
	cause_set(cause, "%s", why);
	errno = error;
	return -1;
}

static int
fail(char **cause)
{
	cause_set(cause, "%s", strerror(errno));
	return -1;
}

static void
close_keeping(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

/* --- what is good enough ------------------------------------------------- */

static int
check_type(const struct safefile *safefile, mode_t mode, char **cause)
{
	if (S_ISDIR(mode))
		return refuse(EISDIR, "it is a directory", cause);
	if (S_ISLNK(mode))
		return refuse(ELOOP, "it is a symbolic link", cause);
	if (S_ISREG(mode) || safefile->any)
		return 0;
	if (S_ISFIFO(mode))
		return refuse(EINVAL, "it is a FIFO", cause);
	return refuse(EINVAL,
	    S_ISSOCK(mode) ? "it is a socket" : "it is a device", cause);
}

/* Whether only we and root can have written it. */
static int
check_writers(const struct stat *st, char **cause)
{
	const char *doubt = walk_doubt(st);

	if (doubt == NULL)
		return 0;
	cause_set(cause, "it %s", doubt);
	errno = EPERM;
	return -1;
}

/*
 * Whether the name of the file may be one that its owner knows nothing of: in
 * a directory of others, who can have linked it there.
 */
static bool
is_borrowed(int dir, const struct stat *st)
{
	struct stat place;

	return st->st_nlink > 1 && geteuid() == 0 && fstat(dir, &place) == 0 &&
	    walk_is_shared(&place) &&
	    (st->st_uid != place.st_uid || walk_trusts(place.st_uid));
}

static int
check(int dir, const struct safefile *safefile, const struct stat *st,
    char **cause)
{
	if (check_type(safefile, st->st_mode, cause) == -1 ||
	    (safefile->ours && check_writers(st, cause) == -1))
		return -1;
	if (S_ISREG(st->st_mode) &&
	    ((safefile->one_name && st->st_nlink > 1) || is_borrowed(dir, st)))
		return refuse(EMLINK, "it has another name as well", cause);
	return 0;
}

/* --- opening ------------------------------------------------------------- */

/* Opens what was found good, or is to be made. */
static int
open_found(const struct walk *walk, const struct safefile *safefile,
    struct stat *st, char **cause)
{
	int how = safefile->how | SAFEFILE_HOW, fd;

	fd = openat(walk->dir, walk->name, walk->magic ? how : how | O_NOFOLLOW,
	    safefile->mode);
	if (fd == -1)
		return fail(cause);
	/* By now it may be another, for which the same holds. */
	if (fstat(fd, st) == -1)
		fail(cause);
	else if (check(walk->dir, safefile, st, cause) == 0) {
		if (!walk->there || st->st_uid == walk->st.st_uid)
			return fd;
		refuse(EPERM, "it belongs to another user", cause);
	}
	close_keeping(fd);
	return -1;
}

static int
open_walked(const struct walk *walk, const struct safefile *safefile,
    struct stat *st, char **cause)
{
	struct stat own;

	assert((safefile->how & O_TRUNC) == 0);
	if (walk->there && (safefile->how & O_EXCL) != 0) {
		errno = EEXIST;
		return fail(cause);
	}
	if (walk->there && check(walk->dir, safefile, &walk->st, cause) == -1)
		return -1;
	return open_found(walk, safefile, st != NULL ? st : &own, cause);
}

static unsigned int
walk_rules(const struct safefile *safefile)
{
	return (safefile->ours ? WALK_OURS : 0U) |
	    (safefile->make ? WALK_MAKE : 0U) |
	    (safefile->no_link ? WALK_NO_LINK : 0U);
}

int
safefile_open(const char *path, const struct safefile *safefile,
    struct stat *st, char **cause)
{
	struct walk walk;
	int fd;

	if (walk_to(&walk, path, walk_rules(safefile), cause) == -1)
		return -1;
	fd = open_walked(&walk, safefile, st, cause);
	close_keeping(walk.dir);
	return fd;
}

int
safefile_open_at(int dir, const char *name, const struct safefile *safefile,
    struct stat *st, char **cause)
{
	struct walk walk = { .dir = dir };

	if (strlen(name) >= sizeof(walk.name)) {
		errno = ENAMETOOLONG;
		return fail(cause);
	}
	memcpy(walk.name, name, strlen(name) + 1);
	walk.there = fstatat(dir, name, &walk.st, AT_SYMLINK_NOFOLLOW) == 0;
	return open_walked(&walk, safefile, st, cause);
}

/* --- reading ------------------------------------------------------------- */

static char *
refuse_size(size_t limit, char **cause)
{
	cause_set(cause, "it is larger than %zu bytes", limit);
	errno = EFBIG;
	return NULL;
}

/* Makes room for size bytes and a NUL; frees the text where there is none. */
static char *
grow(char *text, size_t size, char **cause)
{
	char *grown = realloc(text, size + 1);

	if (grown == NULL) {
		free(text);
		errno = ENOMEM;
		fail(cause);
	}
	return grown;
}

/*
 * Reads to the end, whatever size the file had: it may grow, and some say 0.
 * One byte more than the limit is enough to know that it is passed.
 */
static char *
read_all(int fd, size_t size, size_t limit, size_t *len, char **cause)
{
	char *text = grow(NULL, size, cause);
	size_t have = 0;
	ssize_t n = 1;

	while (text != NULL && n != 0 && have <= limit) {
		if (have == size)
			text = grow(text, size = 2 * size + 1, cause);
		if (text == NULL)
			return NULL;
		n = read(fd, text + have, size - have);
		if (n == -1 && errno != EINTR) {
			fail(cause);
			free(text);
			return NULL;
		}
		have += n > 0 ? (size_t)n : 0;
	}
	if (have > limit) {
		free(text);
		return refuse_size(limit, cause);
	}
	if (text != NULL) {
		text[have] = '\0';
		*len = have;
	}
	return text;
}

char *
safefile_read(const char *path, const struct safefile *safefile, size_t limit,
    struct stat *st, size_t *len, char **cause)
{
	char *text;
	int fd;

	if ((fd = safefile_open(path, safefile, st, cause)) == -1)
		return NULL;
	if (st->st_size > (off_t)limit)
		text = refuse_size(limit, cause);
	else
		text = read_all(fd, (size_t)st->st_size + 1, limit, len, cause);
	close_keeping(fd);
	return text;
}

bool
safefile_is_missing(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES;
}
