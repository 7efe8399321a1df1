/*
 * The program's output on its way to a sink.
 *
 * - The FIFO is emptied whatever the sink does: a full disk costs output,
 *   never the program.
 * - Where nothing has to be added to them, a little moves from the FIFO to the
 *   file within the kernel, and much through a buffer that outlives us; else
 *   all passes through our memory.
 * - A writer without a break is let write for a moment before it is looked at:
 *   to move a little costs as much as to move a lot.
 */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "supervisor/sink-file.h"
#include "supervisor/transcript.h"

#define TRANSCRIPT_CHUNK  65536 /* bytes that pass through us at once */
#define TRANSCRIPT_LITTLE 16384 /* so few mean that there are no more now */
#define TRANSCRIPT_ALL    (1 << 20) /* bytes: more than a FIFO holds */
#define TRANSCRIPT_MANY   32768 /* bytes at once that are worth a buffer */
#define TRANSCRIPT_FEW    4096 /* fewer do not keep the pipe long */
#define TRANSCRIPT_MOMENT 10000 /* ns; the kernel adds its slack of 50000 */

void
transcript_init(struct transcript *transcript)
{
	memset(transcript, 0, sizeof(*transcript));
	fifo_init(&transcript->fifo);
	transcript->staging.fd = -1;
}

/* --- the FIFO ------------------------------------------------------------- */

void
transcript_inherit(struct transcript *transcript, int in, int keep)
{
	if (in == -1 || keep == -1)
		return;
	fifo_inherit(&transcript->fifo, in, keep);
	/* The line goes on where it was. */
	transcript->stamp.inside = transcript->sink->inside;
}

int
transcript_prepare(struct transcript *transcript)
{
	struct fifo *fifo = &transcript->fifo;

	if (fifo->path == NULL || fifo_is_there(fifo))
		return 0;
	transcript_drain(transcript);
	fifo_close(fifo);
	return fifo_open(fifo, fifo->path);
}

void
transcript_adopt(struct transcript *transcript, pid_t pid, int stream)
{
	if (transcript->fifo.in != -1)
		fifo_adopt(&transcript->fifo, pid, stream);
}

void
transcript_rest(struct transcript *transcript, int64_t now)
{
	if (fifo_rest(&transcript->fifo, now))
		staging_remove(&transcript->staging);
}

/* --- moving --------------------------------------------------------------- */

/* So much of data as still belongs to the file that will be rotated. */
static size_t
transcript_part(
    const struct transcript *transcript, const char *data, size_t len)
{
	int64_t room = rotate_room(transcript->rotate);
	const char *end;

	if (room > (int64_t)len)
		return len;
	if (room > 0)
		room--;
	end = memchr(data + room, '\n', len - (size_t)room);
	return end == NULL ? len : (size_t)(end - data) + 1;
}

static void
transcript_write(struct transcript *transcript, const char *data, size_t len)
{
	size_t part;

	for (; len > 0; data += part, len -= part) {
		part = transcript_part(transcript, data, len);
		sink_write(transcript->sink, data, part);
		if (rotate_is_due(transcript->rotate))
			rotate_now(transcript->rotate);
	}
}

/* What was read, with stamps if there are to be any. */
static void
transcript_put(struct transcript *transcript, const char *data, size_t len)
{
	size_t taken, made;

	if (transcript->stamped == NULL) {
		transcript_write(transcript, data, len);
		return;
	}
	stamp_set(&transcript->stamp, clock_wall_ms(), clock_mono_ms());
	for (; len > 0; data += taken, len -= taken) {
		made = stamp_copy(&transcript->stamp, transcript->stamped,
		    TRANSCRIPT_CHUNK, data, len, &taken);
		transcript_write(transcript, transcript->stamped, made);
	}
}

/* The next bytes into the chunk: how many, 0 if there are none now. */
static size_t
transcript_read(struct transcript *transcript)
{
	size_t size = transcript->sink->slice;
	ssize_t n;

	if (size > TRANSCRIPT_CHUNK)
		size = TRANSCRIPT_CHUNK;
	do
		n = read(transcript->fifo.in, transcript->chunk, size);
	while (n == -1 && errno == EINTR);
	return n > 0 ? (size_t)n : 0;
}

/* So many bytes may come in one step; 0: they have to be looked at. */
static size_t
transcript_step(const struct transcript *transcript)
{
	int64_t room = rotate_room(transcript->rotate);
	size_t slice = transcript->sink->slice;

	if (transcript->stamped != NULL || !sink_file_is_ours(transcript->sink))
		return 0;
	return room < (int64_t)slice ? (size_t)room : slice;
}

/* Whether n bytes go through the buffer; it is made when there are many. */
static bool
transcript_stages(struct transcript *transcript, size_t n)
{
	struct staging *staging = &transcript->staging;

	return n >= TRANSCRIPT_FEW &&
	    (staging->fd != -1 || n >= TRANSCRIPT_MANY) &&
	    staging_make(staging);
}

/* Moves bytes without looking at them; -1: it cannot be done. */
static ssize_t
transcript_shift(struct transcript *transcript, size_t most)
{
	struct sink *sink = transcript->sink;
	size_t n = transcript->fifo.here < most ? transcript->fifo.here : most;
	bool staged = transcript_stages(transcript, n);

	if ((!staged && sink->refuses) || !sink_file_aim(sink))
		return -1;
	if (staged &&
	    (n = staging_move(
		 &transcript->staging, transcript->fifo.in, sink, n)) > 0)
		return (ssize_t)n;
	return sink_file_splice(sink, transcript->fifo.in, most);
}

/* What was moved without a look is looked at now. */
static void
transcript_settle(struct transcript *transcript)
{
	staging_settle(&transcript->staging);
	sink_file_settle(transcript->sink);
}

/* The next bytes, after a look at them. */
static size_t
transcript_pass(struct transcript *transcript)
{
	size_t n;

	transcript_settle(transcript);
	if ((n = transcript_read(transcript)) > 0)
		transcript_put(transcript, transcript->chunk, n);
	return n;
}

/* One step: how many bytes were moved. */
static size_t
transcript_move(struct transcript *transcript)
{
	size_t most, moved;
	ssize_t n = -1;

	if (rotate_room(transcript->rotate) == 0) {
		transcript_settle(transcript);
		if (rotate_is_due(transcript->rotate))
			rotate_now(transcript->rotate);
	}
	if ((most = transcript_step(transcript)) > 0)
		n = transcript_shift(transcript, most);
	moved = n >= 0 ? (size_t)n : transcript_pass(transcript);
	fifo_take(&transcript->fifo, moved);
	return moved;
}

/* Moves what was there when it was counted, or most; how much that was. */
static size_t
transcript_move_most(struct transcript *transcript, size_t most)
{
	size_t moved = 0, n;

	staging_look(&transcript->staging);
	if (transcript->sink->kind == &sink_file_kind)
		sink_file_look(transcript->sink);
	do {
		n = transcript_move(transcript);
		moved += n;
	} while (n > 0 && moved < most &&
	    transcript->fifo.here >= TRANSCRIPT_LITTLE);
	transcript_settle(transcript);
	return moved;
}

/* Lets more come where the last of it has only just been moved. */
static void
transcript_gather(struct transcript *transcript)
{
	const struct timespec moment = { 0, TRANSCRIPT_MOMENT };

	fifo_count(&transcript->fifo);
	if (transcript->fifo.here >= transcript->fifo.size / 4 ||
	    clock_mono_ms() > transcript->pumped_at + 1)
		return;
	nanosleep(&moment, NULL);
	fifo_count(&transcript->fifo);
}

void
transcript_pump(struct transcript *transcript)
{
	if (transcript->fifo.in == -1)
		return;
	transcript_gather(transcript);
	transcript_move_most(transcript, transcript->sink->slice);
	transcript->pumped_at = clock_mono_ms();
}

void
transcript_drain(struct transcript *transcript)
{
	size_t moved = 0, n;

	if (transcript->fifo.in == -1)
		return;
	do {
		fifo_count(&transcript->fifo);
		n = transcript_move_most(transcript, TRANSCRIPT_ALL);
		moved += n;
	} while (n > 0 && moved < TRANSCRIPT_ALL);
}

/* --- at the end of a line ------------------------------------------------- */

/* So much of the chunk's n bytes as ends with a line. */
static size_t
transcript_lines(const struct transcript *transcript, size_t n)
{
	while (n > 0 && transcript->chunk[n - 1] != '\n')
		n--;
	return n;
}

/*
 * Reads on until a line ends, or patience (ms) is over however much comes;
 * what comes behind the line is held.
 */
static void
transcript_finish_line(struct transcript *transcript, int patience)
{
	struct pollfd more = { transcript->fifo.in, POLLIN, 0 };
	int64_t end = clock_mono_ms() + patience;
	size_t n, whole, turn = 0;

	while (transcript->sink->inside && transcript->held == 0 &&
	    turn < TRANSCRIPT_ALL && clock_mono_ms() <= end) {
		if ((n = transcript_read(transcript)) == 0 &&
		    poll(&more, 1, clock_poll_timeout(end)) != 1)
			return;
		whole = transcript_lines(transcript, n);
		transcript->held = whole == 0 ? 0 : n - whole;
		transcript->held_from = n - transcript->held;
		transcript_put(
		    transcript, transcript->chunk, transcript->held_from);
		turn += n;
	}
}

void
transcript_pause(struct transcript *transcript, int patience)
{
	if (transcript->fifo.in == -1)
		return;
	transcript_drain(transcript);
	if (!sink_is_clear(transcript->sink))
		return;
	transcript_finish_line(transcript, patience);
	if (!transcript->sink->inside ||
	    transcript->sink->kind != &sink_file_kind)
		return;
	transcript->back = sink_file_take_back(
	    transcript->sink, transcript->chunk, TRANSCRIPT_CHUNK);
}

void
transcript_resume(struct transcript *transcript)
{
	size_t held = transcript->held, back = transcript->back;

	transcript->held = transcript->back = 0;
	if (back > 0)
		sink_write(transcript->sink, transcript->chunk, back);
	if (held > 0)
		transcript_put(transcript,
		    transcript->chunk + transcript->held_from, held);
}

/* --- beginning and end ---------------------------------------------------- */

/* Writes what a killed supervisor had taken out of the FIFO. */
static void
transcript_recover(struct transcript *transcript)
{
	struct staging_rest rest;
	size_t n;

	if (!staging_rest_open(&rest, &transcript->staging, transcript->sink))
		return;
	while ((n = staging_rest_read(
		    &rest, transcript->chunk, TRANSCRIPT_CHUNK)) > 0)
		transcript_put(transcript, transcript->chunk, n);
	staging_rest_close(&rest, &transcript->staging);
}

int
transcript_open(struct transcript *transcript, const char *path,
    struct sink *sink, struct rotate *rotate, enum stamp_kind stamps,
    struct failure *failure)
{
	transcript->sink = sink;
	transcript->rotate = rotate;
	sink->stamps = stamps;
	stamp_init(&transcript->stamp, stamps);
	/* What comes first may be the rest of a line: one before us was lost.
	 */
	transcript->stamp.inside = sink->inside;
	transcript->chunk = malloc(TRANSCRIPT_CHUNK);
	if (stamps != STAMP_OFF)
		transcript->stamped = malloc(TRANSCRIPT_CHUNK);
	if (staging_init(&transcript->staging, path) == -1 ||
	    transcript->chunk == NULL ||
	    (stamps != STAMP_OFF && transcript->stamped == NULL))
		return failure_set(failure, "transcript", ENOMEM, "%s", path);
	if (fifo_open(&transcript->fifo, path) == -1)
		return failure_set(failure, "transcript", errno, "%s", path);
	transcript_recover(transcript);
	return 0;
}

void
transcript_close(struct transcript *transcript)
{
	if (transcript->fifo.in != -1)
		unlink(transcript->fifo.path);
	fifo_close(&transcript->fifo);
	free(transcript->chunk);
	free(transcript->stamped);
	staging_free(&transcript->staging);
	transcript_init(transcript);
}
