/*
 * Job control for programs that get our terminal.
 *
 * - The child is held until it leads its own group and that group has the
 *   terminal, so it never starts in the background.
 * - We wait in the loop, not in waitpid: a SIGTERM or a hang-up is seen.
 * - However it ends, the terminal comes back with usable modes.
 */
#include "config.h"

#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "control/output.h"
#include "process/child.h"
#include "shell/editor.h"
#include "shell/foreground.h"
#include "shell/loop.h"

/* Hands the terminal to a group, also from the background. */
static void
give_terminal(pid_t group)
{
	sigset_t set, mask;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &mask);
	tcsetpgrp(STDIN_FILENO, group);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void
hang_up(pid_t group)
{
	kill(-group, SIGHUP);
	kill(-group, SIGCONT);
}

/* Serves the signals that come while a child has the foreground. */
static bool
is_told_to_end(struct loop *loop)
{
	loop_take(loop, SIGCHLD);
	loop_take(loop, SIGCONT);
	loop_take(loop, SIGWINCH);
	return loop_pending(loop, SIGTERM) || loop_pending(loop, SIGHUP);
}

/* Waits until pid ends or stops. */
static int
wait_group(struct foreground *foreground, pid_t pid)
{
	/* Without job control whatever stops it stops us too. */
	int flags = WNOHANG | (foreground->terminal ? WUNTRACED : 0);
	int status = 0;
	pid_t got;

	for (;;) {
		got = waitpid(pid, &status, flags);
		if (got == pid)
			return status;
		if (got == -1 && errno != EINTR)
			return 0;
		if (loop_wait(foreground->loop, NULL, 0, -1) != LOOP_SIGNAL)
			continue;
		loop_take(foreground->loop, SIGTSTP);
		/* Typed before the group had the terminal: meant for it. */
		if (loop_take(foreground->loop, SIGINT) && foreground->terminal)
			kill(-pid, SIGINT);
		if (is_told_to_end(foreground->loop)) {
			hang_up(pid);
			return SIGHUP;
		}
	}
}

/* The exit status of a wait status. */
static int
exit_status(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WIFSTOPPED(status))
		return 128 + WSTOPSIG(status);
	return 128 + WTERMSIG(status);
}

static void
remember_stopped(struct foreground *foreground, pid_t pid)
{
	if (foreground->count == FOREGROUND_STOPPED) {
		hang_up(pid);
		output_error(foreground->output,
		    "\npid %ld is ended: %d others are stopped already",
		    (long)pid, FOREGROUND_STOPPED);
		return;
	}
	foreground->stopped[foreground->count++] = pid;
	output_line(foreground->output, "\nstopped, pid %ld; fg continues it",
	    (long)pid);
}

static int
attend(struct foreground *foreground, pid_t pid)
{
	int status = wait_group(foreground, pid);

	if (foreground->terminal)
		give_terminal(getpgrp());
	if (WIFSTOPPED(status))
		remember_stopped(foreground, pid);
	else if (WIFSIGNALED(status))
		output_line(foreground->output, "%s", "");
	return exit_status(status);
}

void
foreground_lend(struct foreground *foreground)
{
	if (foreground->editor != NULL)
		editor_lend(foreground->editor);
}

void
foreground_regain(struct foreground *foreground)
{
	if (foreground->editor != NULL)
		editor_regain(foreground->editor);
}

int
foreground_attend(struct foreground *foreground, struct child_process *process)
{
	if (foreground->terminal) {
		setpgid(process->pid, process->pid);
		give_terminal(process->pid);
	}
	child_release(process);
	return attend(foreground, process->pid);
}

int
foreground_continue(struct foreground *foreground)
{
	pid_t pid = foreground->stopped[--foreground->count];
	int status;

	foreground_lend(foreground);
	give_terminal(pid);
	kill(-pid, SIGCONT);
	status = attend(foreground, pid);
	foreground_regain(foreground);
	return status;
}

int
foreground_join(struct foreground *foreground, pid_t pid)
{
	int status = 0;
	pid_t got;

	for (;;) {
		got = waitpid(pid, &status, WNOHANG);
		if (got == pid)
			return exit_status(status);
		if (got == -1 && errno != EINTR)
			return 0;
		if (loop_wait(foreground->loop, NULL, 0, -1) != LOOP_SIGNAL)
			continue;
		loop_take(foreground->loop, SIGINT);
		if (is_told_to_end(foreground->loop))
			return 128 + SIGHUP;
	}
}

bool
foreground_may_leave(struct foreground *foreground)
{
	size_t count = foreground->count;

	if (count == 0 || foreground->warned)
		return true;
	if (count > 1)
		output_error(foreground->output,
		    "%zu programs are stopped: fg continues the newest, "
		    "quit or ^D once more ends them",
		    count);
	else
		output_error(foreground->output,
		    "pid %ld is stopped: fg continues it, quit or ^D once "
		    "more ends it",
		    (long)foreground->stopped[0]);
	foreground->warning = true;
	return false;
}

void
foreground_turn(struct foreground *foreground)
{
	foreground->warned = foreground->warning;
	foreground->warning = false;
}

void
foreground_end(struct foreground *foreground)
{
	while (foreground->count > 0)
		hang_up(foreground->stopped[--foreground->count]);
}
