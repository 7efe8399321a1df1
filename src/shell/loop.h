#ifndef SHELL_LOOP_H
#define SHELL_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The one place where the session waits: for the terminal, for signals, for
 * whatever descriptors are registered, all at once.
 */
struct loop;

/* Called when a registered descriptor is ready; may register and remove. */
typedef void (*loop_fn)(void *data, int fd, short revents);

/*
 * Catches the signals that concern a session: INT and CHLD, and where a
 * terminal is edited also TERM, HUP, TSTP, CONT and WINCH.  One that our parent
 * had ignored stays ignored.  There can be one loop at a time.  NULL with
 * cause.
 */
struct loop *loop_new(bool terminal, char **cause);
void loop_free(struct loop *loop);

/* 0, or -1 when there is no room. */
int loop_add(struct loop *loop, int fd, short events, loop_fn fn, void *data);
void loop_remove(struct loop *loop, int fd);

/*
 * Something that wants to be served but whose descriptor and deadline change:
 * asked for both before each wait.
 */
struct loop_source {
	/*
	 * What to wait for: fills pfd and returns 1, or 0 for no descriptor;
	 * *timeout in ms, -1: none.
	 */
	size_t (*prepare)(void *data, struct pollfd *pfd, int *timeout);
	/* After each wait, whatever came of it. */
	void (*serve)(void *data);
	void *data;
};

/* The source must stay until the loop ends, or is dropped with NULL. */
void loop_attend(struct loop *loop, const struct loop_source *source);

enum loop_result {
	LOOP_READY, /* something among pfd */
	LOOP_TIMEOUT,
	LOOP_SIGNAL, /* ask loop_take which */
	LOOP_SERVED, /* perhaps a registered descriptor was: wait again */
	LOOP_FAILED /* errno */
};

/* Flushes standard output, then waits once. */
enum loop_result loop_wait(
    struct loop *loop, struct pollfd *pfd, size_t count, int timeout);

/* Whether signal has arrived since it was last taken. */
bool loop_take(struct loop *loop, int signal);
bool loop_pending(struct loop *loop, int signal);

/*
 * Stops this process, and with group all of its process group, as ^Z would
 * have; returns when it is continued, or at once where nobody could continue
 * it.
 */
void loop_stop(struct loop *loop, bool group);

/*
 * While it is on, ^Z stops this process wherever it is, be it in a write that
 * waits for its reader.  For when the terminal is nobody's but its own.
 */
void loop_default_stop(struct loop *loop, bool on);

#endif
