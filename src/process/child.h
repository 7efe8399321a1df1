#ifndef PROCESS_CHILD_H
#define PROCESS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * How a program is started, by the supervisor and by `fg` alike: only 0, 1
 * and 2, default signals, an empty mask, the environment it is to have, and
 * an answer about which step failed and why.
 */
struct child {
	char *const *argv;
	const char *file; /* what to execute; found by child_find */
	char *const *envp;
	const char *directory; /* NULL: stay */
	int in, out, err; /* descriptors to become 0, 1, 2; -1: inherit */
	const char *out_path; /* a FIFO to open as 1 (and 2); NULL: no */
	const char *err_path; /* one to open as 2 alone; NULL: no */
	bool session; /* setsid */
	bool apart; /* a process group of its own, in our session */
	bool hold; /* wait for child_release before exec */
	int umask; /* -1: leave */
	bool drop; /* become this user first */
	uid_t uid;
	gid_t gid;
	const gid_t *group;
	size_t groups;
};

struct child_process {
	pid_t pid;
	int report; /* readable: error record, or EOF = executed */
	int hold; /* write end of the handshake; -1: none */
};

struct child_error {
	char step[24]; /* "exec", "chdir", "open", "setsid", "setpgid",
			  "user" */
	int error; /* errno */
};

/*
 * Forks.  0, or -1 with errno.  The child then waits for child_release (with
 * hold) and executes; it ends by itself if we die before.  Its exit status
 * is 127 or 126 when it could not execute, as a shell would have it.
 */
int child_spawn(struct child_process *process, const struct child *child);
void child_release(struct child_process *process);

/*
 * Reads the outcome without blocking: 1 executed, 0 not known yet, -1 failed
 * with error filled.  Closes report when known.  A child that was killed
 * before it could execute counts as executed: its wait status tells.
 */
int child_outcome(struct child_process *process, struct child_error *error);

/* Closes what child_spawn left open; fine at any time. */
void child_forget(struct child_process *process);

/*
 * The file that program names: itself with a slash (relative to directory),
 * else found along path (a PATH value; NULL: the system's default).  To be
 * freed; NULL with errno ENOENT or EACCES as a shell would say.
 */
char *child_find(const char *program, const char *path, const char *directory);

/* Every signal as a fresh process has it: default, and not blocked. */
void child_default_signals(void);

#endif
