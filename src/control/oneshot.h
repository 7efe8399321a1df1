#ifndef CONTROL_ONESHOT_H
#define CONTROL_ONESHOT_H

#include "control/ui.h"

struct output;

/*
 * What a handler asks of a command that runs once and leaves: nobody is asked
 * for a yes; ^C ends the waiting.
 */
struct oneshot {
	struct ui ui;
	const struct output *output;
	bool live; /* progress can be repainted */
	bool shown; /* a live line stands there */
	bool prepared; /* SIGINT is ours */
};

void oneshot_init(
    struct oneshot *oneshot, const struct output *output, bool plain);

#endif
