/*
 * The one answer to how a program stands, in the three forms it is wanted in.
 */

#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/progname.h"
#include "base/units.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/dial.h"
#include "control/exits.h"
#include "control/output.h"
#include "control/report.h"
#include "control/watch.h"
#include "options/cmdline.h"
#include "options/options.h"
#include "process/peercred.h"

#define DEAF_TRIES 20
#define DEAF_PAUSE 50 /* ms */

static const int exit_statuses[] = {
	[CLIENT_OK] = STATUS_DONE,
	[CLIENT_NOT_RUNNING] = STATUS_NOT_RUNNING,
	[CLIENT_REFUSED] = STATUS_UNKNOWN,
	[CLIENT_SILENT] = STATUS_UNKNOWN,
	[CLIENT_BROKEN] = STATUS_UNKNOWN,
};

static void
ask(struct report *report, const struct context *context)
{
	memset(report, 0, sizeof *report);
	report->result = client_status(
	    &context->client, &report->status, &report->raw, &report->cause);
	if (report->result == CLIENT_NOT_RUNNING ||
	    report->result == CLIENT_SILENT)
		report->left = orphan_read(&report->orphan, &context->client);
}

/* Nobody listens, yet the supervisor is there and may be back in a moment. */
static bool
is_deaf(const struct report *report)
{
	return report->result == CLIENT_NOT_RUNNING && report->left &&
	    report->orphan.managed;
}

/* Who listens at the socket; 0: nobody, or it cannot be told. */
static pid_t
find_listener(const struct client *client)
{
	pid_t pid;
	int fd;

	if (dial(client, &fd, NULL) != CLIENT_OK)
		return 0;
	pid = peercred_pid(fd);
	close(fd);
	return pid;
}

/*
 * The supervisor that the session hears, where the socket does not lead to it
 * any more: its directory was removed, or has become another's.  Else 0.
 */
static pid_t
find_cut_off(const struct report *report, const struct context *context)
{
	pid_t heard = context->watch ? watch_supervisor(context->watch) : 0;

	if (heard == 0)
		return 0;
	if (report->result == CLIENT_NOT_RUNNING)
		return heard;
	/* In another container it may have another pid. */
	if (report->result != CLIENT_OK || report->status.manager == heard ||
	    find_listener(&context->client) == heard)
		return 0;
	return heard;
}

/* What is asked of another would make a second copy. */
static void
note_cut_off(struct report *report, const char *socket, pid_t heard)
{
	bool other = report->result == CLIENT_OK;
	char *cause = xasprintf("the supervisor that this session hears, pid "
				"%ld, runs, but %s '%s'; %skill -TERM %ld "
				"ends it and its program",
	    (long)heard, other ? "another one listens at" : "has lost", socket,
	    other ? "" : "in an existing directory it makes that anew; ",
	    (long)heard);

	report_free(report);
	report->result = CLIENT_SILENT;
	report->cause = cause;
}

int
report_ask(struct report *report, const struct context *context)
{
	int tries = DEAF_TRIES;
	pid_t cut_off;

	ask(report, context);
	while (tries-- > 0 &&
	    (is_deaf(report) || find_cut_off(report, context) != 0)) {
		report_free(report);
		poll(NULL, 0, DEAF_PAUSE);
		ask(report, context);
	}
	if ((cut_off = find_cut_off(report, context)) != 0)
		note_cut_off(report, context->client.socket, cut_off);
	if (is_deaf(report)) {
		report->result = CLIENT_SILENT;
		cause_set(&report->cause,
		    "nobody listens at '%s', but the supervisor, pid %ld, runs",
		    context->client.socket, (long)report->orphan.state.manager);
	}
	report->orphaned = report->result == CLIENT_NOT_RUNNING &&
	    report->left && report->orphan.runs;
	return exit_statuses[report->result];
}

void
report_free(struct report *report)
{
	if (report->result == CLIENT_OK)
		status_free(&report->status);
	free(report->raw);
	free(report->cause);
	report->raw = report->cause = NULL;
	if (report->result == CLIENT_OK)
		report->result = CLIENT_NOT_RUNNING;
}

/* It does not answer: what it wrote down, and what can be seen ourselves. */
static void
silent_line(const struct output *output, const struct report *report)
{
	output_error(output, "Error: %s", cause_text(report->cause));
	if (!report->left)
		return;
	if (report->orphan.runs)
		output_line(output,
		    "daemon manager not answering; program running, pid=%ld",
		    (long)report->orphan.state.pid);
	else
		output_line(output,
		    "daemon manager not answering; program not running");
}

/* In one line for scripts, in two where it would not fit a row. */
static void
orphan_line(const struct output *output, pid_t pid)
{
	output_line(output,
	    "daemon manager not running; program running without it, "
	    "pid=%ld%s",
	    (long)pid, output->terminal ? "" : "; start takes it over");
	if (output->terminal)
		output_line(output, "start takes it over, restart replaces it");
}

void
report_line(const struct context *context, const struct report *report)
{
	const struct output *output = context->output;

	if (report->orphaned)
		orphan_line(output, report->orphan.state.pid);
	else if (report->result == CLIENT_SILENT)
		silent_line(output, report);
	else if (report->result == CLIENT_NOT_RUNNING)
		output_line(output, "daemon manager not running");
	else if (report->result != CLIENT_OK)
		output_error(output, "Error: %s", cause_text(report->cause));
	else if (report->status.application == 0)
		output_line(output,
		    "daemon manager running; daemon process not running");
	else
		output_line(output, "program running; pid=%ld",
		    (long)report->status.application);
}

/* --- lines for a terminal ------------------------------------------------- */

static void
field(const struct output *output, const char *name, const char *value)
{
	output_line(output, "  %-11s %s", name, value);
}

static void
show_words(
    const struct output *output, const char *name, const struct words *words)
{
	char *text = words->count > 0 ? words_quote(words) : NULL;

	if (text)
		field(output, name, text);
	free(text);
}

static void
show_state(const struct output *output, const struct status *status)
{
	char text[160], age[32];
	enum run_state state = status->state;
	size_t len;

	len = (size_t)snprintf(text, sizeof text, "%s", runstate_name(state));
	if (status->uptime >= 0)
		len += (size_t)snprintf(text + len, sizeof text - len, " %s",
		    units_show_age(status->uptime, age, sizeof age));
	if (status->retry_in >= 0)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    ", next start in %s",
		    units_show_age(status->retry_in, age, sizeof age));
	if (status->has_state)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    ", %lu restart%s", status->restarts,
		    status->restarts == 1 ? "" : "s");
	if (!status->should_be_up && state != RUN_DOWN && state != RUN_DONE)
		snprintf(text + len, sizeof text - len, ", to be stopped");
	field(output, "state", text);
}

static void
show_last(const struct output *output, const struct last_exit *last)
{
	char text[160], age[32], how[EXITS_MAX];

	if (!last->known)
		return;
	snprintf(text, sizeof text, "%s, %s ago",
	    exits_text(last->code, last->signal, last->core, how, sizeof how),
	    units_show_age(clock_wall_ms() - last->at, age, sizeof age));
	field(output, "last exit", text);
}

static void
show_stream(const struct output *output, const char *name,
    const struct status_stream *stream)
{
	char size[32], dropped[32];

	if (!stream->path)
		return;
	output_line(output, "  %-11s %s, %s written%s%s", name, stream->path,
	    units_show_size(stream->bytes, size, sizeof size),
	    stream->dropped > 0 ? ", dropped " : "",
	    stream->dropped > 0 ?
		units_show_size(stream->dropped, dropped, sizeof dropped) :
		"");
	if (stream->error == 0 && stream->waiting == 0)
		return;
	output_line(output, "  %-11s %s, %s waiting", "",
	    stream->error == 0 ? "slow" : strerror(stream->error),
	    units_show_size(stream->waiting, size, sizeof size));
}

static void
show_answer(const struct context *context, const struct status *status)
{
	const struct output *output = context->output;
	char manager[32];

	show_state(output, status);
	if (status->reason)
		field(output, "reason", status->reason);
	show_last(output, &status->last);
	show_words(output, "program", &status->args);
	snprintf(manager, sizeof manager, "pid %ld", (long)status->manager);
	field(output, "supervisor", manager);
	if (status->outdated)
		output_line(output,
		    "  %-11s %s runs, another is installed: upgrade", "version",
		    status->version ? status->version : "it");
	else if (status->version &&
	    strcmp(status->version, PACKAGE_VERSION) != 0)
		field(output, "version", status->version);
	show_stream(output, "transcript", &status->transcript);
	show_stream(output, "stderr", &status->transcript_stderr);
	if (status->pid_file)
		output_line(output, "  %-11s %s, not as it should be: %s",
		    "pid-file", status->pid_file,
		    strerror(status->pid_file_error));
}

/* What a supervisor that does not answer, or is gone, has written down. */
static void
show_left(const struct output *output, const struct report *report)
{
	const struct state *state = &report->orphan.state;
	char text[80];

	if (report->result == CLIENT_SILENT) {
		snprintf(text, sizeof text, "%s, when last heard of",
		    runstate_name(state->state));
		field(output, "state", text);
		snprintf(text, sizeof text, "pid %ld", (long)state->manager);
		field(output, "supervisor", text);
	} else if (state->pid > 0 && !report->orphan.runs) {
		snprintf(text, sizeof text,
		    "pid %ld ended unseen, after its supervisor",
		    (long)state->pid);
		field(output, "last exit", text);
		return;
	}
	show_last(output, &state->last);
}

void
report_more(const struct context *context, const struct report *report)
{
	const struct output *output = context->output;

	if (report->result == CLIENT_OK)
		show_answer(context, &report->status);
	else if (report->left)
		show_left(output, report);
	if (report->result == CLIENT_NOT_RUNNING)
		show_words(output, "program", &context->runner->program);
	if (report->result == CLIENT_OK || report->result == CLIENT_NOT_RUNNING)
		field(output, "socket", context->client.socket);
	if (context->cmdline->config)
		field(output, "config", context->cmdline->config);
}

void
report_brief(const struct context *context, const struct report *report)
{
	const struct output *output = context->output;

	if (report->result == CLIENT_OK) {
		show_state(output, &report->status);
		if (report->status.reason)
			field(output, "reason", report->status.reason);
		show_last(output, &report->status.last);
	} else if (report->left)
		show_left(output, report);
	if (context->cmdline->config)
		field(output, "config", context->cmdline->config);
}

/* --- JSON ----------------------------------------------------------------- */

static void
put_last(struct json *json, const struct last_exit *last)
{
	if (!last->known) {
		json_null(json, "last_exit");
		return;
	}
	json_object(json, "last_exit");
	json_number_known(json, "status", last->code, last->code >= 0);
	json_number_known(json, "signal", last->signal, last->signal > 0);
	json_bool(json, "core", last->core);
	json_seconds_known(json, "at", last->at);
	json_seconds_known(json, "uptime", last->uptime);
	json_object_end(json);
}

static void
put_words(struct json *json, const char *key, const struct words *words)
{
	json_array(json, key);
	for (size_t i = 0; i < words->count; i++)
		json_string(json, NULL, words->word[i]);
	json_array_end(json);
}

static void
put_stream(
    struct json *json, const char *key, const struct status_stream *stream)
{
	if (!stream || !stream->path) {
		json_null(json, key);
		return;
	}
	json_object(json, key);
	json_string(json, "path", stream->path);
	json_number(json, "bytes", stream->bytes);
	json_number(json, "dropped", stream->dropped);
	json_number(json, "waiting", stream->waiting);
	json_string(
	    json, "error", stream->error != 0 ? strerror(stream->error) : NULL);
	json_object_end(json);
}

static void
put_pid_file(struct json *json, const struct status *status)
{
	if (!status || !status->pid_file) {
		json_null(json, "pid_file");
		return;
	}
	json_object(json, "pid_file");
	json_string(json, "path", status->pid_file);
	json_string(json, "error", strerror(status->pid_file_error));
	json_object_end(json);
}

static const char *
state_name(const struct report *report)
{
	if (report->orphaned)
		return "orphan";
	if (report->result == CLIENT_NOT_RUNNING)
		return runstate_name(RUN_DOWN);
	if (report->result != CLIENT_OK)
		return "unknown";
	return runstate_name(report->status.state);
}

/* What is told of a program beside its state; -1: not known. */
struct past {
	int wanted;
	int64_t uptime, restarts, backoff, retry_in;
	struct last_exit last;
};

/* What one that does not answer any more has written down. */
static void
find_left(struct past *past, const struct orphan *left)
{
	past->wanted = left->state.wanted;
	past->restarts = (int64_t)left->state.restarts;
	past->backoff = left->state.backoff;
	past->last = left->state.last;
	if (left->state.pid == 0 || left->runs)
		return;
	/* It ended unseen: that is its last exit. */
	past->last = (struct last_exit){ .known = true,
		.pid = left->state.pid,
		.code = -1,
		.at = -1,
		.uptime = -1 };
}

static void
find_past(struct past *past, const struct report *report)
{
	const struct status *status = &report->status;

	*past = (struct past){ -1, -1, -1, -1, -1, { .known = false } };
	if (report->left) {
		find_left(past, &report->orphan);
	} else if (report->result == CLIENT_OK) {
		past->wanted = status->should_be_up;
		past->backoff = status->backoff;
	}
	if (report->result == CLIENT_OK && status->has_state) {
		past->uptime = status->uptime;
		past->restarts = (int64_t)status->restarts;
		past->retry_in = status->retry_in;
		past->last = status->last;
	}
}

static void
put_past(struct json *json, const struct report *report)
{
	struct past past;

	find_past(&past, report);
	if (past.wanted >= 0)
		json_bool(json, "wanted", past.wanted);
	else
		json_null(json, "wanted");
	json_seconds_known(json, "uptime", past.uptime);
	json_number_known(json, "restarts", past.restarts, past.restarts >= 0);
	json_number_known(json, "backoff", past.backoff, past.backoff >= 0);
	json_seconds_known(json, "retry_in", past.retry_in);
	put_last(json, &past.last);
}

void
report_json(const struct context *context, const struct report *report)
{
	const struct status *status = report->result == CLIENT_OK ?
	    &report->status :
	    NULL;
	const struct words *program = &context->runner->program;
	struct json json;
	char name[PROGNAME_MAX];
	pid_t pid = status ? status->application : 0;
	pid_t manager = status ? status->manager : 0;

	if (report->left && report->orphan.runs)
		pid = report->orphan.state.pid;
	if (report->left && report->result == CLIENT_SILENT)
		manager = report->orphan.state.manager;
	if (status && status->args.count > 0)
		program = &status->args;
	json_begin(&json, context->output->out);
	json_object(&json, NULL);
	json_string(&json, "version", status ? status->version : NULL);
	json_string(&json, "name", progname_of(program, name, sizeof name));
	json_string(&json, "state", state_name(report));
	json_number_known(&json, "pid", pid, pid > 0);
	json_number_known(&json, "manager", manager, manager > 0);
	if (status && status->has_state && status->version)
		json_bool(&json, "outdated", status->outdated);
	else
		json_null(&json, "outdated");
	put_past(&json, report);
	put_words(&json, "program", program);
	json_string(&json, "socket", context->client.socket);
	json_string(&json, "config", context->cmdline->config);
	put_stream(&json, "transcript", status ? &status->transcript : NULL);
	put_stream(&json, "transcript_stderr",
	    status ? &status->transcript_stderr : NULL);
	put_pid_file(&json, status);
	json_object_end(&json);
	output_line(context->output, "%s", "");
}
