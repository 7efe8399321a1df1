/* A bounded queue of bytes. */
#include "config.h"

#include <string.h>

#include "base/ring.h"

void
ring_init(struct ring *ring, void *data, size_t size)
{
	ring->data = data;
	ring->size = size;
	ring->start = 0;
	ring->used = 0;
}

size_t
ring_put(struct ring *ring, const void *data, size_t len)
{
	size_t first, end;

	if (len > ring->size - ring->used)
		len = ring->size - ring->used;
	if (len == 0)
		return 0;
	end = (ring->start + ring->used) % ring->size;
	first = ring->size - end < len ? ring->size - end : len;
	memcpy(ring->data + end, data, first);
	memcpy(ring->data, (const char *)data + first, len - first);
	ring->used += len;
	return len;
}

const char *
ring_peek(const struct ring *ring, size_t *len)
{
	size_t together = ring->size - ring->start;

	*len = ring->used < together ? ring->used : together;
	return ring->data + ring->start;
}

void
ring_drop(struct ring *ring, size_t len)
{
	if (len >= ring->used) {
		ring->start = 0;
		ring->used = 0;
		return;
	}
	ring->start = (ring->start + len) % ring->size;
	ring->used -= len;
}

void
ring_cut(struct ring *ring, size_t len)
{
	ring->used -= len < ring->used ? len : ring->used;
}

size_t
ring_behind(const struct ring *ring, char byte)
{
	size_t behind = 0;

	while (behind < ring->used &&
	    ring->data[(ring->start + ring->used - behind - 1) % ring->size] !=
		byte)
		behind++;
	return behind;
}
