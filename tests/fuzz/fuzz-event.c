/*
 * Any line as an event: refused, or taken and then written and read back the
 * same; any text in an event of ours arrives, on one line, cut at its end at
 * most.
 */
#include "config.h"

#include <stdio.h>

#include "fuzz.h"
#include "protocol/event.h"

static size_t
format(char line[EVENT_LINE_MAX], const struct event *event)
{
	size_t len = event_format(line, EVENT_LINE_MAX, event);

	assert(len > 0 && len < EVENT_LINE_MAX && strlen(line) == len);
	assert(strchr(line, '\n') == line + len - 1);
	return len;
}

static void
check_sentence(const struct event *event)
{
	static const size_t size[] = { 1, 20, 1024 };
	char *buf;
	size_t i;

	for (i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		assert((buf = malloc(size[i])) != NULL);
		assert(event_sentence(event, buf, size[i]) == buf);
		assert(strlen(buf) < size[i]);
		free(buf);
	}
}

static void
check_again(const struct event *event)
{
	char first[EVENT_LINE_MAX], second[EVENT_LINE_MAX];
	struct event again;
	size_t len = format(first, event);

	assert(event_parse(first, len - 1, &again));
	assert(format(second, &again) == len && strcmp(first, second) == 0);
	check_sentence(event);
}

/* An event of ours that fails with that text. */
static void
check_text(const char *text, enum event_kind kind)
{
	struct event event, again;
	char line[EVENT_LINE_MAX];
	size_t i, len;

	event_init(&event, kind);
	snprintf(event.step, sizeof(event.step), "%s", text);
	snprintf(event.text, sizeof(event.text), "%s", text);
	len = format(line, &event);
	assert(event_parse(line, len - 1, &again));
	assert(strlen(again.text) <= strlen(event.text));
	for (i = 0; again.text[i] != '\0'; i++)
		assert(again.text[i] == event.text[i] ||
		    (again.text[i] == ' ' &&
			(unsigned char)event.text[i] < 0x20));
	check_sentence(&event);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct event event;

	if (event_parse((const char *)data, size, &event)) {
		assert(event.kind < EVENT__COUNT && event.state < RUN__COUNT);
		check_again(&event);
	}
	check_text(text, (enum event_kind)(size % EVENT__COUNT));
	free(text);
	return 0;
}
