/*
 * Descriptors as a careful process keeps them: 0, 1 and 2 always there,
 * nothing foreign, everything of ours close-on-exec.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "process/descriptors.h"
#include "process/newcalls.h"

/* Where no limit says how far to look, or one says for ever. */
#define DESCRIPTORS_MOST 65536

int
descriptors_stdio(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", O_RDWR) == -1)
			return -1;
	}
	return 0;
}

static void
descriptors_close_each(int first)
{
	long most = sysconf(_SC_OPEN_MAX);
	int fd;

	if (most < 0 || most > DESCRIPTORS_MOST)
		most = DESCRIPTORS_MOST;
	for (fd = first; fd < (int)most; fd++)
		close(fd);
}

void
descriptors_close_from(int first)
{
	if (syscall(SYS_close_range, (unsigned int)first, ~0U, 0) == 0)
		return;
	descriptors_close_each(first);
}

int
descriptors_pipe(int fd[2])
{
	return pipe2(fd, O_CLOEXEC);
}

void
descriptors_nonblock(int fd)
{
	int flags;

	if ((flags = fcntl(fd, F_GETFL)) != -1)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

void
descriptors_cloexec(int fd)
{
	int flags;

	if ((flags = fcntl(fd, F_GETFD)) != -1)
		fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

bool
descriptors_take_a_line(int fd)
{
	struct pollfd room = { fd, POLLOUT, 0 };

	return poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0;
}

bool
descriptors_have_terminal(void)
{
	int fd;

	if ((fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)) == -1)
		return false;
	close(fd);
	return true;
}
