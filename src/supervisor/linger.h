#ifndef SUPERVISOR_LINGER_H
#define SUPERVISOR_LINGER_H

#include <stddef.h>

#include "supervisor/transcript.h"

/*
 * Output that goes on when we go.  With kill-tree off, what the program has
 * started may outlive us, and would soon stand before a pipe that nobody
 * empties.  A child of ours stays for it: it does to the output what we did,
 * but for rotation, until nobody has the pipes open any more.
 */

/*
 * Forks that child, where somebody else has one of count streams open.  To be
 * called when we have written our last; the streams are only to be closed
 * then.  When it returns, the child has none of our other descriptors.
 */
void linger_stay(struct transcript *stream, size_t count);

#endif
