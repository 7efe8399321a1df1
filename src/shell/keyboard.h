#ifndef SHELL_KEYBOARD_H
#define SHELL_KEYBOARD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#include "shell/keys.h"

struct session;

/*
 * Single keys, without echo and without a line being edited: for what owns
 * the screen for a while.  ^C and ^Z stay signals.  What is pasted and what
 * the terminal answers are no keys.
 */
struct keyboard {
	struct session *session;
	struct termios before;
	struct keys keys;
	bool half; /* of a sequence is there */
	int64_t heard_at; /* monotonic ms: when its last byte came */
	/* Before a ^Z, if set: takes off the screen what is not to stay. */
	void (*leave)(void *data);
	void *data;
	bool served; /* the wait also ends when the loop has served something */
};

/* Neither touches leave, data, served.  0, or -1 if standard input is no terminal. */
int keyboard_open(struct keyboard *keyboard, struct session *session);
void keyboard_close(struct keyboard *keyboard);

#define KEYBOARD_NOTHING (-1) /* no key, but the time or a descriptor */
#define KEYBOARD_END     (-2) /* ^C, told to end, or the terminal is gone */

#define KEYBOARD_OTHERS 4

/*
 * Waits for a key, for one of count descriptors (KEYBOARD_OTHERS at most) or
 * for timeout ms (-1: for ever).  A character, a key of keys.h, or one of the
 * above.  After a ^Z the terminal may show anything: *stopped is set.
 */
int keyboard_wait(struct keyboard *keyboard, struct pollfd *other, size_t count,
    int timeout, int *stopped);

#endif
