/*
 * Processes as /proc shows them.
 *
 * - getdents64 is called by itself: readdir has a buffer of its own, from
 *   malloc, and hands out the names in the order that is wrong for us.
 * - The list of a process's children is kept by the kernel for each of its
 *   threads; one read is a thousand times cheaper than all of /proc.
 */

#include "config.h"

#include <sys/types.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process/newcalls.h"
#include "process/procfs.h"

#define PROCFS_DIRECTORY (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define PROCFS_BATCH     24576 /* bytes of directory entries at once */
#define PROCFS_PIDS      2048 /* pids of a list at once */

int
procfs_open(void)
{
	int error, fd;

	if ((fd = open("/proc", PROCFS_DIRECTORY)) == -1)
		return -1;
	if (faccessat(fd, "self/stat", R_OK, 0) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int
procfs_open_process(int proc, pid_t pid)
{
	char name[24];

	snprintf(name, sizeof(name), "%ld", (long)pid);
	return openat(proc, name, PROCFS_DIRECTORY);
}

ssize_t
procfs_read(int process, const char *name, char *buf, size_t size)
{
	ssize_t n;
	int fd;

	if ((fd = openat(process, name, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	while ((n = read(fd, buf, size - 1)) == -1 && errno == EINTR)
		;
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

bool
procfs_stat(int process, struct identity_stat *stat)
{
	char text[1024];

	return procfs_read(process, "stat", text, sizeof(text)) > 0 &&
	    identity_parse_stat(stat, text);
}

/* Looks for an entry between two NULs; the text begins and ends with one. */
static bool
procfs_find_entry(const char *text, size_t len, const char *entry)
{
	size_t size = strlen(entry) + 2;
	const char *at = text;

	while ((at = memchr(at, '\0', len - (size_t)(at - text))) != NULL) {
		if (len - (size_t)(at - text) < size)
			return false;
		if (memcmp(at + 1, entry, size - 1) == 0)
			return true;
		at++;
	}
	return false;
}

bool
procfs_has_env(int process, const char *entry)
{
	char text[8192] = "";
	size_t len = 1, keep = strlen(entry) + 2;
	bool found = false;
	ssize_t n;
	int fd;

	if ((fd = openat(process, "environ", O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	while (!found && (n = read(fd, text + len, sizeof(text) - len)) > 0) {
		len += (size_t)n;
		found = procfs_find_entry(text, len, entry);
		if (len > keep) {
			memmove(text, text + len - keep, keep);
			len = keep;
		}
	}
	close(fd);
	return found;
}

int
procfs_signal(int process, pid_t pid, int signal)
{
	if (syscall(SYS_pidfd_send_signal, process, signal, NULL, 0) == 0)
		return 0;
	if (errno != ENOSYS && errno != EBADF)
		return -1;
	return kill(pid, signal);
}

/* The number that a name is; 0 if it is none. */
static pid_t
procfs_number(const char *name)
{
	if (name[0] < '1' || name[0] > '9')
		return 0;
	return (pid_t)strtol(name, NULL, 10);
}

/* The head of what getdents64 answers; the name follows. */
struct procfs_entry {
	uint64_t inode;
	int64_t offset;
	unsigned short len;
	unsigned char type;
	char name[];
};

static size_t
procfs_batch(const char *batch, long len, pid_t *pid)
{
	const struct procfs_entry *entry;
	size_t count = 0;
	long at;

	for (at = 0; at < len; at += entry->len) {
		entry = (const void *)(batch + at);
		if ((pid[count] = procfs_number(entry->name)) != 0)
			count++;
	}
	return count;
}

void
procfs_each(int dir, procfs_visit visit, void *arg)
{
	union {
		struct procfs_entry entry;
		char bytes[PROCFS_BATCH];
	} batch;
	pid_t pid[PROCFS_BATCH / sizeof(struct procfs_entry)];
	size_t count;
	long n;

	if (lseek(dir, 0, SEEK_SET) == -1)
		return;
	while ((n = syscall(SYS_getdents64, dir, &batch, sizeof(batch))) > 0) {
		count = procfs_batch(batch.bytes, n, pid);
		while (count > 0)
			visit(arg, pid[--count]);
	}
}

/* --- children --------------------------------------------------------- */

struct procfs_family {
	int task; /* the directory of the threads */
	procfs_visit visit;
	void *arg;
	bool listed; /* there was such a list */
};

/* The pids of a text, as far as they are whole; how many bytes that took. */
static size_t
procfs_take(const char *text, pid_t *pid, size_t *count)
{
	const char *at = text;
	char *end;
	long number;

	for (*count = 0; *count < PROCFS_PIDS; at = end) {
		number = strtol(at, &end, 10);
		if (end == at || *end == '\0')
			break;
		pid[(*count)++] = (pid_t)number;
	}
	return (size_t)(at - text);
}

/* The children that one thread has started, or was given. */
static void
procfs_thread(void *arg, pid_t tid)
{
	struct procfs_family *family = arg;
	char name[40], text[8192];
	pid_t pid[PROCFS_PIDS];
	size_t len = 0, count, used;
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "%ld/children", (long)tid);
	if ((fd = openat(family->task, name, O_RDONLY | O_CLOEXEC)) == -1)
		return;
	family->listed = true;
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0) {
		len += (size_t)n;
		text[len] = '\0';
		used = procfs_take(text, pid, &count);
		while (count > 0)
			family->visit(family->arg, pid[--count]);
		len -= used;
		memmove(text, text + used, len);
	}
	close(fd);
}

bool
procfs_children(int process, procfs_visit visit, void *arg)
{
	struct procfs_family family = { -1, visit, arg, false };

	if ((family.task = openat(process, "task", PROCFS_DIRECTORY)) == -1)
		return false;
	procfs_each(family.task, procfs_thread, &family);
	close(family.task);
	return family.listed;
}
