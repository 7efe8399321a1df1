#ifndef PROCESS_TREE_H
#define PROCESS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * A program's whole tree: everything that was born under this process, also
 * what turned itself into a daemon, where the kernel hands us its orphans.
 * Elsewhere the best there is: the program's process group.
 */

/*
 * Makes this process the one that orphans below it come to.  Whether that
 * works here; if so, having no child left means that the tree is gone.
 */
bool tree_adopt_orphans(void);

/* What a walk met. */
struct tree_result {
	size_t found; /* alive, zombies not counted */
	size_t refused; /* could not be signalled */
	pid_t refused_pid; /* one of these */
};

/*
 * Sends a signal to the whole tree but spare (0: nobody is spared), and to
 * the session of leader (0: none), for programs that were born under another
 * supervisor.  What is stopped gets CONT as well.
 */
void tree_signal(
    pid_t leader, pid_t spare, int signal, struct tree_result *result);

/*
 * Ends the whole tree: stops it first, until no new process shows up, so that
 * nothing can fork its way out, then kills all of it.  Bounded in passes and
 * time (half a second at the very most).
 */
void tree_kill(pid_t leader, struct tree_result *result);

/* Whether something of it is alive; a zombie is not. */
bool tree_there(pid_t leader);

#endif
