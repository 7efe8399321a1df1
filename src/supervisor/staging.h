#ifndef SUPERVISOR_STAGING_H
#define SUPERVISOR_STAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "supervisor/sink.h"

/*
 * A buffer that outlives its process, on the way from a pipe to a file.
 *
 * splice(2) needs no buffer, but keeps the pipe locked until the bytes are in
 * the file, and whoever writes much waits for it.  With read(2) and write(2)
 * nobody waits, but what was read and not yet written is lost with a killed
 * process.  Here the buffer is a file beside the FIFO, mapped into memory,
 * and a note in it says where its bytes belong: the next supervisor writes
 * what is missing there.
 */
struct staging {
	char *path; /* NULL: there is never to be one */
	int fd; /* -1: there is none at present */
	dev_t dev;
	ino_t ino;
	char *data; /* the buffer; only the kernel touches it */
	bool refused; /* it could not be made */
	bool open; /* the note has not been taken back */
	unsigned char token[16]; /* no output begins so but by chance */
};

/* Bytes that a killed process had read and not yet written. */
struct staging_rest {
	int fd;
	int64_t from; /* where in the buffer's file */
	size_t len; /* what is still to be read of them */
};

/* Makes nothing yet; fifo is a path.  0, or -1 without memory. */
int staging_init(struct staging *staging, const char *fifo);

/*
 * Makes the buffer where there is none yet.  False: the disk, or the kind of
 * file system, does not allow it.
 */
bool staging_make(struct staging *staging);

/*
 * To be called before some moves: gives it up where it has lost its name,
 * for then nobody would find it.
 */
void staging_look(struct staging *staging);

/*
 * Moves n bytes, which are known to be in pipe and for nobody else, to where
 * sink_file_aim has aimed; fewer where the buffer is smaller.  What the file
 * does not take goes through sink_write.  How many were moved; 0: none, and
 * the buffer is given up.
 */
size_t staging_move(
    struct staging *staging, int pipe, struct sink *sink, size_t n);

/*
 * Takes the note back.  Between it and the last move nothing else may happen
 * to the file, lest it is believed to lack what was in the buffer.
 */
void staging_settle(struct staging *staging);

/* In a forked child: the buffer stays with the parent. */
void staging_disown(struct staging *staging);

/* Gives memory and file back; it can be made again. */
void staging_remove(struct staging *staging);
void staging_free(struct staging *staging);

/*
 * What a killed supervisor has left in the buffer and not in sink's file;
 * whether there is anything.  If the file that it wrote to is not in the
 * directory any more, that is the whole buffer: rather twice than never.
 */
bool staging_rest_open(struct staging_rest *rest, const struct staging *staging,
    const struct sink *sink);

/* The next of it, size at the most; 0: that was all. */
size_t staging_rest_read(struct staging_rest *rest, char *buf, size_t size);

/* All of it is written now. */
void staging_rest_close(
    struct staging_rest *rest, const struct staging *staging);

#endif
