/*
 * Which process it is.  Everything fits the stack: zdrun asks on its way
 * between fork and the program's first instruction.
 */

#include "config.h"

#include <sys/ioctl.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "process/identity.h"
#include "process/newcalls.h"

#define IDENTITY_BOOT_FILE "/proc/sys/kernel/random/boot_id"

/* The start of a small file as text; -1 with errno. */
static int
identity_slurp(const char *path, char *buf, size_t size)
{
	ssize_t n;
	int fd, error;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	while ((n = read(fd, buf, size - 1)) == -1 && errno == EINTR)
		;
	error = errno;
	close(fd);
	errno = error;
	if (n == -1)
		return -1;
	buf[n] = '\0';
	return 0;
}

bool
identity_parse_stat(struct identity_stat *stat, const char *text)
{
	const char *name, *rest;
	struct identity_stat found;
	long parent, group, session;
	int fields;

	/* The name may hold blanks and parentheses: its end is the last one. */
	if ((name = strchr(text, '(')) == NULL ||
	    (rest = strrchr(name, ')')) == NULL)
		return false;
	found.status = 0;
	fields = sscanf(rest,
	    ") %c %ld %ld %ld %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
	    "%*d %*d %ld %*d %" SCNu64 " %*u %ld %*s %*s %*s %*s %*s %*s %*s "
	    "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
	    "%*s %*s %*s %*s %d",
	    &found.state, &parent, &group, &session, &found.threads,
	    &found.start_time, &found.pages, &found.status);
	/* The last one came with Linux 3.5. */
	if (fields < 7)
		return false;
	found.parent = (pid_t)parent;
	found.group = (pid_t)group;
	found.session = (pid_t)session;
	snprintf(found.name, sizeof(found.name), "%.*s", (int)(rest - name - 1),
	    name + 1);
	*stat = found;
	return true;
}

bool
identity_is_dead(const struct identity_stat *stat)
{
	return (stat->state == 'Z' && stat->threads <= 1) || stat->state == 'X';
}

/* Whether that says that nothing is there.  Every other error, such as no
 * descriptor left, says nothing at all. */
static bool
identity_is_absent(int error)
{
	/* EPERM: of another user, and hidden by hidepid. */
	return error == ENOENT || error == ESRCH || error == EPERM;
}

/* 1 with stat filled, 0 where it cannot be known here, -1 no process. */
static int
identity_stat(struct identity_stat *stat, pid_t pid)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if (identity_slurp(path, text, sizeof(text)) == -1) {
		if (!identity_is_absent(errno))
			return 0;
		return access("/proc/self/stat", F_OK) == 0 ? -1 : 0;
	}
	return identity_parse_stat(stat, text) ? 1 : -1;
}

/* False where it cannot be read; "" where there is none. */
static bool
identity_boot(char *buf, size_t size)
{
	buf[0] = '\0';
	if (identity_slurp(IDENTITY_BOOT_FILE, buf, size) == -1)
		return errno == ENOENT;
	buf[strcspn(buf, "\n")] = '\0';
	return true;
}

int
identity_read(struct identity *identity, pid_t pid)
{
	struct identity_stat stat;
	int known;

	memset(&stat, 0, sizeof(stat));
	if ((known = identity_stat(&stat, pid)) == -1) {
		errno = ESRCH;
		return -1;
	}
	if (known == 0 && kill(pid, 0) == -1 && errno != EPERM)
		return -1;
	identity->pid = pid;
	identity->start_time = stat.start_time;
	identity_boot(identity->boot_id, sizeof(identity->boot_id));
	return 0;
}

enum identity_state
identity_look(const struct identity *identity)
{
	struct identity_stat stat;
	char boot[IDENTITY_BOOT_SIZE];

	if (identity->pid <= 0)
		return IDENTITY_GONE;
	if (identity_boot(boot, sizeof(boot)) &&
	    strcmp(boot, identity->boot_id) != 0)
		return IDENTITY_GONE;
	switch (identity_stat(&stat, identity->pid)) {
	case 1:
		if (stat.start_time != identity->start_time)
			return IDENTITY_GONE;
		return identity_is_dead(&stat) ? IDENTITY_ENDED : IDENTITY_RUNS;
	case 0:
		return kill(identity->pid, 0) == 0 || errno == EPERM ?
		    IDENTITY_RUNS :
		    IDENTITY_GONE;
	default:
		return IDENTITY_GONE;
	}
}

bool
identity_alive(const struct identity *identity)
{
	return identity_look(identity) == IDENTITY_RUNS;
}

int64_t
identity_age(uint64_t start_time)
{
	struct timespec now;
	long ticks = sysconf(_SC_CLK_TCK);
	int64_t age;

	if (start_time == 0 || ticks <= 0 ||
	    clock_gettime(CLOCK_BOOTTIME, &now) == -1)
		return -1;
	age = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 -
	    (int64_t)(start_time / (uint64_t)ticks * 1000 +
		start_time % (uint64_t)ticks * 1000 / (uint64_t)ticks);
	return age > 0 ? age : 0;
}

bool
identity_stopped(pid_t pid)
{
	struct identity_stat stat;

	switch (identity_stat(&stat, pid)) {
	case 1:
		return stat.state == 'T';
	case 0:
		return true;
	default:
		return false;
	}
}

int
identity_open(const struct identity *identity)
{
	int fd;

	if ((fd = (int)syscall(SYS_pidfd_open, identity->pid, 0)) == -1)
		return -1;
	/* The pid may have changed hands before we held it: look again. */
	if (identity_look(identity) != IDENTITY_GONE)
		return fd;
	close(fd);
	errno = ESRCH;
	return -1;
}

/*
 * What the kernel tells of a process by its descriptor, in the form that
 * Linux 6.13 began with; headers of the systems we build on may be older.
 * Since 6.15 the end of a process is told as well, after its parent took it.
 */
struct identity_info {
	uint64_t mask; /* asked for, and answered */
	uint64_t cgroup;
	uint32_t pid, thread_group, parent;
	uint32_t id[8]; /* users and groups */
	int32_t status; /* as wait(2) has it */
};

_Static_assert(sizeof(struct identity_info) == 64, "the kernel's size");

#define IDENTITY_INFO      _IOWR(0xff, 11, struct identity_info)
#define IDENTITY_INFO_EXIT (UINT64_C(1) << 3)

static int
identity_wait_fd(int fd, int *status)
{
	struct identity_info info;

	memset(&info, 0, sizeof(info));
	info.mask = IDENTITY_INFO_EXIT;
	if (fd == -1 || ioctl(fd, IDENTITY_INFO, &info) == -1)
		return -1;
	if ((info.mask & IDENTITY_INFO_EXIT) == 0)
		return 0;
	*status = info.status;
	return 1;
}

/*
 * Whether we are told the status of a process, where it is 0 as well: by the
 * link to its file, which has the same guard and leads nowhere for a zombie.
 */
static bool
identity_is_shown(pid_t pid)
{
	char path[64], to[1];

	snprintf(path, sizeof(path), "/proc/%ld/exe", (long)pid);
	return readlink(path, to, sizeof(to)) == -1 && errno == ENOENT;
}

int
identity_wait(const struct identity *identity, int fd, int *status)
{
	struct identity_stat stat;

	if (identity_stat(&stat, identity->pid) != 1 ||
	    stat.start_time != identity->start_time ||
	    !identity_is_dead(&stat) ||
	    (stat.status == 0 && !identity_is_shown(identity->pid)))
		return identity_wait_fd(fd, status);
	*status = stat.status;
	return 1;
}

bool
identity_has_ended(int fd)
{
	struct pollfd ended = { .fd = fd, .events = POLLIN };

	return poll(&ended, 1, 0) == 1 && (ended.revents & POLLIN) != 0;
}

int
identity_signal(int fd, pid_t pid, int signal)
{
	if (fd != -1) {
		if (syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0) == 0)
			return 0;
		/* Forbidden to us: while it runs, the pid is still its own. */
		if (errno != ENOSYS || identity_has_ended(fd))
			return -1;
	}
	return kill(pid, signal);
}
