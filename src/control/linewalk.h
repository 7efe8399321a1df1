#ifndef CONTROL_LINEWALK_H
#define CONTROL_LINEWALK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The lines of a file one by one, onwards or backwards, in bounded memory: of
 * a line that is longer than LINEWALK_HEAD only so many bytes are kept.
 */
#define LINEWALK_HEAD 65536

struct line {
	off_t start;
	off_t end; /* behind its newline, if it has one */
	const char *text; /* without the newline; good until the next one */
	size_t len;
};

struct linewalk {
	int fd;
	off_t offset; /* of the line that comes next; backwards: behind it */
	off_t limit; /* onwards: nothing from there on */
	off_t low; /* where the window stands in the file */
	size_t len; /* how much of it is filled */
	char window[2 * LINEWALK_HEAD];
};

/*
 * From offset, where a line begins, onwards up to limit; or from offset,
 * where one ends, backwards to the beginning of the file.
 */
void linewalk_begin_on(
    struct linewalk *walk, int fd, off_t offset, off_t limit);
void linewalk_begin_back(struct linewalk *walk, int fd, off_t offset);

/* The next line in that direction; false at the end or at a read error. */
bool linewalk_on(struct linewalk *walk, struct line *line);
bool linewalk_back(struct linewalk *walk, struct line *line);

#endif
