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

/*
 * Who may want a long walk to end: asked whenever more of the file is to be
 * read, and from the first yes on the answer has to stay that.
 */
struct linewalk_end {
	bool (*is_wanted)(void *data);
	void *data;
};

/* Whether the end is wanted; NULL: never. */
bool linewalk_is_ended(const struct linewalk_end *end);

struct line {
	off_t start;
	off_t end; /* behind its newline, if it has one */
	const char *text; /* without the newline; good until the next one */
	size_t len;
};

struct linewalk {
	int fd;
	const struct linewalk_end *end; /* NULL: nobody */
	off_t offset; /* of the line that comes next; backwards: behind it */
	off_t limit; /* onwards: nothing from there on */
	off_t low; /* where the window stands in the file */
	size_t len; /* how much of it is filled */
	char window[2 * LINEWALK_HEAD];
};

/*
 * From offset, where a line begins, onwards up to limit; or from offset,
 * where one ends, backwards to the beginning of the file.  end, which may be
 * NULL, must outlive the walk.
 */
void linewalk_begin_on(struct linewalk *walk, int fd, off_t offset, off_t limit,
    const struct linewalk_end *end);
void linewalk_begin_back(struct linewalk *walk, int fd, off_t offset,
    const struct linewalk_end *end);

/*
 * The next line in that direction; false at the end, at a read error, or when
 * an end is wanted.
 */
bool linewalk_on(struct linewalk *walk, struct line *line);
bool linewalk_back(struct linewalk *walk, struct line *line);

#endif
