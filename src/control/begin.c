/* How zdaemon and zdshell begin. */

#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "control/begin.h"
#include "control/command.h"
#include "process/descriptors.h"
#include "process/privs.h"

void
begin_process(void)
{
	if (descriptors_stdio() == -1)
		_exit(STATUS_FAILED); /* and nowhere to say so */
	/* Whoever may use such a copy could run any program with its rights. */
	if (privs_are_borrowed())
		fatalx(STATUS_USAGE, "not to be installed setuid or setgid");
	/* Ignored, as some callers have it, no child would leave a status. */
	signal(SIGCHLD, SIG_DFL);
	/* A limit on files is an error of the write, as a full disk is. */
	signal(SIGXFSZ, SIG_IGN);
}
