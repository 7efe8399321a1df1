#ifndef SUPERVISOR_TRANSCRIPT_H
#define SUPERVISOR_TRANSCRIPT_H

#include <stdbool.h>

#include "supervisor/sink.h"

/*
 * The program's output on its way into a file: through a FIFO beside the
 * socket that the program opens read-write, so that it always has a reader,
 * whatever happens to us.
 */
#define TRANSCRIPT_CHUNK 65536

struct transcript {
	const char *fifo; /* its path; NULL: there is no transcript */
	int in; /* our reading end */
	int keep; /* our writing end: no end of file, ever */
	struct sink *sink;
	char *chunk;
};

void transcript_init(struct transcript *transcript);

/* Makes or takes over the FIFO; sink is where all goes.  0, or -1. */
int transcript_open(struct transcript *transcript, const char *fifo,
    struct sink *sink, struct failure *failure);

/* Makes the FIFO anew where somebody took it away.  0, or -1 with errno. */
int transcript_prepare(struct transcript *transcript);

/*
 * Moves what has been written so far, a megabyte at the most.  True if the
 * file has begun to refuse it.
 */
bool transcript_pump(struct transcript *transcript);

/* Removes the FIFO. */
void transcript_close(struct transcript *transcript);

#endif
