/*
 * The follower: logs that run upwards over a status row, and keys.
 *
 * - A batch of lines is written at once: the area comes off, the lines follow,
 *   the area is painted below them.  While it only counts, it is painted a few
 *   times a second: a terminal that falls behind shows old rows at new places.
 * - Nothing is read ahead of what is shown.  While it is paused, the follower
 *   goes through the files all the same, so that a rotation is not missed,
 *   and remembers where the lines stand (held.h).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/visible.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/feed.h"
#include "control/match.h"
#include "control/notice.h"
#include "control/output.h"
#include "shell/editor.h"
#include "shell/follower.h"
#include "shell/following.h"
#include "shell/live.h"
#include "shell/session.h"
#include "shell/terminal.h"

#define BATCH_ITEMS 64
#define BATCH_BYTES 32768 /* shown */
#define PAINT_PAUSE 100 /* ms between two states of the area */

static void
paint(struct follower *follower, int64_t now)
{
	size_t columns, rows;
	char *status;

	terminal_size(&columns, &rows);
	status = follower_status(follower, columns);
	logview_paint(&follower->view, status);
	free(status);
	follower->stale = false;
	follower->painted_at = now;
}

/* Paints what is due, or waits no longer than until it is. */
static void
refresh(struct follower *follower, int *timeout)
{
	int64_t now = clock_mono_ms(), due = follower->painted_at + PAINT_PAUSE;
	int wait = clock_poll_timeout(due);

	if (!follower->view.painted || (follower->stale && now >= due))
		paint(follower, now);
	else if (follower->stale && (*timeout < 0 || wait < *timeout))
		*timeout = wait;
}

/* What a key has done is seen at once. */
static void
press(struct follower *follower, int key)
{
	follower_press(follower, key);
	if (key > 0) {
		follower->stale = true;
		follower->painted_at = 0;
	}
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
		follower->stale = true;
		if (follower->paused)
			held_add(&follower->held, &item);
		else
			show_item(follower, &item);
	}
	return true;
}

/* --- the program --------------------------------------------------------- */

/* What becomes of the program stands among its lines. */
static void
hear(struct follower *follower)
{
	struct notice notice;
	char line[NOTICE_MAX + 80], *row, *shown;

	while (live_take(follower->session->live, &notice)) {
		notice_line(&notice, clock_wall_ms(), line, sizeof(line));
		row = xasprintf("--- %s ---", line);
		if ((shown = visible_copy(row, strlen(row), 0)) != NULL)
			logview_say(&follower->view, shown);
		free(shown);
		free(row);
	}
}

/* --- the follower -------------------------------------------------------- */

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
		count = feed_poll(follower->feed, pfd);
		timeout = feed_timeout(follower->feed, clock_mono_ms());
		refresh(follower, &timeout);
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
	follower.keyboard.served = true;
	held_init(&follower.held);
	logview_init(&follower.view, &session->output, feed, match);
	follow(&follower);
	finish(&follower);
	keyboard_close(&follower.keyboard);
	session->looked += clock_mono_ms() - begun;
	return follower.status;
}
