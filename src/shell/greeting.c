/*
 * The greeting: the program and its state as zdaemon tells them, then what an
 * operator would ask for first.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "control/logs.h"
#include "control/output.h"
#include "control/peer.h"
#include "control/report.h"
#include "shell/editor.h"
#include "shell/greeting.h"
#include "shell/seen.h"
#include "shell/session.h"

#define NAME_WIDTH 14 /* columns of a row's name, as report.c has it */

static void
show_program(const struct session *session)
{
	const struct words *program = &session->runner.program;
	size_t i;

	if (program->count == 0)
		return;
	output_part(&session->output, "program:");
	for (i = 0; i < program->count; i++)
		output_part(&session->output, " %s", program->word[i]);
	output_line(&session->output, "%s", "");
}

/* What is to be done first about a program that is down; "": nothing. */
static const char *
show_state(const struct session *session)
{
	const struct context *context = &session->context;
	struct report report;
	bool down;

	report_ask(&report, context);
	peer_warn(context, &report);
	report_line(context, &report);
	if (session->output.terminal)
		report_brief(context, &report);
	down = report.result == CLIENT_NOT_RUNNING ||
	    (report.result == CLIENT_OK && report.status.application == 0 &&
		!report.status.should_be_up);
	report_free(&report);
	if (!down)
		return "";
	return session->runner.program.count > 0 ?
	    "start brings it up; " :
	    "reload -C FILE names a program; ";
}

/* The row of a log; what is new in it is told as fully as the row allows. */
static void
print_log(const struct output *output, const char *path, const char *news)
{
	char *full = xasprintf("%s, %s since the last session", path, news);

	if (NAME_WIDTH + strlen(full) > (size_t)output->columns)
		full[strlen(path) + 2 + strlen(news)] = '\0';
	output_line(output, "  %-11s %s", "log", news[0] ? full : path);
	free(full);
}

/* The log that logtail would show, if it is there. */
static void
show_log(const struct session *session)
{
	const char *cwd = session->context.cwd, *path;
	size_t len = strlen(cwd);
	struct logs logs;
	char *news;

	logs_known(&logs, &session->runner, cwd);
	if (logs.count > 0 && access(logs.log[0].path, R_OK) == 0) {
		path = logs.log[0].path;
		news = seen_news(session->seen, path);
		if (strncmp(path, cwd, len) == 0 && path[len] == '/')
			path += len + 1;
		print_log(&session->output, path, news != NULL ? news : "");
		free(news);
	}
	logs_free(&logs);
}

/* What to do first, as much as fits a row. */
static void
show_hint(const struct session *session, const char *first)
{
	static const char *const keys[] = {
		"Tab completes, F1 explains, help lists, "
		"^D leaves; the program keeps running",
		"Tab completes, F1 explains, help lists, ^D leaves",
		"Tab completes, F1 explains, ^D leaves",
		"Tab, F1, help, ^D leaves",
	};
	size_t i, columns = (size_t)session->output.columns;

	if (editor_is_plain(session->editor)) {
		output_line(&session->output,
		    "%shelp lists the commands, Tab and Enter what fits, "
		    "^D leaves",
		    first);
		return;
	}
	for (i = *first != '\0'; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(first) + strlen(keys[i]) < columns) {
			output_line(&session->output, "%s%s", first, keys[i]);
			return;
		}
}

/* The terminal that TERM names is unknown: said, in case it looks odd. */
static void
show_assumption(const struct session *session)
{
	const struct output *output = &session->output;

	if (!editor_is_assuming(session->editor))
		return;
	if (output->color)
		fputs("\033[2m", stdout);
	output_part(output, "no terminfo entry for TERM=%s: treated as xterm",
	    getenv("TERM"));
	puts(output->color ? "\033[m" : "");
}

void
greeting_show(struct session *session)
{
	const char *first;

	if (session->problems.errors > 0) {
		session_tell(session, &session->problems);
		output_error(&session->output,
		    "The session is open; fix the configuration and reload, "
		    "or see check and help.");
		return;
	}
	show_program(session);
	first = show_state(session);
	if (!session->output.terminal)
		return;
	show_log(session);
	seen_note(session->seen);
	show_assumption(session);
	show_hint(session, first);
}
