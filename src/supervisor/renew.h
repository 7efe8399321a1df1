#ifndef SUPERVISOR_RENEW_H
#define SUPERVISOR_RENEW_H

#include <limits.h>

#include "supervisor/logfile.h"

/*
 * Going on in another file.  A line that has no end yet goes on there from its
 * beginning: that is copied first and cut off the old file then, so it is
 * never in memory alone.
 *
 * Two names beside the log, of which there is none at other times, tell a
 * later supervisor how far we came if we were killed:
 *
 *	.NAME.next	a new file that has not got its name yet
 *	.NAME.last	the old file, while a line's beginning may be in both
 */
struct renewal {
	char path[PATH_MAX], next[PATH_MAX], last[PATH_MAX];
};

/* Names the two.  0, or -1 with errno. */
int renewal_init(struct renewal *renewal, const char *path);

/* Finishes, or undoes, what one who was killed has left half done. */
void renewal_recover(const struct renewal *renewal);

/*
 * Makes .NAME.next, which who could read the old file can read.  It begins
 * with head (len bytes of it) and with the old file's line from place on.  0,
 * or -1 with errno: nothing was made.
 */
int renewal_begin(const struct renewal *renewal, struct logfile *next,
    const struct logfile *old, int64_t place, const char *head, size_t len);

/* Removes it again, and leaves errno as it is.  Always -1. */
int renewal_drop(const struct renewal *renewal);

/*
 * Gives .NAME.next its name, calls what has the name so far `aside`, and cuts
 * it off at place.  0, or -1 with errno: all names and bytes are as before.
 */
int renewal_swap(const struct renewal *renewal, struct logfile *old,
    int64_t place, const char *aside);

/*
 * Moves the old file's unfinished line to the end of next, which has the name
 * already.  0, or -1 with errno: it is where it was.
 */
int renewal_carry(
    const struct renewal *renewal, struct logfile *next, struct logfile *old);

#endif
