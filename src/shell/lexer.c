/*
 * The tokenizer.  Offsets are bytes of the line, so that whoever reads it can
 * put other text in place of a token.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "shell/lexer.h"

bool
lexer_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
ends_word(char c)
{
	return c == '\0' || lexer_is_blank(c) || c == ';' || c == '|' ||
	    c == '>';
}

/* Writes what $? stands for; it may be longer by a byte. */
static char *
put_status(const struct lexer *lexer, char *to)
{
	return to + sprintf(to, "%d", lexer->status);
}

/* Takes a quoted part; at stands behind the quote. */
static char *
take_quoted(struct lexer *lexer, char quote, char *to)
{
	const char *p = lexer->line + lexer->at;

	for (; *p != '\0' && *p != quote; p++) {
		if (quote == '"' && p[0] == '$' && p[1] == '?') {
			to = put_status(lexer, to);
			p++;
			continue;
		}
		if (quote == '"' && *p == '\\' && p[1] != '\0' &&
		    strchr("\"\\$`", p[1]) != NULL)
			p++;
		*to++ = *p;
	}
	if (*p == '\0')
		lexer->token.open = quote;
	else
		p++;
	lexer->at = (size_t)(p - lexer->line);
	return to;
}

/* Whether a word is $? alone: as a command it is a name. */
static bool
is_status_alone(const char *p)
{
	return p[0] == '$' && p[1] == '?' && ends_word(p[2]);
}

static void
take_word(struct lexer *lexer, bool start)
{
	struct token *token = &lexer->token;
	char *to, c;
	bool named = start && is_status_alone(lexer->line + lexer->at);

	token->kind = TOKEN_WORD;
	token->bare = true;
	to = token->word = xmalloc(2 * strlen(lexer->line + lexer->at) + 1);
	while (!ends_word(c = lexer->line[lexer->at])) {
		lexer->at++;
		if (c == '$' && lexer->line[lexer->at] == '?' && !named) {
			to = put_status(lexer, to);
			lexer->at++;
			continue;
		}
		if (c == '\'' || c == '"') {
			to = take_quoted(lexer, c, to);
			token->bare = false;
			continue;
		}
		if (c == '\\') {
			token->bare = false;
			if ((c = lexer->line[lexer->at]) == '\0') {
				token->open = '\\';
				break;
			}
			lexer->at++;
		}
		*to++ = c;
	}
	*to = '\0';
}

static void
take_mark(struct lexer *lexer, enum token_kind kind, size_t len)
{
	lexer->token.kind = kind;
	lexer->at += len;
}

/* How long !!, !N or !-N is; 0 if p is none of them. */
static size_t
recall_length(const char *p)
{
	size_t len = 1;

	if (p[1] == '!')
		len = 2;
	else {
		len += p[1] == '-';
		if (p[len] < '1' || p[len] > '9')
			return 0;
		while (p[len] >= '0' && p[len] <= '9')
			len++;
	}
	return ends_word(p[len]) ? len : 0;
}

const struct token *
lexer_next(struct lexer *lexer, bool start)
{
	struct token *token = &lexer->token;
	const char *p;

	free(token->word);
	memset(token, 0, sizeof(*token));
	while (lexer_is_blank(lexer->line[lexer->at]))
		lexer->at++;
	token->start = lexer->at;
	p = lexer->line + lexer->at;
	if (*p == '\0')
		take_mark(lexer, TOKEN_STOP, 0);
	else if (*p == '#')
		take_mark(lexer, TOKEN_COMMENT, strlen(p));
	else if (*p == ';')
		take_mark(lexer, TOKEN_NEXT, 1);
	else if (*p == '|')
		take_mark(lexer, TOKEN_PIPE, 1);
	else if (*p == '>')
		take_mark(lexer, p[1] == '>' ? TOKEN_ONTO : TOKEN_INTO,
		    p[1] == '>' ? 2 : 1);
	else if (*p == '!' && start && recall_length(p) > 0)
		take_mark(lexer, TOKEN_RECALL, recall_length(p));
	else if (*p == '!' && start)
		take_mark(lexer, TOKEN_BANG, 1);
	else
		take_word(lexer, start);
	token->end = lexer->at;
	return token;
}

void
lexer_skip_pipe(struct lexer *lexer)
{
	const char *line = lexer->line;
	struct token *token = &lexer->token;
	bool begins = true; /* a word may, or a comment */
	char c;

	for (; (c = line[lexer->at]) != '\0'; lexer->at++) {
		if (token->open == 0 && (c == ';' || (c == '#' && begins)))
			break;
		begins = token->open == 0 && ends_word(c);
		if (c == '\\' && token->open != '\'') {
			if (line[++lexer->at] != '\0')
				continue;
			token->open = c;
			break;
		}
		if (token->open == 0 && (c == '\'' || c == '"')) {
			token->open = c;
			token->start = lexer->at;
		} else if (c == token->open)
			token->open = 0;
	}
}
