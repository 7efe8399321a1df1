/*
 * Events in, prompts and notices out.
 *
 * - Served by the loop in every wait, also in those of commands; what is to
 *   be shown waits until a line is read.
 * - The prompts are drawn anew only when their text changes.  Nothing ticks
 *   but the seconds of a retry and the minutes of an uptime, and these only
 *   where they can be drawn.
 * - Each wait takes a bounded number of events: what is typed goes first.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/progname.h"
#include "base/visible.h"
#include "base/xmalloc.h"
#include "control/orphan.h"
#include "control/output.h"
#include "control/settings.h"
#include "control/watch.h"
#include "options/options.h"
#include "shell/editor.h"
#include "shell/facts.h"
#include "shell/live.h"
#include "shell/loop.h"
#include "shell/prompt.h"

#define EVENTS_AT_ONCE 500
#define HELLO_WAIT     50 /* ms */
#define ANSWER_TIME    1000 /* ms */

struct live {
	struct live_setup setup;
	struct watch *watch;
	struct loop_source source;
	struct facts facts;
	struct notices *notices;
	char name[PROGNAME_MAX]; /* of the program */
	int64_t told_from, told_to; /* what happened then was told, wall ms */
	int64_t asked_at; /* when we asked for something last, wall ms */
	char told_state[16]; /* where there is no right prompt */
	bool lost; /* a supervisor that was heard is gone */
	bool greeted; /* this one, or one before it at this socket */
	bool repeats; /* what it tells of the past has been heard */
};

static bool
has_color(const struct live *live)
{
	return live->setup.output->color &&
	    !editor_is_plain(live->setup.editor);
}

/* The configuration may be another one by now. */
static void
take_name(struct live *live)
{
	if (progname_of(&live->setup.runner->program, live->name,
		sizeof(live->name)) == NULL)
		snprintf(live->name, sizeof(live->name), "zdaemon");
	notices_set_name(live->notices, live->name);
}

/* --- prompts ------------------------------------------------------------- */

/* A configuration with an error does not say whose state would be told. */
static const struct facts *
shown_facts(const struct live *live)
{
	static const struct facts nothing;

	return live->setup.runner->faulty ? &nothing : &live->facts;
}

static char *
make_left(const struct live *live, const struct facts *known, int64_t now)
{
	struct prompt_facts facts = {
		.name = live->name,
		.state = facts_state(known),
		.pid = known->pid,
		.uptime = facts_uptime(known, now),
	};
	char *text = prompt_expand(live->setup.runner->prompt, &facts);
	char *painted;

	if (!has_color(live))
		return text;
	painted = prompt_paint(text, facts_tone(known));
	free(text);
	return painted;
}

static void
update_prompts(struct live *live)
{
	const struct facts *facts = shown_facts(live);
	int64_t now = clock_wall_ms();
	char words[64], *left, *right;

	if (!live->facts.known)
		return;
	left = make_left(live, facts, now);
	right = prompt_right(live->name,
	    facts->known ? facts_words(facts, now, words, sizeof(words)) :
			   "not configured",
	    facts_tone(facts), has_color(live));
	editor_set_prompts(live->setup.editor, left, right);
	free(left);
	free(right);
}

/* --- events -------------------------------------------------------------- */

/* Whether an event is what the session itself has done, and has told. */
static bool
is_told(struct live *live, const struct event *event)
{
	if (event->by_pid == getpid()) {
		live->asked_at = event->at;
		return true;
	}
	/* What we have asked for. */
	if (event->kind == EVENT_REOPENED)
		return event->at - live->asked_at < ANSWER_TIME;
	/* Somebody else's doing, or nobody's. */
	if (event->kind == EVENT_REQUEST || event->kind == EVENT_SIGNALLED ||
	    event->kind == EVENT_LOG_FAILED || event->kind == EVENT_MISSED)
		return false;
	return event->at >= live->told_from && event->at <= live->told_to;
}

static void
hear(struct live *live, const struct event *event)
{
	bool is_new = watch_is_new(live->watch);

	if (event->kind == EVENT_HELLO) {
		live->repeats = live->greeted;
		live->greeted = true;
	} else if (!is_new && live->repeats)
		return;
	/* The past says nothing of how things stand now. */
	if (is_new || event->kind == EVENT_HELLO)
		facts_hear(&live->facts, event);
	if (event->kind == EVENT_HELLO && live->lost)
		notices_say(live->notices, NOTICE_UP, "supervisor is back");
	live->lost = false;
	notices_hear(live->notices, event, !is_new || is_told(live, event));
}

static void
tell_loss(struct live *live, const struct orphan *orphan)
{
	char text[NOTICE_MAX];

	if (orphan != NULL)
		snprintf(text, sizeof(text),
		    "supervisor gone, %s runs on (pid %ld); "
		    "start takes it over",
		    live->name, (long)orphan->state.pid);
	else
		snprintf(text, sizeof(text),
		    "supervisor gone, waiting for the next one");
	notices_say(live->notices, NOTICE_TROUBLE, text);
}

static void
lose(struct live *live)
{
	enum client_result result = watch_result(live->watch);
	bool heard = live->facts.known && live->facts.reach == CLIENT_OK;
	struct orphan orphan;
	bool orphaned = false;

	if (result == CLIENT_NOT_RUNNING)
		orphaned = orphan_find(&orphan, live->setup.client);
	facts_lose(&live->facts, result, orphaned ? orphan.state.pid : 0);
	/* One that said good-bye was told to go. */
	if (!heard || result == CLIENT_OK)
		return;
	tell_loss(live, orphaned ? &orphan : NULL);
	live->lost = true;
}

/* Takes what there is: whether anything was. */
static bool
catch_up(struct live *live)
{
	struct event event;
	int taken;

	notices_set_level(live->notices,
	    (enum notices_level)settings_choice(
		live->setup.settings, SETTING_NOTICES));
	for (taken = 0; taken < EVENTS_AT_ONCE; taken++) {
		switch (watch_next(live->watch, &event)) {
		case WATCH_EVENT:
			hear(live, &event);
			break;
		case WATCH_LOST:
			lose(live);
			break;
		case WATCH_NOTHING:
			return taken > 0;
		}
	}
	return true;
}

/* Where there is no right prompt, a new state is told in a line. */
static void
tell_state(struct live *live)
{
	char words[64], text[NOTICE_MAX], *shown, *line;
	bool first = live->told_state[0] == '\0';

	if (!shown_facts(live)->known || editor_has_right(live->setup.editor) ||
	    strcmp(live->told_state, facts_state(&live->facts)) == 0)
		return;
	snprintf(live->told_state, sizeof(live->told_state), "%s",
	    facts_state(&live->facts));
	/* How things stood at the beginning the greeting has told. */
	if (first)
		return;
	snprintf(text, sizeof(text), "%s %s", live->name,
	    facts_words(&live->facts, clock_wall_ms(), words, sizeof(words)));
	if ((shown = visible_copy(text, strlen(text), 0)) == NULL)
		return;
	line = xasprintf("%s\n", shown);
	editor_tell(live->setup.editor, false, line, "");
	free(line);
	free(shown);
}

/* Hands what is to be told to the editor. */
static void
show(struct live *live)
{
	char *above, *tail;
	bool replaces;

	if (!notices_pending(live->notices))
		return;
	replaces = notices_draw(live->notices, has_color(live), &above, &tail);
	editor_tell(live->setup.editor, replaces, above, tail);
	free(above);
	free(tail);
}

/* --- the loop's side ----------------------------------------------------- */

static size_t
prepare(void *data, struct pollfd *pfd, int *timeout)
{
	struct live *live = data;
	size_t count = watch_prepare(live->watch, pfd, timeout);
	bool draws = editor_is_reading(live->setup.editor) &&
	    !editor_is_plain(live->setup.editor);
	int tick = draws ? facts_tick(&live->facts, clock_wall_ms()) : -1;

	if (tick >= 0 && (*timeout < 0 || tick < *timeout))
		*timeout = tick;
	return count;
}

static void
serve(void *data)
{
	struct live *live = data;

	catch_up(live);
	if (!editor_is_reading(live->setup.editor))
		return;
	show(live);
	/* Whether a new state has room on the right is known only then. */
	update_prompts(live);
	tell_state(live);
}

struct live *
live_new(const struct live_setup *setup)
{
	struct live *live = xcalloc(1, sizeof(*live));

	live->setup = *setup;
	live->notices = notices_new();
	take_name(live);
	live->watch = watch_new(setup->client, NOTICES_KEPT);
	live->source = (struct loop_source){ prepare, serve, live };
	loop_attend(setup->loop, &live->source);
	return live;
}

void
live_free(struct live *live)
{
	if (live == NULL)
		return;
	loop_attend(live->setup.loop, NULL);
	watch_free(live->watch);
	notices_free(live->notices);
	free(live);
}

void
live_reload(struct live *live)
{
	take_name(live);
	memset(&live->facts, 0, sizeof(live->facts));
	live->lost = live->greeted = false;
	notices_clear(live->notices);
	watch_aim(live->watch);
}

/* A supervisor that was just found says how things stand at once. */
static void
await_hello(struct live *live)
{
	int64_t until = clock_mono_ms() + HELLO_WAIT;
	struct pollfd pfd;
	int timeout;

	while (watch_is_greeting(live->watch) && clock_mono_ms() < until) {
		if (watch_prepare(live->watch, &pfd, &timeout) == 1)
			poll(&pfd, 1, clock_poll_timeout(until));
		catch_up(live);
	}
}

void
live_prompt(struct live *live)
{
	catch_up(live);
	await_hello(live);
	notices_settle(live->notices);
	show(live);
	update_prompts(live);
	tell_state(live);
	/* Nobody was heard yet: whatever is heard from now on is news. */
	if (live->told_state[0] == '\0' && !live->facts.known)
		snprintf(live->told_state, sizeof(live->told_state), "unknown");
}

void
live_command_begin(struct live *live, bool tells)
{
	if (!tells)
		return;
	live->told_from = clock_wall_ms();
	live->told_to = INT64_MAX;
}

void
live_command_end(struct live *live)
{
	if (live->told_to == INT64_MAX)
		live->told_to = clock_wall_ms();
}

bool
live_take(struct live *live, struct notice *notice)
{
	catch_up(live);
	return notices_take(live->notices, notice);
}

const struct facts *
live_facts(const struct live *live)
{
	return &live->facts;
}

const struct watch *
live_watch(const struct live *live)
{
	return live->watch;
}

struct notices *
live_notices(struct live *live)
{
	return live->notices;
}
