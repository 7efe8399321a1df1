#ifndef SHELL_KEYS_H
#define SHELL_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/*
 * The bytes of a terminal become characters and keys.  Pure: reads nothing,
 * waits for nothing.
 */

#define KEYS_QUEUE	 128
#define KEYS_WAIT	 25 /* ms for the rest of a sequence after its ESC */
#define KEYS_STRING_WAIT 250 /* ms for that of a string */

/*
 * Keys that we know ourselves, as control characters of the C1 set: no
 * terminal sends those (the decoder drops them), and libedit can bind them.
 * The ones up to KEY_LEFT come from sequences, the rest from us.
 */
enum key {
	KEY_PASTE = 0x80, /* what follows up to KEY_PASTE_END is pasted */
	KEY_PASTE_END,
	KEY_RIGHT,
	KEY_END,
	KEY_F1,
	KEY_BACKTAB,
	KEY_UP, /* these three only where arrows is set */
	KEY_DOWN,
	KEY_LEFT,
	KEY_INTERRUPT, /* the operator's SIGINT */
	KEY_MENU /* a key that is the menu's */
};

/* Whether a sequence, the ESC left out, means something to anybody else. */
typedef bool keys_known(void *data, const char *sequence);

struct keys {
	keys_known *known; /* NULL: all of them do */
	void *data;
	unsigned char queue[KEYS_QUEUE];
	size_t count;
	size_t literal; /* so many of them are handed on unchanged */
	wchar_t returned; /* a key that comes once more; 0: none */
	bool string; /* within one that is swallowed */
	bool pasting;
	bool arrows; /* they are ours, too: a menu is open */
};

enum keys_result {
	KEYS_READY,
	KEYS_MORE, /* nothing, or only half a character, is there */
	KEYS_SEQUENCE /* perhaps half a sequence: wait keys_wait at most */
};

void keys_init(struct keys *keys, keys_known *known, void *data);

/* Whether it is one of ours, and no character. */
bool keys_is_ours(wchar_t key);

/* Queues a byte; the queue never overflows if keys_next empties it first. */
void keys_feed(struct keys *keys, unsigned char byte);

/* How many ms to wait for the rest of what has begun. */
int keys_wait(const struct keys *keys);

/* Gives a key back: keys_next takes it again. */
void keys_return(struct keys *keys, wchar_t key);

/*
 * Takes the next key.  With expired, half a sequence is handed on as it is.
 * Sequences that are none of ours come out byte by byte, for libedit; those
 * that mean nothing, and whatever a terminal answers, are dropped.
 */
enum keys_result keys_next(struct keys *keys, bool expired, wchar_t *key);

#endif
