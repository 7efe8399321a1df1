/*
 * Starting a supervisor.
 *
 * - It gets its whole configuration in a memory file, so that nothing has to
 *   be forwarded by hand, and the other end of a socket pair to report on.
 * - It is a grandchild in a session of its own from the start: the ^C of our
 *   terminal never reaches it, and nobody has to reap it.
 * - Between fork and exec only async-signal-safe calls; a failure there is
 *   reported as the supervisor itself would report it.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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
#include "protocol/event.h"

#define FD_HANDOVER 3 /* where zdrun finds them */
#define FD_REPORT   4
#define FD_ABOVE    10 /* out of their way */
#define ARGS_FIXED  6

struct launch {
	char *file; /* zdrun */
	char **argv;
	int handover;
	int report; /* -1: nobody to report to */
};

/* --- the memory file ------------------------------------------------------ */

static int
open_memory(void)
{
#ifdef HAVE_MEMFD_CREATE
	int memory = memfd_create("zdaemon", MFD_CLOEXEC);

	if (memory != -1)
		return memory;
#endif
	const char *tmp = getenv("TMPDIR");
	char *name = xasprintf("%s/zdaemon.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	int fd = mkstemp(name);

	if (fd != -1) {
		unlink(name);
		descriptors_cloexec(fd);
	}
	free(name);
	return fd;
}

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

static int
make_handover(const struct runner *runner, char **cause)
{
	size_t len;
	char *text = make_text(runner, &len, cause);
	int fd, high;

	if (!text)
		return -1;
	fd = open_memory();
	if (fd == -1 || write_all(fd, text, len) == -1 ||
	    (high = fcntl(fd, F_DUPFD_CLOEXEC, FD_ABOVE)) == -1) {
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

static void __attribute__((noreturn))
report_failure(const struct launch *launch, const char *step)
{
	char line[EVENT_LINE_MAX];
	struct event event;
	size_t len;

	event_init(&event, EVENT_FAILED);
	event.error = errno;
	event.state = RUN_DONE;
	strncpy(event.step, step, sizeof event.step - 1);
	strncpy(event.text, launch->file, sizeof event.text - 1);
	len = event_format(line, sizeof line, &event);
	(void)!write(launch->report, line, len);
	_exit(126);
}

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

static void __attribute__((noreturn)) be_between(const struct launch *launch)
{
	pid_t pid;

	setsid();
	pid = fork();
	if (pid == -1)
		report_failure(launch, "fork");
	if (pid > 0)
		_exit(0);
	become_supervisor(launch);
	report_failure(launch, "exec");
}

static int
make_channel(int end[2])
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return -1;
	end[0] = fcntl(pair[0], F_DUPFD_CLOEXEC, FD_ABOVE);
	end[1] = fcntl(pair[1], F_DUPFD_CLOEXEC, FD_ABOVE);
	close(pair[0]);
	close(pair[1]);
	if (end[0] != -1 && end[1] != -1)
		return 0;
	if (end[0] != -1)
		close(end[0]);
	return -1;
}

int
launch_daemon(const struct runner *runner, const char *socket, char **cause)
{
	struct launch launch;
	int channel[2];
	pid_t pid;

	if (launch_prepare(&launch, runner, socket, true, cause) == -1)
		return -1;
	if (make_channel(channel) == -1) {
		cause_set(
		    cause, "unable to make a channel: %s", strerror(errno));
		launch_free(&launch);
		return -1;
	}
	launch.report = channel[1];
	pid = fork();
	if (pid == 0)
		be_between(&launch);
	if (pid == -1) {
		cause_set(cause, "unable to fork: %s", strerror(errno));
		close(channel[0]);
		channel[0] = -1;
	}
	while (pid > 0 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
	launch_free(&launch);
	return channel[0];
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
