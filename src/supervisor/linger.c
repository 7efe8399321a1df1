/*
 * Output that goes on when we go.
 */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "process/child.h"
#include "process/descriptors.h"
#include "supervisor/linger.h"
#include "supervisor/pollset.h"
#include "supervisor/sink-file.h"
#include "supervisor/sinks.h"

#define LINGER_MOST 4 /* descriptors: two streams and their files */
#define LINGER_GATE 1000 /* ms until the child has let go of ours */

/* --- who stays ------------------------------------------------------------ */

/* Whether somebody else has it open to write. */
static bool
linger_is_wanted(struct transcript *transcript)
{
	struct pollfd pipe = { transcript->fifo.in, POLLIN, 0 };

	if (transcript->fifo.in == -1)
		return false;
	/* Our own writing end was there for no end of file to come. */
	close(transcript->fifo.keep);
	transcript->fifo.keep = -1;
	return poll(&pipe, 1, 0) == 0 || (pipe.revents & POLLHUP) == 0;
}

/* --- the child ------------------------------------------------------------ */

/* Closes all but those count descriptors, which get the lowest numbers. */
static void
linger_keep_only(int *fd[], size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		*fd[i] = fcntl(*fd[i], F_DUPFD, LINGER_MOST);
		if (*fd[i] == -1)
			_exit(1);
	}
	for (i = 0; i < count; i++)
		*fd[i] = dup2(*fd[i], (int)i);
	descriptors_close_from((int)count);
}

static void
linger_take(struct transcript *stream, size_t count)
{
	int *fd[LINGER_MOST];
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		if (stream[i].fifo.in == -1)
			continue;
		fd[n++] = &stream[i].fifo.in;
		if (stream[i].sink->file.fd != -1)
			fd[n++] = &stream[i].sink->file.fd;
		sink_file_share(stream[i].sink);
		/* These are for whoever supervises. */
		stream[i].rotate->max_size = 0;
	}
	linger_keep_only(fd, n);
}

/* Ends when nobody writes any more. */
static void
linger_serve_one(
    struct transcript *transcript, const struct pollset *set, int place)
{
	short events = pollset_events(set, place);

	if ((events & POLLIN) != 0) {
		transcript_pump(transcript);
	} else if (events != 0) {
		close(transcript->fifo.in);
		transcript->fifo.in = -1;
	}
	sinks_serve_one(transcript->sink, set);
}

/* Waits for one turn; whether there is still somebody. */
static bool
linger_turn(struct transcript *stream, size_t count)
{
	struct pollset set;
	int place[LINGER_MOST];
	size_t i, open = 0;

	pollset_clear(&set);
	for (i = 0; i < count; i++) {
		if ((place[i] = pollset_add(&set, stream[i].fifo.in, POLLIN)) ==
		    -1)
			continue;
		open++;
		sinks_poll_one(stream[i].sink, &set);
	}
	if (open == 0 || pollset_wait(&set) == -1)
		return false;
	for (i = 0; i < count; i++) {
		if (place[i] != -1)
			linger_serve_one(&stream[i], &set, place[i]);
	}
	return true;
}

static void __attribute__((noreturn))
linger_child(struct transcript *stream, size_t count)
{
	setsid();
	child_default_signals();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	linger_take(stream, count);
	while (linger_turn(stream, count))
		;
	_exit(0);
}

/* --- leaving -------------------------------------------------------------- */

void
linger_stay(struct transcript *stream, size_t count)
{
	struct pollfd gate = { -1, POLLIN, 0 };
	bool wanted = false;
	int ends[2];
	size_t i;

	for (i = 0; i < count; i++) {
		if (linger_is_wanted(&stream[i]))
			wanted = true;
	}
	if (!wanted || descriptors_pipe(ends) == -1)
		return;
	if (fork() == 0)
		linger_child(stream, count);
	close(ends[1]);
	gate.fd = ends[0];
	poll(&gate, 1, LINGER_GATE);
	close(ends[0]);
}
