#ifndef SHELL_BURST_H
#define SHELL_BURST_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

struct editor;
struct view;

/* What is known of the last key, and those that lie ready. */
struct burst {
	wchar_t key; /* the last one that libedit got */
	size_t length, cursor; /* of the line before it */
	bool going; /* what was put into the line last was a burst */
	wchar_t *ready; /* keys read before their turn */
	size_t at, count;
	unsigned char judged[256]; /* what a character does, as asked once */
};

enum {
	BURST_UNJUDGED,
	BURST_INSERTS,
	BURST_COMMAND
};

/* Notes that libedit gets a key, and what the line is before it. */
void burst_note(struct burst *burst, const struct view *view, wchar_t key);

/* Forgets what characters do: the bindings have changed. */
void burst_forget(struct burst *burst);

/* The next key that was read before its turn; false: none. */
bool burst_next(struct burst *burst, wchar_t *key);

/*
 * Puts a key and what lies ready behind it into the line, if that is a burst
 * of characters that would do nothing else; false: the key is still to be
 * served.  vi: libedit is in that mode.
 */
bool burst_take(struct editor *editor, bool vi, wchar_t key);

#endif
