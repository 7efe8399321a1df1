/*
 * logtail: the last lines of logs, then what is added to them, until ^C or
 * until nobody reads us any more.
 */

#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/feed.h"
#include "control/handlers.h"
#include "control/linewalk.h"
#include "control/logprint.h"
#include "control/logs.h"
#include "control/logtime.h"
#include "control/match.h"
#include "control/output.h"
#include "control/ui.h"
#include "options/paths.h"
#include "options/systemlog.h"

#define LINES_DEFAULT 10
#define LINES_MOST    ((long long)(SIZE_MAX / 2))
#define BUSY          64 /* items before a look at the operator */

/* --- what is wanted ------------------------------------------------------- */

/* More lines than can be counted are as many as there are. */
static bool
parse_lines(const char *text, size_t *lines)
{
	long long number = LINES_MOST;

	if (!units_parse_number(text, 0, LINES_MOST, &number) &&
	    (*text == '\0' || text[strspn(text, "0123456789")] != '\0'))
		return false;
	*lines = (size_t)number;
	return true;
}

static bool
read_lines(const struct context *context, const struct invocation *invocation,
    struct feed_want *want)
{
	const char *text = invocation_argument(invocation, "lines");

	want->all = !text && want->since;
	want->lines = LINES_DEFAULT;
	if (!text || parse_lines(text, &want->lines))
		return true;
	output_error(context->output,
	    "Error: logtail: '%s' is no number of lines", text);
	return false;
}

static bool
read_since(const struct context *context, const struct invocation *invocation,
    struct feed_want *want)
{
	const char *text = invocation_argument(invocation, "since");

	want->since = text != NULL;
	if (!text || logtime_parse(text, clock_wall_ms(), &want->since_ms))
		return true;
	output_error(context->output,
	    "Error: logtail: '%s' is no time; for example 10m, 2h, 14:30, "
	    "yesterday, 2026-11-25, '2026-11-25 14:30'",
	    text);
	return false;
}

static bool
read_match(const struct context *context, const struct invocation *invocation,
    struct feed_want *want)
{
	const char *text = invocation_argument(invocation, "grep");
	char *cause = NULL;

	want->match = text ? match_new(text, &cause) : NULL;
	if (!text || want->match)
		return true;
	output_error(context->output, "Error: logtail: %s", cause_text(cause));
	free(cause);
	return false;
}

/* The match is the caller's, to be freed. */
static bool
read_want(const struct context *context, const struct invocation *invocation,
    struct feed_want *want)
{
	memset(want, 0, sizeof *want);
	want->follow = !invocation_has(invocation, "no-follow");
	want->rotated = invocation_has(invocation, "all");
	return read_since(context, invocation, want) &&
	    read_lines(context, invocation, want) &&
	    read_match(context, invocation, want);
}

/* Whether the operator interrupts; found out by a wait that is none. */
struct patience {
	const struct ui *ui;
	bool over;
};

static bool
is_over(void *data)
{
	struct patience *patience = data;

	if (!patience->over)
		patience->over = patience->ui->wait(
				     patience->ui->data, NULL, 0, 0) == -1;
	return patience->over;
}

/* --- which logs ----------------------------------------------------------- */

/* Adds a log, or says why not. */
static bool
add_log(const struct context *context, struct feed *feed, const char *path)
{
	char *note = NULL, *cause = NULL;
	bool added = feed_add(feed, path, &note, &cause) == 0;

	if (!added)
		output_error(context->output, "Error: %s", cause_text(cause));
	else if (note)
		output_error(context->output, "--- %s: %s ---", path, note);
	free(note);
	free(cause);
	return added;
}

static bool
add_operands(const struct context *context, const struct invocation *invocation,
    struct feed *feed)
{
	bool good = true;

	for (int i = 0; i < invocation->count; i++) {
		char *path = path_join(context->cwd, invocation->operand[i]);

		good &= path && add_log(context, feed, path);
		free(path);
	}
	return good;
}

static void
tell_none(const struct context *context)
{
	output_error(context->output,
	    "No default log file specified; use logtail <logfile>");
}

/* Says where to look, if value is a log of the system's; whether it is. */
static bool
tell_systemlog(const struct context *context, const char *value)
{
	const struct runner *runner = context->runner;
	struct systemlog log;
	const char *program = runner->program.count > 0 ?
	    runner->program.word[0] :
	    NULL;

	if (!systemlog_named(value) ||
	    systemlog_parse(&log, value, program, NULL) == -1)
		return false;
	if (log.kind == SYSTEMLOG_JOURNAL && log.tag[0] != '\0')
		output_error(context->output,
		    "logtail: '%s' is no file; look there: journalctl -t %s -f",
		    value, log.tag);
	else
		output_error(context->output,
		    "logtail: '%s' is no file; look where the system log "
		    "writes it",
		    value);
	return true;
}

/* A log that is not there is waited for, or left out. */
static bool
add_if_there(const struct context *context, struct feed *feed, const char *path,
    bool follow)
{
	if (follow || access(path, F_OK) == 0)
		return add_log(context, feed, path);
	feed_miss(feed);
	return true;
}

/* All known logs; those that are not there only if they may still come. */
static bool
add_known(const struct context *context, struct feed *feed, bool follow)
{
	struct logs known;
	bool good = true;

	bool elsewhere = tell_systemlog(context, context->runner->transcript);

	elsewhere |= tell_systemlog(
	    context, context->runner->transcript_stderr);
	logs_known(&known, context->runner, context->cwd);
	if (known.count == 0 && feed_count(feed) == 0) {
		if (!elsewhere)
			tell_none(context);
		good = false;
	}
	for (size_t i = 0; i < known.count; i++)
		good &= add_if_there(context, feed, known.log[i].path, follow);
	if (good && feed_count(feed) == 0) {
		output_error(context->output,
		    "Error: logtail: none of the configured logs is there");
		good = false;
	}
	logs_free(&known);
	return good;
}

static bool
add_stderr(const struct context *context, struct feed *feed)
{
	char *path = paths_transcript_stderr(context->runner, context->cwd);
	bool good = path && add_log(context, feed, path);

	if (!path &&
	    !tell_systemlog(context, context->runner->transcript_stderr))
		output_error(context->output,
		    "Error: logtail: transcript-stderr is not configured");
	free(path);
	return good;
}

static bool
add_default(const struct context *context, struct feed *feed)
{
	char *path = paths_logfile(context->runner, context->cwd);
	bool good;

	if (!path)
		path = paths_transcript(context->runner, context->cwd);
	if (!path && !tell_systemlog(context, context->runner->transcript))
		tell_none(context);
	good = path && add_log(context, feed, path);
	free(path);
	return good;
}

static bool
add_logs(const struct context *context, const struct invocation *invocation,
    struct feed *feed)
{
	bool all = invocation_has(invocation, "all");
	bool apart = invocation_has(invocation, "stderr");
	bool good = add_operands(context, invocation, feed);

	if (all)
		good &= add_known(
		    context, feed, !invocation_has(invocation, "no-follow"));
	else if (apart)
		good &= add_stderr(context, feed);
	else if (invocation->count == 0)
		good = add_default(context, feed);
	return good;
}

/* Whether the output goes into the file at path. */
static bool
is_output(const struct output *output, const char *path)
{
	struct stat log, out;

	return fstat(fileno(output->out), &out) == 0 && S_ISREG(out.st_mode) &&
	    stat(path, &log) == 0 && log.st_dev == out.st_dev &&
	    log.st_ino == out.st_ino;
}

/* Says so, if following would go on with what it has just printed. */
static bool
goes_in_circles(const struct context *context, const struct feed *feed)
{
	for (size_t i = 0; i < feed_count(feed); i++) {
		if (!is_output(context->output, feed_path(feed, i)))
			continue;
		output_error(context->output,
		    "Error: unable to follow '%s': the output goes into it",
		    feed_path(feed, i));
		return true;
	}
	return false;
}

/* --- showing them --------------------------------------------------------- */

/* Until something may be new; false on ^C or when nobody reads us. */
static bool
wait_for_more(const struct context *context, struct feed *feed, bool busy)
{
	const struct ui *ui = context->ui;
	const struct output *output = context->output;
	struct pollfd pfd[3];
	size_t count = feed_poll(feed, pfd);
	int timeout = busy ? 0 : feed_timeout(feed, clock_mono_ms());

	pfd[count] = (struct pollfd){ fileno(output->out), 0, 0 };
	if (ui->wait(ui->data, pfd, count + 1, timeout) == -1) {
		if (errno == EINTR)
			output_line(output, "%s", "");
		return false;
	}
	return !(pfd[count].revents & (POLLERR | POLLHUP | POLLNVAL));
}

/* Prints and waits until the end; whether all could be read. */
static bool
print_all(
    const struct context *context, struct feed *feed, struct logprint *print)
{
	struct feed_item item;
	bool good = true, going = true;
	int busy = 0;

	while (going && !output_broken(context->output)) {
		feed_next(feed, clock_mono_ms(), &item);
		if (item.kind == FEED_END)
			break;
		good &= item.kind != FEED_FAILED && !item.lost;
		logprint_item(print, &item);
		/* Shown before it is certain that there is no more. */
		if (item.all)
			logprint_flush(print);
		if (item.kind != FEED_NOTHING && ++busy % BUSY != 0)
			continue;
		logprint_flush(print);
		going = wait_for_more(context, feed, item.kind != FEED_NOTHING);
	}
	return good;
}

static int
print_logs(struct context *context, struct feed *feed, struct match *match)
{
	struct logprint *print = logprint_new(context->output, feed, match);
	bool good = print_all(context, feed, print);

	logprint_finish(print);
	logprint_free(print);
	return good ? STATUS_DONE : STATUS_FAILED;
}

/* A session has its own way to follow on a terminal. */
static int
show(struct context *context, struct feed *feed, const struct feed_want *want)
{
	int status = -1;

	if (want->follow && context->shell && context->output->terminal)
		status = context->shell->follow(context, feed, want->match);
	return status != -1 ? status : print_logs(context, feed, want->match);
}

int
cmd_logtail(struct context *context, const struct invocation *invocation)
{
	struct patience patience = { context->ui, false };
	struct linewalk_end end = { is_over, &patience };
	struct feed_want want;
	struct feed *feed;
	int status = STATUS_DONE;
	bool good;

	if (!read_want(context, invocation, &want))
		return STATUS_USAGE;
	/* A one-shot is ended by the signal. */
	if (context->session)
		want.end = &end;
	feed = feed_new(&want);
	good = add_logs(context, invocation, feed);
	if (patience.over)
		output_line(context->output, "%s", "");
	else if (want.follow && goes_in_circles(context, feed))
		good = false;
	else if (feed_count(feed) > 0)
		status = show(context, feed, &want);
	feed_free(feed);
	match_free(want.match);
	return good ? status : STATUS_FAILED;
}
