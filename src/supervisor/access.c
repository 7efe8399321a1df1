/* Who may look and who may control. */

#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "process/peercred.h"
#include "supervisor/access.h"

/*
 * Whether group is among the supplementary ones of the peer, of which there
 * may be 65536; the kernel has kept them since it connected.
 */
static bool
access_has_group(int fd, gid_t group)
{
	bool has = false;
#ifdef SO_PEERGROUPS
	socklen_t len = 0, i;
	gid_t *list;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &len) == 0 ||
	    errno != ERANGE || (list = malloc(len)) == NULL)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, list, &len) == -1)
		len = 0;
	for (i = 0; i < len / sizeof(*list) && !has; i++)
		has = list[i] == group;
	free(list);
#else
	(void)fd;
	(void)group;
#endif
	return has;
}

bool
access_identify(const struct access *access, struct access_peer *peer, int fd)
{
	struct peercred cred;

	if (peercred_get(&cred, fd) == -1)
		return false;
	peer->uid = cred.uid;
	peer->pid = cred.pid;
	peer->member = access->group != (gid_t)-1 &&
	    (cred.gid == access->group || access_has_group(fd, access->group));
	return true;
}

static enum access_right
access_right_of(unsigned int digit)
{
	if ((digit & 2) != 0)
		return ACCESS_CONTROL;
	return (digit & 4) != 0 ? ACCESS_LOOK : ACCESS_NONE;
}

enum access_right
access_of(const struct access *access, const struct access_peer *peer)
{
	if (peer->uid == 0 || peer->uid == access->owner)
		return ACCESS_CONTROL;
	if (peer->member)
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
