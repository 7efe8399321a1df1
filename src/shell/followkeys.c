/*
 * The keys of the follower: a row each, from which comes also the list of
 * them.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "base/cause.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/feed.h"
#include "control/linewalk.h"
#include "control/match.h"
#include "control/tail.h"
#include "shell/cut.h"
#include "shell/editor.h"
#include "shell/following.h"
#include "shell/geometry.h"
#include "shell/history.h"
#include "shell/pager.h"
#include "shell/session.h"
#include "shell/subshell.h"
#include "shell/terminal.h"
#include "shell/wide.h"

#define READS_LEAST 16 /* of a search, before a key ends it */
#define FILTER      "filter: "

/* --- searching ----------------------------------------------------------- */

/* A key that is pressed ends a long search; what is typed ahead is none. */
static bool
is_tired(void *data)
{
	struct pollfd pfd = { STDIN_FILENO, POLLIN, 0 };
	int *reads = data;

	if (*reads < READS_LEAST)
		(*reads)++;
	return *reads == READS_LEAST && poll(&pfd, 1, 0) != 0;
}

typedef bool (*walk_fn)(struct linewalk *walk, struct line *line);

/* The next line that fits; with how many lines were passed over. */
static bool
find(struct follower *follower, struct linewalk *walk, walk_fn step,
    struct line *line, unsigned long *passed)
{
	for (*passed = 0; step(walk, line); (*passed)++)
		if (match_line(follower->view.match, line->text, line->len))
			return true;
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
	int reads = 0;
	const struct linewalk_end end = { is_tired, &reads };
	struct linewalk *walk = xmalloc(sizeof(*walk));
	off_t size = tail_size(fd);
	unsigned long passed;
	struct line line;

	if (back)
		linewalk_begin_back(walk, fd,
		    follower->start < size ? follower->start : size, &end);
	else
		linewalk_begin_on(walk, fd, follower->end, size, &end);
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

/* --- what the keys do ---------------------------------------------------- */

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
	wchar_t *wide = wide_from_text(line);
	size_t columns, rows, len = wcslen(wide);
	struct geometry geometry;

	terminal_size(&columns, &rows);
	geometry_place(&geometry, L"" FILTER, wide, len, len, columns);
	printf("\033[%zuA\r\033[J", geometry.end_row + 1);
	free(wide);
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

void
follower_press(struct follower *follower, int key)
{
	size_t i;

	for (i = 0; key > 0 && key < 0x80 && i < sizeof(presses) / sizeof(presses[0]); i++)
		if (strchr(presses[i].keys, key) != NULL)
			presses[i].fn(follower);
}
