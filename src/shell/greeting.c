/*
 * The greeting: the program and its state as zdaemon tells them, then what an
 * operator would ask for first.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/logs.h"
#include "control/output.h"
#include "control/peer.h"
#include "control/report.h"
#include "shell/greeting.h"
#include "shell/seen.h"
#include "shell/session.h"

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

static void
show_state(const struct session *session)
{
	const struct context *context = &session->context;
	struct report report;

	report_ask(&report, context);
	peer_warn(context, &report);
	report_line(context, &report);
	if (session->output.terminal)
		report_brief(context, &report);
	report_free(&report);
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
		if (strncmp(path, cwd, len) == 0 && path[len] == '/')
			path += len + 1;
		news = seen_news(session->seen);
		output_line(&session->output, "  %-11s %s%s%s", "log", path,
		    news != NULL ? ", " : "", news != NULL ? news : "");
		free(news);
	}
	logs_free(&logs);
}

/* As much as fits a row. */
static void
show_hint(const struct session *session)
{
	static const char *const painted[] = {
		"Tab completes, F1 explains, help lists, "
		"^D leaves; the program keeps running",
		"Tab completes, F1 explains, help lists, ^D leaves",
		"Tab completes, F1 explains, ^D leaves",
	};
	size_t i;

	if (!session_can_paint(session)) {
		output_line(
		    &session->output, "help lists the commands, ^D leaves");
		return;
	}
	for (i = 0; i < sizeof(painted) / sizeof(painted[0]); i++)
		if (strlen(painted[i]) < (size_t)session->output.columns) {
			output_line(&session->output, "%s", painted[i]);
			return;
		}
}

void
greeting_show(struct session *session)
{
	if (session->problems.errors > 0) {
		session_tell(session, &session->problems);
		output_error(&session->output,
		    "The session is open; mend the configuration and reload, "
		    "or see check and help.");
		return;
	}
	show_program(session);
	show_state(session);
	if (!session->output.terminal)
		return;
	show_log(session);
	seen_note(session->seen);
	show_hint(session);
}
