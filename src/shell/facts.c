/*
 * The facts of the prompt.  Minutes are the grain of what goes up, after a day
 * hours, so that an idle session wakes once a minute at the most; seconds are
 * counted only while a start is awaited.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "shell/facts.h"

#define SECOND 1000
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static void
hear_start(struct facts *facts, const struct event *event)
{
	if (facts->since != 0 || facts->retry_at != 0)
		facts->restarts++;
	facts->pid = event->pid;
	facts->since = event->at;
	facts->gave_up = facts->ended = false;
}

static void
hear_hello(struct facts *facts, const struct event *event)
{
	facts->pid = event->pid;
	facts->since = event->uptime >= 0 ? event->at - event->uptime : 0;
	facts->gave_up = facts->ended = false;
}

static void
hear_end(struct facts *facts, const struct event *event)
{
	facts->ended = event->code != -1;
	facts->gave_up = !facts->ended;
}

void
facts_hear(struct facts *facts, const struct event *event)
{
	facts->known = true;
	facts->reach = CLIENT_OK;
	facts->orphan = false;
	facts->state = event->state;
	if (event->kind == EVENT_HELLO || event->kind == EVENT_SOCKET_BACK)
		facts->cut_off = false;
	else if (event->kind == EVENT_SOCKET_LOST)
		facts->cut_off = true;
	if (event->kind == EVENT_HELLO || event->kind == EVENT_ADOPTED)
		hear_hello(facts, event);
	else if (event->kind == EVENT_STARTING)
		hear_start(facts, event);
	else if (event->kind == EVENT_EXITED || event->kind == EVENT_DOWN ||
	    event->kind == EVENT_SPAWN_FAILED)
		facts->pid = 0;
	else if (event->kind == EVENT_GAVE_UP)
		hear_end(facts, event);
	if (facts->state != RUN_BACKOFF)
		facts->retry_at = 0;
	else if (event->delay >= 0)
		facts->retry_at = event->at + event->delay;
}

void
facts_lose(struct facts *facts, enum client_result reach, pid_t orphan)
{
	bool gave_up = facts->gave_up, ended = facts->ended;

	memset(facts, 0, sizeof(*facts));
	facts->known = true;
	facts->reach = reach == CLIENT_OK ? CLIENT_NOT_RUNNING : reach;
	facts->state = RUN_DOWN;
	facts->gave_up = gave_up;
	facts->ended = ended;
	facts->orphan = orphan != 0;
	facts->pid = orphan;
}

static bool
is_reached(const struct facts *facts)
{
	return facts->known && !facts->cut_off &&
	    (facts->reach == CLIENT_OK || facts->reach == CLIENT_NOT_RUNNING);
}

const char *
facts_state(const struct facts *facts)
{
	if (facts->orphan)
		return "orphan";
	return is_reached(facts) ? runstate_name(facts->state) : "unknown";
}

int64_t
facts_uptime(const struct facts *facts, int64_t now)
{
	if (facts->pid == 0 || facts->since == 0)
		return -1;
	return now > facts->since ? now - facts->since : 0;
}

static const char *
say_running(const struct facts *facts, int64_t now, char *buf, size_t size)
{
	int64_t uptime = facts_uptime(facts, now);
	char age[32];

	if (uptime < MINUTE)
		snprintf(buf, size, "running");
	else
		snprintf(buf, size, "running %s",
		    units_show_age(uptime - uptime % MINUTE, age, sizeof(age)));
	return buf;
}

static const char *
say_retry(const struct facts *facts, int64_t now, char *buf, size_t size)
{
	int64_t left = facts->retry_at - now;
	char age[32];

	if (facts->retry_at == 0 || left <= 0)
		snprintf(buf, size, "retrying");
	else
		snprintf(buf, size, "retry in %s",
		    units_show_age(left + SECOND - 1, age, sizeof(age)));
	return buf;
}

const char *
facts_words(const struct facts *facts, int64_t now, char *buf, size_t size)
{
	if (!is_reached(facts))
		snprintf(buf, size, facts->known ? "out of reach" : "unknown");
	else if (facts->orphan)
		snprintf(buf, size, "running unsupervised");
	else if (facts->state == RUN_UP)
		return say_running(facts, now, buf, size);
	else if (facts->state == RUN_BACKOFF)
		return say_retry(facts, now, buf, size);
	else if (facts->state == RUN_STARTING || facts->state == RUN_STOPPING)
		snprintf(buf, size, "%s", runstate_name(facts->state));
	else if (facts->gave_up)
		snprintf(buf, size, "gave up");
	else
		snprintf(buf, size, facts->ended ? "ended" : "down");
	return buf;
}

enum facts_tone
facts_tone(const struct facts *facts)
{
	if (!is_reached(facts) || facts->orphan)
		return TONE_BAD;
	switch (facts->state) {
	case RUN_UP:
		return TONE_GOOD;
	case RUN_STARTING:
	case RUN_STOPPING:
	case RUN_BACKOFF:
		return TONE_WAIT;
	case RUN_DOWN:
	case RUN_DONE:
	case RUN__COUNT:
		break;
	}
	return facts->gave_up ? TONE_BAD : TONE_IDLE;
}

/* Until the words of an age are others: minutes, later hours. */
static int
tick_up(int64_t uptime)
{
	int64_t grain = uptime < DAY ? MINUTE : HOUR;

	return uptime < 0 ? -1 : (int)(grain - uptime % grain);
}

int
facts_tick(const struct facts *facts, int64_t now)
{
	int64_t left = facts->retry_at - now;

	if (!is_reached(facts))
		return -1;
	if (facts->state == RUN_UP)
		return tick_up(facts_uptime(facts, now));
	if (facts->state != RUN_BACKOFF || left <= 0)
		return -1;
	/* "3s" is shown from 3.000 down to 2.001 s. */
	return (int)((left - 1) % SECOND) + 1;
}
