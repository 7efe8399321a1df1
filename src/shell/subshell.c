/*
 * The user's shell: for a command of `!`, for what reads our output, for a
 * pager.  What we start becomes the configured user first.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/output.h"
#include "control/rights.h"
#include "process/child.h"
#include "shell/session.h"
#include "shell/subshell.h"

#define SHELL_DEFAULT "/bin/sh"

extern char **environ;

static const char *
find_shell(void)
{
	const char *shell = getenv("SHELL");

	return shell == NULL || shell[0] != '/' ? SHELL_DEFAULT : shell;
}

/* What `sh -c text` needs to run, as the configured user. */
static int
describe_shell(struct session *session, const char *text, struct child *child,
    struct rights *rights, char **argv, char **cause)
{
	static char option[] = "-c";
	const char *shell = find_shell();

	memset(child, 0, sizeof(*child));
	if (rights_find(rights, &session->runner, cause) == -1)
		return -1;
	argv[0] = (char *)shell;
	argv[1] = text != NULL ? option : NULL;
	argv[2] = (char *)text;
	argv[3] = NULL;
	child->argv = argv;
	child->file = shell;
	child->envp = environ;
	child->in = child->out = child->err = -1;
	child->umask = -1;
	child->drop = rights->uid != (uid_t)-1;
	child->uid = rights->uid;
	child->gid = rights->gid;
	child->group = rights->group;
	child->groups = rights->groups;
	return 0;
}

int
subshell_start(struct session *session, const char *text, int in, bool hold,
    struct child_process *process)
{
	struct rights rights;
	struct child child;
	char *argv[4], *cause = NULL;

	fflush(stdout);
	if (describe_shell(session, text, &child, &rights, argv, &cause) ==
	    -1) {
		output_error(&session->output, "Error: %s", cause_text(cause));
		free(cause);
		return STATUS_FAILED;
	}
	child.in = in;
	child.hold = hold;
	if (child_spawn(process, &child) == -1) {
		output_error(
		    &session->output, "unable to fork: %s", strerror(errno));
		return STATUS_FAILED;
	}
	return 0;
}

void
subshell_tell(struct session *session, struct child_process *process)
{
	struct child_error error;

	if (child_outcome(process, &error) == -1)
		output_error(&session->output,
		    "unable to run the shell: %s: %s", error.step,
		    strerror(error.error));
	child_forget(process);
}

/* Whether the shell reads $? and (exit N) as sh does. */
static bool
is_like_sh(const char *shell)
{
	static const char *const known[] = { "sh", "ash", "bash", "dash", "ksh",
		"mksh", "zsh" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(path_base(shell), known[i]) == 0)
			return true;
	return false;
}

/* The text such that its first $? is our last exit status; to be freed. */
static char *
with_status(const char *text, int status)
{
	if (status == 0 || strstr(text, "$?") == NULL ||
	    !is_like_sh(find_shell()))
		return xstrdup(text);
	return xasprintf("(exit %d); %s", status, text);
}

int
subshell_run(struct session *session, const char *text)
{
	char *whole = NULL;
	int status;

	if (text != NULL)
		whole = with_status(text, session->context.status);
	status = subshell_read(session, whole, -1);
	free(whole);
	return status;
}

int
subshell_read(struct session *session, const char *text, int in)
{
	struct child_process process;
	int status;

	foreground_lend(&session->foreground);
	status = subshell_start(session, text, in, true, &process);
	if (status == 0) {
		status = foreground_attend(&session->foreground, &process);
		subshell_tell(session, &process);
	}
	foreground_regain(&session->foreground);
	return status;
}
