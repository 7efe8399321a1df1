/*
 * Putting the installed zdrun in our place.
 *
 * - What we know goes into a memory file (carry.h); the child that tries the
 *   new program gets it as its standard input, reads all of it, opens the
 *   logs, and says that it is ready.  A program that cannot do that never
 *   gets our place.
 * - Signals are blocked over the exec: what comes meanwhile stays pending,
 *   and what came just before is sent once more.
 * - Whatever fails, we go on as if nothing had been asked.
 */

#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signame.h"
#include "process/descriptors.h"
#include "process/place.h"
#include "supervisor/signals.h"
#include "supervisor/supervisor.h"
#include "supervisor/upgrade.h"

#define UPGRADE_READY_WORD "ready "

extern char **environ;

/* --- what runs, and what is installed ------------------------------------- */

static void
upgrade_note(struct upgrade *upgrade, const struct stat *st)
{
	upgrade->dev = st->st_dev;
	upgrade->ino = st->st_ino;
	upgrade->mtime = st->st_mtime;
}

int
upgrade_init(struct upgrade *upgrade, int count, char **words)
{
	static char name[] = "zdrun", option[] = "-u";
	struct stat st;
	int i;

	memset(upgrade, 0, sizeof(*upgrade));
	upgrade->process.report = upgrade->process.hold = -1;
	upgrade->output = -1;
	upgrade->argv = calloc((size_t)count + 4, sizeof(*upgrade->argv));
	if (upgrade->argv == NULL)
		return -1;
	upgrade->argv[0] = name;
	upgrade->argv[1] = option;
	upgrade->argv[2] = upgrade->number;
	for (i = 0; i < count; i++)
		upgrade->argv[3 + i] = words[i];
	upgrade->file = place_find("zdrun", NULL);
	if (stat("/proc/self/exe", &st) == 0 ||
	    (upgrade->file != NULL && stat(upgrade->file, &st) == 0))
		upgrade_note(upgrade, &st);
	return 0;
}

void
upgrade_free(struct upgrade *upgrade)
{
	free(upgrade->file);
	free(upgrade->argv);
}

bool
upgrade_is_due(const struct upgrade *upgrade)
{
	struct stat st;

	return upgrade->file != NULL && stat(upgrade->file, &st) == 0 &&
	    (st.st_dev != upgrade->dev || st.st_ino != upgrade->ino ||
		st.st_mtime != upgrade->mtime);
}

/* --- the state ------------------------------------------------------------ */

/* A file with all that is to be carried over; -1 with errno. */
static int
upgrade_pack(const struct upgrade *upgrade, const struct supervisor *supervisor)
{
	struct carry carry = { .config = upgrade->config,
		.config_len = upgrade->config_len,
		.cwd = upgrade->cwd,
		.file = supervisor->program.file };
	int fd, error;

	output_tell(&supervisor->output, carry.stream);
	if ((fd = memfd_create("zdrun", MFD_CLOEXEC)) == -1)
		return -1;
	if (carry_write(fd, &carry, supervisor) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* --- the dry run ---------------------------------------------------------- */

/* Runs `zdrun -n -u 0` with the state as its input and a pipe as 1 and 2. */
static int
upgrade_try(struct upgrade *upgrade, int memory)
{
	char *argv[] = { (char[]){ "zdrun" }, (char[]){ "-n" },
		(char[]){ "-u" }, (char[]){ "0" }, NULL };
	struct child child;
	int pipe[2], result;

	if (descriptors_pipe(pipe) == -1)
		return -1;
	memset(&child, 0, sizeof(child));
	child.argv = argv;
	child.file = upgrade->file;
	child.envp = environ;
	child.in = memory;
	child.out = child.err = pipe[1];
	child.session = true;
	child.umask = -1;
	result = child_spawn(&upgrade->process, &child);
	close(pipe[1]);
	if (result == -1) {
		close(pipe[0]);
		return -1;
	}
	descriptors_nonblock(pipe[0]);
	upgrade->output = pipe[0];
	return 0;
}

int
upgrade_begin(struct upgrade *upgrade, const struct supervisor *supervisor,
    uint64_t asker, char *why, size_t size)
{
	int memory, result;

	if (upgrade->process.pid != 0) {
		snprintf(why, size, "an upgrade is under way");
		return -1;
	}
	if (upgrade->file == NULL) {
		snprintf(why, size, "no zdrun is installed");
		return -1;
	}
	if ((memory = upgrade_pack(upgrade, supervisor)) == -1) {
		snprintf(why, size, "the state: %s", strerror(errno));
		return -1;
	}
	result = upgrade_try(upgrade, memory);
	if (result == -1)
		snprintf(why, size, "%s: %s", upgrade->file, strerror(errno));
	close(memory);
	upgrade->asker = asker;
	upgrade->ended = false;
	upgrade->said_len = 0;
	upgrade->deadline = clock_mono_ms() + UPGRADE_TIME;
	return result;
}

bool
upgrade_is_trying(const struct upgrade *upgrade)
{
	return upgrade->process.pid != 0 && !upgrade->ended;
}

void
upgrade_poll(const struct upgrade *upgrade, struct pollset *set)
{
	if (upgrade->process.pid == 0)
		return;
	pollset_add(set, upgrade->output, POLLIN);
	pollset_until(set, upgrade->deadline);
}

bool
upgrade_reaped(struct upgrade *upgrade, pid_t pid, int status)
{
	if (pid != upgrade->process.pid)
		return false;
	upgrade->ended = true;
	upgrade->status = status;
	return true;
}

/* Reads what it says, as much as anybody wants to know. */
static void
upgrade_listen(struct upgrade *upgrade)
{
	char beyond[256];
	size_t room;
	ssize_t n = 1;

	while (n > 0 && upgrade->output != -1) {
		room = sizeof(upgrade->said) - 1 - upgrade->said_len;
		if (room > 0)
			n = read(upgrade->output,
			    upgrade->said + upgrade->said_len, room);
		else
			n = read(upgrade->output, beyond, sizeof(beyond));
		if (n > 0 && room > 0)
			upgrade->said_len += (size_t)n;
		if (n == -1 && errno == EINTR)
			n = 1;
	}
	if (n == 0) {
		close(upgrade->output);
		upgrade->output = -1;
	}
	upgrade->said[upgrade->said_len] = '\0';
}

static void
upgrade_forget(struct upgrade *upgrade)
{
	child_forget(&upgrade->process);
	upgrade->process.pid = 0;
	if (upgrade->output != -1)
		close(upgrade->output);
	upgrade->output = -1;
}

/* Its first line without our name before it. */
static const char *
upgrade_first_line(struct upgrade *upgrade)
{
	static const char prefix[] = "zdrun: ";
	char *said = upgrade->said;

	if (strncmp(said, prefix, sizeof(prefix) - 1) == 0)
		said += sizeof(prefix) - 1;
	said[strcspn(said, "\n")] = '\0';
	return said;
}

static bool
upgrade_is_ready(struct upgrade *upgrade)
{
	static const size_t word = sizeof(UPGRADE_READY_WORD) - 1;
	size_t len = strcspn(upgrade->said, "\n");

	if (upgrade->status != 0 || upgrade->said[len] != '\n' ||
	    strncmp(upgrade->said, UPGRADE_READY_WORD, word) != 0 ||
	    len - word >= sizeof(upgrade->version))
		return false;
	memcpy(upgrade->version, upgrade->said + word, len - word);
	upgrade->version[len - word] = '\0';
	return true;
}

static void
upgrade_explain(struct upgrade *upgrade, char *why, size_t size)
{
	const char *line = upgrade_first_line(upgrade);
	int status = upgrade->status;

	if (line[0] != '\0' && (!WIFEXITED(status) || status != 0))
		snprintf(why, size, "%s: %s", upgrade->file, line);
	else if (WIFSIGNALED(status))
		snprintf(why, size, "%s: terminated by signal %d",
		    upgrade->file, WTERMSIG(status));
	else if (status != 0)
		snprintf(why, size, "%s: exit status %d", upgrade->file,
		    WEXITSTATUS(status));
	else
		snprintf(why, size, "%s: this is not our zdrun", upgrade->file);
}

/* It has ended, or could not be executed. */
static enum upgrade_verdict
upgrade_judge(struct upgrade *upgrade, char *why, size_t size)
{
	struct child_error error;
	bool failed = child_outcome(&upgrade->process, &error) == -1;

	upgrade_listen(upgrade);
	upgrade_forget(upgrade);
	if (!failed && upgrade_is_ready(upgrade))
		return UPGRADE_READY;
	if (failed)
		snprintf(
		    why, size, "%s: %s", upgrade->file, strerror(error.error));
	else
		upgrade_explain(upgrade, why, size);
	return UPGRADE_REFUSED;
}

enum upgrade_verdict
upgrade_look(struct upgrade *upgrade, int64_t now, char *why, size_t size)
{
	if (upgrade->process.pid == 0)
		return UPGRADE_WAITS;
	upgrade_listen(upgrade);
	if (upgrade->ended)
		return upgrade_judge(upgrade, why, size);
	if (now < upgrade->deadline)
		return UPGRADE_WAITS;
	/* Reaped as a stranger, some time. */
	kill(upgrade->process.pid, SIGKILL);
	upgrade_forget(upgrade);
	snprintf(why, size, "%s: no answer within %d seconds", upgrade->file,
	    UPGRADE_TIME / 1000);
	return UPGRADE_REFUSED;
}

/* --- the exec ------------------------------------------------------------- */

void
upgrade_exec(struct upgrade *upgrade, const struct supervisor *supervisor,
    char *why, size_t size)
{
	sigset_t all, old;
	int memory;

	if ((memory = upgrade_pack(upgrade, supervisor)) == -1) {
		snprintf(why, size, "the state: %s", strerror(errno));
		return;
	}
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	signals_pass_on();
	carry_keep(supervisor, true);
	fcntl(memory, F_SETFD, 0);
	snprintf(upgrade->number, sizeof(upgrade->number), "%d", memory);
	execve(upgrade->file, upgrade->argv, environ);
	snprintf(why, size, "%s: %s", upgrade->file, strerror(errno));
	carry_keep(supervisor, false);
	close(memory);
	sigprocmask(SIG_SETMASK, &old, NULL);
}
