#ifndef SUPERVISOR_LIFE_H
#define SUPERVISOR_LIFE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol/state.h"
#include "supervisor/failure.h"

/*
 * What stands beside the socket S, and the socket itself: .S.lock (held for
 * life, never removed by us), .S.state (what the next supervisor has to know;
 * the lock's file has it as well), .S.out and .S.err (the FIFOs of its
 * output), and the pid file.
 */
struct life {
	const char *socket; /* absolute */
	const char *name; /* its last part */
	int dir; /* the directory it lies in */
	int lock;
	int listener;
	mode_t mode; /* of the socket */
	gid_t group; /* and its group; (gid_t)-1: ours */
	int watch; /* of all three: inotify; -1: none here */
	bool stale; /* a socket that nobody answered was there before it */
	uint64_t dev, ino; /* of the socket that we made */
	int64_t again; /* when to try to make it anew; 0: it is there */
	uint64_t serial; /* of the last state that was written */
	struct state left; /* what the supervisor before us left */
	int found; /* 1; 0: nothing; -1: nothing to be believed */
	char *why; /* that is not */
	char *lock_name;
	char *state_name;
	char *state_new;
	char *fifo; /* a whole path */
	char *fifo_err; /* the same */
	char *pid_file; /* a whole path; NULL: none */
	char *pid_new; /* a name beside it */
};

enum life_result {
	LIFE_OURS,
	LIFE_BUSY, /* another supervisor: *holder, 0 not known */
	LIFE_FAILED
};

enum life_found {
	LIFE_THERE,
	LIFE_RENEWED, /* it was made anew */
	LIFE_LOCKED, /* it was there; the lock was gone and was made anew */
	LIFE_BACK, /* it had been gone, and somebody put it back */
	LIFE_GONE, /* it, or the lock, could not be made */
	LIFE_STILL_GONE /* nor could it the last time */
};

/* Names and opens what it needs; nothing is changed.  0, or -1. */
int life_init(struct life *life, const char *socket, const char *pid_file,
    struct failure *failure);

/*
 * Becomes the supervisor of this socket, or finds out who is.  Waits for one
 * that is about to leave, two seconds at the most.
 */
enum life_result life_take(
    struct life *life, pid_t *holder, struct failure *failure);

/*
 * What the environment of our program is marked with: the same for every
 * supervisor of this socket, and for no other on this machine.
 */
void life_cookie(const struct life *life, char *buf, size_t size);

/* Writes our pid into the lock, for those who come second. */
void life_sign(struct life *life);

/* Makes the socket, without a moment in which others could use it. */
int life_listen(struct life *life, struct failure *failure);

/* Watches the socket that was inherited with the lock. */
void life_resume(struct life *life);

/*
 * Looks whether the socket and our lock are still where they were, and makes
 * them anew if not, but for a place that another has taken meanwhile.  If that
 * fails (LIFE_GONE, LIFE_STILL_GONE: failure), it is due once more at the time
 * life->again.
 */
enum life_found life_check(struct life *life, struct failure *failure);

/* Whether one that failed is due once more. */
bool life_is_due(const struct life *life);

/* Empties the watch; life_check is due then. */
void life_watched(struct life *life);

/*
 * Reads what a supervisor before us left.  Its pid, if it still runs; else 0,
 * or -1 with errno where that cannot be read.  One that was killed does for a
 * moment after its lock is free, and one whose lock was removed goes on with
 * its program, which is not ours then.
 */
pid_t life_manager(struct life *life);

/* 0, or -1 with errno where it could be written nowhere. */
int life_write_state(struct life *life, const struct state *state);

/* Writes the pid file, or removes it for pid 0.  0, or -1 with errno. */
int life_write_pid(const struct life *life, pid_t pid);

/* Removes all but the lock, and gives that back. */
void life_leave(struct life *life);

#endif
