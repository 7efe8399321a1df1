#ifndef OPTIONS_TOKENS_H
#define OPTIONS_TOKENS_H

#include <stddef.h>

#include "options/scan.h"

/* The tokens of a native file. */

enum token_kind {
	TOKEN_END,
	TOKEN_WORD, /* bare or quoted */
	TOKEN_EQUAL,
	TOKEN_APPEND, /* += */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_PAREN, /* ( or ) */
	TOKEN_BAD /* already told */
};

struct token {
	enum token_kind kind;
	const char *text; /* raw */
	size_t len;
	int from, to; /* its lines */
};

/*
 * Takes a whole source apart; the last token is TOKEN_END.  What is wrong is
 * told and costs the rest of its line.  To be freed.
 */
struct token *tokens_take(
    struct scan *scan, const struct source *source, size_t *count);

#endif
