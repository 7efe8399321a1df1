/* Who may look and who may control. */

#include "config.h"

#include <sys/socket.h>

#include <unistd.h>

#include "process/peercred.h"
#include "supervisor/access.h"

bool
access_identify(struct access_peer *peer, int fd)
{
	struct peercred cred;
#ifdef SO_PEERGROUPS
	socklen_t len = sizeof(peer->group) - sizeof(peer->group[0]);
#endif

	if (peercred_get(&cred, fd) == -1)
		return false;
	peer->uid = cred.uid;
	peer->pid = cred.pid;
	peer->group[0] = cred.gid;
	peer->groups = cred.gid != (gid_t)-1;
#ifdef SO_PEERGROUPS
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, &peer->group[1], &len) ==
	    0)
		peer->groups += len / sizeof(peer->group[0]);
#endif
	return true;
}

static enum access_right
access_right_of(unsigned int digit)
{
	if ((digit & 2) != 0)
		return ACCESS_CONTROL;
	return (digit & 4) != 0 ? ACCESS_LOOK : ACCESS_NONE;
}

static bool
access_is_member(const struct access *access, const struct access_peer *peer)
{
	size_t i;

	for (i = 0; i < peer->groups; i++) {
		if (peer->group[i] == access->group)
			return true;
	}
	return false;
}

enum access_right
access_of(const struct access *access, const struct access_peer *peer)
{
	if (peer->uid == 0 || peer->uid == access->owner)
		return ACCESS_CONTROL;
	if (access->group != (gid_t)-1 && access_is_member(access, peer))
		return access_right_of(access->mode >> 3 & 7);
	return access_right_of(access->mode & 7);
}

mode_t
access_socket_mode(const struct access *access)
{
	mode_t mode = 0600;

	if ((access->mode & 0060) != 0 && access->group != (gid_t)-1)
		mode |= 0060;
	if ((access->mode & 0006) != 0)
		mode |= 0006;
	return mode;
}
