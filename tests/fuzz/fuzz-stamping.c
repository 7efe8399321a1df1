/*
 * Any bytes (two that say how, the rest is what a program writes), in steps
 * and into rooms of any size: what comes out is what went in, with a stamp at
 * the beginning of each line and nowhere else.
 */
#include "config.h"

#include "fuzz.h"
#include "supervisor/stamp.h"

static size_t
stamp_all(struct stamp *stamp, char *out, size_t room, const uint8_t *data,
    size_t size, size_t step)
{
	size_t at = 0, used = 0, part, taken, made;
	char *small = malloc(room);

	assert(small != NULL);
	while (at < size) {
		part = size - at < step ? size - at : step;
		made = stamp_copy(stamp, small, room,
		    (const char *)data + at, part, &taken);
		assert(taken > 0 && taken <= part && made <= room);
		memcpy(out + used, small, made);
		used += made;
		at += taken;
	}
	free(small);
	return used;
}

/* Takes the stamps out again. */
static void
check(const struct stamp *stamp, const char *out, size_t used,
    const uint8_t *data, size_t size)
{
	bool begins = true;
	size_t at = 0, i;

	for (i = 0; i < size; i++) {
		if (begins) {
			assert(used - at >= stamp->len);
			assert(memcmp(out + at, stamp->text, stamp->len) == 0);
			at += stamp->len;
		}
		assert(at < used && out[at++] == (char)data[i]);
		begins = data[i] == '\n';
	}
	assert(at == used);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stamp stamp;
	size_t room, step;
	char *out;

	if (size < 2 || size > 100000)
		return 0;
	stamp_init(&stamp, (enum stamp_kind)(data[0] % 4));
	stamp_set(&stamp, 1764072030123LL + data[0], data[1]);
	room = STAMP_MAX + data[0] / 4;
	step = 1 + data[1];
	data += 2;
	size -= 2;
	out = malloc(size * (1 + STAMP_MAX) + 1);
	assert(out != NULL);
	check(&stamp, out, stamp_all(&stamp, out, room, data, size, step),
	    data, size);
	free(out);
	return 0;
}
