/*
 * Starting a supervisor.
 *
 * - It gets its whole configuration in a memory file, so that nothing has to
 *   be forwarded by hand, and the other end of a socket pair to report on.
 * - It is out of reach of our terminal's ^C from the start.  It makes itself a
 *   daemon, so that our child is only its first process, which soon leaves.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/launch.h"
#include "control/rights.h"
#include "options/handover.h"
#include "options/user.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "process/place.h"

#define FD_HANDOVER 3 /* where zdrun finds them */
#define FD_REPORT   4
#define FD_ABOVE    10 /* out of their way */
#define ARGS_FIXED  6

#define END_PAUSE 10 /* ms between looks whether the first process left, */
#define END_MOST  1000 /* ms in all */

struct launch {
	char *file; /* zdrun */
	char **argv;
	int handover;
	int report; /* -1: nobody to report to */
};

/* --- the memory file ------------------------------------------------------ */

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return lseek(fd, 0, SEEK_SET) == -1 ? -1 : 0;
}

static char *
make_text(const struct runner *runner, size_t *len, char **cause)
{
	struct handover handover;
	struct rights rights;

	if (rights_find(&rights, runner, cause) == -1)
		return NULL;
	memset(&handover, 0, sizeof handover);
	if (user_group(runner->socket_group, &handover.socket_group, cause) ==
	    -1)
		return NULL;
	handover.uid = rights.uid;
	handover.gid = rights.gid;
	handover.groups = rights.uid == (uid_t)-1 ? 0 : rights.groups;
	memcpy(handover.group, rights.group,
	    handover.groups * sizeof handover.group[0]);
	handover.runner = *runner; /* only looked at */
	return handover_write(&handover, len, cause);
}

/* A copy of fd out of the way of 0, 1 and 2, and of what zdrun is given. */
static int
lift(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FD_ABOVE);

	/* What the limit does not even let us ask for. */
	if (high == -1 && errno == EINVAL)
		errno = EMFILE;
	return high;
}

static int
make_handover(const struct runner *runner, char **cause)
{
	size_t len;
	char *text = make_text(runner, &len, cause);
	int fd, high;

	if (!text)
		return -1;
	fd = memfd_create("zdaemon", MFD_CLOEXEC);
	if (fd == -1 || write_all(fd, text, len) == -1 ||
	    (high = lift(fd)) == -1) {
		cause_set(cause, "unable to hand the configuration over: %s",
		    strerror(errno));
		high = -1;
	}
	if (fd != -1)
		close(fd);
	free(text);
	return high;
}

/* --- the words ------------------------------------------------------------ */

static void
launch_free(struct launch *launch)
{
	free(launch->file);
	free(launch->argv);
	if (launch->handover != -1)
		close(launch->handover);
	if (launch->report != -1)
		close(launch->report);
}

static int
launch_prepare(struct launch *launch, const struct runner *runner,
    const char *socket, bool reports, char **cause)
{
	static const char *const fixed[] = { "zdrun", "-c", "3", "-r", "4" };
	size_t count = reports ? 5 : 3, at;

	memset(launch, 0, sizeof *launch);
	launch->handover = launch->report = -1;
	if ((launch->file = place_find("zdrun", cause)) == NULL ||
	    (launch->handover = make_handover(runner, cause)) == -1) {
		launch_free(launch);
		return -1;
	}
	launch->argv = xcalloc(
	    ARGS_FIXED + runner->program.count + 1, sizeof *launch->argv);
	for (at = 0; at < count; at++)
		launch->argv[at] = (char *)(uintptr_t)fixed[at];
	launch->argv[at++] = (char *)(uintptr_t)socket;
	for (size_t i = 0; i < runner->program.count; i++)
		launch->argv[at++] = runner->program.word[i];
	return 0;
}

/* --- the processes -------------------------------------------------------- */

/* The descriptors at their places and nothing of ours in the way; exec. */
static void
become_supervisor(const struct launch *launch)
{
	child_default_signals();
	if (dup2(launch->handover, FD_HANDOVER) == -1)
		return;
	if (launch->report != -1 && dup2(launch->report, FD_REPORT) == -1)
		return;
	execv(launch->file, launch->argv);
}

/*
 * The same for another process, without a copy of this one: posix_spawn is
 * several times as quick as fork and exec.  Its own session (where there is
 * the flag; else its own group, until it makes itself a daemon) keeps the ^C
 * of our terminal from it.
 */
static int
spawn_attributes(posix_spawnattr_t *attributes)
{
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t every, none;
	int error;

	flags |= POSIX_SPAWN_SETSID;
	sigfillset(&every);
	sigdelset(&every, SIGKILL);
	sigdelset(&every, SIGSTOP);
	sigemptyset(&none);
	if ((error = posix_spawnattr_init(attributes)) != 0)
		return error;
	posix_spawnattr_setsigdefault(attributes, &every);
	posix_spawnattr_setsigmask(attributes, &none);
	return posix_spawnattr_setflags(attributes, flags);
}

static int
spawn_places(posix_spawn_file_actions_t *actions, const struct launch *launch)
{
	int error = posix_spawn_file_actions_init(actions);

	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
		    actions, launch->handover, FD_HANDOVER);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
		    actions, launch->report, FD_REPORT);
	return error;
}

/* An errno, 0 when the supervisor runs. */
static int
spawn_supervisor(const struct launch *launch, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error;

	if ((error = spawn_attributes(&attributes)) != 0)
		return error;
	if ((error = spawn_places(&actions, launch)) == 0) {
		error = posix_spawn(pid, launch->file, &actions, &attributes,
		    launch->argv, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawnattr_destroy(&attributes);
	return error;
}

static int
make_channel(int end[2])
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return -1;
	end[0] = lift(pair[0]);
	end[1] = lift(pair[1]);
	close(pair[0]);
	close(pair[1]);
	if (end[0] != -1 && end[1] != -1)
		return 0;
	if (end[0] != -1)
		close(end[0]);
	return -1;
}

int
launch_daemon(
    const struct runner *runner, const char *socket, pid_t *first, char **cause)
{
	struct launch launch;
	int channel[2], error;

	if (launch_prepare(&launch, runner, socket, true, cause) == -1)
		return -1;
	if (make_channel(channel) == -1) {
		cause_set(
		    cause, "unable to make a channel: %s", strerror(errno));
		launch_free(&launch);
		return -1;
	}
	launch.report = channel[1];
	if ((error = spawn_supervisor(&launch, first)) != 0) {
		cause_set(cause, "unable to execute '%s': %s", launch.file,
		    strerror(error));
		close(channel[0]);
		channel[0] = -1;
	}
	launch_free(&launch);
	return channel[0];
}

void
launch_end(pid_t first)
{
	for (int waited = 0; waited < END_MOST; waited += END_PAUSE) {
		if (waitpid(first, NULL, WNOHANG) != 0)
			break;
		poll(NULL, 0, END_PAUSE);
	}
}

int
launch_here(const struct runner *runner, const char *socket, char **cause)
{
	struct launch launch;

	if (launch_prepare(&launch, runner, socket, false, cause) == -1)
		return -1;
	become_supervisor(&launch);
	cause_set(
	    cause, "unable to execute '%s': %s", launch.file, strerror(errno));
	launch_free(&launch);
	return -1;
}
