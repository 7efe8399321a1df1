/* Who is at the other end of a unix socket. */

#include "config.h"

#include <sys/socket.h>

#include <unistd.h>

#include "process/peercred.h"

#if defined(SO_PEERCRED) && defined(__linux__)

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

#elif defined(HAVE_GETPEEREID)

int
peercred_get(struct peercred *peer, int fd)
{
	uid_t uid;
	gid_t gid;

	if (getpeereid(fd, &uid, &gid) == -1)
		return -1;
	*peer = (struct peercred){ uid, gid, 0 };
	return 0;
}

#else

int
peercred_get(struct peercred *peer, int fd)
{
	(void)fd;
	*peer = (struct peercred){ geteuid(), (gid_t)-1, 0 };
	return 0;
}

#endif

pid_t
peercred_pid(int fd)
{
	struct peercred peer;

	return peercred_get(&peer, fd) == -1 ? 0 : peer.pid;
}
