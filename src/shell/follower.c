/*
 * The follower: logs that run upwards over a status row, and keys.
 *
 * - A batch of lines is written at once: the area comes off, the lines follow,
 *   the area is painted below them.
 * - Nothing is read ahead of what is shown.  While it is paused, the follower
 *   goes through the files all the same, so that a rotation is not missed,
 *   and remembers where the lines stand (held.h).
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/client.h"
#include "control/command.h"
#include "control/feed.h"
#include "control/linewalk.h"
#include "control/match.h"
#include "control/output.h"
#include "control/tail.h"
#include "shell/cut.h"
#include "shell/editor.h"
#include "shell/follower.h"
#include "shell/held.h"
#include "shell/history.h"
#include "shell/keyboard.h"
#include "shell/logview.h"
#include "shell/pager.h"
#include "shell/session.h"
#include "shell/subshell.h"
#include "shell/terminal.h"

#define BATCH_ITEMS 64
#define BATCH_BYTES 32768 /* shown */
#define LISTEN_EACH 2000 /* ms between attempts to hear the supervisor */
#define REPLAY      50 /* events at most that were missed */
#define LOOK_EACH   4096 /* lines between looks for a key, when searching */
#define FILTER      "filter: "

struct follower {
	struct session *session;
	struct feed *feed;
	struct logview view;
	struct held held;
	struct keyboard keyboard;
	struct match *typed; /* behind /; NULL: none, or --grep's */
	bool paused;
	bool leaving;
	int status;
	size_t source; /* of what was shown last, */
	off_t start, end; /* and the line found last; or where all ends */
	struct client_stream *events;
	int64_t listened; /* when last tried, monotonic ms */
	int64_t heard; /* the time of the last event told, or our beginning */
};

/* --- the status row ------------------------------------------------------ */

/* The log, as short as it can be said. */
static char *
name_logs(const struct follower *follower, size_t columns)
{
	const char *cwd = follower->session->context.cwd;
	const char *path = feed_path(follower->feed, 0);
	size_t len = strlen(cwd);

	if (feed_count(follower->feed) > 1)
		return xasprintf("%zu logs", feed_count(follower->feed));
	if (columns < 60)
		return xstrdup(path_base(path));
	if (strncmp(path, cwd, len) == 0 && path[len] == '/')
		path += len + 1;
	return xstrdup(path);
}

/* What stands before the keys. */
static char *
tell_state(const struct follower *follower, size_t columns)
{
	const struct logview *view = &follower->view;
	char *name = name_logs(follower, columns), *held, *filter, *text;

	held = follower->paused ?
	    xasprintf(", %lu held", follower->held.lines) :
	    xstrdup("");
	filter = view->match == NULL ?
	    xstrdup("") :
	    xasprintf("  %s=%s", view->only ? "filter" : "mark",
		match_expression(view->match));
	text = xasprintf("%s %s  %lu lines, %lu shown%s%s",
	    follower->paused ? "PAUSED" : "FOLLOW", name, view->lines,
	    view->shown, held, filter);
	free(filter);
	free(held);
	free(name);
	return text;
}

/* The keys in so much room: the less a key is needed, the sooner it goes. */
static char *
tell_keys(const struct follower *follower, size_t room)
{
	const struct {
		const char *text;
		int need;
	} hints[] = {
		{ "/ filter", 4 },
		{ follower->view.only ? "& all" : "& only", 3 },
		{ follower->paused ? "space go on" : "space pause", 5 },
		{ "m mark", 1 },
		{ "n/N", 2 },
		{ "v pager", 0 },
		{ "h help", 6 },
		{ "q back", 7 },
	};
	size_t count = sizeof(hints) / sizeof(hints[0]), i;
	char *text = NULL, *longer;
	int need = 0;

	do {
		free(text);
		text = xstrdup(need > 7 ? "" : " ");
		for (i = 0; i < count; i++) {
			if (hints[i].need < need)
				continue;
			longer = xasprintf("%s  %s", text, hints[i].text);
			free(text);
			text = longer;
		}
	} while (strlen(text) > room && need++ <= 7);
	return text;
}

static char *
compose_status(const struct follower *follower, size_t columns)
{
	char *state = tell_state(follower, columns), *keys, *text;
	size_t width = cut_width(state);

	keys = tell_keys(
	    follower, width + 1 < columns ? columns - width - 1 : 0);
	text = xasprintf("%s%s", state, keys);
	free(keys);
	free(state);
	return text;
}

static void
paint(struct follower *follower)
{
	size_t columns, rows;
	char *status;

	terminal_size(&columns, &rows);
	status = compose_status(follower, columns);
	logview_paint(&follower->view, status);
	free(status);
}

/* --- the logs ------------------------------------------------------------ */

/* Whether there was an item. */
static bool
next_item(struct follower *follower, struct feed_item *item)
{
	if (!follower->paused && held_next(&follower->held, item))
		return true;
	/* The past has no place yet from which it could be read again. */
	if (follower->paused && !feed_is_live(follower->feed))
		return false;
	feed_next(follower->feed, clock_mono_ms(), item);
	if (item->kind == FEED_END) {
		follower->leaving = true;
		follower->status = STATUS_FAILED;
	}
	return item->kind != FEED_NOTHING && item->kind != FEED_END;
}

static void
show_item(struct follower *follower, const struct feed_item *item)
{
	logview_item(&follower->view, item);
	follower->source = item->source;
	follower->end = item->kind == FEED_DATA ?
	    item->offset + (off_t)item->len :
	    0;
	follower->start = follower->end;
}

/* Takes a batch of what has come; whether there may be more at once. */
static bool
pump(struct follower *follower)
{
	struct feed_item item;
	int items;

	for (items = 0; items < BATCH_ITEMS; items++) {
		if (follower->view.bytes >= BATCH_BYTES)
			return true;
		if (!next_item(follower, &item))
			return false;
		if (follower->paused)
			held_add(&follower->held, &item);
		else
			show_item(follower, &item);
	}
	return true;
}

/* --- the program --------------------------------------------------------- */

static void
tell_event(struct follower *follower, const struct event *event)
{
	char sentence[EVENT_LINE_MAX], clock[16], *row;
	time_t at = (time_t)(event->at / 1000);
	struct tm tm;

	if (event->kind == EVENT_HELLO || event->at <= follower->heard)
		return;
	follower->heard = event->at;
	localtime_r(&at, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	row = xasprintf("--- %s %s ---", clock,
	    event_sentence(event, sentence, sizeof(sentence)));
	logview_say(&follower->view, row);
	free(row);
}

/* What becomes of the program stands among its lines. */
static void
hear(struct follower *follower)
{
	const struct client *client = &follower->session->context.client;
	enum client_result result;
	struct event event;
	int got;

	if (follower->events == NULL &&
	    clock_mono_ms() - follower->listened >= LISTEN_EACH) {
		follower->listened = clock_mono_ms();
		/* What was missed since we last listened is told now. */
		follower->events = client_events(client, REPLAY, &result, NULL);
	}
	if (follower->events == NULL)
		return;
	while ((got = client_next(follower->events, &event)) == 1)
		tell_event(follower, &event);
	if (got == 0)
		return;
	client_close(follower->events);
	follower->events = NULL;
}

/* --- searching ----------------------------------------------------------- */

/* A key that is pressed ends a long search. */
static bool
is_tired(unsigned long lines)
{
	struct pollfd pfd = { STDIN_FILENO, POLLIN, 0 };

	return lines % LOOK_EACH == LOOK_EACH - 1 && poll(&pfd, 1, 0) != 0;
}

typedef bool (*walk_fn)(struct linewalk *walk, struct line *line);

/* The next line that fits; with how many lines were passed over. */
static bool
find(struct follower *follower, struct linewalk *walk, walk_fn step,
    struct line *line, unsigned long *passed)
{
	for (*passed = 0; step(walk, line); (*passed)++) {
		if (match_line(follower->view.match, line->text, line->len))
			return true;
		if (is_tired(*passed))
			return false;
	}
	return false;
}

static void
say_found(struct follower *follower, const struct line *line,
    unsigned long passed, const char *where)
{
	char *row = xasprintf(
	    "--- %lu line%s %s ---", passed + 1, passed == 0 ? "" : "s", where);

	logview_say(&follower->view, row);
	logview_line(&follower->view, line);
	free(row);
}

static void
search_in(struct follower *follower, int fd, bool back)
{
	struct linewalk *walk = xmalloc(sizeof(*walk));
	off_t size = tail_size(fd);
	unsigned long passed;
	struct line line;

	if (back)
		linewalk_begin_back(
		    walk, fd, follower->start < size ? follower->start : size);
	else
		linewalk_begin_on(walk, fd, follower->end, size);
	if (find(follower, walk, back ? linewalk_back : linewalk_on, &line,
		&passed)) {
		say_found(follower, &line, passed, back ? "up" : "down");
		follower->start = line.start;
		follower->end = line.end;
		follower->paused = true;
	} else
		logview_say(&follower->view,
		    back ? "--- no match further up ---" :
			   "--- no match further down ---");
	free(walk);
}

/* Shows the match before or behind the line found last. */
static void
search(struct follower *follower, bool back)
{
	int fd;

	if (follower->view.match == NULL) {
		logview_say(&follower->view,
		    "--- nothing to search for: / takes a filter ---");
		return;
	}
	fd = tail_open(feed_path(follower->feed, follower->source), NULL);
	if (fd == -1) {
		logview_say(
		    &follower->view, "--- there is no file to search ---");
		return;
	}
	search_in(follower, fd, back);
	close(fd);
}

/* --- keys ---------------------------------------------------------------- */

static void
press_previous(struct follower *follower)
{
	search(follower, true);
}

static void
press_next(struct follower *follower)
{
	search(follower, false);
}

static void
set_filter(struct follower *follower, struct match *match)
{
	logview_set_match(&follower->view, match);
	match_free(follower->typed);
	follower->typed = match;
}

static void
take_filter(struct follower *follower, const char *line)
{
	char *cause = NULL;
	struct match *match;

	if (*line == '\0') {
		set_filter(follower, NULL);
		return;
	}
	history_add(follower->session->filters, line, NULL);
	if ((match = match_new(line, &cause)) == NULL) {
		logview_say(&follower->view, cause_text(cause));
		free(cause);
		return;
	}
	follower->view.only = true;
	set_filter(follower, match);
}

/* The line that was typed leaves no trace among the logs. */
static void
erase_typed(const char *line)
{
	size_t columns, rows, width = strlen(FILTER) + cut_width(line);

	terminal_size(&columns, &rows);
	printf("\033[%zuA\r\033[J", width / columns + 1);
}

static void
press_filter(struct follower *follower)
{
	struct session *session = follower->session;
	enum editor_result result;
	char *line = NULL;

	if (session->filters == NULL)
		session->filters = history_new();
	logview_erase(&follower->view);
	keyboard_close(&follower->keyboard);
	result = editor_query(session->editor, FILTER, session->filters, &line);
	if (keyboard_open(&follower->keyboard, session) == -1 ||
	    result == EDITOR_GONE)
		follower->leaving = true;
	if (result == EDITOR_LINE) {
		erase_typed(line);
		take_filter(follower, line);
	}
	free(line);
}

static void
press_only(struct follower *follower)
{
	follower->view.only = !follower->view.only;
}

static void
press_pause(struct follower *follower)
{
	follower->paused = !follower->paused;
}

static void
press_mark(struct follower *follower)
{
	char text[256], *cut;
	size_t columns, rows;
	time_t now = time(NULL);
	struct tm tm;

	terminal_size(&columns, &rows);
	memset(text, '-', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[4 +
	    strftime(text + 4, 24, "%Y-%m-%d %H:%M:%S ",
		localtime_r(&now, &tm))] = '-';
	text[3] = ' ';
	cut = cut_to_row(text, strlen(text), columns);
	logview_say(&follower->view, cut);
	free(cut);
}

static void
press_gap(struct follower *follower)
{
	logview_say(&follower->view, "");
}

static void
page_file(struct follower *follower, const char *pager)
{
	char *path = words_quote_one(
	    feed_path(follower->feed, follower->source));
	char *command = xasprintf("%s %s", pager, path);

	logview_erase(&follower->view);
	keyboard_close(&follower->keyboard);
	subshell_run(follower->session, command);
	if (keyboard_open(&follower->keyboard, follower->session) == -1)
		follower->leaving = true;
	free(command);
	free(path);
}

static void
press_pager(struct follower *follower)
{
	char *pager = pager_find(follower->session);

	if (pager != NULL)
		page_file(follower, pager);
	else
		logview_say(&follower->view,
		    "--- there is no pager: PAGER is not set ---");
	free(pager);
}

static void
press_quit(struct follower *follower)
{
	follower->leaving = true;
}

static void press_help(struct follower *follower);

static const struct press {
	const char *keys; /* each of them */
	const char *name;
	const char *what;
	void (*fn)(struct follower *follower);
} presses[] = {
	{ "/", "/", "type a filter, an extended expression; empty: none",
	    press_filter },
	{ "&", "&", "show all lines with matches marked, or matches only",
	    press_only },
	{ " ", "space", "pause, and go on with nothing lost", press_pause },
	{ "N", "N", "pause and show the match before", press_previous },
	{ "n", "n", "pause and show the match behind", press_next },
	{ "m", "m", "draw a line with the date", press_mark },
	{ "\r\n", "Enter", "leave a row free", press_gap },
	{ "v", "v", "open the log in $PAGER", press_pager },
	{ "h?", "h, ?", "this list", press_help },
	{ "q\004", "q, ^C", "back to the prompt", press_quit },
};

static void
press_help(struct follower *follower)
{
	char *row;
	size_t i;

	for (i = 0; i < sizeof(presses) / sizeof(presses[0]); i++) {
		row = xasprintf("  %-6s %s", presses[i].name, presses[i].what);
		logview_say(&follower->view, row);
		free(row);
	}
}

static void
press(struct follower *follower, int key)
{
	size_t i;

	for (i = 0; key > 0 && i < sizeof(presses) / sizeof(presses[0]); i++)
		if (strchr(presses[i].keys, key) != NULL)
			presses[i].fn(follower);
}

/* --- the follower -------------------------------------------------------- */

static size_t
gather(const struct follower *follower, struct pollfd *pfd, int *timeout)
{
	size_t count = feed_poll(follower->feed, pfd);
	int other;

	*timeout = feed_timeout(follower->feed, clock_mono_ms());
	other = follower->events != NULL ?
	    client_stream_timeout(follower->events) :
	    LISTEN_EACH;
	if (other >= 0 && (*timeout < 0 || other < *timeout))
		*timeout = other;
	if (follower->events != NULL &&
	    client_stream_fd(follower->events) != -1)
		pfd[count++] = (struct pollfd){
			client_stream_fd(follower->events), POLLIN, 0
		};
	return count;
}

static void
follow(struct follower *follower)
{
	struct pollfd pfd[KEYBOARD_OTHERS];
	int timeout, key, stopped;
	size_t count;
	bool busy;

	while (!follower->leaving) {
		hear(follower);
		busy = pump(follower);
		if (follower->leaving)
			break;
		paint(follower);
		count = gather(follower, pfd, &timeout);
		stopped = 0;
		key = keyboard_wait(&follower->keyboard, pfd, count,
		    busy ? 0 : timeout, &stopped);
		if (stopped)
			logview_erase(&follower->view);
		if (key == KEYBOARD_END)
			break;
		press(follower, key);
	}
}

/* Before a ^Z the screen is left as it should be found. */
static void
leave_screen(void *data)
{
	struct follower *follower = data;

	logview_erase(&follower->view);
}

static void
finish(struct follower *follower)
{
	logview_erase(&follower->view);
	printf("[followed %lu lines, %lu shown]\n", follower->view.lines,
	    follower->view.shown);
	fflush(stdout);
	client_close(follower->events);
	held_free(&follower->held);
	logview_free(&follower->view);
	match_free(follower->typed);
}

int
follower_run(struct context *context, struct feed *feed, struct match *match)
{
	struct session *session = context->shell->data;
	struct follower follower = {
		.session = session, .feed = feed, .status = STATUS_DONE
	};
	int64_t begun = clock_mono_ms();

	if (session->editor == NULL || !session_can_paint(session) ||
	    keyboard_open(&follower.keyboard, session) == -1)
		return -1;
	follower.keyboard.leave = leave_screen;
	follower.keyboard.data = &follower;
	follower.listened = clock_mono_ms() - LISTEN_EACH;
	follower.heard = clock_wall_ms();
	held_init(&follower.held);
	logview_init(&follower.view, &session->output, feed, match);
	follow(&follower);
	finish(&follower);
	keyboard_close(&follower.keyboard);
	session->looked += clock_mono_ms() - begun;
	return follower.status;
}
