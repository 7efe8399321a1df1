/*
 * What is common to all targets: the queue, and what to do when it is full.
 *
 * - A sink that has not taken something is not written to until it was tried
 *   again (after a while, or when it has room): order is kept and a dead disk
 *   costs nothing.
 * - Bytes are dropped by whole lines.  Where the beginning of a line waits and
 *   its rest does not fit, the beginning goes too.
 */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "supervisor/sink.h"

int
sink_init(struct sink *sink, const struct sink_kind *kind, const char *path,
    size_t room)
{
	char *data;

	memset(sink, 0, sizeof(*sink));
	sink->kind = kind;
	sink->file.fd = -1;
	sink->slice = SINK_SLICE;
	sink->place = -1;
	sink->path = strdup(path);
	data = malloc(room);
	ring_init(&sink->wait, data, room);
	if (sink->path != NULL && data != NULL)
		return 0;
	sink_free(sink);
	return -1;
}

void
sink_free(struct sink *sink)
{
	logfile_close(&sink->file);
	if (sink->kind->close != NULL)
		sink->kind->close(sink);
	free(sink->wait.data);
	free(sink->path);
	sink->wait.data = sink->path = NULL;
}

bool
sink_is_clear(const struct sink *sink)
{
	return sink->wait.used == 0 && sink->missing == 0;
}

static bool
sink_is_full_for_now(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK;
}

/* For the event log, which says it once. */
static void
sink_tell_trouble(struct sink *sink)
{
	if (!sink->troubled)
		sink->news |= SINK_FAILED;
	sink->troubled = true;
}

void
sink_refused(struct sink *sink, int error)
{
	if (!sink->file.regular && sink_is_full_for_now(error)) {
		sink->error = 0;
		return;
	}
	sink->error = error;
	sink->retry = clock_mono_ms() + SINK_RETRY;
	sink_tell_trouble(sink);
}

/* Writes what is taken now; how much of it. */
static size_t
sink_push(struct sink *sink, const char *data, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = sink->kind->write(sink, data + done, len - done);
		if (n > 0) {
			done += (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			sink_refused(sink, n == 0 ? EIO : errno);
			break;
		}
	}
	if (done > 0)
		sink->inside = data[done - 1] != '\n';
	sink->bytes += (int64_t)done;
	return done;
}

/* --- the queue ------------------------------------------------------------ */

static void
sink_lose(struct sink *sink, size_t len)
{
	sink->missing += (int64_t)len;
	sink->dropped += (int64_t)len;
	sink_tell_trouble(sink);
}

/* So much of data as fits into room and ends with a line. */
static size_t
sink_whole_lines(const char *data, size_t len, size_t room)
{
	if (len <= room)
		return len;
	while (room > 0 && data[room - 1] != '\n')
		room--;
	return room;
}

/*
 * The line that waits unfinished will never be whole: takes it back, unless
 * its beginning is in the file already.
 */
static void
sink_drop_beginning(struct sink *sink)
{
	size_t behind = ring_behind(&sink->wait, '\n');

	if (behind == sink->wait.used && sink->inside)
		return;
	ring_cut(&sink->wait, behind);
	sink_lose(sink, behind);
}

static void
sink_queue(struct sink *sink, const char *data, size_t len)
{
	size_t fit = 0;

	if (sink->missing == 0) {
		fit = sink_whole_lines(
		    data, len, sink->wait.size - sink->wait.used);
		ring_put(&sink->wait, data, fit);
		if (fit == len)
			return;
		if (fit == 0)
			sink_drop_beginning(sink);
	}
	sink_lose(sink, len - fit);
	sink->skip = data[len - 1] != '\n';
}

/* The ring is empty and a new line begins: says what is not there. */
static void
sink_tell_missing(struct sink *sink)
{
	char text[64];

	snprintf(text, sizeof(text), "%lld bytes are missing here",
	    (long long)sink->missing);
	sink->missing = 0;
	sink_mark(sink, text);
}

/* Passes over the rest of a line whose beginning was dropped. */
static size_t
sink_skip(struct sink *sink, const char *data, size_t len)
{
	const char *end = memchr(data, '\n', len);
	size_t rest = end == NULL ? len : (size_t)(end - data) + 1;

	sink_lose(sink, rest);
	sink->skip = end == NULL;
	return rest;
}

/* All is well again: says so, if the opposite was said. */
static void
sink_recover(struct sink *sink)
{
	sink->error = 0;
	if (sink->troubled)
		sink->news |= SINK_WORKS;
	sink->troubled = false;
}

void
sink_write(struct sink *sink, const char *data, size_t len)
{
	size_t done = 0;

	if (len == 0)
		return;
	if (sink->skip && sink->wait.used == 0) {
		done = sink_skip(sink, data, len);
		if (!sink->skip)
			sink_tell_missing(sink);
	}
	if (sink_is_clear(sink)) {
		done += sink_push(sink, data + done, len - done);
		if (done == len)
			sink_recover(sink);
	}
	if (done < len)
		sink_queue(sink, data + done, len - done);
}

bool
sink_ends_inside(const struct sink *sink)
{
	if (sink->wait.used == 0)
		return sink->inside;
	return ring_behind(&sink->wait, '\n') > 0;
}

/* Appends whole lines; one of the stream that has no end yet is ended. */
static void
sink_append(struct sink *sink, const char *lines, size_t len)
{
	if (sink->missing > 0) {
		/* No part of the line that is being passed over. */
		sink_lose(sink, len);
		return;
	}
	if (sink_ends_inside(sink))
		sink_write(sink, "\n", 1);
	sink_write(sink, lines, len);
}

void
sink_add(struct sink *sink, const char *lines, size_t len)
{
	int done = 0;

	if (sink->kind->insert != NULL && sink->inside && sink_is_clear(sink))
		done = sink->kind->insert(sink, lines, len);
	switch (done) {
	case 1:
		sink->bytes += (int64_t)len;
		break;
	case 0:
		sink_append(sink, lines, len);
		break;
	default:
		/* Not at the price of the line. */
		sink_refused(sink, errno);
		sink->dropped += (int64_t)len;
	}
}

void
sink_mark(struct sink *sink, const char *text)
{
	char line[STAMP_MARK_MAX];
	size_t len;

	len = stamp_mark(line, sizeof(line), sink->stamps, clock_wall_ms(),
	    clock_mono_ms(), text);
	sink_append(sink, line, len);
}

/* --- trying again --------------------------------------------------------- */

/* Something can be written without anybody writing something new. */
static bool
sink_has_work(const struct sink *sink)
{
	return sink->wait.used > 0 || (sink->missing > 0 && !sink->skip);
}

bool
sink_wants_room(const struct sink *sink)
{
	return sink->error == 0 && sink_has_work(sink);
}

int64_t
sink_retry_at(const struct sink *sink)
{
	return sink->error != 0 && sink_has_work(sink) ? sink->retry :
							 INT64_MAX;
}

void
sink_flush(struct sink *sink)
{
	size_t left = sink->slice, len, done;
	const char *data;

	while (sink->wait.used > 0) {
		data = ring_peek(&sink->wait, &len);
		if (len > left)
			len = left;
		done = sink_push(sink, data, len);
		ring_drop(&sink->wait, done);
		if (done < len || (left -= len) == 0)
			return;
	}
	if (sink->missing > 0 && !sink->skip)
		sink_tell_missing(sink);
	if (sink_is_clear(sink))
		sink_recover(sink);
}
