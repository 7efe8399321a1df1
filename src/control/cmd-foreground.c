/*
 * foreground: the program here, with our terminal.  We wait until it is gone
 * and return its status.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/peer.h"
#include "control/rights.h"
#include "control/ui.h"
#include "options/environment.h"
#include "options/options.h"
#include "options/paths.h"
#include "options/schedule.h"
#include "options/systemlog.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "process/refusal.h"

static int
refuse(const struct context *context, const char *what, int error)
{
	bool there = strchr(what, '/') && access(what, F_OK) == 0;
	char why[600];

	output_error(context->output, "unable to execute '%s': %s", what,
	    refusal_text(what, error, why, sizeof why));
	return error == ENOENT && !there ? STATUS_NOT_FOUND :
					   STATUS_NOT_EXECUTABLE;
}

/* Runs what has been prepared, with the terminal. */
static int
run(const struct context *context, const struct child *child)
{
	const struct ui *ui = context->ui;
	struct child_process process;
	struct child_error error;
	struct schedule schedule;
	int status;

	schedule_of(&schedule, context->runner);
	ui->lend(ui->data);
	if (child_spawn(&process, child) == -1) {
		status = refuse(context, child->file, errno);
	} else {
		status = ui->attend(ui->data, &process, &schedule);
		if (child_outcome(&process, &error) == -1)
			status = refuse(context, child->file, error.error);
		child_forget(&process);
	}
	ui->regain(ui->data);
	return status;
}

/* The words joined by blanks, as zdaemon shows them. */
static void
print_words(const struct output *output, const struct words *words)
{
	char *line = xstrdup(words->word[0]);

	for (size_t i = 1; i < words->count; i++) {
		char *longer = xasprintf("%s %s", line, words->word[i]);

		free(line);
		line = longer;
	}
	output_line(output, "%s", line);
	output_flush(output);
	free(line);
}

static int
run_words(const struct context *context, const struct words *words)
{
	char **environment = environment_make(&context->runner->environment);
	struct rights rights;
	struct child child = { .argv = words->word,
		.envp = environment,
		.in = -1,
		.out = -1,
		.err = -1,
		.apart = !descriptors_have_terminal(),
		.hold = true,
		.umask = -1 };
	char *file, *cause = NULL;
	int status;

	if (!environment) {
		output_error(context->output, "out of memory");
		return STATUS_FAILED;
	}
	print_words(context->output, words);
	file = child_find(
	    words->word[0], environment_get(environment, "PATH"), NULL);
	if (!file) {
		status = refuse(context, words->word[0], errno);
	} else if (rights_find(&rights, context->runner, &cause) == -1) {
		output_error(context->output, "Error: %s", cause_text(cause));
		free(cause);
		status = STATUS_FAILED;
	} else {
		child.file = file;
		child.drop = rights.uid != (uid_t)-1;
		child.uid = rights.uid;
		child.gid = rights.gid;
		child.group = rights.group;
		child.groups = rights.groups;
		status = run(context, &child);
	}
	free(file);
	environment_free(environment);
	return status;
}

/*
 * What a daemon prints can be looked at all the same: an operator is asked.
 * An exit status.
 */
static int
offer_transcript(struct context *context)
{
	char logtail[] = "logtail", *word[] = { logtail, NULL, NULL };
	int status = STATUS_FAILED;

	if (!context->careful || !context->runner->transcript ||
	    systemlog_named(context->runner->transcript))
		return status;
	if (!context->ui->confirm(
		context->ui->data, "follow its transcript instead?"))
		return status;
	word[1] = paths_transcript(context->runner, context->cwd);
	if (word[1])
		status = command_run(context, 2, word);
	free(word[1]);
	return status;
}

/* Whether the daemon runs, as far as can be seen. */
static bool
is_running(struct context *context, int *status)
{
	struct report report;
	bool running;

	if (!peer_report(context, &report, status))
		return true;
	running = report.orphaned ||
	    (report.result == CLIENT_OK && report.status.application != 0);
	report_free(&report);
	if (running)
		output_line(context->output,
		    "To run the program in the foreground, please stop it "
		    "first.");
	*status = running ? offer_transcript(context) : STATUS_FAILED;
	return running;
}

int
cmd_foreground(struct context *context, const struct invocation *invocation)
{
	struct words words = { NULL, 0 };
	char *cause = NULL;
	int status;

	if (is_running(context, &status))
		return status;
	if (rights_directories(context->runner, context->client.socket,
		context->cwd, &cause) == -1) {
		output_error(context->output, "Error: %s", cause_text(cause));
		free(cause);
		return STATUS_FAILED;
	}
	if (words_copy(&words, &context->runner->program) == 0) {
		for (int i = 0; i < invocation->count; i++)
			xwords_add(&words, invocation->operand[i]);
		status = run_words(context, &words);
	}
	words_free(&words);
	return status;
}
