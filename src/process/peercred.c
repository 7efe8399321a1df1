/* Who is at the other end of a unix socket. */

#include "config.h"

#include <sys/socket.h>

#include <unistd.h>

#include "process/peercred.h"

int
peercred_get(struct peercred *peer, int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == -1)
		return -1;
	*peer = (struct peercred){ cred.uid, cred.gid, cred.pid };
	return 0;
}

pid_t
peercred_pid(int fd)
{
	struct peercred peer;

	return peercred_get(&peer, fd) == -1 ? 0 : peer.pid;
}
