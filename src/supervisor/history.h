#ifndef SUPERVISOR_HISTORY_H
#define SUPERVISOR_HISTORY_H

#include <stddef.h>
#include <stdint.h>

/* The last event lines, for those who come later or read slowly. */
#define HISTORY_LINES 200
#define HISTORY_BYTES 49152

struct history {
	uint64_t first; /* the oldest line kept; first == next: none */
	uint64_t next; /* the number the next line gets */
	struct {
		size_t at, len;
	} line[HISTORY_LINES]; /* by number modulo HISTORY_LINES */
	char text[HISTORY_BYTES];
};

void history_init(struct history *history);

/* Keeps a line, forgetting the oldest ones where it needs their room. */
void history_add(struct history *history, const char *line, size_t len);

/* The line of that number; NULL: forgotten, or not there yet. */
const char *history_line(
    const struct history *history, uint64_t number, size_t *len);

#endif
