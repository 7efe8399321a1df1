#ifndef PROTOCOL_STATUS_H
#define PROTOCOL_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/words.h"
#include "protocol/runstate.h"

/*
 * The reply to `status`: NAME=VALUE lines.  The first twelve are zdaemon's,
 * in its order and form (now, delay and lasttime are seconds of the wall
 * clock as Python writes floats, 0 for none; args is a Python list); ours
 * follow, `version` first.  A reader takes what it knows in any order.
 */
struct last_exit {
	bool known;
	pid_t pid;
	int code;		/* -1: ended by a signal, or unknown */
	int signal;		/* 0: none */
	bool core;
	int64_t at;		/* wall clock ms */
	int64_t uptime;		/* ms */
};

/* What becomes of a stream of the program's output. */
struct status_stream {
	char *path;		/* NULL: there is no such stream */
	int64_t bytes;		/* written */
	int64_t dropped;
	int64_t waiting;	/* bytes for want of room */
	int error;		/* errno of the last write; 0: well */
};

struct status {
	/* zdaemon's */
	pid_t application;	/* 0: not running */
	pid_t manager;
	bool should_be_up;
	bool testing;
	double now;
	double delay;
	double lasttime;
	long backoff;
	long backofflimit;
	char *filename;
	struct words args;
	/* ours; of a Python manager state is told by the lines above */
	bool has_state;
	char *version;		/* NULL: a manager that does not say */
	enum run_state state;
	int64_t uptime;		/* ms since the spawn; -1: not running */
	int64_t retry_in;	/* ms until the next start; -1: none */
	unsigned long restarts;	/* starts after the first, in this manager */
	struct last_exit last;
	bool outdated;		/* another zdrun is installed than runs */
	char *pid_file;		/* that could not be written; NULL: none */
	int pid_file_error;	/* why */
	char *reason;		/* why it is down; NULL: nothing to say */
	struct status_stream transcript;
	struct status_stream transcript_stderr; /* where it is apart */
};

#define STATUS_REPLY_MAX 65536

/*
 * Writes the whole reply.  Returns its length without the NUL, or 0 when it
 * does not fit size.  No allocation.
 */
size_t status_format(char *buf, size_t size, const struct status *status);

/*
 * Reads a reply; nothing in it is trusted.  0 with a status to be freed by
 * status_free, or -1 with cause (no such reply, out of range, no memory).
 */
int status_parse(struct status *status, const char *reply, size_t len,
    char **cause);

void status_init(struct status *status);
void status_free(struct status *status);

#endif
