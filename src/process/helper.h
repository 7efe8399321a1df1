#ifndef PROCESS_HELPER_H
#define PROCESS_HELPER_H

#include <sys/types.h>

#include "process/child.h"

/*
 * A command run beside the program, such as its readiness test: in a session
 * of its own, so that all of it can be ended.  Who starts it bounds its time
 * and reaps it.
 */
struct helper {
	struct child_process process; /* pid 0: none runs */
};

void helper_init(struct helper *helper);

/* Forks it.  0, or -1 with errno. */
int helper_start(struct helper *helper, const struct child *child);

/* Kills it and what it started; it still has to be reaped. */
void helper_end(const struct helper *helper);

/* It was reaped: forgets it.  Why it could not execute; 0: it did. */
int helper_reaped(struct helper *helper, struct child_error *error);

#endif
