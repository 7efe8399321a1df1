#ifndef SHELL_FOLLOWING_H
#define SHELL_FOLLOWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "shell/held.h"
#include "shell/keyboard.h"
#include "shell/logview.h"

/*
 * The parts of the follower among themselves: follower.c (the loop),
 * followrow.c (the status row), followkeys.c (what keys do).
 */

struct follower {
	struct session *session;
	struct feed *feed;
	struct logview view;
	struct held held;
	struct keyboard keyboard;
	struct match *typed; /* behind /; NULL: none, or --grep's */
	bool paused;
	bool leaving;
	int status;
	bool stale; /* the area may have to be another one */
	int64_t painted_at; /* monotonic ms */
	size_t source; /* of what was shown last, */
	off_t start, end; /* and the line found last; or where all ends */
};

/* The status row for so many columns; to be freed. */
char *follower_status(const struct follower *follower, size_t columns);

/* Does what the key stands for. */
void follower_press(struct follower *follower, int key);

#endif
