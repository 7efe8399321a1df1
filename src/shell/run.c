/*
 * Runs lines: chains, pipes, files, the shell.
 *
 * - A pipe and a file get what the command prints and nothing else; what goes
 *   wrong is told on the terminal.
 * - The reader of a pipe stays in our process group, as a pager must: it may
 *   use the terminal, ^C and ^Z reach both.  A command of `!` gets a group of
 *   its own.
 * - What we start becomes the configured user first.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/rights.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "shell/editor.h"
#include "shell/language.h"
#include "shell/loop.h"
#include "shell/run.h"
#include "shell/session.h"

#define SHELL_DEFAULT "/bin/sh"

extern char **environ;

static const struct command *
find_command(const char *word)
{
	const struct command *command;

	if (command_find(word, COMMAND_SESSION, &command) != LOOKUP_FOUND)
		return NULL;
	return command;
}

bool
run_is_verbatim(const char *word)
{
	const struct command *command = find_command(word);

	return command != NULL && command->run == cmd_shell;
}

/* --- one command --------------------------------------------------------- */

int
run_words(struct session *session, int count, char **word)
{
	const struct command *command = find_command(word[0]);
	int status;

	session->interrupted = false;
	/* The terminal may have another width by now. */
	output_init(&session->output, &session->cmdline);
	if (command != NULL && command->run == cmd_foreground && count == 1 &&
	    session->foreground.count > 0)
		return foreground_continue(&session->foreground);
	/* As before the command of a one-shot. */
	if (count > 1 && strcmp(word[0], "-y") == 0) {
		session->context.careful = false;
		count--;
		word++;
	}
	status = command_run(&session->context, count, word);
	session->context.careful = session->interactive;
	if (session->editor != NULL)
		editor_progress(session->editor, NULL);
	return status;
}

/* --- where its output goes ----------------------------------------------- */

/* Runs a command with its output into out, which is closed. */
static int
run_into(struct session *session, const struct segment *segment, FILE *out)
{
	struct output output = session->output;
	int status;

	output.out = out;
	output.terminal = false;
	output.color = session->cmdline.color == COLOR_ALWAYS;
	session->context.output = &output;
	status = run_words(
	    session, (int)segment->words.count, segment->words.word);
	if (!output_finish(&output) && status == STATUS_DONE)
		status = STATUS_FAILED;
	session->context.output = &session->output;
	fclose(out);
	return status;
}

static int
run_to_file(struct session *session, const struct segment *segment)
{
	FILE *out = fopen(segment->file, segment->append ? "ae" : "we");

	if (out == NULL) {
		output_error(&session->output, "unable to open '%s': %s",
		    segment->file, strerror(errno));
		return STATUS_FAILED;
	}
	return run_into(session, segment, out);
}

/* What `sh -c text` needs to run, as the configured user. */
static int
describe_shell(struct session *session, const char *text, struct child *child,
    struct rights *rights, char **argv, char **cause)
{
	static char option[] = "-c";
	const char *shell = getenv("SHELL");

	memset(child, 0, sizeof(*child));
	if (rights_find(rights, &session->runner, cause) == -1)
		return -1;
	if (shell == NULL || shell[0] != '/')
		shell = SHELL_DEFAULT;
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

/* Starts a shell; 0, or an exit status with the complaint made. */
static int
start_shell(struct session *session, const char *text, int in, bool hold,
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

/* Says why a shell did not start, if it did not. */
static void
tell_outcome(struct session *session, struct child_process *process)
{
	struct child_error error;

	if (child_outcome(process, &error) == -1)
		output_error(&session->output,
		    "unable to run the shell: %s: %s", error.step,
		    strerror(error.error));
	child_forget(process);
}

static int
run_to_pipe(struct session *session, const struct segment *segment)
{
	struct child_process process;
	int fd[2], status, reader;
	FILE *out;

	if (descriptors_pipe(fd) == -1 || (out = fdopen(fd[1], "w")) == NULL) {
		output_error(&session->output, "unable to make a pipe: %s",
		    strerror(errno));
		return STATUS_FAILED;
	}
	foreground_lend(&session->foreground);
	status = start_shell(session, segment->pipe, fd[0], false, &process);
	close(fd[0]);
	if (status == 0) {
		status = run_into(session, segment, out);
		reader = foreground_join(&session->foreground, process.pid);
		tell_outcome(session, &process);
		if (status == STATUS_DONE)
			status = reader;
	} else
		fclose(out);
	foreground_regain(&session->foreground);
	return status;
}

int
run_shell(struct session *session, const char *text)
{
	struct child_process process;
	int status;

	foreground_lend(&session->foreground);
	status = start_shell(session, text, -1, true, &process);
	if (status == 0) {
		status = foreground_attend(&session->foreground, &process);
		tell_outcome(session, &process);
	}
	foreground_regain(&session->foreground);
	return status;
}

/* --- a line -------------------------------------------------------------- */

static int
run_segment(struct session *session, const struct segment *segment)
{
	int status;

	if (segment->pipe == NULL && segment->file == NULL)
		return run_words(
		    session, (int)segment->words.count, segment->words.word);
	status = segment->pipe != NULL ? run_to_pipe(session, segment) :
					 run_to_file(session, segment);
	/* The newline that follows the ^C went where the output goes. */
	if (session->interrupted)
		output_line(&session->output, "%s", "");
	return status;
}

int
run_line(struct session *session, const char *line)
{
	struct script script;
	char *cause = NULL;
	int status = STATUS_DONE;
	size_t i;

	if (language_parse(&script, line, run_is_verbatim, &cause) == -1) {
		output_error(&session->output, "Error: %s", cause_text(cause));
		free(cause);
		return STATUS_USAGE;
	}
	for (i = 0; i < script.count && !session->quit; i++) {
		status = run_segment(session, &script.segment[i]);
		if (status != STATUS_DONE || session->interrupted)
			break;
	}
	script_free(&script);
	return status;
}
