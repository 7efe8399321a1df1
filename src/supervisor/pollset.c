/*
 * What one turn of the loop waits for: for ever, where nothing has a
 * deadline, so that an idle supervisor never wakes.
 */

#include "config.h"

#include <assert.h>
#include <errno.h>

#include "base/clock.h"
#include "supervisor/pollset.h"

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

int
pollset_wait(struct pollset *set)
{
	int timeout = -1;
	size_t i;

	if (set->deadline != INT64_MAX)
		timeout = clock_poll_timeout(set->deadline);
	if (poll(set->fd, (nfds_t)set->count, timeout) != -1)
		return 0;
	for (i = 0; i < set->count; i++)
		set->fd[i].revents = 0;
	return errno == EINTR || errno == EAGAIN || errno == ENOMEM ? 0 : -1;
}
