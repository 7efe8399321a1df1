#ifndef CONTROL_FOLLOW_H
#define CONTROL_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * A file followed by its name: what is added to it, through renaming,
 * truncation and making anew.  Does not block and does not print.
 */
enum follow_news {
	FOLLOW_NOTHING,
	FOLLOW_DATA, /* data and len */
	FOLLOW_TRUNCATED,
	FOLLOW_REPLACED, /* another file of that name */
	FOLLOW_GONE, /* no file of that name any more */
	FOLLOW_FAILED /* cause */
};

struct follow {
	char *path;
	char *directory;
	int fd; /* -1: no file now */
	off_t offset;
	int notify; /* inotify; -1: look once in a while */
	int file_watch;
	bool gone_told;
	char buf[65536];
	size_t len; /* of data in buf */
	char *cause;
};

/* Takes fd, to be read from offset. */
void follow_begin(
    struct follow *follow, const char *path, int fd, off_t offset);

/* What is new; to be called again until there is nothing. */
enum follow_news follow_next(struct follow *follow);

/* What to poll, and how long at the most (-1: for ever). */
int follow_fd(const struct follow *follow);
int follow_timeout(const struct follow *follow);
void follow_end(struct follow *follow);

#endif
