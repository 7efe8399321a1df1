/*
 * Notices: a ring of the last ones, and a block of the two that stand
 * directly above the line.
 *
 * - An equal notice replaces the one of the block and counts; two, as a crash
 *   and the start after it take turns.
 * - What leaves the block stays on the screen for good.
 * - Of very many at once only the last are drawn, and how many were not.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "shell/notices.h"

#define BLOCK     2
#define LINES     (NOTICES_SHOW - BLOCK)
#define FOLD_TIME (5 * 60 * 1000) /* ms between equal ones */

struct notices {
	struct notice ring[NOTICES_KEPT];
	bool quiet[NOTICES_KEPT]; /* kept only */
	uint64_t next; /* counts all; the newest is next - 1 */
	uint64_t drawn; /* what is before it has been drawn */
	bool grown; /* the newest has, after it was drawn */
	struct notice block[BLOCK]; /* the newest last */
	size_t blocks;
	struct notice_maker maker;
	char *name;
	enum notices_level level;
};

struct notices *
notices_new(void)
{
	struct notices *notices = xcalloc(1, sizeof(*notices));

	notices->level = NOTICES_ALL;
	notices_set_name(notices, "zdaemon");
	return notices;
}

void
notices_free(struct notices *notices)
{
	if (notices == NULL)
		return;
	free(notices->name);
	free(notices);
}

void
notices_set_level(struct notices *notices, enum notices_level level)
{
	notices->level = level;
}

void
notices_set_name(struct notices *notices, const char *name)
{
	free(notices->name);
	notices->name = xstrdup(name);
	notices->maker.name = notices->name;
}

void
notices_clear(struct notices *notices)
{
	notices_settle(notices);
	notices->next = notices->drawn = 0;
}

/* --- keeping ------------------------------------------------------------- */

static size_t
slot(uint64_t number)
{
	return (size_t)(number % NOTICES_KEPT);
}

static bool
is_wanted(const struct notices *notices, const struct notice *notice)
{
	switch (notices->level) {
	case NOTICES_ALL:
		return true;
	case NOTICES_CRASH:
		return notice->mark == NOTICE_TROUBLE;
	case NOTICES_OFF:
		break;
	}
	return false;
}

static void
keep(struct notices *notices, const struct notice *notice, bool quiet)
{
	size_t i = slot(notices->next++);

	notices->ring[i] = *notice;
	notices->quiet[i] = quiet || !is_wanted(notices, notice);
}

static void
grow(struct notices *notices, const struct notice *notice)
{
	if (notices->next == 0)
		return;
	notices->ring[slot(notices->next - 1)] = *notice;
	if (notices->drawn == notices->next)
		notices->grown = true;
}

void
notices_hear(struct notices *notices, const struct event *event, bool quiet)
{
	struct notice notice;

	memset(&notice, 0, sizeof(notice));
	if (notices->next > 0)
		notice = notices->ring[slot(notices->next - 1)];
	switch (notice_make(&notices->maker, event, &notice)) {
	case NOTICE_NONE:
		break;
	case NOTICE_QUIET:
		keep(notices, &notice, true);
		break;
	case NOTICE_NEW:
		keep(notices, &notice, quiet);
		break;
	case NOTICE_MORE:
		grow(notices, &notice);
		break;
	}
}

void
notices_say(struct notices *notices, char mark, const char *text)
{
	struct notice notice;

	memset(&notice, 0, sizeof(notice));
	notice.at = clock_wall_ms();
	notice.kind = EVENT__COUNT;
	notice.mark = mark;
	notice.count = 1;
	snprintf(notice.text, sizeof(notice.text), "%s", text);
	keep(notices, &notice, false);
}

const struct notice *
notices_at(const struct notices *notices, size_t i)
{
	uint64_t first = notices->next > NOTICES_KEPT ?
	    notices->next - NOTICES_KEPT :
	    0;

	return first + i < notices->next ? &notices->ring[slot(first + i)] :
					   NULL;
}

/* --- drawing ------------------------------------------------------------- */

/* Lines that are to stay: of very many only the last. */
struct lines {
	char *line[LINES];
	size_t count; /* of all that were added */
};

static char *
show_line(const struct notice *notice, bool color)
{
	return notice_show(notice, clock_wall_ms(), color);
}

static void
lines_add(struct lines *lines, char *line)
{
	char **place = &lines->line[lines->count++ % LINES];

	free(*place);
	*place = line;
}

/* The lines as one text, with the number of those left out; to be freed. */
static char *
lines_join(struct lines *lines, uint64_t lost)
{
	size_t shown = lines->count < LINES ? lines->count : LINES;
	char *text = xstrdup(""), *longer;
	size_t i, at;

	lost += lines->count - shown;
	if (lost > 0) {
		free(text);
		text = xasprintf(
		    "... %llu more, see events\n", (unsigned long long)lost);
	}
	for (i = lines->count - shown; i < lines->count; i++) {
		at = i % LINES;
		longer = xasprintf("%s%s", text, lines->line[at]);
		free(text);
		free(lines->line[at]);
		text = longer;
	}
	return text;
}

static bool
is_equal(const struct notice *a, const struct notice *b)
{
	if (a->kind != b->kind || a->key != b->key || a->mark != b->mark ||
	    a->by_uid != b->by_uid || b->at - a->at > FOLD_TIME)
		return false;
	return a->same == NOTICE_MAX ||
	    strcmp(a->text + a->same, b->text + b->same) == 0;
}

static void
leave_block(struct notices *notices, size_t i)
{
	notices->blocks--;
	memmove(&notices->block[i], &notices->block[i + 1],
	    (notices->blocks - i) * sizeof(notices->block[0]));
}

/* Puts a notice at the end of the block; what it pushes out stays. */
static void
enter_block(struct notices *notices, const struct notice *notice, bool color,
    struct lines *lines)
{
	struct notice one = *notice;
	size_t i;

	for (i = 0; i < notices->blocks; i++)
		if (is_equal(&notices->block[i], notice)) {
			one.count += notices->block[i].count;
			leave_block(notices, i);
			break;
		}
	if (notices->blocks == BLOCK) {
		lines_add(lines, show_line(&notices->block[0], color));
		leave_block(notices, 0);
	}
	notices->block[notices->blocks++] = one;
}

bool
notices_pending(const struct notices *notices)
{
	uint64_t i;

	if (notices->next - notices->drawn > NOTICES_KEPT)
		return true;
	for (i = notices->drawn; i < notices->next; i++)
		if (!notices->quiet[slot(i)])
			return true;
	return notices->grown && notices->blocks > 0;
}

/* The one drawn last was not whole then. */
static void
redraw_last(struct notices *notices)
{
	const struct notice *newest = &notices->ring[slot(notices->drawn - 1)];
	struct notice *shown = &notices->block[notices->blocks - 1];
	unsigned int count = shown->count;

	if (shown->kind != newest->kind || shown->at != newest->at)
		return;
	*shown = *newest;
	shown->count = count;
}

bool
notices_draw(struct notices *notices, bool color, char **above, char **tail)
{
	struct lines lines = { .count = 0 };
	bool replaces = true;
	uint64_t lost = 0;
	char *line, *longer;
	size_t i;

	if (notices->next - notices->drawn > NOTICES_KEPT) {
		lost = notices->next - notices->drawn - NOTICES_KEPT;
		notices->drawn = notices->next - NOTICES_KEPT;
	}
	if (notices->next - notices->drawn > NOTICES_SHOW) {
		notices_settle(notices);
		replaces = false;
	}
	if (notices->grown && notices->blocks > 0)
		redraw_last(notices);
	for (; notices->drawn < notices->next; notices->drawn++)
		if (!notices->quiet[slot(notices->drawn)])
			enter_block(notices,
			    &notices->ring[slot(notices->drawn)], color,
			    &lines);
	*above = lines_join(&lines, lost);
	*tail = xstrdup("");
	for (i = 0; i < notices->blocks; i++) {
		line = show_line(&notices->block[i], color);
		longer = xasprintf("%s%s", *tail, line);
		free(*tail);
		free(line);
		*tail = longer;
	}
	notices->grown = false;
	return replaces;
}

bool
notices_take(struct notices *notices, struct notice *notice)
{
	uint64_t i = notices->drawn;

	notices->blocks = 0;
	if (notices->next - i > NOTICES_KEPT)
		i = notices->next - NOTICES_KEPT;
	if (notices->grown && i > 0)
		i--;
	notices->grown = false;
	while (i < notices->next && notices->quiet[slot(i)])
		i++;
	notices->drawn = i < notices->next ? i + 1 : i;
	if (i == notices->next)
		return false;
	*notice = notices->ring[slot(i)];
	return true;
}

void
notices_settle(struct notices *notices)
{
	notices->blocks = 0;
	notices->grown = false;
}
