/*
 * Events as sentences: most are a text around a pid or the event's own text,
 * the others have a function.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/signame.h"
#include "base/units.h"
#include "protocol/event.h"
#include "protocol/fields.h"

static void
say_state(struct text *text, const struct event *event)
{
	text_add(text, "now %s", runstate_name(event->state));
}

static void
say_exit(struct text *text, const struct event *event)
{
	char name[SIGNAME_SIZE];

	text_add(text, "pid %ld: ", (long)event->pid);
	if (event->signal == 0 && event->code == -1)
		text_add(text, "ended, status unknown");
	else if (event->signal == 0)
		text_add(text, "exit status %d", event->code);
	else
		text_add(text, "terminated by %s",
		    signame_show(event->signal, name, sizeof(name)));
	if (event->core)
		text_add(text, " (core dumped)");
}

/* What could not be done, by the step that failed. */
static const char *
failed_deed(const char *step)
{
	static const struct {
		const char *step;
		const char *deed;
	} table[] = {
		{ "exec", "execute" },
		{ "chdir", "change into" },
		{ "user", "become the user for" },
		{ "setsid", "begin a session for" },
		{ "setpgid", "begin a process group for" },
		{ "transcript", "open transcript" },
		{ "logfile", "open logfile" },
		{ "socket", "make socket" },
		{ "pid-file", "write pid-file" },
		{ "syslog", "reach syslog at" },
		{ "write", "write to" },
		{ "memory", "find memory for" },
		{ "directory", "find" },
		{ "signals", "prepare for signals with a" },
		{ "configuration", "read configuration from" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].step, step) == 0)
			return table[i].deed;
	return step;
}

/* "unable to open 'x': reason"; without errno the text is a sentence. */
static void
say_failure(struct text *text, const struct event *event)
{
	if (event->error == 0) {
		text_add(text, "%s", event->text);
		return;
	}
	text_add(text, "unable to %s", failed_deed(event->step));
	if (event->text[0] != '\0')
		text_add(text, " '%s'", event->text);
	text_add(text, ": %s", strerror(event->error));
}

/* The lock is taken before the socket is made. */
static void
say_socket_lost(struct text *text, const struct event *event)
{
	text_add(text, "the %scontrol socket is gone; ",
	    strcmp(event->step, "lock") == 0 ? "lock of the " : "");
	say_failure(text, event);
}

static void
say_backoff(struct text *text, const struct event *event)
{
	char wait[32];

	text_add(text, "sleep %s to avoid rapid restarts",
	    units_print_duration(event->delay, wait, sizeof(wait)));
}

/* Processes of the program by number and, as far as they were named, name. */
static void
say_processes(struct text *text, const struct event *event, const char *one,
    const char *many)
{
	text_add(text, "%ld %s", event->run, event->run == 1 ? one : many);
	if (event->text[0] != '\0')
		text_add(text, ": %s", event->text);
}

static void
say_rest_killed(struct text *text, const struct event *event)
{
	say_processes(text, event,
	    "process that it had started had to be killed",
	    "processes that it had started had to be killed");
}

static void
say_left(struct text *text, const struct event *event)
{
	say_processes(text, event, "process of it is left and cannot be ended",
	    "processes of it are left and cannot be ended");
}

static void
say_signal(struct text *text, const struct event *event)
{
	char name[SIGNAME_SIZE];

	text_add(text, "%s sent to pid %ld",
	    signame_show(event->signal, name, sizeof(name)), (long)event->pid);
}

static void
say_not_signalled(struct text *text, const struct event *event)
{
	text_add(text, "pid %ld cannot be signalled: %s", (long)event->pid,
	    strerror(event->error));
}

static void
say_request(struct text *text, const struct event *event)
{
	text_add(text, "%s asked", event->text);
	if (event->by_uid != (uid_t)-1)
		text_add(text, " by uid %lu, pid %ld",
		    (unsigned long)event->by_uid, (long)event->by_pid);
}

static void
say_refused(struct text *text, const struct event *event)
{
	text_add(text, "refused uid %lu, pid %ld", (unsigned long)event->by_uid,
	    (long)event->by_pid);
	if (event->run > 1)
		text_add(
		    text, "; %ld refusals since the last one told", event->run);
}

static void
say_missed(struct text *text, const struct event *event)
{
	text_add(text, "%ld events missed", event->run);
}

enum names {
	NAMES_NOTHING,
	NAMES_PID,
	NAMES_TEXT
};

static const struct {
	const char *before;
	enum names names; /* what stands between */
	const char *after;
	void (*say)(struct text *text, const struct event *event);
} sentence[EVENT__COUNT] = {
	[EVENT_HELLO] = { .say = say_state },
	[EVENT_STARTING] = { "spawned process pid=", NAMES_PID, "" },
	[EVENT_ADOPTED] = { "took over process pid=", NAMES_PID,
	    " of a lost daemon manager" },
	[EVENT_UP] = { "process pid=", NAMES_PID, " is up" },
	[EVENT_TEST_FAILED] = { "start test failed: ", NAMES_TEXT, "" },
	[EVENT_EXITED] = { .say = say_exit },
	[EVENT_SPAWN_FAILED] = { .say = say_failure },
	[EVENT_BACKOFF] = { .say = say_backoff },
	[EVENT_GAVE_UP] = { "", NAMES_TEXT, "" },
	[EVENT_STOPPING] = { "stopping pid ", NAMES_PID, "" },
	[EVENT_KILLED] = { "pid ", NAMES_PID,
	    " did not end in time: SIGKILL sent" },
	[EVENT_NOT_SIGNALLED] = { .say = say_not_signalled },
	[EVENT_REST_KILLED] = { .say = say_rest_killed },
	[EVENT_LEFT] = { .say = say_left },
	[EVENT_DOWN] = { "process is down", NAMES_NOTHING, "" },
	[EVENT_SIGNALLED] = { .say = say_signal },
	[EVENT_REQUEST] = { .say = say_request },
	[EVENT_REFUSED] = { .say = say_refused },
	[EVENT_REOPENED] = { "logs reopened", NAMES_NOTHING, "" },
	[EVENT_ROTATED] = { "'", NAMES_TEXT, "' rotated" },
	[EVENT_UPGRADED] = { "daemon manager upgraded to version ", NAMES_TEXT,
	    "" },
	[EVENT_LOG_FAILED] = { .say = say_failure },
	[EVENT_LOG_WORKS] = { "'", NAMES_TEXT, "' can be written again" },
	[EVENT_LOG_RENEWED] = { "'", NAMES_TEXT, "' was deleted; made anew" },
	[EVENT_SOCKET_LOST] = { .say = say_socket_lost },
	[EVENT_SOCKET_BACK] = { "", NAMES_TEXT, "" },
	[EVENT_FAILED] = { .say = say_failure },
	[EVENT_BUSY] = { "another daemon manager runs, pid=", NAMES_PID, "" },
	[EVENT_BYE] = { "Exiting", NAMES_NOTHING, "" },
	[EVENT_MISSED] = { .say = say_missed },
};

/* Says an event; there is always room for all of it. */
static void
say(struct text *text, const struct event *event)
{
	if (sentence[event->kind].say != NULL) {
		sentence[event->kind].say(text, event);
		return;
	}
	text_add(text, "%s", sentence[event->kind].before);
	if (sentence[event->kind].names == NAMES_PID)
		text_add(text, "%ld", (long)event->pid);
	else if (sentence[event->kind].names == NAMES_TEXT)
		text_add(text, "%s", event->text);
	text_add(text, "%s", sentence[event->kind].after);
}

const char *
event_sentence(const struct event *event, char *buf, size_t size)
{
	char whole[EVENT_LINE_MAX];
	struct text text;

	text_begin(&text, whole, sizeof(whole));
	say(&text, event);
	snprintf(buf, size, "%s", whole);
	return buf;
}
