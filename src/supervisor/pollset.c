/*
 * What one turn of the loop waits for: for ever, where nothing has a
 * deadline, so that an idle supervisor never wakes.
 *
 * - poll(2) can fail for long: a limit on descriptors that was lowered under
 *   us, no memory.  A pause takes its place, so that nothing spins.
 */

#include "config.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "supervisor/pollset.h"

#define POLLSET_PAUSE 100 /* ms between two looks where poll(2) fails */

void
pollset_clear(struct pollset *set)
{
	set->count = 0;
	set->deadline = INT64_MAX;
}

int
pollset_add(struct pollset *set, int fd, short events)
{
	struct pollfd *place;

	if (fd == -1)
		return -1;
	assert(set->count < POLLSET_MAX);
	place = &set->fd[set->count];
	place->fd = fd;
	place->events = events;
	place->revents = 0;
	return (int)set->count++;
}

short
pollset_events(const struct pollset *set, int place)
{
	return place == -1 ? 0 : set->fd[place].revents;
}

void
pollset_until(struct pollset *set, int64_t deadline)
{
	if (deadline < set->deadline)
		set->deadline = deadline;
}

/* At each by itself: one is never too many. */
static void
pollset_look(struct pollset *set)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (poll(&set->fd[i], 1, 0) != 1)
			set->fd[i].revents = 0;
	}
}

static void
pollset_pause(int timeout)
{
	struct timespec pause = { 0, POLLSET_PAUSE * 1000000 };

	if (timeout >= 0 && timeout < POLLSET_PAUSE)
		pause.tv_nsec = timeout * 1000000L;
	nanosleep(&pause, NULL);
}

int
pollset_wait(struct pollset *set)
{
	int timeout = -1, error = 0;

	if (set->deadline != INT64_MAX)
		timeout = clock_poll_timeout(set->deadline);
	if (poll(set->fd, (nfds_t)set->count, timeout) != -1)
		return 0;
	if (errno != EINTR) {
		error = errno;
		pollset_pause(timeout);
	}
	pollset_look(set);
	errno = error;
	return error == 0 ? 0 : -1;
}
