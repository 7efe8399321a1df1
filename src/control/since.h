#ifndef CONTROL_SINCE_H
#define CONTROL_SINCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct linewalk_end;

/* Where in a log a time begins, by the stamps of its lines. */

enum since_result {
	SINCE_FOUND,
	SINCE_LATER, /* all its stamps are older */
	SINCE_UNKNOWN /* no line has a stamp that is recognised */
};

/*
 * The first line of the first size bytes that was stamped at since or later
 * goes to *offset (size for SINCE_LATER and SINCE_UNKNOWN).  Where the stamps
 * ascend it is found by halving.  When an end was wanted the result means
 * nothing.
 */
enum since_result since_find(int fd, off_t size, int64_t since, int64_t now,
    const struct linewalk_end *end, off_t *offset);

/* The same in a stream: false until that line comes. */
struct since_gate {
	int64_t since, now;
	bool open;
	bool inside; /* of a line that was looked at */
};

/*
 * How many of the len bytes to pass over: all that are older.  What is left
 * then, if the gate is not open, is the beginning of a line to be offered
 * again with more behind it; with last there will be no more.
 */
size_t since_pass(
    struct since_gate *gate, const char *data, size_t len, bool last);

#endif
