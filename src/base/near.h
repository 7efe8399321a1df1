#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How many edits (insert, delete, replace, swap of neighbours) lead from a to
 * b, without regard to case; limit + 1 for more than limit.
 */
size_t near_distance(const char *a, const char *b, size_t limit);

/*
 * A search for the name that a mistyped word most likely meant.  Start with
 * near_begin, offer each name, read best (NULL: none is near enough).
 */
struct near {
	const char *word;
	const char *best;	/* one of the names offered */
	size_t distance;
	bool begins;		/* best begins with the word */
};

void near_begin(struct near *near, const char *word);
void near_offer(struct near *near, const char *name);

#endif
