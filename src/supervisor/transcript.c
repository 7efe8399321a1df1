/*
 * The program's output on its way to a sink.
 *
 * - The FIFO is emptied whatever the sink does: a full disk costs output,
 *   never the program.
 * - Bytes that go unchanged into a file that is ours alone are moved there by
 *   the kernel: what has left the FIFO is in the file, even if we are killed.
 *   All others pass through our memory, and a chunk of them is lost then.
 * - A writer without a break is let write for a moment before it is looked at:
 *   to move a little costs as much as to move a lot.
 */

#include "config.h"

#include <errno.h>
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
#define TRANSCRIPT_MOMENT 10000 /* ns; the kernel adds its slack of 50000 */

void
transcript_init(struct transcript *transcript)
{
	memset(transcript, 0, sizeof(*transcript));
	fifo_init(&transcript->fifo);
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

/* --- moving --------------------------------------------------------------- */

static void
transcript_rotate(struct transcript *transcript)
{
	if (rotate_is_due(transcript->rotate))
		rotate_now(transcript->rotate);
}

/*
 * So much of data as is written before a rotation.  A line that somebody else
 * may write behind cannot be moved to the new file, so it is not begun.
 */
static size_t
transcript_part(
    const struct transcript *transcript, const char *data, size_t len)
{
	int64_t room = rotate_room(transcript->rotate);
	size_t part = len;

	if (room > (int64_t)len)
		return len;
	if (transcript->sink->file.owned)
		return room > 0 ? (size_t)room : len;
	while (part > 0 && data[part - 1] != '\n')
		part--;
	return part > 0 ? part : len;
}

static void
transcript_write(struct transcript *transcript, const char *data, size_t len)
{
	size_t part;

	for (; len > 0; data += part, len -= part) {
		part = transcript_part(transcript, data, len);
		sink_write(transcript->sink, data, part);
		transcript_rotate(transcript);
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

/* So many bytes may come until a rotation has to be thought of. */
static size_t
transcript_step(const struct transcript *transcript)
{
	int64_t room = rotate_room(transcript->rotate);
	size_t slice = transcript->sink->slice;

	/* A line that is too long to be moved. */
	if (room == 0)
		return TRANSCRIPT_CHUNK;
	return room < (int64_t)slice ? (size_t)room : slice;
}

/* The next bytes by way of our memory: how many, 0 if there are none now. */
static size_t
transcript_copy(struct transcript *transcript)
{
	size_t size = transcript_step(transcript);
	ssize_t n;

	sink_file_look(transcript->sink);
	if (size > TRANSCRIPT_CHUNK)
		size = TRANSCRIPT_CHUNK;
	do
		n = read(transcript->fifo.in, transcript->chunk, size);
	while (n == -1 && errno == EINTR);
	if (n <= 0)
		return 0;
	transcript_put(transcript, transcript->chunk, (size_t)n);
	return (size_t)n;
}

/* The next bytes within the kernel; -1: it cannot be done (now). */
static ssize_t
transcript_splice(struct transcript *transcript)
{
	struct sink *sink = transcript->sink;
	ssize_t n;

	if (transcript->copies || !sink->file.owned || !sink_is_clear(sink))
		return -1;
	n = sink_file_splice(
	    sink, transcript->fifo.in, transcript_step(transcript));
	/* Else it is the file that is full, which writing shows. */
	if (n == -1 && (errno == EINVAL || errno == ENOSYS || errno == EPERM))
		transcript->copies = true;
	return n;
}

/* One step: how many bytes were moved. */
static size_t
transcript_move(struct transcript *transcript)
{
	size_t moved;
	ssize_t n;

	n = transcript_splice(transcript);
	moved = n >= 0 ? (size_t)n : transcript_copy(transcript);
	fifo_take(&transcript->fifo, moved);
	transcript_rotate(transcript);
	return moved;
}

/* Moves what was there when it was counted, or most; how much that was. */
static size_t
transcript_move_most(struct transcript *transcript, size_t most)
{
	size_t moved = 0, n;

	do {
		n = transcript_move(transcript);
		moved += n;
	} while (n > 0 && moved < most &&
	    transcript->fifo.here >= TRANSCRIPT_LITTLE);
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

/* --- beginning and end ---------------------------------------------------- */

int
transcript_open(struct transcript *transcript, const char *path,
    struct sink *sink, struct rotate *rotate, enum stamp_kind stamps,
    struct failure *failure)
{
	transcript->sink = sink;
	transcript->rotate = rotate;
	transcript->copies = stamps != STAMP_OFF;
	sink->stamps = stamps;
	stamp_init(&transcript->stamp, stamps);
	/* What comes first may be the rest of a line: one before us was lost.
	 */
	transcript->stamp.inside = sink->inside;
	transcript->chunk = malloc(TRANSCRIPT_CHUNK);
	if (stamps != STAMP_OFF)
		transcript->stamped = malloc(TRANSCRIPT_CHUNK);
	if (transcript->chunk == NULL ||
	    (stamps != STAMP_OFF && transcript->stamped == NULL))
		return failure_set(failure, "transcript", ENOMEM, "%s", path);
	if (fifo_open(&transcript->fifo, path) == -1)
		return failure_set(failure, "transcript", errno, "%s", path);
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
	transcript_init(transcript);
}
