#ifndef PROCESS_PEERCRED_H
#define PROCESS_PEERCRED_H

#include <sys/types.h>

/*
 * Who is at the other end of a unix socket, as the kernel remembers it from
 * connect(2) and listen(2).
 */
struct peercred {
	uid_t uid;
	gid_t gid; /* (gid_t)-1: not known here */
	pid_t pid; /* for telling, and for nothing else; 0: not known here */
};

/*
 * 0, or -1 with errno.  Where the system does not tell, there is nothing to go
 * by but who may use the path: uid is our own then.
 */
int peercred_get(struct peercred *peer, int fd);

/* Its pid; 0 where that cannot be known. */
pid_t peercred_pid(int fd);

#endif
