/*
 * A program's whole tree.
 *
 * - Descendants are found by following the kernel's lists of children with
 *   the supervisor as the root: as subreaper it is the parent of every orphan
 *   below, so nothing born there gets away.  Without such lists, and for what
 *   is not below it, all of /proc is walked.
 * - What forks and exits all the time lives for a fraction of a millisecond.
 *   It is caught because its last one is a child of ours, to be stopped by
 *   its pid the moment it is listed: until we reap it, that pid is its own.
 * - Everything else is signalled through a descriptor of its /proc directory,
 *   read just before: a pid that changed hands in between is never hit.
 * - The table of a walk lives on the stack, nothing is allocated.  What does
 *   not fit is met by the next pass, after the first were killed.
 * - Without /proc: the process group.
 */

#include "config.h"

#include <sys/prctl.h>
#include <sys/types.h>

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/procfs.h"
#include "process/tree.h"

#define TREE_MOST 1024 /* processes that one pass looks at */
#define TREE_TIME 1000 /* ms that a kill may take */

struct tree_table {
	const struct tree *tree;
	int proc; /* /proc */
	bool freeze; /* stop whatever is met, as soon as it is */
	bool lists; /* the kernel keeps lists of children */
	bool grew; /* by the last scan */
	size_t running; /* how many were not stopped before */
	pid_t pid[TREE_MOST];
	size_t count;
	bool full;
};

bool
tree_adopt_orphans(void)
{
	int proc;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1 ||
	    (proc = procfs_open()) == -1)
		return false;
	close(proc);
	return true;
}

/* --- the process group ------------------------------------------------ */

static bool
tree_group_there(pid_t leader)
{
	return leader > 0 && (kill(-leader, 0) == 0 || errno == EPERM);
}

static void
tree_signal_group(pid_t leader, int signal, struct tree_result *result)
{
	struct tree_process *one = &result->one[0];

	memset(result, 0, sizeof(*result));
	if (!tree_group_there(leader))
		return;
	result->found = result->told = 1;
	one->pid = leader;
	if (kill(-leader, signal) == -1 && errno == EPERM) {
		one->error = errno;
		result->refused = 1;
	}
	if (signal != SIGKILL)
		kill(-leader, SIGCONT);
}

/* --- who belongs to it ------------------------------------------------ */

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
tree_is_own(const struct tree *tree, pid_t pid)
{
	size_t i;

	for (i = 0; i < tree->owns; i++) {
		if (tree->own[i] == pid)
			return true;
	}
	return false;
}

static bool
tree_belongs(const struct tree_table *table, pid_t pid, int dir,
    const struct identity_stat *stat)
{
	const struct tree *tree = table->tree;

	if (pid == tree->root || stat->parent == tree->root ||
	    tree_knows(table, stat->parent))
		return true;
	if (tree->leader > 0 &&
	    (stat->session == tree->leader || stat->group == tree->leader))
		return true;
	if (tree->cgroup != NULL && cgroup_has(tree->cgroup, dir))
		return true;
	return tree->cookie != NULL && procfs_has_env(dir, tree->cookie);
}

/*
 * Whether it could still fork: not when stopped, nor deep in the kernel.  Of
 * one whose first thread has ended that cannot be seen.
 */
static bool
tree_is_running(const struct identity_stat *stat)
{
	return stat->state != 'T' && stat->state != 't' && stat->state != 'D' &&
	    stat->state != 'Z';
}

static void
tree_take(struct tree_table *table, pid_t pid, int dir)
{
	struct identity_stat stat;

	if (!procfs_stat(dir, &stat) || identity_is_dead(&stat) ||
	    !tree_belongs(table, pid, dir, &stat))
		return;
	/* At once: in a moment it may have forked and be gone. */
	if (table->freeze && stat.state != 'T' &&
	    procfs_signal(dir, pid, SIGSTOP) == 0 && tree_is_running(&stat))
		table->running++;
	if (table->count == TREE_MOST) {
		table->full = true;
		return;
	}
	table->pid[table->count++] = pid;
	table->grew = true;
}

/* Takes the process in if it belongs to the tree and is new to the table. */
static void
tree_consider(void *arg, pid_t pid)
{
	struct tree_table *table = arg;
	int dir;

	if (pid <= 0 || pid == getpid() || tree_knows(table, pid) ||
	    tree_is_own(table->tree, pid) ||
	    (dir = procfs_open_process(table->proc, pid)) == -1)
		return;
	tree_take(table, pid, dir);
	close(dir);
}

/* --- a pass ----------------------------------------------------------- */

/* A child of ours: its pid is its own, so nothing is looked at first. */
static void
tree_strike(void *arg, pid_t pid)
{
	const struct tree_table *table = arg;

	if (table->freeze && !tree_is_own(table->tree, pid))
		kill(pid, SIGSTOP);
	tree_consider(arg, pid);
}

static void
tree_follow(struct tree_table *table, pid_t pid)
{
	int dir;

	if ((dir = procfs_open_process(table->proc, pid)) == -1)
		return;
	if (procfs_children(
		dir, pid == getpid() ? tree_strike : tree_consider, table))
		table->lists = true;
	close(dir);
}

/* Fills the table. */
static void
tree_collect(struct tree_table *table)
{
	const struct tree *tree = table->tree;
	size_t i;

	table->count = table->running = 0;
	table->full = table->lists = false;
	tree_consider(table, tree->root);
	tree_follow(table, tree->root);
	for (i = 0; i < table->count; i++)
		tree_follow(table, table->pid[i]);
	if (table->lists && tree->leader == 0 && tree->cookie == NULL)
		return;
	/* Children can come before their parents, so repeat. */
	do {
		table->grew = false;
		procfs_each(table->proc, tree_consider, table);
	} while (table->grew);
}

static bool
tree_begin(struct tree_table *table, const struct tree *tree, bool freeze)
{
	if ((table->proc = procfs_open()) == -1)
		return false;
	table->tree = tree;
	table->freeze = freeze;
	tree_collect(table);
	return true;
}

/* --- signals ---------------------------------------------------------- */

/* Those that refused push others out. */
static void
tree_tell(struct tree_result *result, const struct tree_process *process)
{
	size_t at = result->told;

	result->found++;
	if (process->error != 0)
		at = result->refused++;
	if (at >= TREE_TOLD)
		return;
	if (result->told < TREE_TOLD)
		result->told++;
	memmove(&result->one[at + 1], &result->one[at],
	    (result->told - 1 - at) * sizeof(result->one[0]));
	result->one[at] = *process;
}

/* Opens one of the table, if it still is what it was; -1. */
static int
tree_open(const struct tree_table *table, pid_t pid, struct identity_stat *stat)
{
	int dir;

	if ((dir = procfs_open_process(table->proc, pid)) == -1)
		return -1;
	if (procfs_stat(dir, stat) && !identity_is_dead(stat) &&
	    tree_belongs(table, pid, dir, stat))
		return dir;
	close(dir);
	return -1;
}

static void
tree_hit(const struct tree_table *table, pid_t pid, int signal,
    struct tree_result *result)
{
	struct tree_process process = { .pid = pid };
	int dir;

	if ((dir = tree_open(table, pid, &process.stat)) == -1)
		return;
	if (procfs_signal(dir, pid, signal) == -1 && errno == EPERM)
		process.error = errno;
	if (signal != SIGKILL && process.stat.state == 'T')
		procfs_signal(dir, pid, SIGCONT);
	tree_tell(result, &process);
	close(dir);
}

static void
tree_hit_all(
    const struct tree_table *table, int signal, struct tree_result *result)
{
	size_t i;

	memset(result, 0, sizeof(*result));
	for (i = 0; i < table->count; i++)
		tree_hit(table, table->pid[i], signal, result);
}

void
tree_signal(const struct tree *tree, int signal, struct tree_result *result)
{
	struct tree_table table;

	if (!tree_begin(&table, tree, false)) {
		tree_signal_group(tree->leader, signal, result);
		return;
	}
	tree_hit_all(&table, signal, result);
	close(table.proc);
}

void
tree_kill(const struct tree *tree, struct tree_result *result)
{
	struct tree_table table;
	int64_t end = clock_mono_ms() + TREE_TIME;

	if (!tree_begin(&table, tree, true)) {
		tree_signal_group(tree->leader, SIGKILL, result);
		if (tree->cgroup != NULL)
			cgroup_kill(tree->cgroup);
		return;
	}
	while ((table.running > 0 || table.full) && clock_mono_ms() < end) {
		if (table.full)
			tree_hit_all(&table, SIGKILL, result);
		if (tree->reap != NULL)
			tree->reap(tree->arg);
		tree_collect(&table);
	}
	tree_hit_all(&table, SIGKILL, result);
	if (tree->cgroup != NULL)
		cgroup_kill(tree->cgroup);
	close(table.proc);
}

/* --- looking ---------------------------------------------------------- */

size_t
tree_list(const struct tree *tree, struct tree_process *process, size_t most)
{
	struct tree_table table;
	struct identity_stat stat;
	size_t i, count = 0;
	int dir;

	if (!tree_begin(&table, tree, false))
		return 0;
	for (i = 0; i < table.count; i++) {
		if ((dir = tree_open(&table, table.pid[i], &stat)) == -1)
			continue;
		close(dir);
		if (count < most) {
			process[count].pid = table.pid[i];
			process[count].stat = stat;
			process[count].error = 0;
		}
		count++;
	}
	close(table.proc);
	return count;
}

bool
tree_there(const struct tree *tree)
{
	struct tree_table table;

	if (!tree_begin(&table, tree, false))
		return tree_group_there(tree->leader);
	close(table.proc);
	return table.count > 0;
}

bool
tree_may_be_dead(const struct tree *tree)
{
	int proc;

	if ((proc = procfs_open()) != -1) {
		close(proc);
		return false;
	}
	return tree->leader > 0 && kill(-tree->leader, 0) == 0;
}
