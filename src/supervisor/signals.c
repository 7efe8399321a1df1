/*
 * Signals as a descriptor.  The handler notes which one came and writes a
 * byte to wake the loop; a full pipe wakes it as well, and the note stays, so
 * a storm loses nothing.  The only static state in the supervisor.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "process/descriptors.h"
#include "process/first.h"
#include "supervisor/signals.h"

static volatile sig_atomic_t signals_came[NSIG];
static int signals_pipe[2] = { -1, -1 };

static void
signals_note(int signal)
{
	int error = errno;

	signals_came[signal] = 1;
	/* Full: then there is enough to read already. */
	if (write(signals_pipe[1], "", 1) == -1)
		errno = error;
}

static void
signals_set(int signal, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigfillset(&action.sa_mask);
	sigaction(signal, &action, NULL);
}

/* Signals that mean a fault of ours, or that the kernel's defaults serve. */
static bool
signals_keep_default(int signal)
{
	switch (signal) {
	case SIGILL:
	case SIGTRAP:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGSEGV:
	case SIGSYS:
	case SIGKILL:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGCONT:
	case SIGURG:
	case SIGWINCH:
		return true;
	default:
		return false;
	}
}

static const int signals_heeded[] = { SIGCHLD, SIGTERM, SIGINT, SIGQUIT,
	SIGHUP };

#define SIGNALS_HEEDED (sizeof(signals_heeded) / sizeof(signals_heeded[0]))

static bool
signals_is_heeded(int signal)
{
	size_t i;

	for (i = 0; i < SIGNALS_HEEDED; i++) {
		if (signals_heeded[i] == signal)
			return true;
	}
	return false;
}

/* What a signal does from now on. */
static void
signals_settle(int signal)
{
	if (signals_is_heeded(signal) ||
	    (first_is_here() && first_passes_on(signal)))
		signals_set(signal, signals_note,
		    signal == SIGCHLD ? SA_RESTART | SA_NOCLDSTOP : SA_RESTART);
	/* Never one of those above: what is pending would be thrown away. */
	else if (!signals_keep_default(signal))
		signals_set(signal, SIG_IGN, 0);
}

int
signals_init(void)
{
	sigset_t none;
	int signal;

	if (descriptors_pipe(signals_pipe) == -1)
		return -1;
	descriptors_nonblock(signals_pipe[0]);
	descriptors_nonblock(signals_pipe[1]);
	for (signal = 1; signal < NSIG; signal++)
		signals_settle(signal);
	/* Whoever started us may have left them blocked. */
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

int
signals_fd(void)
{
	return signals_pipe[0];
}

void
signals_clear(void)
{
	char buf[256];

	while (read(signals_pipe[0], buf, sizeof(buf)) > 0)
		;
}

bool
signals_take(int signal)
{
	/* Only a note that was seen is taken off: the next one may come now. */
	if (signals_came[signal] == 0)
		return false;
	signals_came[signal] = 0;
	return true;
}

int
signals_take_passed(void)
{
	int signal;

	for (signal = 1; signal < NSIG; signal++) {
		if (!signals_is_heeded(signal) && signals_take(signal))
			return signal;
	}
	return 0;
}

void
signals_pass_on(void)
{
	int signal;

	for (signal = 1; signal < NSIG; signal++) {
		if (signals_came[signal] != 0)
			kill(getpid(), signal);
	}
}
