#ifndef PROCESS_FIRST_H
#define PROCESS_FIRST_H

#include <stdbool.h>

/*
 * The first process of a container, PID 1.  Orphans come to it to be reaped,
 * and the kernel keeps a signal from it that it has no handler for: those that
 * are meant for the program, it has to pass on.
 */

/* Whether that is us. */
bool first_is_here(void);

/*
 * Whether a signal is for the program: all but those that ask for an end of
 * everything, that tell of a fault or a write of ours, or that nobody catches.
 */
bool first_passes_on(int signal);

#endif
