/*
 * What is held, as parts of files.  The parts of one log are in order; what
 * comes behind the last part of a log makes it longer.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "control/feed.h"
#include "process/descriptors.h"
#include "shell/held.h"

#define HELD_PARTS 64 /* at most: each keeps a file open */
#define HELD_CHUNK 65536

struct held_part {
	size_t source;
	int fd; /* -1: a note */
	off_t from, to;
	unsigned long lines;
	char *note;
};

void
held_init(struct held *held)
{
	memset(held, 0, sizeof(*held));
}

static void
drop_part(struct held *held, size_t i)
{
	struct held_part *part = &held->part[i];

	if (part->fd != -1)
		close(part->fd);
	free(part->note);
	held->lines -= part->lines;
	held->count--;
	memmove(part, part + 1, (held->count - i) * sizeof(*part));
}

void
held_free(struct held *held)
{
	while (held->count > 0)
		drop_part(held, held->count - 1);
	free(held->part);
	free(held->buf);
	free(held->text);
	held_init(held);
}

static unsigned long
count_lines(const char *data, size_t len)
{
	const char *end = data + len, *newline;
	unsigned long lines = 0;

	while (data < end &&
	    (newline = memchr(data, '\n', (size_t)(end - data))) != NULL) {
		data = newline + 1;
		lines++;
	}
	return lines;
}

/* The last part of a log; NULL: none, or it is a note. */
static struct held_part *
last_data(struct held *held, size_t source)
{
	size_t i;

	for (i = held->count; i > 0; i--)
		if (held->part[i - 1].source == source)
			return held->part[i - 1].fd == -1 ? NULL :
							    &held->part[i - 1];
	return NULL;
}

static struct held_part *
add_part(struct held *held, size_t source)
{
	if (held->count == HELD_PARTS) {
		held->lost += held->part[0].lines;
		drop_part(held, 0);
	}
	held->part = xreallocarray(
	    held->part, held->count + 1, sizeof(*held->part));
	held->part[held->count] = (struct held_part){ .source = source,
		.fd = -1 };
	return &held->part[held->count++];
}

static void
add_data(struct held *held, const struct feed_item *item)
{
	struct held_part *part = last_data(held, item->source);
	unsigned long lines = count_lines(item->data, item->len);

	if (part == NULL || part->to != item->offset) {
		part = add_part(held, item->source);
		part->from = item->offset;
		part->fd = dup(item->fd);
		if (part->fd == -1) {
			held->lost += lines;
			drop_part(held, held->count - 1);
			return;
		}
		descriptors_cloexec(part->fd);
	}
	part->to = item->offset + (off_t)item->len;
	part->lines += lines;
	held->lines += lines;
}

void
held_add(struct held *held, const struct feed_item *item)
{
	struct held_part *part;

	if (item->kind == FEED_DATA) {
		add_data(held, item);
		return;
	}
	/* What stood in a truncated file cannot be read again. */
	part = item->truncated ? last_data(held, item->source) : NULL;
	if (part != NULL) {
		held->lost += part->lines;
		drop_part(held, (size_t)(part - held->part));
	}
	add_part(held, item->source)->note = xstrdup(item->text);
}

static void
give_note(struct held *held, struct feed_item *item, size_t source, char *text)
{
	free(held->text);
	held->text = text;
	item->kind = FEED_NOTE;
	item->source = source;
	item->text = text;
}

static void
give_data(struct held *held, struct feed_item *item)
{
	struct held_part *part = &held->part[0];
	size_t want = part->to - part->from < HELD_CHUNK ?
	    (size_t)(part->to - part->from) :
	    HELD_CHUNK;
	unsigned long lines;
	ssize_t n;

	if (held->buf == NULL)
		held->buf = xmalloc(HELD_CHUNK);
	n = pread(part->fd, held->buf, want, part->from);
	if (n <= 0) {
		give_note(held, item, part->source,
		    xasprintf("%lu held lines are gone", part->lines));
		drop_part(held, 0);
		return;
	}
	item->kind = FEED_DATA;
	item->source = part->source;
	item->data = held->buf;
	item->len = (size_t)n;
	item->offset = part->from;
	lines = count_lines(held->buf, (size_t)n);
	lines = lines < part->lines ? lines : part->lines;
	part->from += n;
	part->lines -= lines;
	held->lines -= lines;
	if (part->from == part->to)
		drop_part(held, 0);
}

bool
held_next(struct held *held, struct feed_item *item)
{
	struct held_part *part = held->part;
	char *note;

	memset(item, 0, sizeof(*item));
	item->fd = -1;
	if (held->count == 0)
		return false;
	if (held->lost > 0) {
		give_note(held, item, part->source,
		    xasprintf("%lu held lines are gone", held->lost));
		held->lost = 0;
	} else if (part->fd != -1)
		give_data(held, item);
	else {
		note = part->note;
		part->note = NULL;
		give_note(held, item, part->source, note);
		drop_part(held, 0);
	}
	return true;
}
