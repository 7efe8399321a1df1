/*
 * zdshell: the interactive session of zdaemon, executed by it with the same
 * command line.
 *
 * - The only program that carries the line editor.
 * - An operator at a terminal gets a session whatever the configuration says;
 *   a script gets its errors.
 * - However the session ends, the terminal is given back as it was.
 */
#include "config.h"

#ifdef COVERAGE
#include <gcov.h>
#endif
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "control/begin.h"
#include "control/help.h"
#include "shell/batch.h"
#include "shell/run.h"
#include "shell/session.h"

/* Only characters: messages and numbers stay what scripts expect. */
static void
choose_locale(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* Tells a mistake of the command line. */
static int
refuse(const char *program, const char *cause)
{
	struct cmdline cmdline;
	struct output output;
	struct context context = { .program = program, .output = &output };
	struct output_state state = { 0, false };

	memset(&cmdline, 0, sizeof(cmdline));
	output_init(&output, &cmdline, &state);
	command_usage_error(&context, cause_text(cause));
	return STATUS_USAGE;
}

/* A script with a broken configuration gets no further. */
static int
refuse_configuration(struct session *session)
{
	char *first = problems_first(&session->problems);
	int status = refuse(session->context.program, first);

	free(first);
	return status;
}

/* Ends as the signal would have ended us, the terminal being restored. */
static int
end_by(int signo)
{
#ifdef COVERAGE
	__gcov_dump(); /* whoever ends by a signal is not counted */
#endif
	signal(signo, SIG_DFL);
	raise(signo);
	return 128 + signo;
}

/* --help and --version. */
static int
explain(struct session *session)
{
	if (session->cmdline.help)
		help_usage(&session->context);
	else
		help_version(&session->context);
	return output_finish(&session->output) ? STATUS_DONE : STATUS_FAILED;
}

/* The command of the command line, then what a script holds. */
static int
run_batch(struct session *session)
{
	const struct cmdline *cmdline = &session->cmdline;
	int status = STATUS_DONE;

	if (session->problems.errors > 0)
		return refuse_configuration(session);
	if (cmdline->count > 0)
		status = run_words(session, cmdline->count, cmdline->word);
	if (status != STATUS_DONE && !cmdline->keep_going)
		return status;
	return batch_run(session);
}

static int
run_session(struct session *session)
{
	const struct cmdline *cmdline = &session->cmdline;
	int status = STATUS_DONE, signo = 0;

	if (cmdline->help || cmdline->version)
		status = explain(session);
	else if (!session->interactive)
		status = run_batch(session);
	else
		signo = session_interact(session);
	session_close(session);
	return signo != 0 ? end_by(signo) : status;
}

int
main(int argc, char **argv)
{
	const char *program = argc > 0 ? argv[0] : "zdaemon";
	struct cmdline cmdline;
	struct session session;
	char *cause = NULL;
	int status;

	begin_process();
	choose_locale();
	if (cmdline_parse(&cmdline, argc, argv, &cause) == -1)
		status = refuse(program, cause);
	else if (session_open(&session, program, &cmdline, &cause) == -1) {
		status = refuse(program, cause);
		session_close(&session);
	} else
		status = run_session(&session);
	free(cause);
	return status;
}
