#ifndef SUPERVISOR_SINK_H
#define SUPERVISOR_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/ring.h"
#include "supervisor/failure.h"

/*
 * A file that is appended to, by the transcript, by event logs, or by both
 * when their paths name the same one: one descriptor, one writer.  What
 * cannot be written is dropped and counted; it never holds anybody up.
 */
struct sink {
	char *path;
	int fd;
	dev_t dev;
	ino_t ino;
	bool slow; /* can be full for a while: no regular file */
	struct ring wait; /* what a slow one could not take yet */
	int error; /* why writing fails at present; 0: it does not */
	int64_t bytes; /* taken by the file */
	int64_t dropped;
	int place; /* in the pollset of this turn */
};

#define SINK_WAIT 65536

struct sinks {
	struct sink *sink; /* room for most of them */
	size_t count, most;
};

/* 0, or -1 without memory. */
int sinks_init(struct sinks *sinks, size_t most);
void sinks_close(struct sinks *sinks);

/*
 * Opens path, or finds the sink that has the same file already.  NULL with
 * failure.
 */
struct sink *sinks_open(struct sinks *sinks, const char *path, const char *step,
    struct failure *failure);

/*
 * Opens all by their names again.  0, or -1 with the first failure; one that
 * fails keeps the file it had.
 */
int sinks_reopen(
    struct sinks *sinks, const char *step, struct failure *failure);

/* Appends.  True if this is news: the first failure since it last worked. */
bool sink_write(struct sink *sink, const char *data, size_t len);

/* Whether it waits for room, and what to do when there is some. */
bool sink_waits(const struct sink *sink);
void sink_flush(struct sink *sink);

#endif
