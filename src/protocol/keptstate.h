#ifndef PROTOCOL_KEPTSTATE_H
#define PROTOCOL_KEPTSTATE_H

#include <stddef.h>

#include "protocol/state.h"

/*
 * A state is kept twice beside the socket: in the state file, which is always
 * replaced as a whole, and in the lock's file behind the pid of its holder,
 * which is written in place.  The second needs neither room on the disk nor a
 * right to the directory, and nobody removes it.
 *
 * Each names the file that it stands in and is believed only there: a copy of
 * the directory, or of one file, would have its reader take over, and stop,
 * the program of the original.  A rename keeps the file.
 */
#define KEPTSTATE_AT 16 /* bytes of the lock's file before it */

/*
 * The state from both, either of which may be -1 (there is none, or it is not
 * to be believed): the newer of those that are whole.  1; 0 with nothing in
 * either; -1 with cause where there is something, and none of it is good; errno
 * is 0 then, but for what could not be read.
 */
int keptstate_read(struct state *state, int file, int lock, char **cause);

/* Formats a state for the open file fd.  Its length; 0: it does not fit. */
size_t keptstate_format(
    char *buf, size_t size, const struct state *state, int fd);

/* Puts a formatted state into the lock's file.  0, or -1 with errno. */
int keptstate_write(int lock, const char *text, size_t len);

/* Takes it out again, and keeps the room for the next one. */
void keptstate_clear(int lock);

#endif
