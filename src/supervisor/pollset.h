#ifndef SUPERVISOR_POLLSET_H
#define SUPERVISOR_POLLSET_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What one turn of the loop waits for.  Each module adds its descriptors and
 * its deadline, and looks its places up afterwards.
 */
#define POLLSET_MAX 96

struct pollset {
	struct pollfd fd[POLLSET_MAX];
	size_t count;
	int64_t deadline; /* the earliest, monotonic ms; INT64_MAX */
};

void pollset_clear(struct pollset *set);

/* Adds fd; the place for pollset_events.  -1 (and no place) for fd -1. */
int pollset_add(struct pollset *set, int fd, short events);

/* What happened at a place; 0 for place -1. */
short pollset_events(const struct pollset *set, int place);

void pollset_until(struct pollset *set, int64_t deadline);

/*
 * Waits.  0, or -1 with errno where it cannot: then each descriptor was looked
 * at after a pause, so that a turn takes a tenth of a second at most.
 */
int pollset_wait(struct pollset *set);

#endif
