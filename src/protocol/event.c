/* Events as lines, both ways. */
#include "config.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

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
	[EVENT_NOT_SIGNALLED] = "not-signalled",
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
	[EVENT_SOCKET_LOST] = "socket-lost",
	[EVENT_SOCKET_BACK] = "socket-back",
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

#define ROW(name, type, field, unset, low, high)                            \
	{                                                                   \
		name, type, offsetof(struct event, field), unset, low, high \
	}

static const struct number_row number_table[] = {
	ROW("pid", NUMBER_INT, pid, 0, 1, INT32_MAX),
	ROW("code", NUMBER_INT, code, -1, 0, 255),
	ROW("signal", NUMBER_INT, signal, 0, 1, 128),
	ROW("core", NUMBER_BOOL, core, 0, 1, 1),
	ROW("uptime", NUMBER_INT64, uptime, -1, 0, NUMBER_MS_MAX),
	ROW("delay", NUMBER_INT64, delay, -1, 0, NUMBER_MS_MAX),
	ROW("run", NUMBER_LONG, run, -1, 0, INT32_MAX),
	ROW("limit", NUMBER_LONG, limit, -1, 0, INT32_MAX),
	ROW("error", NUMBER_INT, error, 0, 1, 4095),
	ROW("uid", NUMBER_UID, by_uid, -1, 0, UINT32_MAX - 1),
	ROW("by", NUMBER_INT, by_pid, 0, 1, INT32_MAX),
};

#define NUMBERS (sizeof(number_table) / sizeof(number_table[0]))

/* Adds " NAME='VALUE'" with value cut until it fits. */
static void
add_string(struct text *text, const char *name, const char *value)
{
	char cut[sizeof(((struct event *)0)->text)];
	size_t len = strnlen(value, sizeof(cut) - 1), start = text->len;

	memcpy(cut, value, len);
	cut[len] = '\0';
	text_add_field(text, name, cut);
	while (text->full && len > 0) {
		text->len = start;
		text->full = false;
		cut[--len] = '\0';
		text_add_field(text, name, cut);
	}
}

size_t
event_format(char *buf, size_t size, const struct event *event)
{
	struct text text;
	int64_t number;
	size_t i;

	text_begin(&text, buf, size - 1); /* room for the newline */
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
		return fields_number(value, 0, NUMBER_MS_MAX, &event->at);
	if (strcmp(name, "state") == 0)
		return runstate_parse(value, &event->state);
	if (strcmp(name, "step") == 0)
		return fields_string(value, event->step, sizeof(event->step));
	if (strcmp(name, "text") == 0)
		return fields_string(value, event->text, sizeof(event->text));
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
