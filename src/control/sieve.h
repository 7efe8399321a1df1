#ifndef CONTROL_SIEVE_H
#define CONTROL_SIEVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A stream of bytes cut into lines, each told to fit an expression or not.
 * Of a line longer than MATCH_MOST the head decides, and it comes in pieces.
 */

struct match;

struct piece {
	const char *text; /* without the newline */
	size_t len;
	bool first, last; /* of its line */
	bool newline; /* it has one; false for the end of a stream */
	bool fits;
};

typedef void (*sieve_fn)(void *data, const struct piece *piece);

struct sieve {
	struct match *match; /* not ours; NULL: every line fits */
	char *held; /* the beginning of a line */
	size_t len;
	bool inside; /* of a line that is longer and was judged */
	bool fits; /* it does */
};

void sieve_init(struct sieve *sieve, struct match *match);
void sieve_free(struct sieve *sieve);

/* Cuts what has come and calls fn for each piece. */
void sieve_push(
    struct sieve *sieve, const char *data, size_t len, sieve_fn fn, void *arg);

/* A line begun will have no end: it is told as it is. */
void sieve_finish(struct sieve *sieve, sieve_fn fn, void *arg);

#endif
