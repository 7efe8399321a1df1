#ifndef PROCESS_CGROUP_H
#define PROCESS_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#define CGROUP_NAME_SIZE 80

/*
 * A control group for the program and all it starts.  No process leaves it by
 * forking or by any new session, and the kernel ends all of it at one word.
 * There is one only where our own group was delegated to us (systemd's
 * Delegate=), for groups that nobody gave away have another master.
 */
struct cgroup {
	int parent; /* our own group; -1: none was delegated */
	int dir; /* the program's; -1: none yet */
	char base[CGROUP_NAME_SIZE]; /* what the program's are called */
	char name[CGROUP_NAME_SIZE]; /* this one: the base, or BASE.N; "" */
	char path[PATH_MAX]; /* as /proc/PID/cgroup names it */
};

/* No group, and none to make one in. */
void cgroup_init(struct cgroup *cgroup);

/*
 * Names the program's groups from now on.  At first also looks for our own
 * group, and whether groups may be made in it.
 */
void cgroup_prepare(struct cgroup *cgroup, const char *base);

/*
 * Makes a new group for the program, if it can; what an earlier supervisor's
 * program left alive in its own is not taken for a part of ours.
 */
void cgroup_begin(struct cgroup *cgroup);

/* Finds the one that a program which was taken over is in, if it is. */
void cgroup_find(struct cgroup *cgroup, pid_t pid);

/* Opens the one whose name was left by a program that we replace. */
void cgroup_reopen(struct cgroup *cgroup);

/* Takes a process in.  0, or -1 with errno. */
int cgroup_take(const struct cgroup *cgroup, pid_t pid);

/* Whether the process of that directory of /proc is in it, or below. */
bool cgroup_has(const struct cgroup *cgroup, int process);

/* Ends all that is in it.  0, or -1 where the kernel (before 5.14) cannot. */
int cgroup_kill(const struct cgroup *cgroup);

/* Removes it where nothing is left in it, and forgets it. */
void cgroup_close(struct cgroup *cgroup);

#endif
