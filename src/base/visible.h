#ifndef BASE_VISIBLE_H
#define BASE_VISIBLE_H

#include <stddef.h>

/*
 * Text of a program, a log or a peer is hostile: what a terminal could take
 * for a command is shown instead of sent.
 */

enum {
	VISIBLE_NEWLINES = 1, /* newlines stay */
	VISIBLE_BLANKS = 2 /* show what merely looks like a space: U+00A0.. */
};

/*
 * A copy of len bytes of text fit for a terminal: control bytes as ^X (^? for
 * DEL), C1 and invalid UTF-8 bytes as \xNN, bidirectional controls and other
 * invisible format characters as \u{XXXX}; tab and all else as they are.
 * how is 0 or a sum of the above.  To be freed; NULL without memory.
 */
char *visible_copy(const char *text, size_t len, int how);

/*
 * The same for a message that quotes what somebody typed: VISIBLE_BLANKS is
 * implied, and a remark at its end names the first character that passes for
 * a space or cannot be seen.
 */
char *visible_message(const char *text, size_t len, int how);

/* As visible_copy into buf of size bytes, cut between characters. */
char *visible_into(char *buf, size_t size, const char *text, size_t len);

/*
 * The length in bytes of the valid UTF-8 character at the start of text (1
 * to 4) with its code point in *code, or 0 where there is none.
 */
size_t visible_utf8(const char *text, size_t len, unsigned int *code);

#endif
