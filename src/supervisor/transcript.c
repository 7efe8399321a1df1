/*
 * The program's output on its way to a sink.
 *
 * - We hold a reading and a writing end of our own: no hang-up when the
 *   program closes its output, so nothing to spin on.
 * - The FIFO is emptied whatever the sink does: a full disk costs output,
 *   never the program.
 * - Bytes go from the FIFO to the file within the kernel where nothing has to
 *   be added to them; else through a buffer.
 * - The FIFO is as large as a pipe is by default until it was seen full: all
 *   pipes of an ordinary user share a limit.
 * - A writer without a break is let write for a moment before it is looked at:
 *   to move a little costs as much as to move a lot.
 */

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "supervisor/sink-file.h"
#include "supervisor/transcript.h"

#define TRANSCRIPT_CHUNK     65536 /* bytes that pass through us at once */
#define TRANSCRIPT_LITTLE    16384 /* so few mean that there are no more now */
#define TRANSCRIPT_PIPE      65536 /* what a FIFO holds by default */
#define TRANSCRIPT_PIPE_MOST (1 << 19) /* 70 of them leave their user half */
#define TRANSCRIPT_ALL       (1 << 20) /* bytes: more than a FIFO holds */
#define TRANSCRIPT_QUIET     10000 /* ms after which a FIFO shrinks again */
#define TRANSCRIPT_MANY      32768 /* bytes that are worth a turn at once */
#define TRANSCRIPT_MOMENT    10000 /* ns; the kernel adds its slack of 50000 */

void
transcript_init(struct transcript *transcript)
{
	memset(transcript, 0, sizeof(*transcript));
	transcript->in = transcript->keep = -1;
	transcript->shrink_at = INT64_MAX;
}

/* --- the size of the FIFO ------------------------------------------------- */

#ifdef F_SETPIPE_SZ

/* When it is to shrink, from how large it is. */
static void
transcript_note_size(struct transcript *transcript, int64_t now)
{
	transcript->shrink_at = transcript->pipe > TRANSCRIPT_PIPE ?
	    now + TRANSCRIPT_QUIET :
	    INT64_MAX;
}

/* One that we take over may have grown. */
static void
transcript_measure(struct transcript *transcript)
{
	int size = fcntl(transcript->in, F_GETPIPE_SZ);

	transcript->pipe = size > 0 ? (size_t)size : TRANSCRIPT_PIPE;
	transcript->capped = false;
	transcript_note_size(transcript, clock_mono_ms());
}

static void
transcript_resize(struct transcript *transcript, size_t size)
{
	int now = fcntl(transcript->in, F_SETPIPE_SZ, (int)size);

	/* The user's pipes together have their limit: do not insist. */
	transcript->capped = now == -1;
	if (now == -1)
		now = fcntl(transcript->in, F_GETPIPE_SZ);
	if (now > 0)
		transcript->pipe = (size_t)now;
}

/* A FIFO that held so much was full, or nearly: its writer may have waited. */
static void
transcript_note_load(struct transcript *transcript, size_t moved)
{
	if (moved < transcript->pipe / 2)
		return;
	if (transcript->pipe < TRANSCRIPT_PIPE_MOST && !transcript->capped)
		transcript_resize(transcript, transcript->pipe * 2);
	transcript_note_size(transcript, clock_mono_ms());
}

void
transcript_rest(struct transcript *transcript, int64_t now)
{
	if (now < transcript->shrink_at || transcript->in == -1)
		return;
	transcript_resize(transcript, TRANSCRIPT_PIPE);
	transcript->capped = false;
	transcript_note_size(transcript, now);
}

#else

static void
transcript_measure(struct transcript *transcript)
{
	(void)transcript;
}

static void
transcript_note_load(struct transcript *transcript, size_t moved)
{
	(void)transcript;
	(void)moved;
}

void
transcript_rest(struct transcript *transcript, int64_t now)
{
	(void)transcript;
	(void)now;
}

#endif

/* --- opening -------------------------------------------------------------- */

/* A FIFO of ours, for our eyes only, at that path. */
static int
transcript_make(const char *fifo)
{
	mode_t mask = umask(0177);
	int result = mkfifo(fifo, 0600), error = errno;

	umask(mask);
	errno = error;
	return result == 0 || error == EEXIST ? 0 : -1;
}

static int
transcript_open_end(const char *fifo, int how)
{
	struct stat st;
	int fd;

	fd = open(fifo, how | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

static void
transcript_close_ends(struct transcript *transcript)
{
	if (transcript->in != -1)
		close(transcript->in);
	if (transcript->keep != -1)
		close(transcript->keep);
	transcript->in = transcript->keep = -1;
}

static int
transcript_open_fifo(struct transcript *transcript)
{
	int error;

	if (transcript_make(transcript->fifo) == 0) {
		transcript->in = transcript_open_end(
		    transcript->fifo, O_RDONLY);
		if (transcript->in != -1)
			transcript->keep = transcript_open_end(
			    transcript->fifo, O_WRONLY);
		if (transcript->keep != -1) {
			transcript_measure(transcript);
			return 0;
		}
	}
	error = errno;
	transcript_close_ends(transcript);
	errno = error;
	return -1;
}

int
transcript_open(struct transcript *transcript, const char *fifo,
    struct sink *sink, struct rotate *rotate, enum stamp_kind stamps,
    struct failure *failure)
{
	transcript->fifo = fifo;
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
	if (transcript->chunk == NULL ||
	    (stamps != STAMP_OFF && transcript->stamped == NULL))
		return failure_set(failure, "transcript", ENOMEM, "%s", fifo);
	if (transcript_open_fifo(transcript) == -1)
		return failure_set(failure, "transcript", errno, "%s", fifo);
	return 0;
}

void
transcript_inherit(struct transcript *transcript, int in, int keep)
{
	if (in == -1 || keep == -1)
		return;
	transcript_close_ends(transcript);
	transcript->in = in;
	transcript->keep = keep;
	/* The line goes on where it was. */
	transcript->stamp.inside = transcript->sink->inside;
}

/* Whether the path still leads to the FIFO that we hold. */
static bool
transcript_is_there(const struct transcript *transcript)
{
	struct stat ours, there;

	return transcript->in != -1 && fstat(transcript->in, &ours) == 0 &&
	    lstat(transcript->fifo, &there) == 0 &&
	    ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

int
transcript_prepare(struct transcript *transcript)
{
	if (transcript->fifo == NULL || transcript_is_there(transcript))
		return 0;
	transcript_drain(transcript);
	transcript_close_ends(transcript);
	return transcript_open_fifo(transcript);
}

/*
 * Whether link (of /proc) leads to our FIFO though its name is gone.  A pipe
 * of the program's own has another text.  The directory may be known to the
 * kernel by another name than to us.
 */
static bool
transcript_lost_name(const struct transcript *transcript, const char *link)
{
	const char *name = path_base(transcript->fifo);
	size_t len = strlen(name);
	char text[PATH_MAX];
	const char *last;
	ssize_t n;

	n = readlink(link, text, sizeof(text) - 1);
	if (n == -1)
		return false;
	text[n] = '\0';
	last = path_base(text);
	return strncmp(last, name, len) == 0 &&
	    strcmp(last + len, " (deleted)") == 0;
}

void
transcript_adopt(struct transcript *transcript, pid_t pid, int stream)
{
	char link[64];
	int in, keep;

	if (transcript->in == -1)
		return;
	snprintf(link, sizeof(link), "/proc/%ld/fd/%d", (long)pid, stream);
	if (!transcript_lost_name(transcript, link))
		return;
	in = open(link, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (in == -1)
		return;
	keep = open(link, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (keep == -1) {
		close(in);
		return;
	}
	transcript_inherit(transcript, in, keep);
	transcript_measure(transcript);
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
		n = read(transcript->in, transcript->chunk, size);
	while (n == -1 && errno == EINTR);
	return n > 0 ? (size_t)n : 0;
}

/* Moves bytes without looking at them; -1: they have to be looked at. */
static ssize_t
transcript_splice(struct transcript *transcript)
{
	int64_t room = rotate_room(transcript->rotate);
	size_t slice = transcript->sink->slice;

	if (transcript->stamped != NULL ||
	    !sink_file_splices(transcript->sink) || room == 0)
		return -1;
	return sink_file_splice(transcript->sink, transcript->in,
	    room < (int64_t)slice ? (size_t)room : slice);
}

/* One step: how many bytes were moved. */
static size_t
transcript_move(struct transcript *transcript)
{
	ssize_t spliced;
	size_t n;

	if (rotate_is_due(transcript->rotate))
		rotate_now(transcript->rotate);
	if ((spliced = transcript_splice(transcript)) >= 0)
		return (size_t)spliced;
	if ((n = transcript_read(transcript)) > 0)
		transcript_put(transcript, transcript->chunk, n);
	return n;
}

/* Moves most bytes or all there are; steps below little end it early. */
static void
transcript_move_most(struct transcript *transcript, size_t most, size_t little)
{
	size_t moved = 0, n;

	if (transcript->sink->kind == &sink_file_kind)
		sink_file_look(transcript->sink);
	while (moved < most) {
		n = transcript_move(transcript);
		moved += n;
		transcript_note_load(transcript, n);
		if (n < little)
			break;
	}
}

/* Lets more come where the last of it has only just been moved. */
static void
transcript_gather(const struct transcript *transcript)
{
	const struct timespec moment = { 0, TRANSCRIPT_MOMENT };
	int here = 0;

	if (clock_mono_ms() <= transcript->pumped_at + 1 &&
	    ioctl(transcript->in, FIONREAD, &here) == 0 &&
	    here < TRANSCRIPT_MANY)
		nanosleep(&moment, NULL);
}

void
transcript_pump(struct transcript *transcript)
{
	if (transcript->in == -1)
		return;
	transcript_gather(transcript);
	transcript_move_most(
	    transcript, transcript->sink->slice, TRANSCRIPT_LITTLE);
	transcript->pumped_at = clock_mono_ms();
}

void
transcript_drain(struct transcript *transcript)
{
	if (transcript->in != -1)
		transcript_move_most(transcript, TRANSCRIPT_ALL, 1);
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
	struct pollfd more = { transcript->in, POLLIN, 0 };
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
	if (transcript->in == -1)
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

void
transcript_close(struct transcript *transcript)
{
	if (transcript->in != -1)
		unlink(transcript->fifo);
	transcript_close_ends(transcript);
	free(transcript->chunk);
	free(transcript->stamped);
	transcript_init(transcript);
}
