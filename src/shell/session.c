/*
 * A session: opened whatever the configuration is, greeted, and then one line
 * after another: prompt, read, run.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "control/client.h"
#include "control/logs.h"
#include "options/load.h"
#include "shell/asking.h"
#include "shell/builtins.h"
#include "shell/editor.h"
#include "shell/editrc.h"
#include "shell/greeting.h"
#include "shell/history.h"
#include "shell/language.h"
#include "shell/live.h"
#include "shell/loop.h"
#include "shell/outcome.h"
#include "shell/run.h"
#include "shell/seen.h"
#include "shell/session.h"
#include "shell/source.h"
#include "shell/terminal.h"

#define INTERRUPTS_LOST 2 /* in a row, at an empty line */
#define TURNS           16 /* in the background, one after another */

/* --- opening and closing ------------------------------------------------- */

/* What a changed setting changes at once. */
static void
apply_setting(void *data, enum setting setting)
{
	static const enum color colors[] = {
		[SET_COLOR_AUTO] = COLOR_AUTO,
		[SET_COLOR_ALWAYS] = COLOR_ALWAYS,
		[SET_COLOR_NEVER] = COLOR_NEVER,
	};
	static const char *const modes[] = {
		[SET_MODE_AUTO] = NULL,
		[SET_MODE_EMACS] = "emacs",
		[SET_MODE_VI] = "vi",
	};
	struct session *session = data;

	if (setting == SETTING_COLOR)
		session->cmdline.color = colors[settings_choice(
		    &session->settings, setting)];
	if (setting == SETTING_MODE && session->editor != NULL)
		editor_set_mode(session->editor,
		    modes[settings_choice(&session->settings, setting)]);
	if (setting == SETTING_HISTORY && session->past != NULL)
		history_limit(session->past,
		    (size_t)settings_amount(&session->settings, setting));
}

/* Options of the command line that are settings too. */
void
session_take_options(struct session *session)
{
	static const char *const colors[] = {
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};
	const struct cmdline *cmdline = &session->cmdline;

	if (cmdline->color != COLOR_AUTO)
		settings_set(&session->settings, SETTING_COLOR,
		    colors[cmdline->color], "command line", NULL);
	else
		apply_setting(session, SETTING_COLOR);
	if (cmdline->yes)
		settings_set(&session->settings, SETTING_CONFIRM, "off",
		    "command line", NULL);
}

static void
init_settings(struct session *session)
{
	settings_init(&session->settings);
	session->settings.changed = apply_setting;
	session->settings.data = session;
	session->context.settings = &session->settings;
	session->context.aliases = &session->aliases;
	session_take_options(session);
}

int
session_open(struct session *session, const char *program,
    const struct cmdline *cmdline, char **cause)
{
	struct context *context = &session->context;

	memset(session, 0, sizeof(*session));
	session->cmdline = *cmdline;
	session->interactive = cmdline->batch == NULL && isatty(STDIN_FILENO);
	output_init(&session->output, &session->cmdline, &session->printed);
	context->program = program;
	context->cmdline = &session->cmdline;
	context->runner = &session->runner;
	context->problems = &session->problems;
	context->output = &session->output;
	context->session = true;
	context->careful = session->interactive;
	init_settings(session);
	asking_init(session);
	builtins_init(session);
	problems_init(&session->problems);
	options_load(&session->runner, &session->cmdline, &session->problems);
	session->loaded = true;
	if ((context->cwd = path_here()) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	session->loop = loop_new(session->interactive, cause);
	session->foreground.loop = session->loop;
	session->foreground.output = &session->output;
	return session->loop == NULL ? -1 : context_aim(context, cause);
}

void
session_close(struct session *session)
{
	foreground_end(&session->foreground);
	live_free(session->live);
	editor_free(session->editor);
	history_free(session->past);
	history_free(session->filters);
	seen_free(session->seen);
	loop_free(session->loop);
	context_free(&session->context);
	free(session->context.cwd);
	if (session->loaded) {
		runner_free(&session->runner);
		problems_free(&session->problems);
	}
	settings_free(&session->settings);
	aliases_free(&session->aliases);
	cmdline_free(&session->cmdline);
	words_free(&session->words);
}

void
session_tell(struct session *session, const struct problems *problems)
{
	const struct problem *problem;
	char *text;
	size_t i;

	for (i = 0; i < problems->count; i++) {
		problem = &problems->problem[i];
		if (problem->severity == SEVERITY_NOTICE)
			continue;
		text = problem_text(problem);
		output_error(&session->output, "%s: %s",
		    problem->severity == SEVERITY_ERROR ? "Error" : "warning",
		    cause_text(text));
		free(text);
	}
}

/* --- an operator at a terminal ------------------------------------------- */

static bool
is_in_background(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	return group != -1 && group != getpgrp();
}

/*
 * As a shell does: one that is put in the background waits for its turn; false
 * where nobody could give it one, and nothing stops us.
 */
static bool
await_foreground(void)
{
	int turn;

	for (turn = 0; turn < TURNS && is_in_background(); turn++)
		if (kill(0, SIGTTIN) == -1)
			return false;
	return turn < TURNS;
}

static void
open_history(struct session *session, const char *owner)
{
	char *cause = NULL;

	session->past = history_new();
	if (history_open(session->past, owner, &cause) == -1)
		output_error(&session->output, "history is not kept: %s",
		    cause_text(cause));
	free(cause);
}

/* The log that logtail would show. */
static void
open_seen(struct session *session, const char *owner)
{
	char *cause = NULL;
	struct logs logs;

	logs_known(&logs, &session->runner, session->context.cwd);
	if (logs.count > 0)
		session->seen = seen_new(owner, logs.log[0].path, &cause);
	if (cause != NULL)
		output_error(&session->output,
		    "what is new in the log is not known: %s", cause);
	free(cause);
	logs_free(&logs);
}

/* What outlives a session belongs to its configuration, or its socket. */
static void
open_memory(struct session *session)
{
	const char *config = session->cmdline.config;
	char *owner = config != NULL ? path_absolute(config) :
				       strdup(session->context.client.socket);

	if (owner == NULL)
		owner = xstrdup("zdaemon");
	open_history(session, owner);
	open_seen(session, owner);
	free(owner);
}

bool
session_can_paint(const struct session *session)
{
	return !session->cmdline.plain && isatty(STDOUT_FILENO) &&
	    !terminal_is_dumb();
}

/* The user's own keys, to be freed; NULL: there are none. */
static char *
read_editrc(struct session *session)
{
	char *cause = NULL, *text = editrc_read(&cause);

	if (cause != NULL)
		output_error(&session->output, "%s", cause);
	free(cause);
	return text;
}

static void
open_editor(struct session *session)
{
	struct editor_setup setup = {
		.loop = session->loop,
		.past = session->past,
		.advisor = { &session->context, session->past },
		.editrc = read_editrc(session),
		.plain = session->cmdline.plain || !isatty(STDOUT_FILENO),
	};
	struct live_setup live = {
		.loop = session->loop,
		.client = &session->context.client,
		.runner = &session->runner,
		.output = &session->output,
		.settings = &session->settings,
	};

	session->editor = editor_new(&setup);
	session->foreground.editor = session->editor;
	session->foreground.terminal = true;
	live.editor = session->editor;
	session->live = live_new(&live);
	session->context.watch = live_watch(session->live);
}

static void
show_status(struct session *session)
{
	char status[] = "status", *word[] = { status, NULL };

	run_words(session, 1, word);
}

static bool
is_blank(const char *line)
{
	return line[strspn(line, " \t")] == '\0';
}

static void
remember(struct session *session, const char *line)
{
	char *cause = NULL;

	if (history_add(session->past, line, &cause) == -1)
		output_error(&session->output, "history is not kept: %s",
		    cause_text(cause));
	free(cause);
}

/* Completion leaves a blank behind, which makes no other line. */
static void
trim_end(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t') &&
	    (len < 2 || line[len - 2] != '\\'))
		line[--len] = '\0';
}

static const char *
find_past(void *data, long number)
{
	const struct session *session = data;

	return history_find(session->past, number);
}

/*
 * The line with those that it recalls, which are shown before they run; NULL
 * if there are none, which is told.
 */
static char *
recall(struct session *session, const char *line)
{
	char *recalled = NULL, *cause = NULL;

	switch (language_recall(
	    line, run_is_verbatim, find_past, session, &recalled, &cause)) {
	case 0:
		return xstrdup(line);
	case 1:
		output_line(&session->output, "%s", recalled);
		return recalled;
	default:
		output_error(&session->output, "Error: %s", cause_text(cause));
		free(cause);
		session->context.status = STATUS_USAGE;
		return NULL;
	}
}

/* Tells how a line ended, where that is not a matter of course. */
static void
tell_outcome(const struct session *session, int status)
{
	const struct settings *settings = &session->settings;
	int64_t threshold = settings_choice(settings, SETTING_TIMING) ==
		SET_TIMING_OFF ?
	    -1 :
	    settings_amount(settings, SETTING_TIMING);
	char text[64];

	outcome_show(status, session->elapsed, threshold, text, sizeof(text));
	if (text[0] == '\0' || session->quit || !session->output.terminal)
		return;
	if (session->output.color)
		printf("\033[%sm%s\033[m\n", status != 0 ? "31" : "2", text);
	else
		puts(text);
}

/* Where there is no menu, a Tab before Enter lists what could stand there. */
static void
list_candidates(struct session *session, const char *line)
{
	struct advisor advisor = { &session->context, session->past };
	struct candidates found;
	size_t i;

	memset(&found, 0, sizeof(found));
	advice_complete(&advisor, line, &found);
	for (i = 0; i < found.count; i++)
		output_line(&session->output, "  %-18s %s",
		    found.candidate[i].text,
		    found.candidate[i].about != NULL ?
			found.candidate[i].about :
			"");
	if (found.count == 0)
		output_line(&session->output, "nothing more fits here");
	candidates_free(&found);
}

/* Whether it ends in a Tab, which is taken off. */
static bool
take_tab(char *line)
{
	size_t len = strlen(line);

	if (len == 0 || line[len - 1] != '\t')
		return false;
	while (len > 0 && line[len - 1] == '\t')
		line[--len] = '\0';
	return true;
}

/* What could not be written is told of this line, not of the next as well. */
static void
finish_line(struct session *session)
{
	output_finish(&session->output);
	session->printed.error = 0;
	clearerr(stdout);
}

/* Runs what was typed. */
static void
obey(struct session *session, char *line)
{
	int status = STATUS_USAGE;
	char *whole;

	if (editor_is_plain(session->editor) && take_tab(line)) {
		list_candidates(session, line);
		finish_line(session);
		return;
	}
	trim_end(line);
	if (is_blank(line))
		show_status(session);
	else {
		session->elapsed = 0;
		if ((whole = recall(session, line)) != NULL) {
			remember(session, whole);
			status = run_line(session, whole);
		}
		tell_outcome(session, status);
		free(whole);
	}
	finish_line(session);
}

/* Who presses ^C at an empty line again and again looks for the way out. */
static void
count_interrupts(struct session *session, bool empty)
{
	session->interrupts = empty ? session->interrupts + 1 : 0;
	if (session->interrupts == INTERRUPTS_LOST)
		output_line(&session->output,
		    "^D or quit leaves; the program keeps running");
}

/* Reads and runs one line; whether the session goes on. */
static bool
converse(struct session *session, bool *gone)
{
	enum editor_result result;
	char *line = NULL;

	/* Colours and width may be others by now. */
	output_init(&session->output, &session->cmdline, &session->printed);
	live_prompt(session->live);
	result = editor_read(session->editor, &line);
	foreground_turn(&session->foreground);
	count_interrupts(session, result == EDITOR_CANCELLED && is_blank(line));
	if (result == EDITOR_LINE)
		obey(session, line);
	free(line);
	*gone = result == EDITOR_GONE;
	if (result == EDITOR_END)
		return !foreground_may_leave(&session->foreground);
	return !*gone && !session->quit;
}

/* The signal that ended the session; a closed terminal is a hang-up. */
static int
ending(struct session *session, bool gone)
{
	if (loop_pending(session->loop, SIGTERM))
		return SIGTERM;
	return gone || loop_pending(session->loop, SIGHUP) ? SIGHUP : 0;
}

int
session_interact(struct session *session)
{
	bool gone = false;

	if (!await_foreground())
		return SIGHUP;
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	open_memory(session);
	open_editor(session);
	source_startup(session);
	if (session->cmdline.count > 0)
		run_words(
		    session, session->cmdline.count, session->cmdline.word);
	greeting_show(session);
	while (ending(session, gone) == 0 && converse(session, &gone))
		;
	seen_note(session->seen);
	return ending(session, gone);
}
