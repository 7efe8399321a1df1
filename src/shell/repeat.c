/*
 * watch: one command line again and again.
 *
 * - A run begins so often, and at once when the supervisor tells that
 *   something has happened; never sooner than a tenth of a second after the
 *   last one.
 * - What a run prints is gathered first: the screen is replaced in one write,
 *   over what stood there.
 * - Only what looks is repeated; run_words sees to that.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/client.h"
#include "shell/capture.h"
#include "shell/cut.h"
#include "shell/keyboard.h"
#include "shell/repeat.h"
#include "shell/run.h"
#include "shell/session.h"
#include "shell/terminal.h"

#define INTERVAL_DEFAULT 2000 /* ms */
#define INTERVAL_LEAST   100

struct repeat {
	struct session *session;
	const char *line; /* what is run */
	int64_t interval; /* ms */
	int64_t begun; /* the last run, monotonic ms */
	bool in_place; /* the terminal can be painted over */
	size_t painted; /* rows that stand on the screen */
	struct client_stream *stream; /* NULL: nobody tells */
	int status;
};

/* --- the screen ---------------------------------------------------------- */

static void
put_row(FILE *out, const char *text, size_t len, size_t columns)
{
	char *row = cut_to_row(text, len, columns);

	fputs(row, out);
	free(row);
}

static void
put_header(
    const struct repeat *repeat, FILE *out, size_t columns, const char *end)
{
	char every[32], clock[16], *text;
	time_t now = time(NULL);
	struct tm tm;

	strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&now, &tm));
	units_print_duration(repeat->interval, every, sizeof(every));
	text = xasprintf(
	    "%s  every %ss, any key ends: %s", clock, every, repeat->line);
	if (repeat->session->output.color)
		fputs("\033[7m", out);
	put_row(out, text, strlen(text), columns);
	if (repeat->session->output.color)
		fputs("\033[m", out);
	fputs(end, out);
	free(text);
}

/* The header and as much of text as there is room for. */
static void
put_frame(struct repeat *repeat, FILE *out, const char *text)
{
	const char *end = repeat->in_place ? "\033[K\n" : "\n";
	size_t columns, rows, len, left = 0, used = 1;
	const char *c;

	terminal_size(&columns, &rows);
	put_header(repeat, out, columns, end);
	for (c = text; *c != '\0'; c++)
		left += *c == '\n';
	while (*text != '\0') {
		if (repeat->in_place && used + 2 >= rows && left > 1) {
			fprintf(out, "... %zu more lines%s", left, end);
			used++;
			break;
		}
		len = strcspn(text, "\n");
		put_row(out, text, len, columns);
		fputs(end, out);
		text += len + (text[len] == '\n');
		left -= left > 0;
		used++;
	}
	repeat->painted = used;
}

static void
paint(struct repeat *repeat, const char *text)
{
	char *frame = NULL;
	size_t size;
	FILE *out = open_memstream(&frame, &size);

	if (out == NULL)
		return;
	if (repeat->in_place && repeat->painted > 0)
		fprintf(out, "\r\033[%zuA", repeat->painted);
	put_frame(repeat, out, text);
	if (repeat->in_place)
		fputs("\033[J", out);
	fclose(out);
	fputs(frame, stdout);
	fflush(stdout);
	free(frame);
}

/* --- running ------------------------------------------------------------- */

/* Runs the line once and shows what it printed; whether it may go on. */
static bool
run_once(struct repeat *repeat)
{
	struct session *session = repeat->session;
	struct capture capture;
	size_t columns, rows;
	char *text;

	terminal_size(&columns, &rows);
	repeat->begun = clock_mono_ms();
	if (capture_begin(&capture, session) == -1) {
		output_error(&session->output,
		    "watch: unable to gather what is printed: %s",
		    strerror(errno));
		repeat->status = STATUS_FAILED;
		return false;
	}
	session->looking = columns;
	repeat->status = run_line(session, repeat->line);
	session->looking = 0;
	text = capture_end(&capture);
	output_init(&session->output, &session->cmdline, &session->printed);
	if (repeat->status == STATUS_USAGE)
		fputs(text, stderr);
	else
		paint(repeat, text);
	free(text);
	return repeat->status != STATUS_USAGE && !session->interrupted &&
	    repeat->status != 128 + SIGINT;
}

/* --- waiting ------------------------------------------------------------- */

static void
listen_again(struct repeat *repeat)
{
	const struct client *client = &repeat->session->context.client;
	enum client_result result;

	if (repeat->stream != NULL)
		return;
	repeat->stream = client_events(client, 0, &result, NULL);
	/* One that only asks would ask more often than we do. */
	if (repeat->stream != NULL && client_stream_fd(repeat->stream) == -1) {
		client_close(repeat->stream);
		repeat->stream = NULL;
	}
}

/* Whether the supervisor told something, or went away. */
static bool
has_happened(struct repeat *repeat)
{
	struct event event;
	bool happened = false;
	int got;

	while ((got = client_next(repeat->stream, &event)) == 1)
		happened = true;
	if (got == 0)
		return happened;
	client_close(repeat->stream);
	repeat->stream = NULL;
	return true;
}

/* Waits for the next run; whether there is to be one. */
static bool
wait_turn(struct repeat *repeat, struct keyboard *keyboard)
{
	int64_t due = repeat->begun + repeat->interval;
	int64_t soonest = clock_mono_ms() + INTERVAL_LEAST;
	struct pollfd pfd = { -1, POLLIN, 0 };
	int stopped = 0, key;

	listen_again(repeat);
	if (due < soonest)
		due = soonest;
	while (clock_mono_ms() < due) {
		pfd.fd = repeat->stream == NULL ?
		    -1 :
		    client_stream_fd(repeat->stream);
		pfd.revents = 0;
		key = keyboard_wait(
		    keyboard, &pfd, 1, clock_poll_timeout(due), &stopped);
		if (key != KEYBOARD_NOTHING)
			return false;
		if (stopped != 0) {
			/* Whatever stands there now is not ours. */
			repeat->painted = 0;
			return true;
		}
		if (pfd.revents != 0 && has_happened(repeat))
			due = soonest;
	}
	return true;
}

static void
repeat_all(struct repeat *repeat)
{
	struct keyboard keyboard = { .leave = NULL };

	/* Before anything shows, so that no key is echoed into it. */
	if (keyboard_open(&keyboard, repeat->session) == -1)
		return;
	while (run_once(repeat) && wait_turn(repeat, &keyboard))
		;
	keyboard_close(&keyboard);
}

/* --- the command --------------------------------------------------------- */

static int
refuse(const struct session *session, const char *why)
{
	output_error(session->context.output,
	    "Error: watch: %s; usage: watch [SECONDS] COMMAND ...", why);
	return STATUS_USAGE;
}

/* Takes the interval off the front of a text; NULL or what is wrong. */
static const char *
take_interval(struct repeat *repeat, const char *text)
{
	size_t len = strcspn(text, " \t");
	char *word = xstrndup(text, len);
	const char *wrong = NULL;

	repeat->interval = INTERVAL_DEFAULT;
	repeat->line = text;
	if ((*word >= '0' && *word <= '9') || *word == '.') {
		if (!units_parse_duration(word, &repeat->interval))
			wrong = "that is no duration";
		else if (repeat->interval < INTERVAL_LEAST)
			wrong = "no more often than every 0.1 s";
		repeat->line = text + len + strspn(text + len, " \t");
	}
	free(word);
	return wrong == NULL && *repeat->line == '\0' ? "COMMAND is missing" :
							wrong;
}

int
repeat_run(struct session *session, const char *text)
{
	struct repeat repeat = { .session = session };
	int64_t begun = clock_mono_ms();
	const char *wrong = take_interval(&repeat, text);

	if (wrong != NULL)
		return refuse(session, wrong);
	if (session->looking > 0)
		return refuse(session, "it does not watch itself");
	if (session->editor == NULL || !session->output.terminal) {
		output_error(session->context.output,
		    "watch: only at a terminal; a script can loop over '%s'",
		    repeat.line);
		return STATUS_FAILED;
	}
	repeat.in_place = session_can_paint(session);
	repeat_all(&repeat);
	client_close(repeat.stream);
	session->looked = clock_mono_ms() - begun;
	return repeat.status == 128 + SIGINT ? STATUS_DONE : repeat.status;
}
