#ifndef CONTROL_UI_H
#define CONTROL_UI_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct child_process;
struct schedule;

/*
 * What a command's handler may ask of whoever runs it, one-shot or session,
 * without knowing which.  Every function gets data back.
 */
struct ui {
	void *data;

	/* A yes to question; true where nobody is to be asked. */
	bool (*confirm)(void *data, const char *question);

	/*
	 * As poll(2) for a handler that waits; -1 with EINTR means that the
	 * operator interrupted: stop waiting, say how things stand.
	 */
	int (*wait)(void *data, struct pollfd *pfd, size_t count, int timeout);

	/* Shows what is awaited (one line, replaced in place), NULL: done. */
	void (*progress)(void *data, const char *text);

	/*
	 * Takes the terminal away from the session for a program that runs in
	 * the foreground, and back.
	 */
	void (*lend)(void *data);
	void (*regain)(void *data);

	/*
	 * In between: lets a held child (process/child.h) go and waits until
	 * it has ended or, in a session, stopped.  Its exit status, 128 + N
	 * for a signal.  As PID 1 it is ended by schedule.
	 */
	int (*attend)(void *data, struct child_process *process,
	    const struct schedule *schedule);
};

struct context;
struct feed;
struct invocation;
struct match;
struct notice;

/*
 * What only a session can do: the handlers of the rows that are for a session
 * alone.  Each gets what any handler gets and returns an exit status.
 */
struct shell_ops {
	void *data;
	/* Reads the configuration anew, with the options among the operands. */
	int (*reload)(
	    struct context *context, const struct invocation *invocation);
	/* Runs the operands as a command of the user's shell; none: a shell. */
	int (*shell)(
	    struct context *context, const struct invocation *invocation);
	/* Tells how things stand and ends the session. */
	int (*quit)(
	    struct context *context, const struct invocation *invocation);
	/* Runs the operand, a command line, again and again. */
	int (*watch)(
	    struct context *context, const struct invocation *invocation);
	/* Runs the lines of a file. */
	int (*source)(
	    struct context *context, const struct invocation *invocation);
	/*
	 * Shows logs and follows them by keys until the operator leaves;
	 * match is what --grep gave, or NULL.  -1: not on this terminal.
	 */
	int (*follow)(
	    struct context *context, struct feed *feed, struct match *match);
	/*
	 * What the session has heard of the program, the oldest first; NULL
	 * behind the last.
	 */
	const struct notice *(*notice)(void *data, size_t i);
	/* Lists the lines typed before. */
	int (*history)(
	    struct context *context, const struct invocation *invocation);
};

#endif
