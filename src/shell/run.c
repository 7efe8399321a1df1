/*
 * Runs lines: chains, aliases, pipes, files.
 *
 * - A line is looked at as a whole before anything of it runs.  Each command
 *   is then read anew when its turn comes: $? and aliases are what they are
 *   by then.
 * - A pipe and a file get what the command prints and nothing else; what goes
 *   wrong is told on the terminal.
 * - The reader of a pipe stays in our process group, as a pager must: it may
 *   use the terminal, ^C and ^Z reach both.  A command of `!` gets a group of
 *   its own.
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
#include "base/clock.h"
#include "base/xmalloc.h"
#include "control/alias.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "shell/editor.h"
#include "shell/language.h"
#include "shell/live.h"
#include "shell/loop.h"
#include "shell/pager.h"
#include "shell/run.h"
#include "shell/session.h"
#include "shell/subshell.h"

/* The aliases that a text came out of. */
struct expansion {
	const char *name;
	const struct expansion *above;
};

static int run_text(
    struct session *session, const char *text, const struct expansion *above);

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

	return command != NULL && (command->where & COMMAND_VERBATIM);
}

/* --- one command --------------------------------------------------------- */

/* What is gathered for the screen is laid out for it, without colours. */
static void
look_like_terminal(struct output *output, size_t columns)
{
	output->terminal = output->error_terminal = true;
	output->columns = (int)columns;
	output->color = false;
}

/* Whether a command may run again and again. */
static bool
is_looking(const struct command *command)
{
	return (command->where & COMMAND_READS) || command->run == cmd_shell;
}

static int
refuse_to_repeat(struct session *session, const struct command *command)
{
	output_error(&session->output,
	    "Error: watch: %s does more than look, or does not end",
	    command->name);
	return STATUS_USAGE;
}

int
run_words(struct session *session, int count, char **word)
{
	const struct command *command;
	int status;

	session->interrupted = session->answered = false;
	/* The terminal may have another width by now. */
	output_init(&session->output, &session->cmdline, &session->printed);
	if (session->looking > 0)
		look_like_terminal(&session->output, session->looking);
	/* As before the command of a one-shot. */
	if (count > 1 && strcmp(word[0], "-y") == 0) {
		session->context.careful = false;
		count--;
		word++;
	}
	command = find_command(word[0]);
	if (session->live != NULL)
		live_command_begin(session->live,
		    command != NULL && (command->where & COMMAND_TELLS));
	if (session->looking > 0 && command != NULL && !is_looking(command))
		status = refuse_to_repeat(session, command);
	else if (command != NULL && command->run == cmd_foreground &&
	    count == 1 && session->foreground.count > 0)
		status = foreground_continue(&session->foreground);
	else
		status = command_run(&session->context, count, word);
	session->answered |= command != NULL && status != STATUS_DONE &&
	    status == command->answer;
	/* Perhaps only a write has noticed. */
	session->interrupted |= loop_pending(session->loop, SIGINT);
	if (session->live != NULL)
		live_command_end(session->live);
	session->context.careful = session->interactive;
	session->context.ran = command;
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
	struct output_state state = { 0, false };
	int status;

	output.out = out;
	output.state = &state;
	output.terminal = false;
	output.color = session->cmdline.color == COLOR_ALWAYS;
	session->context.output = &output;
	status = run_words(
	    session, (int)segment->words.count, segment->words.word);
	if (!output_finish(&output) && status == STATUS_DONE)
		status = STATUS_FAILED;
	session->interrupted |= loop_take(session->loop, SIGINT);
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
	loop_default_stop(session->loop, true);
	status = subshell_start(session, segment->pipe, fd[0], false, &process);
	close(fd[0]);
	if (status == 0) {
		status = run_into(session, segment, out);
		reader = foreground_join(&session->foreground, process.pid);
		subshell_tell(session, &process);
		if (status == STATUS_DONE)
			status = reader;
	} else
		fclose(out);
	loop_default_stop(session->loop, false);
	foreground_regain(&session->foreground);
	return status;
}

/* Runs a command and shows what it printed, a page at a time if need be. */
static int
run_paged(struct session *session, int count, char **word)
{
	struct output output;
	char *text = NULL;
	size_t size;
	int status;

	output_init(&session->output, &session->cmdline, &session->printed);
	output = session->output;
	if ((output.out = open_memstream(&text, &size)) == NULL)
		return run_words(session, count, word);
	session->context.output = &output;
	status = run_words(session, count, word);
	session->context.output = &session->output;
	fclose(output.out);
	pager_show(session, text);
	free(text);
	return status;
}

/* --- a line -------------------------------------------------------------- */

static int
run_segment(struct session *session, const struct segment *segment)
{
	int status, count = (int)segment->words.count;
	char **word = segment->words.word;
	const struct command *command = find_command(word[0]);

	if (segment->pipe == NULL && segment->file == NULL) {
		if (command != NULL && (command->where & COMMAND_READS) &&
		    pager_is_wanted(session))
			return run_paged(session, count, word);
		return run_words(session, count, word);
	}
	status = segment->pipe != NULL ? run_to_pipe(session, segment) :
					 run_to_file(session, segment);
	/* The newline that follows the ^C went where the output goes. */
	if (session->interrupted)
		output_line(&session->output, "%s", "");
	return status;
}

static int
refuse(struct session *session, char *cause)
{
	output_error(&session->output, "Error: %s", cause_text(cause));
	free(cause);
	return STATUS_USAGE;
}

static bool
is_above(const struct expansion *above, const char *name)
{
	for (; above != NULL; above = above->above)
		if (strcmp(above->name, name) == 0)
			return true;
	return false;
}

/* Runs the text of an alias with what stood behind its name. */
static int
run_alias(struct session *session, const char *name, const char *text,
    const char *rest, const struct expansion *above)
{
	struct expansion expansion = { name, above };
	char *cause = NULL, *whole;
	int status;

	if (is_above(above, name)) {
		cause_set(&cause, "the alias %s leads back to itself", name);
		return refuse(session, cause);
	}
	whole = xasprintf("%s%s", text, rest);
	status = run_text(session, whole, &expansion);
	free(whole);
	return status;
}

/* Runs one command, which part spells. */
static int
run_part(
    struct session *session, const char *part, const struct expansion *above)
{
	struct script script;
	const struct segment *segment;
	const char *text = NULL;
	char *cause = NULL;
	int status;

	if (language_parse(&script, part, session->context.status,
		run_is_verbatim, &cause) == -1)
		return refuse(session, cause);
	segment = &script.segment[0];
	if (segment->bare)
		text = aliases_find(&session->aliases, segment->words.word[0]);
	if (text != NULL)
		status = run_alias(session, segment->words.word[0], text,
		    part + segment->named, above);
	else
		status = run_segment(session, segment);
	script_free(&script);
	return status;
}

/* Whether a failure does not end what is run. */
static bool
goes_on(const struct session *session)
{
	return session->cmdline.keep_going &&
	    (!session->interactive || session->context.origin != NULL);
}

bool
run_count(const struct session *session, int status, struct tally *tally)
{
	bool failed = status != STATUS_DONE && !session->answered;

	if (failed)
		tally->failure = status;
	else if (status != STATUS_DONE)
		tally->answer = status;
	return failed;
}

int
run_total(struct session *session, const struct tally *tally)
{
	session->answered = tally->failure == STATUS_DONE &&
	    tally->answer != STATUS_DONE;
	return tally->failure != STATUS_DONE ? tally->failure : tally->answer;
}

static int
run_script(struct session *session, const char *text,
    const struct script *script, const struct expansion *above)
{
	struct tally tally = { STATUS_DONE, STATUS_DONE };
	bool failed;
	int status;
	size_t i;

	for (i = 0; i < script->count && !session->quit; i++) {
		const struct segment *segment = &script->segment[i];
		char *part = xstrndup(
		    text + segment->start, segment->end - segment->start);

		session->answered = false;
		status = run_part(session, part, above);
		free(part);
		session->context.status = status;
		failed = run_count(session, status, &tally);
		if (session->interrupted || (failed && !goes_on(session)))
			break;
	}
	return run_total(session, &tally);
}

static int
run_text(
    struct session *session, const char *text, const struct expansion *above)
{
	struct script script;
	char *cause = NULL;
	int status;

	if (language_parse(&script, text, session->context.status,
		run_is_verbatim, &cause) == -1) {
		session->context.ran = NULL;
		session->answered = false;
		session->context.status = refuse(session, cause);
		return session->context.status;
	}
	status = run_script(session, text, &script, above);
	script_free(&script);
	return status;
}

int
run_line(struct session *session, const char *line)
{
	int64_t begun = clock_mono_ms();
	int status;

	session->interrupted = false;
	session->looked = 0;
	status = run_text(session, line, NULL);
	session->elapsed = clock_mono_ms() - begun - session->looked;
	return status;
}
