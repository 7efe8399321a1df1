/*
 * Any bytes of a terminal: the keys do not depend on how the bytes arrive,
 * the queue never overflows, only keys of ours are private characters, and a
 * paste has a beginning, an end, and no key of ours inside.
 */
#include "config.h"

#include <locale.h>

#include "fuzz.h"
#include "shell/keys.h"

struct decoded {
	wchar_t *key;
	size_t count, max;
};

static void
drain(struct decoded *out, struct keys *keys, bool expired)
{
	enum keys_result result;
	wchar_t key;

	while ((result = keys_next(keys, expired, &key)) == KEYS_READY) {
		assert(out->count < out->max);
		out->key[out->count++] = key;
	}
	assert(result != KEYS_SEQUENCE || !expired);
	assert(keys->count < KEYS_QUEUE);
}

/*
 * Decodes bytes that arrive chunk by chunk; patient or with half a sequence
 * given up after each chunk.
 */
static struct decoded
decode(const uint8_t *data, size_t size, size_t chunk, bool patient)
{
	struct decoded out = { NULL, 0, size };
	struct keys keys;
	size_t i, fed = 0;

	out.key = calloc(size + 1, sizeof(*out.key));
	assert(out.key != NULL);
	keys_init(&keys, NULL, NULL);
	while (fed < size) {
		for (i = 0; i < chunk && fed < size && keys.count < KEYS_QUEUE;
		     i++)
			keys_feed(&keys, data[fed++]);
		drain(&out, &keys, false);
		if (!patient)
			drain(&out, &keys, true);
	}
	drain(&out, &keys, true);
	return out;
}

static void
check_keys(const struct decoded *out)
{
	bool pasting = false;
	wchar_t key;
	size_t i;

	for (i = 0; i < out->count; i++) {
		key = out->key[i];
		if (key < 0x80 || key > 0x9f)
			continue;
		assert(key <= KEY_BACKTAB);
		assert(pasting == (key == KEY_PASTE_END));
		pasting = pasting ? key != KEY_PASTE_END : key == KEY_PASTE;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t chunk[] = { 2, 5, KEYS_QUEUE };
	struct decoded first, other;
	size_t i;

	setlocale(LC_CTYPE, "C.UTF-8");
	first = decode(data, size, 1, true);
	check_keys(&first);
	for (i = 0; i < sizeof(chunk) / sizeof(chunk[0]); i++) {
		other = decode(data, size, chunk[i], true);
		assert(first.count == other.count);
		assert(wmemcmp(first.key, other.key, first.count) == 0);
		free(other.key);
		other = decode(data, size, chunk[i], false);
		check_keys(&other);
		free(other.key);
	}
	free(first.key);
	return 0;
}
