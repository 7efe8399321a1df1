/*
 * The wait of the session.
 *
 * - Signals arrive as bytes in a pipe: handlers do nothing else, and nothing
 *   is lost between a look and a wait.
 * - What asks for an end interrupts system calls, so that a wait elsewhere,
 *   and a write to a terminal that takes nothing, also see it; the rest does
 *   not, as what is written would be lost.
 * - What was printed goes out once for each wait, in one write.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "process/descriptors.h"
#include "shell/loop.h"

#define LOOP_WATCHES 8
#define LOOP_CALLERS 8

static const int loop_signals[] = {
	SIGINT,
	SIGCHLD,
	SIGTERM,
	SIGHUP,
	SIGTSTP,
	SIGCONT,
	SIGWINCH,
};
#define LOOP_ALWAYS  2 /* so many of them concern a batch too */
#define LOOP_SIGNALS (sizeof(loop_signals) / sizeof(loop_signals[0]))

struct watch {
	int fd;
	short events;
	loop_fn fn;
	void *data;
};

struct loop {
	int pipe[2];
	struct watch watch[LOOP_WATCHES];
	size_t watches;
	const struct loop_source *source; /* NULL: none */
	bool pending[LOOP_SIGNALS];
	bool caught[LOOP_SIGNALS];
	struct sigaction old[LOOP_SIGNALS];
	struct sigaction old_pipe, old_quit;
};

/* Where the handler writes to: it can be given nothing else. */
static volatile sig_atomic_t signal_pipe = -1;

static void
on_signal(int signal)
{
	unsigned char byte = (unsigned char)signal;
	int error = errno;

	/* A full pipe has enough of them already. */
	if (write(signal_pipe, &byte, 1) == -1)
		errno = error;
	errno = error;
}

static void
catch_signal(struct loop *loop, size_t i)
{
	struct sigaction action;
	int signal = loop_signals[i];

	if (sigaction(signal, NULL, &loop->old[i]) == -1)
		return;
	if (loop->old[i].sa_handler == SIG_IGN && signal != SIGCHLD &&
	    signal != SIGCONT && signal != SIGWINCH)
		return;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	if (signal != SIGINT && signal != SIGTERM && signal != SIGHUP)
		action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	loop->caught[i] = sigaction(signal, &action, NULL) == 0;
}

static void
ignore_signal(int signal, struct sigaction *old)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_IGN;
	sigemptyset(&action.sa_mask);
	sigaction(signal, &action, old);
}

struct loop *
loop_new(bool terminal, char **cause)
{
	struct loop *loop = xcalloc(1, sizeof(*loop));
	size_t i;

	if (descriptors_pipe(loop->pipe) == -1) {
		cause_set(cause, "unable to make a pipe: %s", strerror(errno));
		free(loop);
		return NULL;
	}
	descriptors_nonblock(loop->pipe[0]);
	descriptors_nonblock(loop->pipe[1]);
	signal_pipe = loop->pipe[1];
	for (i = 0; i < (terminal ? LOOP_SIGNALS : LOOP_ALWAYS); i++)
		catch_signal(loop, i);
	ignore_signal(SIGPIPE, &loop->old_pipe);
	sigaction(SIGQUIT, NULL, &loop->old_quit);
	if (terminal)
		ignore_signal(SIGQUIT, &loop->old_quit);
	return loop;
}

void
loop_free(struct loop *loop)
{
	size_t i;

	if (loop == NULL)
		return;
	for (i = 0; i < LOOP_SIGNALS; i++)
		if (loop->caught[i])
			sigaction(loop_signals[i], &loop->old[i], NULL);
	sigaction(SIGPIPE, &loop->old_pipe, NULL);
	sigaction(SIGQUIT, &loop->old_quit, NULL);
	signal_pipe = -1;
	close(loop->pipe[0]);
	close(loop->pipe[1]);
	free(loop);
}

int
loop_add(struct loop *loop, int fd, short events, loop_fn fn, void *data)
{
	if (loop->watches == LOOP_WATCHES)
		return -1;
	loop->watch[loop->watches++] = (struct watch){ fd, events, fn, data };
	return 0;
}

void
loop_remove(struct loop *loop, int fd)
{
	size_t i;

	for (i = 0; i < loop->watches; i++)
		if (loop->watch[i].fd == fd) {
			loop->watches--;
			memmove(&loop->watch[i], &loop->watch[i + 1],
			    (loop->watches - i) * sizeof(loop->watch[0]));
			return;
		}
}

void
loop_attend(struct loop *loop, const struct loop_source *source)
{
	loop->source = source;
}

/* Takes the bytes out of the pipe. */
static void
collect_signals(struct loop *loop)
{
	unsigned char byte[64];
	ssize_t n, i;
	size_t k;

	while ((n = read(loop->pipe[0], byte, sizeof(byte))) > 0)
		for (i = 0; i < n; i++)
			for (k = 0; k < LOOP_SIGNALS; k++)
				if (loop_signals[k] == byte[i])
					loop->pending[k] = true;
}

static bool
any_pending(const struct loop *loop)
{
	size_t i;

	for (i = 0; i < LOOP_SIGNALS; i++)
		if (loop->pending[i])
			return true;
	return false;
}

/* Calls the functions of the registered descriptors that are ready. */
static void
serve(struct loop *loop, const struct pollfd *pfd, size_t count)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		if (pfd[i].revents == 0)
			continue;
		/* One of them may have removed another. */
		for (k = 0; k < loop->watches; k++)
			if (loop->watch[k].fd == pfd[i].fd)
				break;
		if (k == loop->watches)
			continue;
		loop->watch[k].fn(
		    loop->watch[k].data, pfd[i].fd, pfd[i].revents);
	}
}

static size_t
fill(const struct loop *loop, struct pollfd *all, const struct pollfd *pfd,
    size_t count)
{
	size_t n = 0, i;

	all[n++] = (struct pollfd){ loop->pipe[0], POLLIN, 0 };
	for (i = 0; i < count; i++) {
		all[n] = pfd[i];
		all[n++].revents = 0;
	}
	for (i = 0; i < loop->watches; i++)
		all[n++] = (struct pollfd){ loop->watch[i].fd,
			loop->watch[i].events, 0 };
	return n;
}

/* Asks the source: adds its descriptor; the time-out it wants, -1: none. */
static int
prepare_source(struct loop *loop, struct pollfd *all, size_t *n)
{
	int timeout = -1;

	if (loop->source == NULL)
		return -1;
	*n += loop->source->prepare(loop->source->data, &all[*n], &timeout);
	return timeout;
}

static int
sooner(int a, int b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

enum loop_result
loop_wait(struct loop *loop, struct pollfd *pfd, size_t count, int timeout)
{
	struct pollfd all[1 + LOOP_CALLERS + LOOP_WATCHES + 1];
	bool ready = false;
	size_t n, watched, i;
	int got, other;

	if (count > LOOP_CALLERS) {
		errno = EINVAL;
		return LOOP_FAILED;
	}
	fflush(stdout);
	collect_signals(loop);
	if (any_pending(loop))
		return LOOP_SIGNAL;
	watched = n = fill(loop, all, pfd, count);
	other = prepare_source(loop, all, &n);
	got = poll(all, (nfds_t)n, sooner(timeout, other));
	if (got == -1 && errno != EINTR)
		return LOOP_FAILED;
	if (loop->source != NULL)
		loop->source->serve(loop->source->data);
	if (got == 0)
		return timeout < 0 || (other >= 0 && other < timeout) ?
		    LOOP_SERVED :
		    LOOP_TIMEOUT;
	collect_signals(loop);
	if (got == -1)
		return any_pending(loop) ? LOOP_SIGNAL : LOOP_SERVED;
	/* What was typed goes first, whatever else happens. */
	for (i = 0; i < count; i++) {
		pfd[i].revents = all[1 + i].revents;
		ready |= pfd[i].revents != 0;
	}
	serve(loop, all + 1 + count, watched - 1 - count);
	if (any_pending(loop))
		return LOOP_SIGNAL;
	if (ready)
		return LOOP_READY;
	return LOOP_SERVED;
}

bool
loop_pending(struct loop *loop, int signal)
{
	size_t i;

	collect_signals(loop);
	for (i = 0; i < LOOP_SIGNALS; i++)
		if (loop_signals[i] == signal)
			return loop->pending[i];
	return false;
}

bool
loop_take(struct loop *loop, int signal)
{
	bool pending = loop_pending(loop, signal);
	size_t i;

	for (i = 0; i < LOOP_SIGNALS; i++)
		if (loop_signals[i] == signal)
			loop->pending[i] = false;
	return pending;
}

void
loop_stop(struct loop *loop, bool group)
{
	struct sigaction action, old;

	fflush(stdout);
	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_DFL;
	sigemptyset(&action.sa_mask);
	sigaction(SIGTSTP, &action, &old);
	kill(group ? 0 : getpid(), SIGTSTP);
	sigaction(SIGTSTP, &old, NULL);
	loop_take(loop, SIGCONT);
}

void
loop_default_stop(struct loop *loop, bool on)
{
	struct sigaction action;
	size_t i;

	for (i = 0; i < LOOP_SIGNALS; i++) {
		if (loop_signals[i] != SIGTSTP || !loop->caught[i])
			continue;
		memset(&action, 0, sizeof(action));
		action.sa_handler = on ? SIG_DFL : on_signal;
		action.sa_flags = SA_RESTART;
		sigemptyset(&action.sa_mask);
		sigaction(SIGTSTP, &action, NULL);
	}
}
