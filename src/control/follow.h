#ifndef CONTROL_FOLLOW_H
#define CONTROL_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A file followed by its name: what is added to it, through renaming,
 * truncation and making anew.  Does not block and does not print.
 */
#define FOLLOW_MARK  256 /* bytes kept to know the file again */
#define FOLLOW_CHUNK 32768

enum follow_news {
	FOLLOW_NOTHING,
	FOLLOW_DATA, /* data and len */
	FOLLOW_TRUNCATED, /* goes on at its beginning */
	FOLLOW_ROTATED, /* goes on with the next file of that name */
	FOLLOW_APPEARED, /* there was no file, now there is */
	FOLLOW_GONE, /* no file has that name any more */
	FOLLOW_REFUSED, /* what has that name is not to be read: cause */
	FOLLOW_FAILED /* cause */
};

struct filewatch;

struct follow {
	char *path;
	char *directory;
	struct filewatch *watch;
	int file_watch, directory_watch; /* -1: not watched */
	int next_watch; /* of the file that has the name now; -1 */
	int fd; /* -1: no file now */
	int next; /* the file to turn to at the end of this one; -1 */
	off_t offset; /* behind data */
	bool ended; /* there was nothing behind data */
	unsigned int round; /* the watch's then */
	int64_t looked; /* when its name was looked at last, monotonic ms */
	int64_t missing; /* since when the name leads nowhere; -1 */
	int64_t gap; /* since when a file in between is missing; -1 */
	bool told; /* that it is gone, or refused */
	size_t marked; /* bytes before offset that stand in mark */
	char mark[FOLLOW_MARK];
	const char *data; /* into buf */
	size_t len;
	char *cause;
	char buf[FOLLOW_MARK + FOLLOW_CHUNK]; /* last: never cleared */
};

/*
 * Takes fd, to be read from offset; -1: there is no file yet.  The watch
 * must outlive it.
 */
void follow_begin(struct follow *follow, struct filewatch *watch,
    const char *path, int fd, off_t offset);

/* What is new at now (monotonic ms); again, until there is nothing. */
enum follow_news follow_next(struct follow *follow, int64_t now);

/* How long to wait for the watch at the most, in ms. */
int follow_timeout(const struct follow *follow, int64_t now);
void follow_end(struct follow *follow);

#endif
