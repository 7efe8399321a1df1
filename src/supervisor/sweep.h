#ifndef SUPERVISOR_SWEEP_H
#define SUPERVISOR_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "process/tree.h"
#include "protocol/event.h"

struct supervisor;

/* Ending what the program has started, and naming what would not end. */

/*
 * Marks whatever the program starts from now on with value, by which it is
 * known again when it was not born under us.
 */
void sweep_mark(struct supervisor *supervisor, const char *value);

/*
 * Ends what is left of a program that ended when there was no supervisor,
 * before another is started; in SWEEP_PATIENCE, and by force at the end.
 */
void sweep_remains(struct supervisor *supervisor);

#define SWEEP_PATIENCE 2000 /* ms */

/* The tree of the supervisor's program, for as long as both stay. */
void sweep_tree(struct supervisor *supervisor, struct tree *tree);

/* Asks what the program has started to end; the program is gone already. */
void sweep_ask(struct supervisor *supervisor);

/*
 * Sends KILL to all of it, the program included, and tells who got it.  False
 * if there is only what cannot be signalled, so that waiting is of no use.
 */
bool sweep_force(struct supervisor *supervisor);

/* Whether nothing of it is left; whether that has to be looked for by time. */
bool sweep_is_over(struct supervisor *supervisor);
bool sweep_needs_looking(const struct supervisor *supervisor);

/* Fills in what is left after all; run is 0 where that is nothing. */
void sweep_fill_left(struct supervisor *supervisor, struct event *event);

#endif
