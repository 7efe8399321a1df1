/*
 * Commands from a script.  Standard input is read no further than the line
 * that is run, so that a command may read what follows.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/batch.h"
#include "shell/loop.h"
#include "shell/run.h"
#include "shell/session.h"

#define STATUS_INTERRUPTED (128 + SIGINT)

/* Runs a line; whether the batch goes on. */
static bool
batch_line(struct session *session, const char *line, struct tally *tally)
{
	int status = run_line(session, line);
	bool written = output_finish(&session->output), failed;

	if (session->interrupted || loop_take(session->loop, SIGINT)) {
		tally->failure = STATUS_INTERRUPTED;
		return false;
	}
	if (!written && status == STATUS_DONE)
		status = STATUS_FAILED;
	failed = run_count(session, status, tally);
	return !session->quit && !output_broken(&session->output) &&
	    (!failed || session->cmdline.keep_going);
}

/* A line is no text: the half of it is not run. */
static bool
batch_refuse(struct session *session, int number, struct tally *tally)
{
	output_error(&session->output,
	    "Error: line %d holds a NUL byte and is not run", number);
	tally->failure = session->context.status = STATUS_USAGE;
	return session->cmdline.keep_going;
}

static void
batch_text(struct session *session, const char *lines, struct tally *tally)
{
	char *copy = strdup(lines), *next = copy, *line;

	while (next != NULL && (line = strsep(&next, "\n")) != NULL)
		if (!batch_line(session, line, tally))
			break;
	free(copy);
}

static void
batch_input(struct session *session, struct tally *tally)
{
	int number = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	setvbuf(stdin, NULL, _IONBF, 0);
	while ((len = getline(&line, &size, stdin)) != -1) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		number++;
		if (!(strlen(line) == (size_t)len ?
			    batch_line(session, line, tally) :
			    batch_refuse(session, number, tally)))
			break;
	}
	if (len == -1 && loop_take(session->loop, SIGINT))
		tally->failure = STATUS_INTERRUPTED;
	free(line);
}

int
batch_run(struct session *session)
{
	struct tally tally = { STATUS_DONE, STATUS_DONE };

	if (session->cmdline.batch != NULL)
		batch_text(session, session->cmdline.batch, &tally);
	else
		batch_input(session, &tally);
	return run_total(session, &tally);
}
