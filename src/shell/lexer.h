#ifndef SHELL_LEXER_H
#define SHELL_LEXER_H

#include <stdbool.h>
#include <stddef.h>

/* The tokenizer of the session's language (language.h).  Pure. */

enum token_kind {
	TOKEN_WORD,
	TOKEN_NEXT, /* ; */
	TOKEN_PIPE,
	TOKEN_INTO,
	TOKEN_ONTO,
	TOKEN_BANG, /* ! where a command begins */
	TOKEN_RECALL, /* !!, !N, !-N there */
	TOKEN_COMMENT,
	TOKEN_STOP /* the end of the line */
};

struct token {
	enum token_kind kind;
	size_t start, end;
	char *word; /* TOKEN_WORD, without quotes; owned by the lexer */
	bool bare; /* nothing in it was quoted */
	char open; /* a quote left open, or a backslash at the end */
};

struct lexer {
	const char *line;
	int status; /* what $? stands for */
	size_t at;
	struct token token;
};

/*
 * The next token; start says that a command may begin here.  A lexer begins
 * as { .line = LINE, .status = STATUS }; the word of its last token is to be
 * freed.
 */
const struct token *lexer_next(struct lexer *lexer, bool start);

/*
 * Passes over what a shell is to get, up to a semicolon or a comment outside
 * of quotes; what is left open becomes the token's.
 */
void lexer_skip_pipe(struct lexer *lexer);

bool lexer_is_blank(char c);

#endif
