/*
 * Taking children that have ended.
 */

#include "config.h"

#include <sys/wait.h>

#include <errno.h>

#include "supervisor/reap.h"
#include "supervisor/supervisor.h"

bool
reap_children(struct supervisor *supervisor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0 ||
	    (pid == -1 && errno == EINTR)) {
		if (pid > 0 &&
		    !program_reaped(&supervisor->program, pid, status) &&
		    !output_reaped(&supervisor->output, pid, status))
			upgrade_reaped(&supervisor->upgrade, pid, status);
	}
	return pid == -1 && errno == ECHILD;
}
