/* Events as lines, both ways, and as sentences. */
#include "config.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/signame.h"
#include "base/units.h"
#include "protocol/event.h"
#include "protocol/fields.h"

#define WORDS_MAX 32

static const char *const kind_name[EVENT__COUNT] = {
	[EVENT_HELLO] = "hello",
	[EVENT_STARTING] = "starting",
	[EVENT_ADOPTED] = "adopted",
	[EVENT_UP] = "up",
	[EVENT_TEST_FAILED] = "test-failed",
	[EVENT_EXITED] = "exited",
	[EVENT_SPAWN_FAILED] = "spawn-failed",
	[EVENT_BACKOFF] = "backoff",
	[EVENT_GAVE_UP] = "gave-up",
	[EVENT_STOPPING] = "stopping",
	[EVENT_KILLED] = "killed",
	[EVENT_REST_KILLED] = "rest-killed",
	[EVENT_LEFT] = "left",
	[EVENT_DOWN] = "down",
	[EVENT_SIGNALLED] = "signalled",
	[EVENT_REQUEST] = "request",
	[EVENT_REFUSED] = "refused",
	[EVENT_REOPENED] = "reopened",
	[EVENT_ROTATED] = "rotated",
	[EVENT_UPGRADED] = "upgraded",
	[EVENT_LOG_FAILED] = "log-failed",
	[EVENT_LOG_WORKS] = "log-works",
	[EVENT_LOG_RENEWED] = "log-renewed",
	[EVENT_FAILED] = "failed",
	[EVENT_BUSY] = "busy",
	[EVENT_BYE] = "bye",
	[EVENT_MISSED] = "missed",
};

const char *
event_name(enum event_kind kind)
{
	return kind_name[kind];
}

void
event_init(struct event *event, enum event_kind kind)
{
	memset(event, 0, sizeof(*event));
	event->kind = kind;
	event->code = -1;
	event->uptime = -1;
	event->delay = -1;
	event->run = -1;
	event->limit = -1;
	event->by_uid = (uid_t)-1;
}

#define ROW(name, type, field, unset, low, high)                   \
	{                                                           \
		name, type, offsetof(struct event, field), unset, low, high \
	}

static const struct number_row number_table[] = {
	ROW("pid", NUMBER_INT, pid, 0, 1, INT32_MAX),
	ROW("code", NUMBER_INT, code, -1, 0, 255),
	ROW("signal", NUMBER_INT, signal, 0, 1, 128),
	ROW("core", NUMBER_BOOL, core, 0, 1, 1),
	ROW("uptime", NUMBER_INT64, uptime, -1, 0, INT64_MAX),
	ROW("delay", NUMBER_INT64, delay, -1, 0, INT64_MAX),
	ROW("run", NUMBER_LONG, run, -1, 0, INT32_MAX),
	ROW("limit", NUMBER_LONG, limit, -1, 0, INT32_MAX),
	ROW("error", NUMBER_INT, error, 0, 1, 4095),
	ROW("uid", NUMBER_UID, by_uid, -1, 0, UINT32_MAX - 1),
	ROW("by", NUMBER_INT, by_pid, 0, 1, INT32_MAX),
};

#define NUMBERS (sizeof(number_table) / sizeof(number_table[0]))

/*
 * Adds " NAME='VALUE'" with value cut until it fits; control bytes become
 * blanks, so that an event stays one line.
 */
static void
add_string(struct text *text, const char *name, const char *value)
{
	char clean[sizeof(((struct event *)0)->text)];
	size_t i, len = strnlen(value, sizeof(clean) - 1), start = text->len;

	if (len == 0)
		return;
	for (i = 0; i < len; i++)
		clean[i] = (unsigned char)value[i] < 0x20 ? ' ' : value[i];
	for (;; len--) {
		clean[len] = '\0';
		text_add(text, " %s=", name);
		text_add_quoted(text, clean);
		if (!text->full || len == 0)
			return;
		text->len = start;
		text->full = false;
	}
}

size_t
event_format(char *buf, size_t size, const struct event *event)
{
	struct text text;
	int64_t number;
	size_t i;

	text_begin(&text, buf, size - 1);	/* room for the newline */
	text_add(&text, "%s seq=%" PRIu64 " at=%" PRId64 " state=%s",
	    kind_name[event->kind], event->seq, event->at,
	    runstate_name(event->state));
	for (i = 0; i < NUMBERS; i++) {
		number = number_get(event, &number_table[i]);
		if (number != number_table[i].unset)
			text_add(&text, " %s=%" PRId64, number_table[i].name,
			    number);
	}
	add_string(&text, "step", event->step);
	add_string(&text, "text", event->text);
	buf[text.len] = '\n';
	buf[text.len + 1] = '\0';
	return text.len + 1;
}

static bool
take_string(char *to, size_t size, const char *value)
{
	size_t len = strlen(value);

	if (len >= size)
		return false;
	memcpy(to, value, len + 1);
	return true;
}

static bool
take_state(struct event *event, const char *value)
{
	int state = runstate_parse(value);

	if (state == -1)
		return false;
	event->state = (enum run_state)state;
	return true;
}

/* Takes one NAME=VALUE word; false if its value is no good. */
static bool
take_field(struct event *event, const char *name, const char *value)
{
	int64_t number;

	if (strcmp(name, "seq") == 0) {
		if (!fields_number(value, 0, INT64_MAX, &number))
			return false;
		event->seq = (uint64_t)number;
		return true;
	}
	if (strcmp(name, "at") == 0)
		return fields_number(value, 0, INT64_MAX, &event->at);
	if (strcmp(name, "state") == 0)
		return take_state(event, value);
	if (strcmp(name, "step") == 0)
		return take_string(event->step, sizeof(event->step), value);
	if (strcmp(name, "text") == 0)
		return take_string(event->text, sizeof(event->text), value);
	return number_take(event, number_table, NUMBERS, name, value) != -1;
}

static int
parse_kind(const char *name)
{
	int kind;

	for (kind = 0; kind < EVENT__COUNT; kind++)
		if (strcmp(kind_name[kind], name) == 0)
			return kind;
	return -1;
}

bool
event_parse(const char *line, size_t len, struct event *event)
{
	char copy[EVENT_LINE_MAX], *word[WORDS_MAX], *equals;
	struct event found;
	int count, i, kind;

	if (len >= sizeof(copy) || memchr(line, '\0', len) != NULL)
		return false;
	memcpy(copy, line, len);
	copy[len] = '\0';
	if ((count = fields_split(copy, word, WORDS_MAX)) < 1 ||
	    (kind = parse_kind(word[0])) == -1)
		return false;
	event_init(&found, (enum event_kind)kind);
	for (i = 1; i < count; i++) {
		if ((equals = strchr(word[i], '=')) == NULL)
			continue;
		*equals = '\0';
		if (!take_field(&found, word[i], equals + 1))
			return false;
	}
	*event = found;
	return true;
}

static void
say_exit(struct text *text, const struct event *event)
{
	const char *name = signame_of(event->signal);

	text_add(text, "pid %ld: ", (long)event->pid);
	if (event->signal == 0 && event->code == -1)
		text_add(text, "ended, status unknown");
	else if (event->signal == 0)
		text_add(text, "exit status %d", event->code);
	else if (name != NULL)
		text_add(text, "terminated by SIG%s", name);
	else
		text_add(text, "terminated by signal %d", event->signal);
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
		{ "transcript", "open transcript" },
		{ "logfile", "open logfile" },
		{ "socket", "make socket" },
		{ "pid-file", "write pid-file" },
		{ "syslog", "reach syslog at" },
		{ "write", "write to" },
		{ "rotate", "rotate" },
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

static void
say_request(struct text *text, const struct event *event)
{
	text_add(text, "%s asked", event->text);
	if (event->by_uid != (uid_t)-1)
		text_add(text, " by uid %lu, pid %ld",
		    (unsigned long)event->by_uid, (long)event->by_pid);
}

static void
say_signal(struct text *text, const struct event *event)
{
	const char *name = signame_of(event->signal);

	if (name != NULL)
		text_add(text, "SIG%s", name);
	else
		text_add(text, "signal %d", event->signal);
	text_add(text, " sent to pid %ld", (long)event->pid);
}

/* Processes of the program by number and, as far as they were named, name. */
static void
say_processes(
    struct text *text, const struct event *event, const char *one, const char *many)
{
	text_add(text, "%ld %s", event->run, event->run == 1 ? one : many);
	if (event->text[0] != '\0')
		text_add(text, ": %s", event->text);
}

const char *
event_sentence(const struct event *event, char *buf, size_t size)
{
	struct text text;
	char wait[32];

	text_begin(&text, buf, size);
	switch (event->kind) {
	case EVENT_HELLO:
		text_add(&text, "now %s", runstate_name(event->state));
		break;
	case EVENT_STARTING:
		text_add(&text, "spawned process pid=%ld", (long)event->pid);
		break;
	case EVENT_ADOPTED:
		text_add(&text,
		    "took over process pid=%ld of a lost daemon manager",
		    (long)event->pid);
		break;
	case EVENT_UP:
		text_add(&text, "process pid=%ld is up", (long)event->pid);
		break;
	case EVENT_TEST_FAILED:
		text_add(&text, "start test failed: %s", event->text);
		break;
	case EVENT_EXITED:
		say_exit(&text, event);
		break;
	case EVENT_SPAWN_FAILED:
	case EVENT_FAILED:
	case EVENT_LOG_FAILED:
		say_failure(&text, event);
		break;
	case EVENT_ROTATED:
		text_add(&text, "'%s' rotated", event->text);
		break;
	case EVENT_LOG_WORKS:
		text_add(&text, "'%s' can be written again", event->text);
		break;
	case EVENT_LOG_RENEWED:
		text_add(&text, "'%s' was deleted; made anew", event->text);
		break;
	case EVENT_BACKOFF:
		text_add(&text, "sleep %s to avoid rapid restarts",
		    units_print_duration(event->delay, wait, sizeof(wait)));
		break;
	case EVENT_GAVE_UP:
		text_add(&text, "%s", event->text);
		break;
	case EVENT_STOPPING:
		text_add(&text, "stopping pid %ld", (long)event->pid);
		break;
	case EVENT_KILLED:
		text_add(&text, "pid %ld did not end in time: SIGKILL sent",
		    (long)event->pid);
		break;
	case EVENT_REST_KILLED:
		say_processes(&text, event,
		    "process that it had started had to be killed",
		    "processes that it had started had to be killed");
		break;
	case EVENT_LEFT:
		say_processes(&text, event,
		    "process of it is left and cannot be ended",
		    "processes of it are left and cannot be ended");
		break;
	case EVENT_DOWN:
		text_add(&text, "process is down");
		break;
	case EVENT_SIGNALLED:
		say_signal(&text, event);
		break;
	case EVENT_REQUEST:
		say_request(&text, event);
		break;
	case EVENT_REFUSED:
		text_add(&text, "refused uid %lu, pid %ld",
		    (unsigned long)event->by_uid, (long)event->by_pid);
		if (event->run > 1)
			text_add(&text, "; %ld refusals since the last one "
			    "told", event->run);
		break;
	case EVENT_REOPENED:
		text_add(&text, "logs reopened");
		break;
	case EVENT_UPGRADED:
		text_add(&text, "daemon manager upgraded to version %s",
		    event->text);
		break;
	case EVENT_BUSY:
		text_add(&text, "another daemon manager runs, pid=%ld",
		    (long)event->pid);
		break;
	case EVENT_BYE:
		text_add(&text, "Exiting");
		break;
	case EVENT_MISSED:
		text_add(&text, "%ld events missed", event->run);
		break;
	case EVENT__COUNT:
		break;
	}
	return buf;
}
