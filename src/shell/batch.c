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
batch_line(struct session *session, const char *line, int *failure)
{
	int status = run_line(session, line);
	bool written = output_finish(&session->output);

	if (session->interrupted || loop_take(session->loop, SIGINT)) {
		*failure = STATUS_INTERRUPTED;
		return false;
	}
	if (!written && status == STATUS_DONE)
		status = STATUS_FAILED;
	if (status != STATUS_DONE)
		*failure = status;
	return !session->quit && !output_broken(&session->output) &&
	    (status == STATUS_DONE || session->cmdline.keep_going);
}

/* A line is no text: the half of it is not run. */
static bool
batch_refuse(struct session *session, int number, int *failure)
{
	output_error(&session->output,
	    "Error: line %d holds a NUL byte and is not run", number);
	*failure = session->context.status = STATUS_USAGE;
	return session->cmdline.keep_going;
}

static int
batch_text(struct session *session, const char *lines)
{
	char *copy = strdup(lines), *next = copy, *line;
	int failure = STATUS_DONE;

	while (next != NULL && (line = strsep(&next, "\n")) != NULL)
		if (!batch_line(session, line, &failure))
			break;
	free(copy);
	return failure;
}

static int
batch_input(struct session *session)
{
	int failure = STATUS_DONE, number = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	setvbuf(stdin, NULL, _IONBF, 0);
	while ((len = getline(&line, &size, stdin)) != -1) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		number++;
		if (!(strlen(line) == (size_t)len ?
			    batch_line(session, line, &failure) :
			    batch_refuse(session, number, &failure)))
			break;
	}
	if (len == -1 && loop_take(session->loop, SIGINT))
		failure = STATUS_INTERRUPTED;
	free(line);
	return failure;
}

int
batch_run(struct session *session)
{
	if (session->cmdline.batch != NULL)
		return batch_text(session, session->cmdline.batch);
	return batch_input(session);
}
