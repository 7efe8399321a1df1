#ifndef CONTROL_LAUNCH_H
#define CONTROL_LAUNCH_H

#include <sys/types.h>

#include "options/options.h"

/*
 * Starts a supervisor: hands it the runner in a memory file on descriptor 3
 * and one end of a socketpair on 4, on which it sends event lines
 * (protocol/event.h) until the starter closes its end.
 *
 *	zdrun -c 3 -r 4 SOCKET WORD...		(SOCKET and WORDs only for ps)
 */

/*
 * Starts a supervisor that becomes a daemon.  The descriptor of the event
 * channel, or -1 with cause.  first is its first process, a child of ours that
 * leaves as soon as the daemon is on its own or has failed: launch_end.
 */
int launch_daemon(const struct runner *runner, const char *socket,
    pid_t *first, char **cause);

/* Reaps that first process; gives up after a second. */
void launch_end(pid_t first);

/*
 * daemon off, one-shot: this process becomes the supervisor.  Returns only
 * on failure: -1 with cause.
 */
int launch_here(const struct runner *runner, const char *socket, char **cause);

#endif
