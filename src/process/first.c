/* The first process of a container. */

#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "process/first.h"

bool
first_is_here(void)
{
	return getpid() == 1;
}

bool
first_passes_on(int signal)
{
	switch (signal) {
	case SIGTERM:
	case SIGINT:
	case SIGQUIT:
	case SIGILL:
	case SIGTRAP:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGSEGV:
	case SIGSYS:
	case SIGPIPE:
	case SIGXCPU:
	case SIGXFSZ:
	case SIGCHLD:
	case SIGTTIN:
	case SIGTTOU:
	case SIGKILL:
	case SIGSTOP:
		return false;
	default:
		return true;
	}
}
