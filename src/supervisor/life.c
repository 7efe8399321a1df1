/*
 * What stands beside the socket, and who owns it.
 *
 * - The lock decides who supervises; the kernel drops it when we die, so
 *   nothing has to be guessed from what a dead supervisor left.
 * - The socket is bound under another name with nobody's rights but ours,
 *   listens, and only then gets its name: whoever can see it is answered.
 * - A file that is no socket, or a symbolic link, is somebody else's.
 * - Everything is named from a descriptor of the directory, so that a path
 *   too long for a socket address works as well.
 */

#include "config.h"

#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/fileid.h"
#include "base/path.h"
#include "base/units.h"
#include "options/paths.h"
#include "process/descriptors.h"
#include "process/named.h"
#include "process/peercred.h"
#include "process/safefile.h"
#include "process/walk.h"
#include "protocol/keptstate.h"
#include "supervisor/life.h"

#define LIFE_PATIENCE 2000 /* ms for one that is about to leave */
#define LIFE_AGAIN    5000 /* ms between attempts to make the socket anew */

#define LIFE_DIRECTORY (O_PATH | O_DIRECTORY | O_CLOEXEC)

/* --- names --------------------------------------------------------------- */

/* ".NAME.SUFFIX", as paths_beside has it, without the directory. */
static char *
life_beside(const char *name, const char *suffix)
{
	return paths_beside(name, suffix);
}

static int
life_open_directory(const char *socket, struct failure *failure)
{
	char *path, *cause = NULL;
	int fd;

	if ((path = path_directory(socket)) == NULL)
		return failure_set(failure, "socket", ENOMEM, "%s", socket);
	if ((fd = walk_directory(path, &cause)) == -1)
		failure_set(failure, "socket", 0,
		    "unable to make a socket in '%s': %s", path,
		    cause_text(cause));
	free(cause);
	free(path);
	return fd;
}

int
life_init(struct life *life, const char *socket, const char *pid_file,
    struct failure *failure)
{
	size_t most = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;

	memset(life, 0, sizeof(*life));
	life->lock = life->listener = life->watch = -1;
	life->mode = 0600;
	life->group = (gid_t)-1;
	life->socket = socket;
	life->name = path_base(socket);
	if (life->name[0] == '\0')
		return failure_set(failure, "socket", EISDIR, "%s", socket);
	if (strlen(life->name) > most)
		return failure_set(
		    failure, "socket", ENAMETOOLONG, "%s", socket);
	life->lock_name = life_beside(life->name, "lock");
	life->state_name = life_beside(life->name, "state");
	life->state_new = life_beside(life->name, "state.new");
	life->fifo = paths_beside(socket, "out");
	life->fifo_err = paths_beside(socket, "err");
	if (life->lock_name == NULL || life->state_name == NULL ||
	    life->state_new == NULL || life->fifo == NULL ||
	    life->fifo_err == NULL)
		return failure_set(failure, "socket", ENOMEM, "%s", socket);
	if (pid_file != NULL &&
	    ((life->pid_file = strdup(pid_file)) == NULL ||
		(life->pid_new = life_beside(path_base(pid_file), "new")) ==
		    NULL))
		return failure_set(failure, "pid-file", ENOMEM, "%s", pid_file);
	life->dir = life_open_directory(socket, failure);
	return life->dir == -1 ? -1 : 0;
}

/* --- the lock ------------------------------------------------------------ */

static int
life_fail_lock(
    const struct life *life, const char *why, struct failure *failure)
{
	return failure_set(failure, "lock", 0, "unable to lock '%.*s%s': %s",
	    (int)(life->name - life->socket), life->socket, life->lock_name,
	    why);
}

static int
life_open_lock(struct life *life, struct failure *failure)
{
	/* A second name is a trick to have us write into another file. */
	static const struct safefile lock = {
		.how = O_RDWR | O_CREAT, .mode = 0600, .one_name = true
	};
	char *cause = NULL;

	life->lock = safefile_open_at(
	    life->dir, life->lock_name, &lock, NULL, &cause);
	if (life->lock == -1)
		life_fail_lock(life, cause_text(cause), failure);
	free(cause);
	return life->lock == -1 ? -1 : 0;
}

/* The pid that the holder wrote; 0 where it did not yet. */
static pid_t
life_holder(const struct life *life)
{
	char text[32];
	long long pid;
	ssize_t n;

	n = pread(life->lock, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return units_parse_number(text, 1, INT32_MAX, &pid) ? (pid_t)pid : 0;
}

void
life_cookie(const struct life *life, char *buf, size_t size)
{
	/* We never remove the lock, and whoever does gets another cookie. */
	fileid(life->lock, buf, size);
}

void
life_sign(struct life *life)
{
	char text[KEPTSTATE_AT];
	int len = snprintf(text, sizeof(text), "%ld", (long)getpid());

	/* A line, and empty ones: whoever reads a pid file can read it.  It is
	 * a courtesy, as the lock itself is what counts. */
	memset(text + len, '\n', sizeof(text) - (size_t)len);
	if (pwrite(life->lock, text, sizeof(text), 0) == -1)
		return;
}

/* --- addresses ----------------------------------------------------------- */

/*
 * Bind and connect take no directory descriptor, and their addresses hold 107
 * bytes: they are called from inside the directory.
 */
static int
life_from_directory(const struct life *life, int fd, const char *name,
    int (*call)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un sun;
	int back, result, error;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", name);
	if ((back = open(".", LIFE_DIRECTORY)) == -1)
		return -1;
	if (fchdir(life->dir) == -1) {
		close(back);
		return -1;
	}
	result = call(fd, (const struct sockaddr *)&sun, sizeof(sun));
	error = errno;
	if (fchdir(back) == -1)
		result = -1;
	close(back);
	errno = error;
	return result;
}

static int
life_connect(int fd, const struct sockaddr *address, socklen_t len)
{
	return connect(fd, address, len);
}

static int
life_bind(int fd, const struct sockaddr *address, socklen_t len)
{
	return bind(fd, address, len);
}

static int
life_socket(void)
{
	int fd;

	if ((fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1)
		return -1;
	descriptors_cloexec(fd);
	descriptors_nonblock(fd);
	return fd;
}

/*
 * Whether somebody answers at the socket: 1 yes, 0 nobody, -1 it cannot be
 * known (errno).
 */
static int
life_answers(const struct life *life, pid_t *peer)
{
	int fd, result, error;

	if ((fd = life_socket()) == -1)
		return -1;
	result = life_from_directory(life, fd, life->name, life_connect);
	error = errno;
	if (result == 0)
		*peer = peercred_pid(fd);
	close(fd);
	/* A full queue is somebody's, too. */
	if (result == 0 || error == EAGAIN)
		return 1;
	errno = error;
	return error == ECONNREFUSED || error == ENOENT ? 0 : -1;
}

/*
 * What is at the socket's path, now that we have the lock: nothing, or a
 * socket that nobody answers, is ours to replace.
 */
static enum life_result
life_look(struct life *life, pid_t *holder, struct failure *failure)
{
	struct stat st;

	if (fstatat(life->dir, life->name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno == ENOENT)
			return LIFE_OURS;
		failure_set(failure, "socket", errno, "%s", life->socket);
		return LIFE_FAILED;
	}
	if (!S_ISSOCK(st.st_mode)) {
		failure_set(failure, "socket",
		    S_ISLNK(st.st_mode) ? ELOOP : ENOTSOCK, "%s", life->socket);
		return LIFE_FAILED;
	}
	switch (life_answers(life, holder)) {
	case 1:
		return LIFE_BUSY;
	case 0:
		life->stale = true;
		return LIFE_OURS;
	default:
		failure_set(failure, "socket", errno, "%s", life->socket);
		return LIFE_FAILED;
	}
}

enum life_result
life_take(struct life *life, pid_t *holder, struct failure *failure)
{
	const struct timespec moment = { 0, 5000000 };
	int64_t end = clock_mono_ms() + LIFE_PATIENCE;
	pid_t peer;

	*holder = 0;
	if (life_open_lock(life, failure) == -1)
		return LIFE_FAILED;
	while (flock(life->lock, LOCK_EX | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			life_fail_lock(life, strerror(errno), failure);
			return LIFE_FAILED;
		}
		/* One that answers stays; one that does not comes or goes. */
		if (life_answers(life, &peer) == 1 || clock_mono_ms() > end) {
			*holder = life_holder(life);
			return LIFE_BUSY;
		}
		nanosleep(&moment, NULL);
	}
	while ((*holder = life_manager(life)) > 0) {
		if (clock_mono_ms() > end)
			return LIFE_BUSY;
		nanosleep(&moment, NULL);
	}
	/* It may name a program that runs. */
	if (*holder == -1) {
		life_fail_lock(life, strerror(errno), failure);
		return LIFE_FAILED;
	}
	return life_look(life, holder, failure);
}

/* --- the socket ---------------------------------------------------------- */

/* By its descriptor, so that no other file of that name is meant. */
static void
life_watch_open(const struct life *life, int fd, uint32_t mask)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	(void)!inotify_add_watch(life->watch, path, mask);
}

static void
life_watch(struct life *life)
{
	if (life->watch != -1)
		close(life->watch);
	life->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (life->watch == -1)
		return;
	if (inotify_add_watch(life->watch, life->socket,
		IN_ATTRIB | IN_MOVE_SELF | IN_DONT_FOLLOW) == -1) {
		close(life->watch);
		life->watch = -1;
		return;
	}
	life_watch_open(life, life->lock, IN_ATTRIB | IN_MOVE_SELF);
	/* Not what happens inside. */
	life_watch_open(life, life->dir, IN_MOVE_SELF);
}

void
life_watched(struct life *life)
{
	char buf[4096];

	while (life->watch != -1 && read(life->watch, buf, sizeof(buf)) > 0)
		;
}

/* A listening socket under a name that nobody looks for; -1 with errno. */
static int
life_make_socket(struct life *life, const char *name, struct stat *st)
{
	int fd, error, result;
	mode_t mask;

	if ((fd = life_socket()) == -1)
		return -1;
	unlinkat(life->dir, name, 0);
	/* It has its mode from birth, and its group before anybody is heard. */
	mask = umask(0777 & ~life->mode);
	result = life_from_directory(life, fd, name, life_bind);
	error = errno;
	umask(mask);
	errno = error;
	if (result == 0 &&
	    (life->group == (gid_t)-1 ||
		fchownat(life->dir, name, (uid_t)-1, life->group,
		    AT_SYMLINK_NOFOLLOW) == 0) &&
	    listen(fd, SOMAXCONN) == 0 &&
	    fstatat(life->dir, name, st, AT_SYMLINK_NOFOLLOW) == 0)
		return fd;
	error = errno;
	unlinkat(life->dir, name, 0);
	close(fd);
	errno = error;
	return -1;
}

/*
 * The socket's name before it is complete: by the lock, so that whoever has
 * the lock after us finds what we left when we were killed in between.
 */
static void
life_draft_name(const struct life *life, char *buf, size_t size)
{
	struct stat st = { .st_ino = 0 };

	fstat(life->lock, &st);
	snprintf(buf, size, ".zdrun.%llx", (unsigned long long)st.st_ino);
}

int
life_listen(struct life *life, struct failure *failure)
{
	char name[64];
	struct stat st;
	int fd;

	life_draft_name(life, name, sizeof(name));
	if ((fd = life_make_socket(life, name, &st)) == -1)
		return failure_set(
		    failure, "socket", errno, "%s", life->socket);
	if (renameat(life->dir, name, life->dir, life->name) == -1) {
		failure_set(failure, "socket", errno, "%s", life->socket);
		unlinkat(life->dir, name, 0);
		close(fd);
		return -1;
	}
	if (life->listener != -1)
		close(life->listener);
	life->listener = fd;
	life->dev = st.st_dev;
	life->ino = st.st_ino;
	life_watch(life);
	return 0;
}

void
life_resume(struct life *life)
{
	life_watch(life);
}

/* --- what was removed ---------------------------------------------------- */

/* Whether what is at the path is the socket that we made. */
static bool
life_has_socket(const struct life *life)
{
	struct stat st;

	return lstat(life->socket, &st) == 0 && st.st_dev == life->dev &&
	    st.st_ino == life->ino;
}

/* Whether others would find the lock that we hold. */
static bool
life_has_lock(const struct life *life)
{
	struct stat ours, there;

	return fstat(life->lock, &ours) == 0 &&
	    fstatat(life->dir, life->lock_name, &there, AT_SYMLINK_NOFOLLOW) ==
	    0 &&
	    ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* Whether somebody who held that lock runs, or has left a program that we
 * would forget. */
static bool
life_is_anothers(struct life *life)
{
	uint64_t serial = life->serial;
	struct identity program;
	pid_t manager = life_manager(life);

	if (life->serial < serial)
		life->serial = serial;
	if (manager != 0 || life->found != 1 || life->left.manager == getpid())
		return manager != 0;
	named_program(&program, &life->left);
	return identity_alive(&program);
}

static int
life_take_new_lock(struct life *life, struct failure *failure)
{
	if (life_open_lock(life, failure) == -1)
		return -1;
	if (flock(life->lock, LOCK_EX | LOCK_NB) == -1)
		return life_fail_lock(life,
		    errno == EWOULDBLOCK ? "another holds it" : strerror(errno),
		    failure);
	if (life_is_anothers(life))
		return life_fail_lock(
		    life, "another has left a program there", failure);
	life_sign(life);
	return 0;
}

/* Holds the lock that others would find, as we did before it was removed. */
static int
life_lock_anew(struct life *life, struct failure *failure)
{
	int before = life->lock;

	if (life_has_lock(life))
		return 0;
	if (life_take_new_lock(life, failure) == 0) {
		close(before);
		return 0;
	}
	if (life->lock != -1)
		close(life->lock);
	life->lock = before;
	return -1;
}

/* Makes the socket anew. */
static int
life_listen_anew(struct life *life, struct failure *failure)
{
	pid_t holder;

	switch (life_look(life, &holder, failure)) {
	case LIFE_OURS:
		return life_listen(life, failure);
	case LIFE_BUSY:
		return failure_set(
		    failure, "socket", EADDRINUSE, "%s", life->socket);
	case LIFE_FAILED:
	default:
		return -1;
	}
}

/* Takes our place again, in what is its directory now. */
static int
life_renew(struct life *life, bool listens, struct failure *failure)
{
	int dir;

	/* The directory itself may be a new one. */
	if ((dir = life_open_directory(life->socket, failure)) == -1)
		return -1;
	close(life->dir);
	life->dir = dir;
	if (life_lock_anew(life, failure) == -1)
		return -1;
	if (!listens)
		return life_listen_anew(life, failure);
	life_watch(life);
	return 0;
}

enum life_found
life_check(struct life *life, struct failure *failure)
{
	bool lost = life->again != 0, listens = life_has_socket(life);

	life->again = 0;
	if (listens && life_has_lock(life))
		return lost ? LIFE_BACK : LIFE_THERE;
	if (life_renew(life, listens, failure) == 0)
		return listens ? LIFE_LOCKED : LIFE_RENEWED;
	life->again = clock_mono_ms() + LIFE_AGAIN;
	return lost ? LIFE_STILL_GONE : LIFE_GONE;
}

bool
life_is_due(const struct life *life)
{
	return life->again != 0 && clock_mono_ms() >= life->again;
}

/* --- the end ------------------------------------------------------------- */

static void
life_free_names(struct life *life)
{
	free(life->why);
	free(life->lock_name);
	free(life->state_name);
	free(life->state_new);
	free(life->fifo);
	free(life->fifo_err);
	free(life->pid_file);
	free(life->pid_new);
}

void
life_leave(struct life *life)
{
	/* Before the socket: without that, the state would say that we run. */
	unlinkat(life->dir, life->state_name, 0);
	keptstate_clear(life->lock);
	if (life->listener != -1) {
		if (life_has_socket(life))
			unlinkat(life->dir, life->name, 0);
		close(life->listener);
	}
	life_write_pid(life, 0);
	if (life->watch != -1)
		close(life->watch);
	/* The last of all: from here on another may take the place. */
	close(life->lock);
	close(life->dir);
	life->listener = life->watch = life->lock = life->dir = -1;
	life_free_names(life);
}
