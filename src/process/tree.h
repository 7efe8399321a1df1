#ifndef PROCESS_TREE_H
#define PROCESS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "process/cgroup.h"
#include "process/identity.h"

#define TREE_OWN 8

/*
 * A program's whole tree: everything that was born under its supervisor, also
 * what turned itself into a daemon, where the kernel hands us its orphans.
 * For a program of another supervisor, and where the kernel does not: what is
 * below it, in its group or session, in its control group, or has its cookie.
 * Where there is no /proc: its process group.
 */
struct tree {
	pid_t root; /* all below this one belong to it */
	pid_t leader; /* and its group and session; 0: none */
	const char *cookie; /* and who was started with this "NAME=VALUE" in
			       its environment; NULL: none */
	const struct cgroup *cgroup; /* and who is in there, all of which a
					kill ends; NULL: none */
	/* Called between two passes of tree_kill, to take the statuses of
	 * children that have ended; NULL: not. */
	void (*reap)(void *arg);
	void *arg;
	/* Children of the root that are none of the program's: neither they
	 * nor what is below them belongs to the tree. */
	pid_t own[TREE_OWN];
	size_t owns;
};

/*
 * Makes this process the one that orphans below it come to.  Whether that
 * works here; if so, having no child left means that the tree is gone.
 */
bool tree_adopt_orphans(void);

struct tree_process {
	pid_t pid;
	struct identity_stat stat;
	int error; /* errno of signalling it; 0: it took it */
};

#define TREE_TOLD 8

/* What a walk met: alive, zombies not counted. */
struct tree_result {
	size_t found;
	size_t refused; /* could not be signalled */
	size_t told; /* the first of them, those that refused before others */
	struct tree_process one[TREE_TOLD];
};

/* Sends a signal to the whole tree.  What is stopped gets CONT as well. */
void tree_signal(
    const struct tree *tree, int signal, struct tree_result *result);

/*
 * Ends the whole tree: stops it first, until no new process shows up, so that
 * nothing can fork its way out, then kills all of it.  Bounded in time (a
 * second); what got away is for the next call.
 */
void tree_kill(const struct tree *tree, struct tree_result *result);

/*
 * All processes of it, parents before their children; no more than most are
 * filled in.  How many there are; a zombie is none.
 */
size_t tree_list(
    const struct tree *tree, struct tree_process *process, size_t most);

/* Whether something of it is alive. */
bool tree_there(const struct tree *tree);

/*
 * Whether what is there may as well be dead: nothing tells zombies from others
 * here, and it can be signalled.
 */
bool tree_may_be_dead(const struct tree *tree);

#endif
