/*
 * The program's output on its way into a file.
 *
 * - We hold a reading and a writing end of our own: no hang-up when the
 *   program closes its output, so nothing to spin on.
 * - The FIFO is emptied whatever the file does: a full disk costs output,
 *   never the program.
 */

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervisor/transcript.h"

#define TRANSCRIPT_TURN 16 /* chunks before others get their turn */

void
transcript_init(struct transcript *transcript)
{
	memset(transcript, 0, sizeof(*transcript));
	transcript->in = transcript->keep = -1;
}

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
		if (transcript->keep != -1)
			return 0;
	}
	error = errno;
	transcript_close_ends(transcript);
	errno = error;
	return -1;
}

int
transcript_open(struct transcript *transcript, const char *fifo,
    struct sink *sink, struct failure *failure)
{
	transcript->fifo = fifo;
	transcript->sink = sink;
	if ((transcript->chunk = malloc(TRANSCRIPT_CHUNK)) == NULL)
		return failure_set(failure, "transcript", ENOMEM, "%s", fifo);
	if (transcript_open_fifo(transcript) == -1)
		return failure_set(failure, "transcript", errno, "%s", fifo);
	return 0;
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
	transcript_pump(transcript);
	transcript_close_ends(transcript);
	return transcript_open_fifo(transcript);
}

bool
transcript_pump(struct transcript *transcript)
{
	bool refused = false;
	ssize_t n;
	int turn;

	if (transcript->in == -1)
		return false;
	for (turn = 0; turn < TRANSCRIPT_TURN; turn++) {
		n = read(transcript->in, transcript->chunk, TRANSCRIPT_CHUNK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (sink_write(transcript->sink, transcript->chunk, (size_t)n))
			refused = true;
	}
	return refused;
}

void
transcript_close(struct transcript *transcript)
{
	if (transcript->in != -1)
		unlink(transcript->fifo);
	transcript_close_ends(transcript);
	free(transcript->chunk);
	transcript_init(transcript);
}
