/*
 * Starting a program.
 *
 * - The child gets 0, 1, 2 and nothing else, every signal at its default and
 *   unblocked, whatever our own parent left us with.
 * - What fails between fork and exec is told, step and errno, over a pipe
 *   that closes by itself when exec succeeds.
 * - With a hold the child waits for our word, so that its pid can be written
 *   down first; if we die before, it ends without having done anything.
 * - Between fork and exec only async-signal-safe calls, no allocation.
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "process/privs.h"

#define CHILD_REPORT 3 /* where the child keeps its two pipes */
#define CHILD_HOLD   4
#define CHILD_FIRST  5 /* all from here on is closed */

#define CHILD_PATH "/usr/local/bin:/usr/bin:/bin"

static void __attribute__((noreturn)) child_fail(const char *step)
{
	struct child_error error;
	int status = errno == ENOENT ? 127 : 126;

	memset(&error, 0, sizeof(error));
	error.error = errno;
	strncpy(error.step, step, sizeof(error.step) - 1);
	while (
	    write(CHILD_REPORT, &error, sizeof(error)) == -1 && errno == EINTR)
		;
	_exit(status);
}

/*
 * The C library hides two signals of its own from sigaction; a hostile parent
 * can have them ignored all the same, so they are asked for directly.
 */
static void
child_default_hidden(int signal)
{
	static const long none[16];

	syscall(SYS_rt_sigaction, signal, none, NULL, _NSIG / 8);
}

void
child_default_signals(void)
{
	struct sigaction action;
	sigset_t empty;
	int signal;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_DFL;
	sigemptyset(&action.sa_mask);
	for (signal = 1; signal < NSIG; signal++) {
		if (signal == SIGKILL || signal == SIGSTOP)
			continue;
		if (sigaction(signal, &action, NULL) == -1)
			child_default_hidden(signal);
	}
	sigemptyset(&empty);
	sigprocmask(SIG_SETMASK, &empty, NULL);
}

/* Opens the FIFO read-write, so that it always has a reader: no SIGPIPE. */
static int
child_open_fifo(const char *path)
{
	struct stat st;
	int fd;

	/* Non-blocking only until it is known to be what it should be. */
	fd = open(
	    path, O_RDWR | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISFIFO(st.st_mode) || st.st_uid != geteuid()) {
		errno = EPERM;
		return -1;
	}
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) == -1)
		return -1;
	return fd;
}

/* fd, or a copy of it, where no later dup2 onto a low number hits it. */
static bool
child_lift(int *fd)
{
	if (*fd == -1 || *fd >= CHILD_FIRST)
		return true;
	*fd = fcntl(*fd, F_DUPFD_CLOEXEC, CHILD_FIRST);
	return *fd != -1;
}

/* Puts fd at its place; -1: what is there stays there. */
static bool
child_place(int fd, int place)
{
	return fd == -1 || dup2(fd, place) == place;
}

/*
 * Moves everything that is to live to its number and closes the rest.  The
 * report pipe goes first, so that what fails later can be told.
 */
static void
child_descriptors(const struct child *child, int report, int hold)
{
	int fd[3] = { child->in, child->out, child->err };
	int error = 0;

	if (!child_lift(&report))
		_exit(126);
	if (!child_lift(&fd[0]) || !child_lift(&fd[1]) || !child_lift(&fd[2]) ||
	    !child_lift(&hold))
		error = errno;
	if (dup2(report, CHILD_REPORT) == -1)
		_exit(126);
	fcntl(CHILD_REPORT, F_SETFD, FD_CLOEXEC);
	errno = error;
	if (error != 0 || !child_place(hold, CHILD_HOLD))
		child_fail("open");
	fcntl(CHILD_HOLD, F_SETFD, FD_CLOEXEC);
	if (!child_place(fd[0], 0) || !child_place(fd[1], 1) ||
	    !child_place(fd[2], 2))
		child_fail("open");
	descriptors_close_from(hold == -1 ? CHILD_HOLD : CHILD_FIRST);
}

static void
child_open_output(const char *path, int first, int last)
{
	int fd;

	if ((fd = child_open_fifo(path)) == -1)
		child_fail("open");
	for (; first <= last; first++) {
		if (dup2(fd, first) == -1)
			child_fail("open");
	}
	if (fd > 2)
		close(fd);
}

/* Waits for child_release; the end of the pipe means that we are alone. */
static void
child_wait_hold(void)
{
	ssize_t n;
	char byte;

	while ((n = read(CHILD_HOLD, &byte, 1)) == -1 && errno == EINTR)
		;
	if (n != 1)
		_exit(126);
}

static void __attribute__((noreturn))
child_run(const struct child *child, int report, int hold)
{
	child_descriptors(child, report, hold);
	child_default_signals();
	if (child->session && setsid() == -1)
		child_fail("setsid");
	if (child->apart && setpgid(0, 0) == -1)
		child_fail("setpgid");
	if (child->hold)
		child_wait_hold();
	if (child->drop &&
	    privs_become(child->uid, child->gid, child->group, child->groups) ==
		-1)
		child_fail("user");
	if (child->umask != -1)
		umask((mode_t)child->umask);
	if (child->out_path != NULL)
		child_open_output(
		    child->out_path, 1, child->err_path != NULL ? 1 : 2);
	if (child->err_path != NULL)
		child_open_output(child->err_path, 2, 2);
	if (child->directory != NULL && chdir(child->directory) == -1)
		child_fail("chdir");
	execve(child->file, child->argv, child->envp);
	child_fail("exec");
}

static void
child_close(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static int
child_pipes(const struct child *child, int report[2], int hold[2])
{
	int error;

	hold[0] = hold[1] = -1;
	if (descriptors_pipe(report) == -1)
		return -1;
	if (!child->hold || descriptors_pipe(hold) == 0)
		return 0;
	error = errno;
	child_close(&report[0]);
	child_close(&report[1]);
	errno = error;
	return -1;
}

int
child_spawn(struct child_process *process, const struct child *child)
{
	sigset_t all, old;
	int report[2], hold[2], error;
	pid_t pid;

	if (child_pipes(child, report, hold) == -1)
		return -1;
	/* None of our handlers may run in the child. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	if ((pid = fork()) == 0)
		child_run(child, report[1], hold[0]);
	error = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	child_close(&report[1]);
	child_close(&hold[0]);
	if (pid == -1) {
		child_close(&report[0]);
		child_close(&hold[1]);
		errno = error;
		return -1;
	}
	descriptors_nonblock(report[0]);
	process->pid = pid;
	process->report = report[0];
	process->hold = hold[1];
	return 0;
}

void
child_release(struct child_process *process)
{
	if (process->hold == -1)
		return;
	/* The pipe is empty and its reader waits, or is dead: no blocking. */
	while (write(process->hold, "", 1) == -1 && errno == EINTR)
		;
	child_close(&process->hold);
}

int
child_outcome(struct child_process *process, struct child_error *error)
{
	struct child_error record;
	ssize_t n;

	if (process->report == -1)
		return 1;
	while ((n = read(process->report, &record, sizeof(record))) == -1 &&
	    errno == EINTR)
		;
	if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	child_close(&process->report);
	if (n != (ssize_t)sizeof(record))
		return 1;
	record.step[sizeof(record.step) - 1] = '\0';
	*error = record;
	return -1;
}

void
child_forget(struct child_process *process)
{
	child_close(&process->report);
	child_close(&process->hold);
}

/* 0 if path is a file that can be executed, else errno. */
static int
child_usable(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == -1 ? errno : 0;
}

static char *
child_accept(char *file, int *error)
{
	int why;

	if (file == NULL) {
		*error = ENOMEM;
		return NULL;
	}
	if ((why = child_usable(file)) == 0)
		return file;
	free(file);
	/* What is there but cannot be run tells more than what is not. */
	if (*error != EACCES && *error != ENOMEM)
		*error = why == ENOTDIR ? ENOENT : why;
	return NULL;
}

/* One entry of a PATH; an empty one is the current directory. */
static char *
child_join(
    const char *directory, size_t len, const char *program, const char *base)
{
	char entry[PATH_MAX];
	char *file, *whole;

	if (len >= sizeof(entry))
		return path_join(NULL, "");
	memcpy(entry, directory, len);
	entry[len] = '\0';
	file = path_join(len == 0 ? "." : entry, program);
	if (file == NULL || base == NULL || file[0] == '/')
		return file;
	whole = path_join(base, file);
	free(file);
	return whole;
}

char *
child_find(const char *program, const char *path, const char *directory)
{
	const char *entry, *end;
	char *file;
	int error = ENOENT;

	if (strchr(program, '/') != NULL) {
		file = child_accept(path_join(directory, program), &error);
		errno = error;
		return file;
	}
	entry = path != NULL && path[0] != '\0' ? path : CHILD_PATH;
	for (; *program != '\0'; entry = end + 1) {
		end = entry + strcspn(entry, ":");
		file = child_accept(child_join(entry, (size_t)(end - entry),
					program, directory),
		    &error);
		if (file != NULL)
			return file;
		if (*end == '\0')
			break;
	}
	errno = error;
	return NULL;
}
