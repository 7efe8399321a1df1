/*
 * Keys one by one.  The wait is the session's, so signals and descriptors are
 * served meanwhile.
 */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "shell/editor.h"
#include "shell/keyboard.h"
#include "shell/loop.h"
#include "shell/session.h"

static void
set_modes(const struct keyboard *keyboard)
{
	struct termios modes = keyboard->before;

	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

/* Nobody here has a use for sequences that are no keys of ours. */
static bool
knows_none(void *data, const char *sequence)
{
	(void)data;
	(void)sequence;
	return false;
}

int
keyboard_open(struct keyboard *keyboard, struct session *session)
{
	keyboard->session = session;
	keyboard->half = false;
	keys_init(&keyboard->keys, knows_none, NULL);
	if (tcgetattr(STDIN_FILENO, &keyboard->before) == -1)
		return -1;
	set_modes(keyboard);
	return 0;
}

void
keyboard_close(struct keyboard *keyboard)
{
	tcsetattr(STDIN_FILENO, TCSADRAIN, &keyboard->before);
}

/* Stops as ^Z asks, with the terminal as it was, and comes back. */
static void
suspend(struct keyboard *keyboard)
{
	if (keyboard->leave != NULL)
		keyboard->leave(keyboard->data);
	keyboard_close(keyboard);
	editor_suspend(keyboard->session->editor, false);
	set_modes(keyboard);
}

/* Serves the signals; whether that ends the waiting. */
static bool
serve_signals(struct keyboard *keyboard, int *stopped)
{
	struct loop *loop = keyboard->session->loop;

	loop_take(loop, SIGCHLD);
	if (loop_take(loop, SIGTSTP)) {
		suspend(keyboard);
		*stopped = 1;
	}
	/* Whoever had the terminal meanwhile has left it as theirs. */
	if (loop_take(loop, SIGCONT)) {
		set_modes(keyboard);
		*stopped = 1;
	}
	if (loop_take(loop, SIGWINCH))
		*stopped = 1;
	return loop_take(loop, SIGINT) || loop_pending(loop, SIGTERM) ||
	    loop_pending(loop, SIGHUP);
}

/* Reads a byte; whether the terminal is still there. */
static bool
read_byte(struct keyboard *keyboard)
{
	unsigned char byte;
	ssize_t n = read(STDIN_FILENO, &byte, 1);

	if (n == 1) {
		keys_feed(&keyboard->keys, byte);
		keyboard->heard_at = clock_mono_ms();
	}
	return n == 1 || (n == -1 && (errno == EINTR || errno == EAGAIN));
}

/* How long what has begun may take to become a key; -1: nothing has. */
static int
half_timeout(const struct keyboard *keyboard)
{
	int64_t deadline = keyboard->heard_at + keys_wait(&keyboard->keys);

	return keyboard->half ? clock_poll_timeout(deadline) : -1;
}

/* Takes a key of the bytes that are there; whether there was one. */
static bool
take_key(struct keyboard *keyboard, wchar_t *key)
{
	bool expired = half_timeout(keyboard) == 0;
	enum keys_result state;

	do
		state = keys_next(&keyboard->keys, expired, key);
	while (state == KEYS_READY &&
	    (keyboard->keys.pasting || *key == KEY_PASTE_END));
	keyboard->half = state == KEYS_SEQUENCE;
	return state == KEYS_READY;
}

static int
sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int
keyboard_wait(struct keyboard *keyboard, struct pollfd *other, size_t count,
    int timeout, int *stopped)
{
	struct pollfd pfd[1 + KEYBOARD_OTHERS] = { { STDIN_FILENO, POLLIN,
	    0 } };
	int64_t deadline = clock_mono_ms() + timeout;
	wchar_t key;

	assert(count <= KEYBOARD_OTHERS);
	if (count > 0)
		memcpy(pfd + 1, other, count * sizeof(*other));
	while (!take_key(keyboard, &key)) {
		switch (loop_wait(keyboard->session->loop, pfd, count + 1,
		    sooner(timeout, half_timeout(keyboard)))) {
		case LOOP_READY:
			if (pfd[0].revents != 0) {
				if (!read_byte(keyboard))
					return KEYBOARD_END;
				break;
			}
			if (count > 0)
				memcpy(other, pfd + 1, count * sizeof(*other));
			return KEYBOARD_NOTHING;
		case LOOP_TIMEOUT:
			if (half_timeout(keyboard) == 0)
				break;
			return KEYBOARD_NOTHING;
		case LOOP_SIGNAL:
			if (serve_signals(keyboard, stopped))
				return KEYBOARD_END;
			if (*stopped != 0)
				return KEYBOARD_NOTHING;
			break;
		case LOOP_SERVED:
			if (keyboard->served)
				return KEYBOARD_NOTHING;
			break;
		case LOOP_FAILED:
			return KEYBOARD_END;
		}
		if (timeout >= 0)
			timeout = clock_poll_timeout(deadline);
	}
	return (int)key;
}
