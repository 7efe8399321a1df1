/*
 * A program's whole tree.
 *
 * - Descendants are found by walking /proc with us as the root: as subreaper
 *   we are the parent of every orphan below, so nothing born there gets away.
 * - A process is signalled through a descriptor of its /proc directory, read
 *   just before: a pid that changed hands in between is never hit.
 * - The table of a walk lives on the stack, nothing is allocated.  What does
 *   not fit is met by the next pass, after the first were killed.
 * - Without /proc or a subreaper: the process group.
 */

#include "config.h"

#include <sys/types.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/identity.h"
#include "process/tree.h"

static bool
tree_group_there(pid_t leader)
{
	return leader > 0 && (kill(-leader, 0) == 0 || errno == EPERM);
}

static void
tree_signal_group(pid_t leader, int signal, struct tree_result *result)
{
	memset(result, 0, sizeof(*result));
	if (!tree_group_there(leader))
		return;
	result->found = 1;
	if (kill(-leader, signal) == -1 && errno == EPERM) {
		result->refused = 1;
		result->refused_pid = leader;
	}
}

#if defined(HAVE_SYS_PRCTL_H) && defined(PR_SET_CHILD_SUBREAPER) && \
    defined(SYS_getdents64) && defined(SYS_pidfd_send_signal)

#define TREE_MOST   1024 /* processes that one pass looks at */
#define TREE_TIME   500 /* ms that a kill may take */
#define TREE_PASSES 400

struct tree_table {
	int proc; /* /proc */
	pid_t leader; /* whose session belongs to it; 0: none */
	bool freeze; /* stop whatever is met, as soon as it is */
	size_t running; /* how many were not stopped before */
	pid_t pid[TREE_MOST];
	size_t count;
	bool full;
};

/* The head of what getdents64 answers; the name follows. */
struct tree_entry {
	uint64_t inode;
	int64_t offset;
	unsigned short len;
	unsigned char type;
	char name[];
};

#define TREE_BATCH 24576 /* bytes of these at once */

bool
tree_adopt_orphans(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 &&
	    access("/proc/self/stat", R_OK) == 0;
}

static bool
tree_knows(const struct tree_table *table, pid_t pid)
{
	size_t i;

	for (i = 0; i < table->count; i++) {
		if (table->pid[i] == pid)
			return true;
	}
	return false;
}

static bool
tree_belongs(const struct tree_table *table, const struct identity_stat *stat)
{
	return stat->parent == getpid() || tree_knows(table, stat->parent) ||
	    (table->leader > 0 && stat->session == table->leader);
}

/* The stat of the process whose /proc directory is dir. */
static bool
tree_stat(int dir, struct identity_stat *stat)
{
	char text[1024];
	ssize_t n;
	int fd;

	if ((fd = openat(dir, "stat", O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return identity_parse_stat(stat, text);
}

static int
tree_open(const struct tree_table *table, pid_t pid)
{
	char name[24];

	snprintf(name, sizeof(name), "%ld", (long)pid);
	return openat(table->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int
tree_send(int dir, pid_t pid, int signal)
{
	if (syscall(SYS_pidfd_send_signal, dir, signal, NULL, 0) == 0)
		return 0;
	if (errno == ENOSYS || errno == EBADF)
		return kill(pid, signal);
	return -1;
}

static bool
tree_is_dead(const struct identity_stat *stat)
{
	return stat->state == 'Z' || stat->state == 'X';
}

/* Whether it could still fork: not when stopped, nor deep in the kernel. */
static bool
tree_is_running(const struct identity_stat *stat)
{
	return stat->state != 'T' && stat->state != 't' && stat->state != 'D';
}

static bool
tree_take(struct tree_table *table, pid_t pid, int dir)
{
	struct identity_stat stat;

	if (!tree_stat(dir, &stat) || tree_is_dead(&stat) ||
	    !tree_belongs(table, &stat))
		return false;
	/* At once: in a moment it may have forked and be gone. */
	if (table->freeze && stat.state != 'T' &&
	    tree_send(dir, pid, SIGSTOP) == 0 && tree_is_running(&stat))
		table->running++;
	if (table->count == TREE_MOST) {
		table->full = true;
		return false;
	}
	table->pid[table->count++] = pid;
	return true;
}

/* Takes the process in if it belongs to the tree and is new to the table. */
static bool
tree_consider(struct tree_table *table, pid_t pid)
{
	bool taken;
	int dir;

	if (pid <= 0 || pid == getpid() || tree_knows(table, pid) ||
	    (dir = tree_open(table, pid)) == -1)
		return false;
	taken = tree_take(table, pid, dir);
	close(dir);
	return taken;
}

/* The pids in a batch of entries; how many. */
static size_t
tree_pids(const char *batch, long len, pid_t *pid)
{
	const struct tree_entry *entry;
	size_t count = 0;
	long at;

	for (at = 0; at < len; at += entry->len) {
		entry = (const void *)(batch + at);
		if (entry->name[0] >= '1' && entry->name[0] <= '9')
			pid[count++] = (pid_t)strtol(entry->name, NULL, 10);
	}
	return count;
}

/*
 * Goes once through /proc; whether the table grew.  The newest of a batch
 * come first, since they are the ones that may run away.
 */
static bool
tree_scan(struct tree_table *table)
{
	union {
		struct tree_entry entry;
		char bytes[TREE_BATCH];
	} batch;
	pid_t pid[TREE_BATCH / sizeof(struct tree_entry)];
	bool grew = false;
	size_t count;
	long n;

	if (lseek(table->proc, 0, SEEK_SET) == -1)
		return false;
	while ((n = syscall(
		    SYS_getdents64, table->proc, &batch, sizeof(batch))) > 0) {
		count = tree_pids(batch.bytes, n, pid);
		while (count > 0) {
			if (tree_consider(table, pid[--count]))
				grew = true;
		}
	}
	return grew;
}

/* Fills the table; children can come before their parents, so repeat. */
static void
tree_collect(struct tree_table *table)
{
	table->count = table->running = 0;
	table->full = false;
	while (tree_scan(table))
		;
}

/* Signals one of the table, if it still is what it was. */
static void
tree_hit(const struct tree_table *table, pid_t pid, int signal,
    struct tree_result *result)
{
	struct identity_stat stat;
	int dir;

	if ((dir = tree_open(table, pid)) == -1)
		return;
	if (tree_stat(dir, &stat) && !tree_is_dead(&stat) &&
	    tree_belongs(table, &stat)) {
		result->found++;
		if (tree_send(dir, pid, signal) == -1 && errno == EPERM) {
			result->refused++;
			result->refused_pid = pid;
		}
		if (signal != SIGKILL && stat.state == 'T')
			tree_send(dir, pid, SIGCONT);
	}
	close(dir);
}

static void
tree_hit_all(const struct tree_table *table, pid_t spare, int signal,
    struct tree_result *result)
{
	size_t i;

	memset(result, 0, sizeof(*result));
	for (i = 0; i < table->count; i++) {
		if (table->pid[i] != spare)
			tree_hit(table, table->pid[i], signal, result);
	}
}

static bool
tree_begin(struct tree_table *table, pid_t leader, bool freeze)
{
	table->leader = leader;
	table->freeze = freeze;
	table->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (table->proc == -1)
		return false;
	tree_collect(table);
	return true;
}

bool
tree_there(pid_t leader)
{
	struct tree_table table;
	bool there;

	if (!tree_begin(&table, leader, false))
		return tree_group_there(leader);
	there = table.count > 0;
	close(table.proc);
	return there;
}

void
tree_signal(pid_t leader, pid_t spare, int signal, struct tree_result *result)
{
	struct tree_table table;

	if (!tree_begin(&table, leader, false)) {
		tree_signal_group(leader, signal, result);
		return;
	}
	tree_hit_all(&table, spare, signal, result);
	close(table.proc);
}

void
tree_kill(pid_t leader, struct tree_result *result)
{
	struct tree_table table;
	int64_t end = clock_mono_ms() + TREE_TIME;
	int pass;

	if (!tree_begin(&table, leader, true)) {
		tree_signal_group(leader, SIGKILL, result);
		return;
	}
	for (pass = 0; pass < TREE_PASSES && clock_mono_ms() < end; pass++) {
		if (table.running == 0 && !table.full)
			break;
		if (table.full)
			tree_hit_all(&table, 0, SIGKILL, result);
		tree_collect(&table);
	}
	tree_hit_all(&table, 0, SIGKILL, result);
	close(table.proc);
}

#else

bool
tree_adopt_orphans(void)
{
	return false;
}

bool
tree_there(pid_t leader)
{
	return tree_group_there(leader);
}

void
tree_signal(pid_t leader, pid_t spare, int signal, struct tree_result *result)
{
	/* A group has no way to spare one: it gets the signal twice. */
	(void)spare;
	tree_signal_group(leader, signal, result);
	if (signal != SIGKILL)
		kill(-leader, SIGCONT);
}

void
tree_kill(pid_t leader, struct tree_result *result)
{
	tree_signal_group(leader, SIGKILL, result);
}

#endif
