/*
 * The commands that only a session has: reload, shell, watch, source, quit,
 * history.  Their rows are in the command table like all others.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/json.h"
#include "base/xmalloc.h"
#include "control/client.h"
#include "control/command.h"
#include "control/output.h"
#include "options/load.h"
#include "shell/builtins.h"
#include "shell/editor.h"
#include "shell/facts.h"
#include "shell/follower.h"
#include "shell/history.h"
#include "shell/live.h"
#include "shell/repeat.h"
#include "shell/session.h"
#include "shell/source.h"
#include "shell/subshell.h"

#define QUIT_WAIT 5000 /* ms for a supervisor without a program to leave */

static struct session *
session_of(struct context *context)
{
	return context->shell->data;
}

/* --- reload -------------------------------------------------------------- */

/* A configuration read anew, before it takes the place of the old one. */
struct fresh {
	struct cmdline cmdline;
	struct words words;
	struct runner runner;
	struct problems problems;
};

/* A command line of the operands, with -C config before them if given. */
static int
parse_words(struct session *session, const struct invocation *invocation,
    const char *config, struct fresh *fresh, char **cause)
{
	int i, bad;

	bad = words_add(&fresh->words, session->context.program);
	if (config != NULL && bad == 0)
		bad = words_add(&fresh->words, "-C") +
		    words_add(&fresh->words, config);
	for (i = 0; i < invocation->count && bad == 0; i++)
		bad = words_add(&fresh->words, invocation->operand[i]);
	if (bad == 0 &&
	    cmdline_parse(&fresh->cmdline, (int)fresh->words.count,
		fresh->words.word, cause) == 0)
		return 0;
	words_free(&fresh->words);
	return -1;
}

static void
drop_words(struct fresh *fresh)
{
	cmdline_free(&fresh->cmdline);
	words_free(&fresh->words);
}

/* The operands as a command line; the configuration stays if none is named. */
static int
fresh_cmdline(struct session *session, const struct invocation *invocation,
    struct fresh *fresh, char **cause)
{
	const char *config = session->cmdline.config;

	if (parse_words(session, invocation, NULL, fresh, cause) == -1)
		return -1;
	if (fresh->cmdline.config == NULL && config != NULL) {
		drop_words(fresh);
		if (parse_words(session, invocation, config, fresh, cause) ==
		    -1)
			return -1;
	}
	if (fresh->cmdline.count == 0)
		return 0;
	cause_set(cause, "'%s' is no option", fresh->cmdline.word[0]);
	drop_words(fresh);
	return -1;
}

/* Puts a configuration in place of the one there was. */
static void
adopt(struct session *session, struct fresh *fresh, bool options)
{
	char *cause = NULL;

	runner_free(&session->runner);
	session->runner = fresh->runner;
	problems_free(&session->problems);
	session->problems = fresh->problems;
	if (options) {
		cmdline_free(&session->cmdline);
		words_free(&session->words);
		session->cmdline = fresh->cmdline;
		session->words = fresh->words;
		session_take_options(session);
	}
	if (context_aim(&session->context, &cause) == -1)
		output_error(&session->output, "Error: %s", cause_text(cause));
	free(cause);
	if (session->live != NULL)
		live_reload(session->live);
}

static int
refuse_reload(struct session *session)
{
	output_line(&session->output, "Configuration not reloaded");
	return STATUS_USAGE;
}

/* The socket at which a supervisor runs now, to be freed; NULL: none does. */
static char *
find_supervised(const struct session *session)
{
	const struct facts *facts = session->live != NULL ?
	    live_facts(session->live) :
	    NULL;

	return facts != NULL && facts->known && facts->reach == CLIENT_OK ?
	    xstrdup(session->context.client.socket) :
	    NULL;
}

/* What has been reloaded is not what the one that runs was started with. */
static void
tell_supervised(const struct session *session, const char *socket)
{
	if (socket == NULL)
		return;
	if (strcmp(socket, session->context.client.socket) == 0)
		output_line(&session->output,
		    "the supervisor keeps what it was started with; shutdown "
		    "and start apply this");
	else
		output_line(&session->output,
		    "the supervisor at '%s' runs on, out of this session",
		    socket);
}

static int
reload(struct context *context, const struct invocation *invocation)
{
	struct session *session = session_of(context);
	bool options = invocation->count > 0;
	struct fresh fresh = { .cmdline = session->cmdline };
	char *cause = NULL, *supervised;

	if (options &&
	    fresh_cmdline(session, invocation, &fresh, &cause) == -1) {
		output_error(context->output, "Error: %s", cause_text(cause));
		free(cause);
		return refuse_reload(session);
	}
	problems_init(&fresh.problems);
	options_load(&fresh.runner, &fresh.cmdline, &fresh.problems);
	session_tell(session, &fresh.problems);
	if (fresh.problems.errors > 0) {
		runner_free(&fresh.runner);
		problems_free(&fresh.problems);
		if (options)
			drop_words(&fresh);
		return refuse_reload(session);
	}
	supervised = find_supervised(session);
	adopt(session, &fresh, options);
	if (session->cmdline.config != NULL)
		output_line(context->output, "Configuration reloaded from %s",
		    session->cmdline.config);
	else
		output_line(context->output,
		    "Configuration reloaded without a config file");
	tell_supervised(session, supervised);
	free(supervised);
	return STATUS_DONE;
}

/* --- shell, history ------------------------------------------------------ */

static int
shell(struct context *context, const struct invocation *invocation)
{
	struct session *session = session_of(context);

	return subshell_run(
	    session, invocation->count > 0 ? invocation->operand[0] : NULL);
}

static int
watch(struct context *context, const struct invocation *invocation)
{
	return repeat_run(session_of(context),
	    invocation->count > 0 ? invocation->operand[0] : "");
}

static int
source(struct context *context, const struct invocation *invocation)
{
	return source_file(session_of(context), invocation->operand[0]);
}

static int
clear_history(struct session *session)
{
	char *cause = NULL;
	int status = STATUS_DONE;

	if (session->past != NULL &&
	    history_clear(session->past, &cause) == -1) {
		output_error(
		    session->context.output, "Error: %s", cause_text(cause));
		status = STATUS_FAILED;
	}
	free(cause);
	return status;
}

static void
put_history(
    const struct output *output, const struct past *past, const char *text)
{
	struct json json;
	size_t i;

	json_begin(&json, output->out);
	json_object(&json, NULL);
	json_array(&json, "lines");
	for (i = 1; past != NULL && i <= history_count(past); i++) {
		if (strstr(history_line(past, i), text) == NULL)
			continue;
		json_object(&json, NULL);
		json_number(&json, "number", (int64_t)history_number(past, i));
		json_string(&json, "line", history_line(past, i));
		json_object_end(&json);
	}
	json_array_end(&json);
	json_object_end(&json);
	output_line(output, "%s", "");
}

static int
list_history(struct context *context, const struct invocation *invocation)
{
	struct session *session = session_of(context);
	const char *text = invocation->count > 0 ? invocation->operand[0] : "";
	size_t i, count, listed = 0;

	if (invocation_has(invocation, "clear"))
		return clear_history(session);
	if (context->output->json || invocation_has(invocation, "json")) {
		put_history(context->output, session->past, text);
		return STATUS_DONE;
	}
	count = session->past != NULL ? history_count(session->past) : 0;
	for (i = 1; i <= count; i++) {
		const char *line = history_line(session->past, i);

		if (strstr(line, text) == NULL)
			continue;
		output_line(context->output, "%5zu  %s",
		    history_number(session->past, i), line);
		listed++;
	}
	return listed > 0 ? STATUS_DONE : STATUS_FAILED;
}

static const struct notice *
find_notice(void *data, size_t i)
{
	const struct session *session = data;

	return session->live != NULL ?
	    notices_at(live_notices(session->live), i) :
	    NULL;
}

/* --- quit ---------------------------------------------------------------- */

/* Whether the supervisor is of no more use: its program down for good. */
static bool
is_idle(const struct status *status)
{
	return status->application == 0 && status->state == RUN_DOWN;
}

/* Waits until a supervisor that was told to leave has left. */
static bool
wait_gone(struct context *context, struct client_stream *stream)
{
	struct event event;
	struct pollfd pfd = { .events = POLLIN };
	int got, timeout;

	for (;;) {
		while ((got = client_next(stream, &event)) == 1)
			;
		if (got == -1)
			return true;
		pfd.fd = client_stream_fd(stream);
		timeout = client_stream_timeout(stream);
		if (timeout < 0 || timeout > QUIT_WAIT)
			timeout = QUIT_WAIT;
		got = context->ui->wait(context->ui->data, &pfd, 1, timeout);
		if (got == -1 || (got == 0 && timeout == QUIT_WAIT))
			return false;
	}
}

/* Ends a supervisor that only hangs around. */
static void
end_supervisor(struct context *context)
{
	struct client_stream *stream;
	enum client_result result;
	char *reply = NULL, *cause = NULL;
	size_t len;

	stream = client_events(&context->client, 0, &result, NULL);
	if (client_ask(&context->client, "exit", &reply, &len, &cause) !=
	    CLIENT_OK)
		output_error(context->output, "%s", cause_text(cause));
	else if (stream != NULL && wait_gone(context, stream))
		output_line(context->output, "daemon manager stopped");
	if (stream != NULL)
		client_close(stream);
	free(reply);
	free(cause);
}

static int
quit(struct context *context, const struct invocation *invocation)
{
	struct session *session = session_of(context);
	struct status status;
	enum client_result result;
	char *cause = NULL;

	(void)invocation;
	if (context->careful && !foreground_may_leave(&session->foreground))
		return STATUS_FAILED;
	session->quit = true;
	result = client_status(&context->client, &status, NULL, &cause);
	if (result == CLIENT_NOT_RUNNING)
		output_line(context->output, "daemon manager not running");
	else if (result != CLIENT_OK)
		output_error(context->output, "%s", cause_text(cause));
	else if (is_idle(&status)) {
		output_line(context->output,
		    "daemon process not running; stopping daemon manager");
		end_supervisor(context);
	} else if (status.application == 0)
		output_line(context->output,
		    "daemon manager still running; "
		    "daemon process not running");
	else
		output_line(context->output,
		    "daemon process and daemon manager still running");
	if (result == CLIENT_OK)
		status_free(&status);
	free(cause);
	return STATUS_DONE;
}

void
builtins_init(struct session *session)
{
	session->ops = (struct shell_ops){
		.data = session,
		.reload = reload,
		.shell = shell,
		.watch = watch,
		.source = source,
		.quit = quit,
		.follow = follower_run,
		.notice = find_notice,
		.history = list_history,
	};
	session->context.shell = &session->ops;
}
