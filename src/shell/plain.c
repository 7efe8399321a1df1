/*
 * Plain lines.  The wait is the same as that of the editor, so signals and
 * descriptors are served meanwhile; bytes are read one by one, so that what
 * follows a line is left for other programs.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "shell/loop.h"
#include "shell/plain.h"

#define PLAIN_MAX 65536 /* bytes of a line; the rest is dropped */

struct plain {
	struct loop *loop;
	const char *prompt;
	size_t len;
	char line[PLAIN_MAX + 1];
};

struct plain *
plain_new(struct loop *loop)
{
	struct plain *plain = xcalloc(1, sizeof(*plain));

	plain->loop = loop;
	return plain;
}

void
plain_free(struct plain *plain)
{
	free(plain);
}

/* Takes what is there; whether that ends the reading, with *result. */
static bool
take_byte(struct plain *plain, enum editor_result *result)
{
	char byte;
	ssize_t n = read(STDIN_FILENO, &byte, 1);

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n == -1) {
		*result = EDITOR_GONE;
		return true;
	}
	if (n == 0 && plain->len == 0) {
		putchar('\n');
		*result = EDITOR_END;
		return true;
	}
	if (n == 0 || byte == '\n') {
		*result = EDITOR_LINE;
		return true;
	}
	if (plain->len < PLAIN_MAX && byte != '\0')
		plain->line[plain->len++] = byte;
	return false;
}

/* Serves the signals; whether that ends the reading, with *result. */
static bool
serve_signals(struct plain *plain, enum editor_result *result)
{
	struct loop *loop = plain->loop;

	if (loop_pending(loop, SIGTERM) || loop_pending(loop, SIGHUP)) {
		*result = EDITOR_GONE;
		return true;
	}
	if (loop_take(loop, SIGINT)) {
		putchar('\n');
		*result = EDITOR_CANCELLED;
		return true;
	}
	loop_take(loop, SIGCHLD);
	loop_take(loop, SIGWINCH);
	if (loop_take(loop, SIGTSTP)) {
		loop_stop(loop, false);
		fputs(plain->prompt, stdout);
	} else if (loop_take(loop, SIGCONT))
		fputs(plain->prompt, stdout);
	return false;
}

/* Waits and serves until there is a result. */
static enum editor_result
gather(struct plain *plain)
{
	struct pollfd pfd = { STDIN_FILENO, POLLIN, 0 };
	enum editor_result result;

	for (;;) {
		switch (loop_wait(plain->loop, &pfd, 1, -1)) {
		case LOOP_READY:
			if (take_byte(plain, &result))
				return result;
			break;
		case LOOP_SIGNAL:
			if (serve_signals(plain, &result))
				return result;
			break;
		case LOOP_TIMEOUT:
		case LOOP_SERVED:
			break;
		case LOOP_FAILED:
			return EDITOR_GONE;
		}
	}
}

enum editor_result
plain_read(struct plain *plain, const char *prompt, char **line)
{
	enum editor_result result;

	plain->prompt = prompt;
	plain->len = 0;
	fputs(prompt, stdout);
	result = gather(plain);
	plain->line[plain->len] = '\0';
	if (result == EDITOR_LINE || result == EDITOR_CANCELLED)
		*line = xstrdup(plain->line);
	return result;
}
