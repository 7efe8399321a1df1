#ifndef PROCESS_HELPER_H
#define PROCESS_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "process/child.h"

/*
 * A command run beside the program, such as its readiness test: in a session
 * of its own, so that all of it can be ended.  Who starts it bounds its time
 * and reaps it.
 */
struct helper {
	struct child_process process; /* pid 0: none */
	bool ended; /* it was reaped: its pid may be another's now */
	int status; /* as wait(2) gave it */
};

void helper_init(struct helper *helper);

/* Forks it.  0, or -1 with errno. */
int helper_start(struct helper *helper, const struct child *child);

/* Kills it and what it started, unless it has ended; it is to be reaped. */
void helper_end(const struct helper *helper);

/* Whether there is one that has not been reaped. */
bool helper_is_busy(const struct helper *helper);

/* Notes a reaped child; whether it was this one. */
bool helper_reaped(struct helper *helper, pid_t pid, int status);

/*
 * What came of one that has ended, which is forgotten: 0 where its exit status
 * was 0; else -1, with the reason in text.
 */
int helper_finish(struct helper *helper, char *text, size_t size);

#endif
