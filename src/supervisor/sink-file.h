#ifndef SUPERVISOR_SINK_FILE_H
#define SUPERVISOR_SINK_FILE_H

#include <sys/stat.h>

#include "supervisor/sink.h"

/*
 * Files, and whatever else has a path: devices, FIFOs, terminals.
 *
 * A regular file that only one stream writes to is filled without O_APPEND,
 * which splice(2) refuses: so its end is looked up before every move.  A file
 * that has become shorter was truncated from outside and is continued at its
 * new end; one that has become longer has another writer and is appended to
 * from then on.
 */
extern const struct sink_kind sink_file_kind;

/* Opens path.  The descriptor, its identity in st; -1 with errno. */
int sink_file_open(const char *path, struct stat *st, bool *plain);

/* Gives sink that descriptor, and closes the one it had. */
void sink_file_take(
    struct sink *sink, int fd, const struct stat *st, bool plain);

/*
 * Looks where the file ends, and whether it is still there at all: one that
 * was deleted is made anew.
 */
void sink_file_look(struct sink *sink);

/*
 * Takes the beginning of a line that has no end yet out of the file, and
 * into buf: how many bytes; 0 if there is none, or it cannot be done.
 */
size_t sink_file_take_back(struct sink *sink, char *buf, size_t size);

/* Tells whoever opens the file that we go on writing to it beside them. */
void sink_file_share(struct sink *sink);

/* Whether nobody else writes to the file, and nothing waits before it. */
bool sink_file_is_ours(const struct sink *sink);

/*
 * Looks where the next byte of such a file belongs, which is sink->at then.
 * False: it has another writer now.
 */
bool sink_file_aim(struct sink *sink);

/*
 * Moves most bytes at the most, from a pipe to where we have aimed, within
 * the kernel.  How many; 0 if the pipe is empty, -1 if it cannot be done
 * (now): then sink_write shows why.
 */
ssize_t sink_file_splice(struct sink *sink, int pipe, size_t most);

/* As write(2), to where we have aimed; -1: sink_write shows why. */
ssize_t sink_file_put(struct sink *sink, const char *data, size_t len);

/*
 * Looks at what was moved so since the last time: whether it ends within a
 * line, and whether somebody truncated the file under our hands.
 */
void sink_file_settle(struct sink *sink);

#endif
