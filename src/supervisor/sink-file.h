#ifndef SUPERVISOR_SINK_FILE_H
#define SUPERVISOR_SINK_FILE_H

#include "supervisor/sink.h"

/* Files, and whatever else has a path: devices, FIFOs, terminals. */
extern const struct sink_kind sink_file_kind;

/*
 * What a supervisor that only tries itself has in their place: it takes
 * nothing, and changes nothing.
 */
extern const struct sink_kind sink_dry_kind;

/* Gives sink that file, and closes the one it had. */
void sink_file_take(struct sink *sink, const struct logfile *file);

/*
 * Looks where the file ends, and whether it is still there at all: one that
 * was deleted is made anew.
 */
void sink_file_look(struct sink *sink);

/* Tells whoever opens the file that we go on writing to it beside them. */
void sink_file_share(struct sink *sink);

/*
 * Moves at most `most` bytes from a pipe to a file that is ours alone, within
 * the kernel.  How many; 0 if the pipe is empty; -1 with errno if it cannot be
 * done, or with 0 in it if not at present: then sink_write shows why.
 */
ssize_t sink_file_splice(struct sink *sink, int pipe, size_t most);

#endif
