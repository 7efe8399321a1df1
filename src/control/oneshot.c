/*
 * The one-shot's side of ui.h.  From the first wait on, SIGINT is only noted,
 * cuts a write short that nobody reads, and jumps out of a wait, so that none
 * falls between the look at it and the wait.  (To block it there and let
 * ppoll(2) unblock it takes as long as reading a line that has come.)
 */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/attend.h"
#include "control/command.h"
#include "control/oneshot.h"
#include "control/output.h"

/* What a handler knows and notes: it can be given nothing else. */
static volatile sig_atomic_t interrupted;
static volatile sig_atomic_t waiting;
static sigjmp_buf wait_ends;

static void
on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
	if (waiting)
		siglongjmp(wait_ends, 1);
}

static bool
agree(void *data, const char *question)
{
	(void)data;
	(void)question;
	return true;
}

/* A caller that ignores SIGINT (nohup, a script's &) goes on doing so. */
static void
prepare(struct oneshot *oneshot)
{
	/* It is not unblocked again by who jumps out of its handler. */
	struct sigaction action = { .sa_handler = on_interrupt,
		.sa_flags = SA_NODEFER };
	struct sigaction old;

	oneshot->prepared = true;
	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

static int
wait_for(void *data, struct pollfd *pfd, size_t count, int timeout)
{
	struct oneshot *oneshot = data;
	volatile int ready = -1;

	if (!oneshot->prepared)
		prepare(oneshot);
	if (sigsetjmp(wait_ends, 0) == 0) {
		waiting = 1;
		if (!interrupted)
			ready = poll(pfd, count, timeout);
	}
	waiting = 0;
	/* Where a descriptor is always ready, it is taken only here. */
	if (!interrupted)
		return ready;
	interrupted = 0;
	errno = EINTR;
	return -1;
}

static void
show_progress(void *data, const char *text)
{
	struct oneshot *oneshot = data;
	FILE *out = oneshot->output->out;

	if (!oneshot->live || (!text && !oneshot->shown))
		return;
	oneshot->shown = text != NULL;
	fputs("\r\033[K", out);
	if (text)
		output_part(oneshot->output, "%.*s",
		    oneshot->output->columns - 1, text);
	output_flush(oneshot->output);
}

static int
attend(
    void *data, struct child_process *process, const struct schedule *schedule)
{
	(void)data;
	return attend_program(process, schedule);
}

static void
nothing(void *data)
{
	(void)data;
}

void
oneshot_init(struct oneshot *oneshot, const struct output *output, bool plain)
{
	const char *term = getenv("TERM");

	*oneshot = (struct oneshot){ .ui = { .data = oneshot,
					 .confirm = agree,
					 .wait = wait_for,
					 .progress = show_progress,
					 .lend = nothing,
					 .regain = nothing,
					 .attend = attend },
		.output = output,
		.live = output->terminal && !plain && term && *term &&
		    strcmp(term, "dumb") != 0 };
}
