/*
 * A command run beside the program.  Its exit is its own: it is told from
 * the program's by its pid and never by the order of signals.
 */

#include "config.h"

#include <signal.h>
#include <string.h>

#include "process/helper.h"

void
helper_init(struct helper *helper)
{
	helper->process.pid = 0;
	helper->process.report = -1;
	helper->process.hold = -1;
}

int
helper_start(struct helper *helper, const struct child *child)
{
	struct child own = *child;

	own.session = true;
	own.hold = false;
	return child_spawn(&helper->process, &own);
}

void
helper_end(const struct helper *helper)
{
	if (helper->process.pid <= 0)
		return;
	/* Before its setsid there is no group yet, only the process. */
	kill(-helper->process.pid, SIGKILL);
	kill(helper->process.pid, SIGKILL);
}

int
helper_reaped(struct helper *helper, struct child_error *error)
{
	int failed = 0;

	if (child_outcome(&helper->process, error) == -1)
		failed = error->error;
	child_forget(&helper->process);
	helper_init(helper);
	return failed;
}
