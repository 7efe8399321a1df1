/*
 * Events become sentences here.
 *
 * - An end that was asked for is no trouble; one that was not is.
 * - What follows from the line before (the retry after a crash, `down' after
 *   a stop) joins it or is left out.
 * - `up' is announced only where it took long enough to be news of its own.
 */

#include "config.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/signame.h"
#include "base/units.h"
#include "base/visible.h"
#include "base/xmalloc.h"
#include "control/exits.h"
#include "control/notice.h"

#define LONG_START 1000 /* ms until up */

static void say(struct notice *notice, char mark, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
say(struct notice *notice, char mark, const char *fmt, ...)
{
	va_list ap;

	notice->mark = mark;
	va_start(ap, fmt);
	vsnprintf(notice->text, sizeof notice->text, fmt, ap);
	va_end(ap);
}

static void say_more(struct notice *notice, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say_more(struct notice *notice, const char *fmt, ...)
{
	size_t len = strlen(notice->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(notice->text + len, sizeof notice->text - len, fmt, ap);
	va_end(ap);
}

static void
say_exit(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	char how[EXITS_MAX], age[32];

	say(notice, maker->stopping ? NOTICE_DOWN : NOTICE_TROUBLE, "%s %s: %s",
	    maker->name, maker->stopping ? "stopped" : "exited",
	    exits_text(
		event->code, event->signal, event->core, how, sizeof how));
	if (event->uptime >= 0)
		say_more(notice, ", after %s",
		    units_show_age(event->uptime, age, sizeof age));
	notice->key = event->signal * 512 + event->code;
	notice->same = NOTICE_MAX;
	maker->ended = true;
}

static void
say_backoff(const struct event *event, struct notice *notice)
{
	char wait[32];

	if (event->run > 0 && event->limit > 0)
		say_more(
		    notice, "restart %ld of %ld", event->run, event->limit);
	else
		say_more(notice, "restart");
	if (event->delay >= 0)
		say_more(notice, " in %s",
		    units_show_age(event->delay + 999, wait, sizeof wait));
}

static const char *
who(const struct event *event, char *buf, size_t size)
{
	struct passwd *entry = event->by_uid == (uid_t)-1 ?
	    NULL :
	    getpwuid(event->by_uid);

	if (entry != NULL)
		snprintf(buf, size, "%s (pid %ld)", entry->pw_name,
		    (long)event->by_pid);
	else if (event->by_uid != (uid_t)-1)
		snprintf(buf, size, "uid %lu (pid %ld)",
		    (unsigned long)event->by_uid, (long)event->by_pid);
	else
		snprintf(buf, size, "somebody");
	return buf;
}

static void
begin(struct notice *notice, const struct event *event)
{
	memset(notice, 0, sizeof *notice);
	notice->at = event->at;
	notice->count = 1;
	notice->kind = event->kind;
	notice->by_uid = event->by_uid;
	notice->by_pid = event->by_pid;
}

/* --- one function for each kind that is more than its sentence ------------ */

static enum notice_made
make_nothing(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	(void)maker;
	(void)event;
	(void)notice;
	return NOTICE_NONE;
}

static enum notice_made
make_start(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	maker->stopping = maker->ended = false;
	maker->started_at = event->at;
	begin(notice, event);
	say(notice, NOTICE_UP, "%s started, pid %ld", maker->name,
	    (long)event->pid);
	notice->same = NOTICE_MAX;
	return NOTICE_NEW;
}

static enum notice_made
make_adopted(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	maker->stopping = maker->ended = false;
	maker->started_at = event->at;
	begin(notice, event);
	say(notice, NOTICE_UP, "%s taken over, pid %ld", maker->name,
	    (long)event->pid);
	return NOTICE_NEW;
}

static enum notice_made
make_up(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	begin(notice, event);
	say(notice, NOTICE_UP, "%s is ready, pid %ld", maker->name,
	    (long)event->pid);
	return event->at - maker->started_at < LONG_START ? NOTICE_QUIET :
							    NOTICE_NEW;
}

static enum notice_made
make_exit(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	begin(notice, event);
	say_exit(maker, event, notice);
	return NOTICE_NEW;
}

/* A retry belongs to the crash that it follows. */
static enum notice_made
make_backoff(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	if (notice->kind == EVENT_EXITED ||
	    notice->kind == EVENT_SPAWN_FAILED) {
		say_more(notice, "; ");
		say_backoff(event, notice);
		return NOTICE_MORE;
	}
	begin(notice, event);
	say(notice, NOTICE_TROUBLE, "%s: ", maker->name);
	say_backoff(event, notice);
	return NOTICE_NEW;
}

/* As a retry does; an exit status that is not tried again says it all. */
static enum notice_made
make_gave_up(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	if (event->code != -1 && event->run == -1 &&
	    notice->kind == EVENT_EXITED) {
		say_more(notice, "; not started again");
		return NOTICE_MORE;
	}
	begin(notice, event);
	say(notice, NOTICE_TROUBLE, "%s is not started again: %s", maker->name,
	    exits_reason(event->text));
	return NOTICE_NEW;
}

static enum notice_made
make_stopping(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	(void)event;
	(void)notice;
	maker->stopping = true;
	return NOTICE_NONE;
}

static enum notice_made
make_down(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	bool known = maker->ended || notice->kind == EVENT_GAVE_UP;

	maker->stopping = maker->ended = false;
	if (known)
		return NOTICE_NONE;
	begin(notice, event);
	say(notice, NOTICE_DOWN, "%s is down", maker->name);
	return NOTICE_NEW;
}

static enum notice_made
make_signalled(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	const char *name = signame_of(event->signal);
	char by[96];

	begin(notice, event);
	if (name)
		say(notice, NOTICE_OPERATOR, "%s sent %s to %s",
		    who(event, by, sizeof by), name, maker->name);
	else
		say(notice, NOTICE_OPERATOR, "%s sent signal %d to %s",
		    who(event, by, sizeof by), event->signal, maker->name);
	notice->key = event->signal;
	notice->same = strlen(by);
	return NOTICE_NEW;
}

static enum notice_made
make_request(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	char by[96];

	(void)maker;
	begin(notice, event);
	/* On the wire it has the name that zdaemon gave it. */
	say(notice, NOTICE_OPERATOR, "%s asked for %s",
	    who(event, by, sizeof by),
	    strcmp(event->text, "exit") == 0 ? "shutdown" : event->text);
	notice->same = strlen(by);
	return NOTICE_NEW;
}

/* Who tells of an event; with a mark instead, it is its sentence. */
static const struct {
	enum notice_made (*make)(struct notice_maker *maker,
	    const struct event *event, struct notice *notice);
	char mark;
	bool any; /* equal ones may differ in what they say */
} telling[EVENT__COUNT] = {
	[EVENT_HELLO] = { .make = make_nothing },
	[EVENT_STARTING] = { .make = make_start },
	[EVENT_ADOPTED] = { .make = make_adopted },
	[EVENT_UP] = { .make = make_up },
	[EVENT_TEST_FAILED] = { .mark = NOTICE_TROUBLE },
	[EVENT_EXITED] = { .make = make_exit },
	[EVENT_SPAWN_FAILED] = { .mark = NOTICE_TROUBLE, .any = true },
	[EVENT_BACKOFF] = { .make = make_backoff },
	[EVENT_GAVE_UP] = { .make = make_gave_up },
	[EVENT_STOPPING] = { .make = make_stopping },
	[EVENT_KILLED] = { .mark = NOTICE_TROUBLE },
	[EVENT_NOT_SIGNALLED] = { .mark = NOTICE_TROUBLE },
	[EVENT_REST_KILLED] = { .mark = NOTICE_TROUBLE },
	[EVENT_LEFT] = { .mark = NOTICE_TROUBLE },
	[EVENT_DOWN] = { .make = make_down },
	[EVENT_SIGNALLED] = { .make = make_signalled },
	[EVENT_REQUEST] = { .make = make_request },
	[EVENT_REFUSED] = { .mark = NOTICE_TROUBLE },
	[EVENT_REOPENED] = { .mark = NOTICE_LOG },
	[EVENT_ROTATED] = { .mark = NOTICE_LOG },
	[EVENT_UPGRADED] = { .mark = NOTICE_OPERATOR },
	[EVENT_LOG_FAILED] = { .mark = NOTICE_TROUBLE },
	[EVENT_LOG_WORKS] = { .mark = NOTICE_LOG },
	[EVENT_LOG_RENEWED] = { .mark = NOTICE_LOG },
	[EVENT_SOCKET_LOST] = { .mark = NOTICE_TROUBLE },
	[EVENT_SOCKET_BACK] = { .mark = NOTICE_LOG },
	[EVENT_FAILED] = { .mark = NOTICE_TROUBLE },
	[EVENT_BUSY] = { .mark = NOTICE_TROUBLE },
	[EVENT_BYE] = { .make = make_nothing },
	[EVENT_MISSED] = { .mark = NOTICE_TROUBLE },
};

enum notice_made
notice_make(struct notice_maker *maker, const struct event *event,
    struct notice *notice)
{
	char sentence[EVENT_LINE_MAX];

	if (telling[event->kind].make != NULL)
		return telling[event->kind].make(maker, event, notice);
	begin(notice, event);
	event_sentence(event, sentence, sizeof sentence);
	say(notice, telling[event->kind].mark, "%s: %s", maker->name, sentence);
	notice->same = telling[event->kind].any ? NOTICE_MAX : 0;
	return NOTICE_NEW;
}

/* --- the line ------------------------------------------------------------- */

static bool
is_same_day(int64_t a, int64_t b)
{
	time_t one = (time_t)(a / 1000), two = (time_t)(b / 1000);
	struct tm x, y;

	return localtime_r(&one, &x) && localtime_r(&two, &y) &&
	    x.tm_yday == y.tm_yday && x.tm_year == y.tm_year;
}

const char *
notice_line(const struct notice *notice, int64_t now, char *buf, size_t size)
{
	time_t at = (time_t)(notice->at / 1000);
	char day[16] = "", clock[16] = "?", count[24] = "";
	struct tm tm;

	if (localtime_r(&at, &tm) != NULL) {
		strftime(clock, sizeof clock, "%H:%M:%S", &tm);
		if (!is_same_day(notice->at, now))
			strftime(day, sizeof day, "%Y-%m-%d ", &tm);
	}
	if (notice->count > 1)
		snprintf(count, sizeof count, " (x%u)", notice->count);
	snprintf(buf, size, "%s%s %c %s%s", day, clock, notice->mark,
	    notice->text, count);
	return buf;
}

static const char *
color_of(char mark)
{
	switch (mark) {
	case NOTICE_TROUBLE:
		return "\033[31m";
	case NOTICE_UP:
		return "\033[32m";
	case NOTICE_DOWN:
		return "\033[33m";
	case NOTICE_LOG:
		return "\033[36m";
	default:
		return "\033[35m";
	}
}

char *
notice_show(const struct notice *notice, int64_t now, bool color)
{
	char raw[NOTICE_MAX + 80], mark[4] = { ' ', notice->mark, ' ', '\0' };
	char *shown, *at, *line;

	notice_line(notice, now, raw, sizeof raw);
	shown = visible_copy(raw, strlen(raw), 0);
	if (shown == NULL)
		return xstrdup("\n");
	if (color && (at = strstr(shown, mark)) != NULL)
		line = xasprintf("\033[2m%.*s\033[0m %s%c%s%s%s\n",
		    (int)(at - shown), shown, color_of(notice->mark),
		    notice->mark,
		    notice->mark == NOTICE_TROUBLE ? "" : "\033[0m", at + 2,
		    notice->mark == NOTICE_TROUBLE ? "\033[0m" : "");
	else
		line = xasprintf("%s\n", shown);
	free(shown);
	return line;
}
