#ifndef SUPERVISOR_FIFO_H
#define SUPERVISOR_FIFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The named pipe between the program, which opens it read-write, so that it
 * always has a reader whatever happens to us, and the transcript.
 */
struct fifo {
	const char *path; /* NULL: there is none */
	int in; /* our reading end; -1: not open */
	int keep; /* our writing end: no end of file, ever */
	size_t here; /* so many bytes at least are in it */
	size_t size; /* bytes it holds at present */
	bool capped; /* the kernel does not let it grow */
	int64_t shrink_at; /* monotonic ms; INT64_MAX: it was not busy */
};

void fifo_init(struct fifo *fifo);

/*
 * Makes or takes over the one of that path, for our eyes only.  0, or -1 with
 * errno.
 */
int fifo_open(struct fifo *fifo, const char *path);

/* Whether the path still leads to the one that we hold. */
bool fifo_is_there(const struct fifo *fifo);

/* Goes on with ends that were inherited. */
void fifo_inherit(struct fifo *fifo, int in, int keep);

/*
 * Where the FIFO that the program of pid has as its descriptor stream lost its
 * name before we came, goes on with that one.
 */
void fifo_adopt(struct fifo *fifo, pid_t pid, int stream);

/* Looks how many bytes are in it; lets it grow while there are many. */
void fifo_count(struct fifo *fifo);

/* n bytes of it were taken. */
void fifo_take(struct fifo *fifo, size_t n);

/* Makes it small again when it was quiet for long. */
void fifo_rest(struct fifo *fifo, int64_t now);

/* Gives the ends up. */
void fifo_close(struct fifo *fifo);

#endif
