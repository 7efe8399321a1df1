#ifndef SHELL_HELD_H
#define SHELL_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * What came while the follower was paused.  Not the text is kept but where it
 * stands: the files stay open and are read again, also when they were rotated
 * away meanwhile.
 */

struct feed_item;

struct held {
	struct held_part *part;
	size_t count;
	unsigned long lines; /* in all of them */
	unsigned long lost; /* of files that were truncated, or too many */
	char *buf;
	char *text; /* of the note given out last */
};

void held_init(struct held *held);
void held_free(struct held *held);

/* Takes an item of a feed, data or a note. */
void held_add(struct held *held, const struct feed_item *item);

/* Gives back the next one; false: there is none left. */
bool held_next(struct held *held, struct feed_item *item);

#endif
