#ifndef SHELL_ROWS_H
#define SHELL_ROWS_H

#include <stddef.h>

/*
 * How a text stands on a screen: which of its bytes each row shows.  Pure.
 * Escape sequences that only colour take no room.
 */
struct rows {
	const char *text; /* not owned */
	size_t *start; /* of each row, and the end of the last */
	size_t count;
};

/* Lays text out for so many columns; to be freed by rows_free. */
void rows_lay(struct rows *rows, const char *text, size_t columns);
void rows_free(struct rows *rows);

/* The bytes of a row, without the newline. */
const char *rows_at(const struct rows *rows, size_t row, size_t *len);

/*
 * The next row from row on, going by step (1, -1), that holds word, whatever
 * its case; count if there is none.
 */
size_t rows_search(
    const struct rows *rows, size_t row, int step, const char *word);

#endif
