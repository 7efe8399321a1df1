/*
 * The session's side of control/ui.h.  A batch asks nobody and shows no
 * progress; it waits in the same loop.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "shell/asking.h"
#include "shell/editor.h"
#include "shell/loop.h"
#include "shell/session.h"

#define SECOND 1000 /* ms */

static bool
ask(void *data, const char *question)
{
	struct session *session = data;
	int64_t begun = clock_mono_ms();
	bool yes;

	if (session->editor == NULL)
		return true;
	yes = editor_ask(session->editor, question);
	session->looked += clock_mono_ms() - begun;
	return yes;
}

/* Serves the signals of a wait: whether it is to end. */
static bool
is_interrupted(struct session *session)
{
	struct loop *loop = session->loop;

	loop_take(loop, SIGCHLD);
	loop_take(loop, SIGCONT);
	loop_take(loop, SIGWINCH);
	if (loop_take(loop, SIGTSTP) && session->editor != NULL)
		editor_suspend(session->editor, false);
	if (loop_take(loop, SIGINT))
		session->interrupted = true;
	return session->interrupted || loop_pending(loop, SIGTERM) ||
	    loop_pending(loop, SIGHUP);
}

static int
wait_for(void *data, struct pollfd *pfd, size_t count, int timeout)
{
	struct session *session = data;
	int64_t deadline = timeout < 0 ? 0 : clock_mono_ms() + timeout;
	size_t i;
	int ready = 0;

	for (;;) {
		switch (loop_wait(session->loop, pfd, count, timeout)) {
		case LOOP_READY:
			for (i = 0; i < count; i++)
				ready += pfd[i].revents != 0;
			return ready;
		case LOOP_TIMEOUT:
			return 0;
		case LOOP_SIGNAL:
			if (!is_interrupted(session))
				break;
			errno = EINTR;
			return -1;
		case LOOP_SERVED:
			break;
		case LOOP_FAILED:
			return -1;
		}
		if (timeout >= 0)
			timeout = clock_poll_timeout(deadline);
	}
}

static void
show_progress(void *data, const char *text)
{
	struct session *session = data;

	if (session->editor != NULL)
		editor_progress(session->editor, text);
}

/*
 * For an answer of the supervisor: where it does not come at once, what is
 * awaited is told.
 */
static int
wait_for_answer(void *data, struct pollfd *pfd, size_t count, int timeout)
{
	int64_t begun = clock_mono_ms(), over = begun + timeout;
	char text[80];
	int seconds, part, ready;

	for (seconds = 1;; seconds++) {
		part = clock_poll_timeout(begun + seconds * SECOND);
		timeout = clock_poll_timeout(over);
		ready = wait_for(
		    data, pfd, count, part < timeout ? part : timeout);
		if (ready != 0 || timeout <= part)
			break;
		snprintf(text, sizeof(text),
		    "waiting for the supervisor to answer ... %d s", seconds);
		show_progress(data, text);
	}
	if (seconds > 1)
		show_progress(data, NULL);
	return ready;
}

static void
lend(void *data)
{
	struct session *session = data;

	foreground_lend(&session->foreground);
}

static void
regain(void *data)
{
	struct session *session = data;

	foreground_regain(&session->foreground);
}

static int
attend(void *data, struct child_process *process,
    const struct schedule *schedule)
{
	struct session *session = data;

	(void)schedule; /* its operator is at hand */
	return foreground_attend(&session->foreground, process);
}

void
asking_init(struct session *session)
{
	session->ui = (struct ui){
		.data = session,
		.confirm = ask,
		.wait = wait_for,
		.progress = show_progress,
		.lend = lend,
		.regain = regain,
		.attend = attend,
	};
	session->context.ui = &session->ui;
	session->context.client.wait = wait_for_answer;
	session->context.client.data = session;
}
