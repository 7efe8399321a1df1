#ifndef SUPERVISOR_ACCESS_H
#define SUPERVISOR_ACCESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Who may look and who may control: by the credentials that the kernel has
 * of the other end of a connection, not by who could open the socket.
 */
enum access_right {
	ACCESS_NONE,
	ACCESS_LOOK, /* status, events, tree, help */
	ACCESS_CONTROL
};

struct access {
	uid_t owner; /* who runs this; beside root */
	gid_t group; /* (gid_t)-1: none */
	unsigned int mode; /* 0640: 6 control, 4 look, 0 neither */
};

struct access_peer {
	uid_t uid;
	pid_t pid; /* 0: not known */
	bool member; /* of the group, if there is one */
};

/* Who is at the other end.  False where the system does not tell. */
bool access_identify(
    const struct access *access, struct access_peer *peer, int fd);

enum access_right access_of(
    const struct access *access, const struct access_peer *peer);

/* The socket's own mode: who may do anything must be able to connect. */
mode_t access_socket_mode(const struct access *access);

#endif
