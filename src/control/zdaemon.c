/*
 * zdaemon: options, configuration, one command.
 *
 * - Without a command it becomes zdshell, the session, which alone carries
 *   the line editor; with one it asks the supervisor and leaves.
 * - Standard output may be a broken pipe, or closed: nobody wants it, and the
 *   exit status is that of the command.  If it is full, that is a failure.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/log.h"
#include "base/path.h"
#include "control/begin.h"
#include "control/command.h"
#include "control/help.h"
#include "control/oneshot.h"
#include "control/output.h"
#include "options/cmdline.h"
#include "options/load.h"
#include "options/problems.h"
#include "process/place.h"

static bool
wants_session(const struct cmdline *cmdline, const struct runner *runner)
{
	return cmdline->interactive || cmdline->batch ||
	    (cmdline->count == 0 && runner->default_to_interactive);
}

/* Becomes zdshell; returns only on failure. */
static int
become_session(const struct context *context, char **argv)
{
	char *cause = NULL;
	char *file = place_find("zdshell", &cause);

	if (file) {
		execv(file, argv);
		cause_set(&cause, "unable to execute '%s': %s", file,
		    strerror(errno));
	}
	output_error(context->output, "Error: %s", cause_text(cause));
	free(file);
	free(cause);
	return STATUS_FAILED;
}

static int
complain(const struct context *context)
{
	char *first = problems_first(context->problems);

	command_usage_error(context, cause_text(first));
	free(first);
	return STATUS_USAGE;
}

/* No command: the session, also with a broken configuration on a terminal. */
static int
run_session(const struct context *context, char **argv)
{
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	if (context->problems->errors > 0 && !terminal)
		return complain(context);
	return become_session(context, argv);
}

static int
run_command(struct context *context)
{
	const struct cmdline *cmdline = context->cmdline;
	char *cause = NULL;
	int status;

	if (cmdline->count == 0 && context->problems->errors > 0)
		return complain(context);
	if (cmdline->count == 0) {
		command_usage_error(context, "an action argument is required");
		output_error(context->output,
		    "default-to-interactive is off; -i opens a session");
		return STATUS_USAGE;
	}
	if (context_aim(context, &cause) == -1) {
		command_usage_error(context, cause_text(cause));
		free(cause);
		return STATUS_FAILED;
	}
	signal(SIGPIPE, SIG_IGN);
	status = command_run(context, cmdline->count, cmdline->word);
	if (!output_finish(context->output))
		return STATUS_FAILED;
	return context->output->state->error == EINTR ? 128 + SIGINT : status;
}

/* Everything that needs the configuration. */
static int
load_and_run(struct context *context, char **argv)
{
	struct runner runner;
	struct problems problems;
	int status;

	problems_init(&problems);
	options_load(&runner, context->cmdline, &problems);
	context->runner = &runner;
	context->problems = &problems;
	if (wants_session(context->cmdline, &runner))
		status = run_session(context, argv);
	else
		status = run_command(context);
	context_free(context);
	context->runner = NULL;
	context->problems = NULL;
	runner_free(&runner);
	problems_free(&problems);
	return status;
}

static int
run(struct context *context, char **argv)
{
	const struct cmdline *cmdline = context->cmdline;

	if (cmdline->help || cmdline->version) {
		if (cmdline->help)
			help_usage(context);
		else
			help_version(context);
		return output_finish(context->output) ? STATUS_DONE :
							STATUS_FAILED;
	}
	if ((context->cwd = path_here()) == NULL)
		fatalx(STATUS_FAILED, "out of memory");
	return load_and_run(context, argv);
}

int
main(int argc, char **argv)
{
	struct cmdline cmdline;
	struct output output;
	struct oneshot oneshot;
	struct context context = { .program = argc > 0 ? argv[0] : "zdaemon",
		.cmdline = &cmdline,
		.output = &output,
		.ui = &oneshot.ui };
	char *cause = NULL;
	struct output_state state = { 0, false };
	int status;

	begin_process();
	if (cmdline_parse(&cmdline, argc, argv, &cause) == -1) {
		memset(&cmdline, 0, sizeof cmdline);
		output_init(&output, &cmdline, &state);
		command_usage_error(&context, cause_text(cause));
		free(cause);
		return STATUS_USAGE;
	}
	output_init(&output, &cmdline, &state);
	oneshot_init(&oneshot, &output, cmdline.plain);
	status = run(&context, argv);
	free(context.cwd);
	cmdline_free(&cmdline);
	return status;
}
