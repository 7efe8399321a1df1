/*
 * A command run beside the program.  Its exit is its own: it is told from
 * the program's by its pid and never by the order of signals.
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/signame.h"
#include "process/helper.h"

void
helper_init(struct helper *helper)
{
	helper->process.pid = 0;
	helper->process.report = -1;
	helper->process.hold = -1;
	helper->ended = false;
	helper->status = 0;
}

int
helper_start(struct helper *helper, const struct child *child)
{
	struct child own = *child;

	own.session = true;
	own.hold = false;
	helper->ended = false;
	return child_spawn(&helper->process, &own);
}

void
helper_end(const struct helper *helper)
{
	if (!helper_is_busy(helper))
		return;
	/* Before its setsid there is no group yet, only the process. */
	kill(-helper->process.pid, SIGKILL);
	kill(helper->process.pid, SIGKILL);
}

bool
helper_is_busy(const struct helper *helper)
{
	return helper->process.pid > 0 && !helper->ended;
}

bool
helper_reaped(struct helper *helper, pid_t pid, int status)
{
	if (pid <= 0 || pid != helper->process.pid)
		return false;
	helper->ended = true;
	helper->status = status;
	return true;
}

/* Why it could not be executed; 0: it was. */
static int
helper_failure(struct helper *helper)
{
	struct child_error error;

	return child_outcome(&helper->process, &error) == -1 ? error.error : 0;
}

int
helper_finish(struct helper *helper, char *text, size_t size)
{
	int failure = helper_failure(helper), status = helper->status;
	char name[SIGNAME_SIZE];

	child_forget(&helper->process);
	helper_init(helper);
	if (failure == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (failure != 0)
		snprintf(text, size, "%s", strerror(failure));
	else if (WIFEXITED(status))
		snprintf(text, size, "exit status %d", WEXITSTATUS(status));
	else
		snprintf(text, size, "terminated by %s",
		    signame_show(WTERMSIG(status), name, sizeof(name)));
	return -1;
}
