#ifndef SUPERVISOR_TRANSCRIPT_H
#define SUPERVISOR_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "supervisor/fifo.h"
#include "supervisor/rotate.h"
#include "supervisor/sink.h"
#include "supervisor/stamp.h"

/* One stream of the program's output on its way to a sink. */
struct transcript {
	struct fifo fifo; /* without a path, there is no transcript */
	struct sink *sink;
	struct rotate *rotate; /* of the sink */
	struct stamp stamp;
	bool copies; /* all passes through us: stamps, or no splice(2) here */
	char *chunk; /* what passes through us */
	char *stamped; /* the same with stamps; NULL: there are none */
	int64_t pumped_at; /* monotonic ms */
};

void transcript_init(struct transcript *transcript);

/* Makes or takes over the FIFO; sink is where all goes.  0, or -1. */
int transcript_open(struct transcript *transcript, const char *path,
    struct sink *sink, struct rotate *rotate, enum stamp_kind stamps,
    struct failure *failure);

/* Makes the FIFO anew where somebody took it away.  0, or -1 with errno. */
int transcript_prepare(struct transcript *transcript);

/* Moves of what was written as much as is due before others get their turn. */
void transcript_pump(struct transcript *transcript);

/* Moves all that was written so far, a whole FIFO of it at the most. */
void transcript_drain(struct transcript *transcript);

/* Goes on with ends that were inherited; -1: with its own. */
void transcript_inherit(struct transcript *transcript, int in, int keep);

/*
 * Where the FIFO that the program of pid has as its descriptor stream lost its
 * name before we came, goes on with that one: else nobody would ever empty it.
 */
void transcript_adopt(struct transcript *transcript, pid_t pid, int stream);

/* Removes the FIFO. */
void transcript_close(struct transcript *transcript);

#endif
