#ifndef SHELL_FOREGROUND_H
#define SHELL_FOREGROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Programs in the foreground: each in a process group of its own, which has
 * the terminal until it ends or stops.
 */

#define FOREGROUND_STOPPED 8

struct child_process;
struct editor;
struct loop;
struct output;

struct foreground {
	struct loop *loop;
	struct editor *editor; /* NULL: no terminal is edited */
	const struct output *output;
	bool terminal; /* there is one to hand on */
	pid_t stopped[FOREGROUND_STOPPED]; /* the newest last */
	size_t count;
	bool warned; /* of them, by the line before */
	bool warning; /* by this one */
};

/* Leaves the terminal's modes to a program, and takes them back. */
void foreground_lend(struct foreground *foreground);
void foreground_regain(struct foreground *foreground);

/*
 * In between: lets a held child (process/child.h) go and waits until it ends
 * or stops.  Its exit status, 128 + N for a signal.  One that is stopped is
 * told and remembered.
 */
int foreground_attend(
    struct foreground *foreground, struct child_process *process);

/* Continues the program stopped last. */
int foreground_continue(struct foreground *foreground);

/* Waits for a child in our own process group: the reader of a pipe. */
int foreground_join(struct foreground *foreground, pid_t pid);

/*
 * Leaving ends what is stopped.  Whether the operator knows: warns of it once,
 * and is content if that was at the line before (foreground_turn begins a
 * new one).
 */
bool foreground_may_leave(struct foreground *foreground);
void foreground_turn(struct foreground *foreground);

/* Hangs up on what is stopped. */
void foreground_end(struct foreground *foreground);

#endif
