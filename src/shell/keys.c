/*
 * The decoder of terminal sequences.
 *
 * - A sequence is gathered whole before anybody sees it, so that a lone ESC
 *   stays a key of its own (vi) and nothing comes between ESC and its rest.
 * - Ours become private characters; what somebody else knows passes unchanged,
 *   so that whatever editrc binds still works.  The rest of the keyboard would
 *   come out as text.
 * - What a terminal answers when nobody of us has asked (a program that is gone
 *   has) is swallowed whole: a string up to its end, a mouse report of X10 with
 *   its three bytes.
 * - Within a paste only its end is a sequence.
 */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "shell/keys.h"

#define ESC	      0x1b
#define BEL	      0x07
#define SEQUENCE_META 2 /* ESC and a character */
#define MOUSE	      "\033[M" /* and three bytes */
#define MOUSE_LENGTH  6

static const struct {
	const char *sequence; /* behind the ESC */
	enum key key;
} key_table[] = {
	{ "[200~", KEY_PASTE },
	{ "[201~", KEY_PASTE_END },
	{ "[C", KEY_RIGHT },
	{ "OC", KEY_RIGHT },
	{ "[F", KEY_END },
	{ "OF", KEY_END },
	{ "[4~", KEY_END },
	{ "[8~", KEY_END },
	{ "OP", KEY_F1 },
	{ "[11~", KEY_F1 },
	{ "[[A", KEY_F1 },
	{ "[Z", KEY_BACKTAB },
	{ "[A", KEY_UP },
	{ "OA", KEY_UP },
	{ "[B", KEY_DOWN },
	{ "OB", KEY_DOWN },
	{ "[D", KEY_LEFT },
	{ "OD", KEY_LEFT },
};

void
keys_init(struct keys *keys, keys_known *known, void *data)
{
	memset(keys, 0, sizeof(*keys));
	keys->known = known;
	keys->data = data;
}

bool
keys_is_ours(wchar_t key)
{
	return key >= 0x80 && key <= 0x9f;
}

void
keys_feed(struct keys *keys, unsigned char byte)
{
	assert(keys->count < sizeof(keys->queue));
	keys->queue[keys->count++] = byte;
}

static void
keys_drop(struct keys *keys, size_t count)
{
	keys->count -= count;
	memmove(keys->queue, keys->queue + count, keys->count);
	keys->literal = keys->literal > count ? keys->literal - count : 0;
}

static bool
is_parameter(unsigned char c)
{
	return c >= 0x20 && c <= 0x3f;
}

/*
 * Whether a string begins: the answer to a question for a colour or a title
 * (OSC), for the terminal's name or a setting (DCS), for a picture (APC).
 * These letters are keys with Alt as well, so one more byte has to fit.
 */
static bool
begins_string(const struct keys *keys)
{
	const unsigned char *q = keys->queue;

	if (keys->pasting || keys->count < 3)
		return false;
	switch (q[1]) {
	case ']':
		return q[2] == 'l' || q[2] == 'L' ||
		    (q[2] >= '0' && q[2] <= '9');
	case 'P':
		return is_parameter(q[2]);
	case '_':
		return q[2] == 'G';
	default:
		return false;
	}
}

/* Whether a string may begin, if one more byte is there. */
static bool
may_begin_string(const struct keys *keys)
{
	return !keys->pasting && keys->count == 2 &&
	    strchr("]P_", keys->queue[1]) != NULL;
}

/*
 * The length of the sequence at the start of the queue, 0 while it is not
 * whole.  What cannot be one has length 1: the ESC alone.
 */
static size_t
keys_sequence(const struct keys *keys)
{
	const unsigned char *q = keys->queue;
	size_t i;

	if (keys->count < 2)
		return 0;
	if (q[1] != '[' && q[1] != 'O')
		return may_begin_string(keys) ? 0 : SEQUENCE_META;
	if (keys->count < 3)
		return 0;
	if (q[1] == 'O')
		return 3;
	/* The function keys of the Linux console. */
	if (q[2] == '[')
		return keys->count < 4 ? 0 : 4;
	if (q[2] == 'M')
		return keys->count < MOUSE_LENGTH ? 0 : MOUSE_LENGTH;
	for (i = 2; i < keys->count && is_parameter(q[i]); i++)
		;
	if (i < keys->count)
		return i + 1;
	return keys->count < sizeof(keys->queue) ? 0 : 1;
}

static bool
is_arrow(enum key key)
{
	return key == KEY_UP || key == KEY_DOWN || key == KEY_LEFT;
}

static const enum key *
keys_lookup(const struct keys *keys, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(key_table) / sizeof(key_table[0]); i++)
		if ((keys->arrows || !is_arrow(key_table[i].key)) &&
		    strlen(key_table[i].sequence) == len - 1 &&
		    memcmp(key_table[i].sequence, keys->queue + 1, len - 1) ==
			0)
			return &key_table[i].key;
	return NULL;
}

/* Whether that many bytes are a key that nobody has a use for. */
static bool
keys_is_unknown(const struct keys *keys, size_t len)
{
	char sequence[KEYS_QUEUE];

	if (keys->pasting || len <= SEQUENCE_META)
		return false;
	if (len == MOUSE_LENGTH && memcmp(keys->queue, MOUSE, 3) == 0)
		return true;
	if (keys->known == NULL)
		return false;
	memcpy(sequence, keys->queue + 1, len - 1);
	sequence[len - 1] = '\0';
	return !keys->known(keys->data, sequence);
}

/* Takes a whole sequence: false if it was dropped or is to pass unchanged. */
static bool
keys_take(struct keys *keys, size_t len, wchar_t *key)
{
	const enum key *known = keys_lookup(keys, len);
	bool end = known != NULL && *known == KEY_PASTE_END;

	if (known == NULL && keys_is_unknown(keys, len)) {
		keys_drop(keys, len);
		return false;
	}
	if (known == NULL || (keys->pasting && !end)) {
		keys->literal = keys->pasting ? 1 : len;
		return false;
	}
	keys_drop(keys, len);
	if (end && !keys->pasting)
		return false;
	keys->pasting = *known == KEY_PASTE;
	*key = (wchar_t)*known;
	return true;
}

/* Swallows a string; it ends before what cannot be part of one, too. */
static void
swallow_string(struct keys *keys, bool expired)
{
	const unsigned char *q = keys->queue;

	keys->string = !expired;
	while (keys->string && keys->count > 0) {
		if (q[0] == ESC && keys->count < 2)
			return;
		keys->string = q[0] >= ' ';
		if (q[0] == ESC && q[1] == '\\')
			keys_drop(keys, 2);
		else if (keys->string || q[0] == BEL)
			keys_drop(keys, 1);
	}
}

/* Takes a character: 1, 0 if it was none of use, or -1 if it is not whole. */
static int
keys_character(struct keys *keys, wchar_t *key)
{
	mbstate_t state;
	wchar_t wide;
	size_t len;

	memset(&state, 0, sizeof(state));
	len = mbrtowc(&wide, (const char *)keys->queue, keys->count, &state);
	if (len == (size_t)-2)
		return -1;
	if (len == (size_t)-1) {
		keys_drop(keys, 1);
		return 0;
	}
	keys_drop(keys, len == 0 ? 1 : len);
	if (keys_is_ours(wide))
		return 0;
	*key = wide;
	return 1;
}

int
keys_wait(const struct keys *keys)
{
	return keys->string ? KEYS_STRING_WAIT : KEYS_WAIT;
}

void
keys_return(struct keys *keys, wchar_t key)
{
	keys->returned = key;
}

enum keys_result
keys_next(struct keys *keys, bool expired, wchar_t *key)
{
	size_t len;
	int taken;

	if (keys->returned != L'\0') {
		*key = keys->returned;
		keys->returned = L'\0';
		return KEYS_READY;
	}
	while (keys->count > 0 || keys->string) {
		if (keys->string) {
			swallow_string(keys, expired);
			if (keys->string)
				return KEYS_SEQUENCE;
			continue;
		}
		if (keys->literal > 0 || keys->queue[0] != ESC) {
			if ((taken = keys_character(keys, key)) != 0)
				return taken == 1 ? KEYS_READY : KEYS_MORE;
			continue;
		}
		if ((keys->string = begins_string(keys))) {
			keys_drop(keys, 2);
			continue;
		}
		len = keys_sequence(keys);
		if (len == 0 && !expired)
			return KEYS_SEQUENCE;
		if (len == 0)
			keys->literal = keys->count;
		else if (keys_take(keys, len, key))
			return KEYS_READY;
	}
	return KEYS_MORE;
}
