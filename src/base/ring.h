#ifndef BASE_RING_H
#define BASE_RING_H

#include <stddef.h>

/* A bounded queue of bytes in memory that its owner provides. */
struct ring {
	char *data;
	size_t size;
	size_t start;		/* where the oldest byte stands */
	size_t used;
};

void ring_init(struct ring *ring, void *data, size_t size);

/* Queues as many of len bytes as fit; returns how many. */
size_t ring_put(struct ring *ring, const void *data, size_t len);

/* The oldest bytes that stand together; *len gets how many (0: empty). */
const char *ring_peek(const struct ring *ring, size_t *len);

/* Forgets the len oldest bytes. */
void ring_drop(struct ring *ring, size_t len);

/* Forgets the len newest bytes. */
void ring_cut(struct ring *ring, size_t len);

/* How many bytes stand behind the newest such byte; used if there is none. */
size_t ring_behind(const struct ring *ring, char byte);

#endif
