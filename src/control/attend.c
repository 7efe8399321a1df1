/*
 * Waiting for a program in front of a one-shot command.
 *
 * - On a terminal ^C and ^\ reach the program by themselves; we go when it
 *   has gone.  Without one it has a group of its own, so that a signal to our
 *   group reaches it once, by us.
 * - Signals are blocked and waited for: none gets lost, whatever its default.
 */

#include "config.h"

#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "control/attend.h"
#include "control/command.h"
#include "options/schedule.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "process/first.h"
#include "process/identity.h"

struct attend {
	pid_t pid;
	bool first; /* we are PID 1 */
	const struct schedule *schedule;
	size_t asked; /* steps of it so far */
	int64_t deadline; /* of the last one; -1: nothing more is due */
	sigset_t taken, mask;
	struct sigaction interrupt, quit, child;
};

static void
on_child(int number)
{
	(void)number;
}

static bool
is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 &&
	    action.sa_handler == SIG_IGN;
}

/* A caller that ignores a signal (nohup, a script's &) goes on doing so. */
static bool
is_taken(const struct attend *attend, int number, bool alone)
{
	switch (number) {
	case SIGCHLD:
	case SIGTERM:
		return true;
	case SIGINT:
	case SIGQUIT:
		return attend->first || (alone && !is_ignored(number));
	case SIGHUP:
		return attend->first || !is_ignored(number);
	default:
		return attend->first && first_passes_on(number);
	}
}

/* What is waited for keeps its handler: to ignore it would drop it. */
static void
ignore(const struct attend *attend, int number, struct sigaction *old)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	sigemptyset(&action.sa_mask);
	sigaction(
	    number, sigismember(&attend->taken, number) ? NULL : &action, old);
}

static void
take_signals(struct attend *attend)
{
	struct sigaction child = { .sa_handler = on_child };
	bool alone = !descriptors_have_terminal();

	sigemptyset(&attend->taken);
	for (int number = 1; number < NSIG; number++) {
		if (is_taken(attend, number, alone))
			sigaddset(&attend->taken, number);
	}
	sigprocmask(SIG_BLOCK, &attend->taken, &attend->mask);
	ignore(attend, SIGINT, &attend->interrupt);
	ignore(attend, SIGQUIT, &attend->quit);
	sigemptyset(&child.sa_mask);
	sigaction(SIGCHLD, &child, &attend->child);
}

static void
give_signals_back(const struct attend *attend)
{
	sigprocmask(SIG_SETMASK, &attend->mask, NULL);
	sigaction(SIGINT, &attend->interrupt, NULL);
	sigaction(SIGQUIT, &attend->quit, NULL);
	sigaction(SIGCHLD, &attend->child, NULL);
}

static void
pass_on(const struct attend *attend, int number)
{
	/* Not reaped yet, so the pid is still its own. */
	if (kill(attend->pid, number) == -1)
		log_warnx("pid %ld cannot be signalled: %s", (long)attend->pid,
		    strerror(errno));
}

/* The next signal of the schedule; behind its end KILL, once. */
static void
ask(struct attend *attend)
{
	const struct schedule *schedule = attend->schedule;
	size_t at = attend->asked;

	if (at >= schedule->count || schedule->step[at].signal == SIGKILL) {
		attend->deadline = -1;
		pass_on(attend, SIGKILL);
		return;
	}
	attend->asked++;
	attend->deadline = clock_mono_ms() + schedule->step[at].wait;
	pass_on(attend, schedule->step[at].signal);
	if (identity_stopped(attend->pid))
		kill(attend->pid, SIGCONT);
}

static void
take(struct attend *attend, int number)
{
	if (number == SIGCHLD)
		return;
	if (!attend->first || first_passes_on(number))
		pass_on(attend, number);
	else if (attend->asked == 0)
		ask(attend);
}

/* The next signal that comes; 0 when the time of the last step is over. */
static int
wait_signal(const struct attend *attend)
{
	struct timespec time;
	int number, timeout;

	do {
		timeout = attend->deadline == -1 ?
		    -1 :
		    clock_poll_timeout(attend->deadline);
		time.tv_sec = timeout / 1000;
		time.tv_nsec = timeout % 1000 * 1000000L;
		number = timeout == -1 ?
		    sigwaitinfo(&attend->taken, NULL) :
		    sigtimedwait(&attend->taken, NULL, &time);
	} while (number == -1 && errno == EINTR);
	return number == -1 ? 0 : number;
}

/* Takes what has ended: the program, and as PID 1 whatever came to us. */
static pid_t
reap(const struct attend *attend, int *status)
{
	pid_t pid;
	int state;

	while ((pid = waitpid(
		    attend->first ? -1 : attend->pid, &state, WNOHANG)) > 0) {
		if (pid != attend->pid)
			continue;
		*status = state;
		return pid;
	}
	return pid;
}

int
attend_program(struct child_process *process, const struct schedule *schedule)
{
	struct attend attend = { .pid = process->pid,
		.first = first_is_here(),
		.schedule = schedule,
		.deadline = -1 };
	int status = 0, number;
	pid_t pid;

	take_signals(&attend);
	child_release(process);
	while ((pid = reap(&attend, &status)) == 0) {
		if ((number = wait_signal(&attend)) != 0)
			take(&attend, number);
		else
			ask(&attend);
	}
	give_signals_back(&attend);
	if (pid == -1)
		return STATUS_FAILED;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}
