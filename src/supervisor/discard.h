#ifndef SUPERVISOR_DISCARD_H
#define SUPERVISOR_DISCARD_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Removing files that may be large.  The kernel frees a file when its last
 * descriptor is closed, and takes tens of milliseconds for each gigabyte;
 * whoever closes it waits.  Here that is a child, for whom nobody waits.
 */
struct discard {
	pid_t pid; /* of the child that has one to close; 0: none */
};

/* As unlink(2), but soon done; while there is a child, it takes its time. */
int discard_file(struct discard *discard, const char *name);

/* Notes a reaped child; whether it was that one. */
bool discard_reaped(struct discard *discard, pid_t pid);

#endif
