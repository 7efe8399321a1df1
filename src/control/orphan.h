#ifndef CONTROL_ORPHAN_H
#define CONTROL_ORPHAN_H

#include <stdbool.h>

#include "control/client.h"
#include "protocol/state.h"

/* What a supervisor that does not answer has written down of its program. */
struct orphan {
	struct state state;
	bool runs; /* the very process that it names is there */
	bool managed; /* so is the supervisor, though nobody listens */
};

/*
 * Reads the state that is kept beside the socket, if it is of one whom we
 * would trust behind the socket, too.  False: there is nothing to go by.
 */
bool orphan_read(struct orphan *orphan, const struct client *client);

/* The same, where a program runs. */
bool orphan_find(struct orphan *orphan, const struct client *client);

#endif
