#ifndef SUPERVISOR_LOGFILE_H
#define SUPERVISOR_LOGFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A file, or whatever else has a path, that we append to.
 *
 * A regular file that we can read and that nobody else writes to is owned:
 * splice(2) may fill it, and the beginning of a line can be moved in it or out
 * of it.  One that has become longer without us has another writer, and is
 * only appended to from then on.
 */
struct logfile {
	int fd; /* -1: not open */
	dev_t dev;
	ino_t ino;
	int64_t end; /* where the next byte goes, as far as we know */
	int last; /* the byte before that; -1: none, or it cannot be read */
	bool regular;
	bool owned;
	bool append; /* O_APPEND is set at present */
};

#define LOGFILE_LINE 65536 /* bytes: the longest beginning that is moved */

/*
 * Opens path to append to it, and creates it; never waits, and takes no
 * terminal.  0, or -1 with errno.
 */
int logfile_open(struct logfile *file, const char *path);

/* Takes over an open descriptor.  0, or -1 with errno: it is still open. */
int logfile_take(struct logfile *file, int fd);

void logfile_close(struct logfile *file);

/* Whether both are the same file. */
bool logfile_is_same(const struct logfile *one, const struct logfile *other);

/*
 * Looks where it ends now, and whether somebody else has written to it.
 * False: it has no name any more.
 */
bool logfile_look(struct logfile *file);

/* Tells whoever opens the file that we go on writing to it beside them. */
void logfile_share(struct logfile *file);

/* As write(2), to the end of the file, wherever that is. */
ssize_t logfile_write(struct logfile *file, const char *data, size_t len);

/*
 * Moves at most `most` bytes from a pipe to the end of an owned file, within
 * the kernel.  How many; 0 if the pipe is empty; -1 with errno, or with 0 in
 * it where somebody else writes to the file.
 */
ssize_t logfile_splice(struct logfile *file, int pipe, size_t most);

/* Whether the last byte stands within a line. */
bool logfile_is_inside(const struct logfile *file);

/*
 * Where the line begins that has no end yet; the end of the file, if there is
 * none.  -1: the file is not owned, or the line is too long to be moved.
 */
int64_t logfile_line(const struct logfile *file);

/*
 * Appends what another file has from a place on.  0, or -1 with errno: then
 * nothing was appended.
 */
int logfile_copy(struct logfile *file, const struct logfile *from, int64_t at);

/*
 * Puts whole lines before the one that has no end yet, with one call.  1 done;
 * 0 it cannot be done with this file; -1 with errno: it failed, and the line
 * is where it was.
 */
int logfile_insert(struct logfile *file, const char *lines, size_t len);

/*
 * Cuts off what the file has from a place on, unless somebody else has changed
 * it.  0, or -1 with errno.
 */
int logfile_cut(struct logfile *file, int64_t at);

#endif
