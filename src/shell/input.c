/*
 * Waiting for a key: the terminal, signals, and whatever the loop serves, all
 * at once.
 *
 * - Signals are the loop's.  ^C and ^Z are keys here, not signals, so that
 *   they neither throw away what is typed ahead nor act out of a paste.
 * - What is queued above the line is shown before a wait, but not while a
 *   key that was begun with a prefix (^V, ^X) is not whole.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "shell/editing.h"
#include "shell/loop.h"

#define PASTE_WAIT 5000 /* ms for the rest of a paste */
#define PASTE_REST 300 /* the same when it is thrown away */

/* Serves the signals that concern only what is on the screen. */
static void
serve_screen(struct editor *editor)
{
	struct loop *loop = editor->setup.loop;
	bool resized = loop_take(loop, SIGWINCH);
	bool stop = loop_take(loop, SIGTSTP);
	bool continued = loop_take(loop, SIGCONT);

	loop_take(loop, SIGCHLD);
	if (resized && editor->reading)
		editing_resize(editor);
	if (stop)
		editor_suspend(editor, false);
	else if (continued && editor->reading)
		editing_resume(editor);
	else if (continued && editor->asked != NULL)
		editing_ask_again(editor);
}

/* Serves the signals while a key is awaited: 1 with a key, 0, -1 to end. */
static int
serve_signals(struct editor *editor, wchar_t *key)
{
	struct loop *loop = editor->setup.loop;

	if (loop_pending(loop, SIGTERM) || loop_pending(loop, SIGHUP)) {
		editor->gone = true;
		return -1;
	}
	serve_screen(editor);
	/* Behind ^V it would become a character of the line. */
	if (!loop_take(loop, SIGINT) || editor->quoting)
		return 0;
	*key = KEY_INTERRUPT;
	return 1;
}

/* The keys that are signals elsewhere: 1 with a key, 0 when served. */
static int
serve_controls(struct editor *editor, wchar_t *key)
{
	if (editor->keys.pasting || editor->quoting)
		return 1;
	if (terminal_is_control(&editor->terminal, *key, VINTR))
		*key = KEY_INTERRUPT;
	if (!terminal_is_control(&editor->terminal, *key, VSUSP))
		return 1;
	editor_suspend(editor, true);
	return 0;
}

/* Reads one byte: what is not ours yet may be meant for another program. */
static int
read_byte(struct editor *editor)
{
	unsigned char byte;
	ssize_t n = read(STDIN_FILENO, &byte, 1);

	if (n == 1) {
		keys_feed(&editor->keys, byte);
		editor->heard_at = clock_mono_ms();
	}
	if (n == 1 || (n == -1 && (errno == EINTR || errno == EAGAIN)))
		return 0;
	editor->gone = true;
	return -1;
}

/* Counted from the last byte: whatever else is served does not prolong it. */
static int
key_timeout(const struct editor *editor, enum keys_result state)
{
	int wait = keys_wait(&editor->keys);

	if (state != KEYS_SEQUENCE) {
		if (!editor->keys.pasting)
			return -1;
		wait = editor->dropping ? PASTE_REST : PASTE_WAIT;
	}
	return clock_poll_timeout(editor->heard_at + wait);
}

/* The end of a paste did not come. */
static int
break_paste(struct editor *editor, wchar_t *key)
{
	keys_init(&editor->keys, editing_knows, editor);
	*key = KEY_PASTE_END;
	return 1;
}

/* Shows what is queued, and what belongs around the line. */
static void
show(struct editor *editor)
{
	if (!editor->reading || editor->keys.pasting)
		return;
	if (!editor->quoting && !editor->prefixed)
		editing_show(editor);
	if (!editor->painted)
		helping_paint(editor);
	editor->painted = true;
}

/* Waits once: 1 with a key, 0 to go on, -1 to end. */
static int
wait_once(
    struct editor *editor, enum keys_result state, bool *expired, wchar_t *key)
{
	struct pollfd pfd = { STDIN_FILENO, POLLIN, 0 };

	switch (loop_wait(
	    editor->setup.loop, &pfd, 1, key_timeout(editor, state))) {
	case LOOP_READY:
		return read_byte(editor);
	case LOOP_TIMEOUT:
		*expired = state == KEYS_SEQUENCE;
		return *expired ? 0 : break_paste(editor, key);
	case LOOP_SIGNAL:
		return serve_signals(editor, key);
	case LOOP_SERVED:
		return 0;
	case LOOP_FAILED:
		break;
	}
	editor->gone = true;
	return -1;
}

int
input_key(struct editor *editor, wchar_t *key)
{
	enum keys_result state;
	bool expired = false;
	int got = 0;

	while (got == 0) {
		state = keys_next(&editor->keys, expired, key);
		expired = false;
		if (state == KEYS_READY) {
			got = serve_controls(editor, key);
			continue;
		}
		show(editor);
		got = wait_once(editor, state, &expired, key);
	}
	if (editor->painted)
		helping_take(editor);
	editor->painted = false;
	return got;
}
