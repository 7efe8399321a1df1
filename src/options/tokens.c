/*
 * Native text as tokens, taken apart just as libconfuse's lexer does it; but
 * this one says where a comment or quote stays open, and refuses what that
 * lexer drops without a word.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "options/tokens.h"

struct lexer {
	struct scan *scan;
	const struct source *source;
	const char *at, *end;
	int line; /* of at */
	const char *start; /* of the token being taken */
};

static bool
more(const struct lexer *lexer, size_t ahead)
{
	return (size_t)(lexer->end - lexer->at) > ahead;
}

static bool
looking_at(const struct lexer *lexer, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(lexer->end - lexer->at) >= len &&
	    memcmp(lexer->at, text, len) == 0;
}

static void
skip_line(struct lexer *lexer)
{
	while (more(lexer, 0) && *lexer->at != '\n')
		lexer->at++;
}

static void
skip_comment(struct lexer *lexer)
{
	int from = lexer->line;

	for (lexer->at += 2; more(lexer, 0); lexer->at++) {
		if (looking_at(lexer, "*/")) {
			lexer->at += 2;
			return;
		}
		if (*lexer->at == '\n')
			lexer->line++;
	}
	scan_error(lexer->scan, lexer->source, from,
	    "the comment that begins here is not closed");
}

static void
skip_blanks(struct lexer *lexer)
{
	while (more(lexer, 0)) {
		if (*lexer->at == '\n') {
			lexer->line++;
			lexer->at++;
		} else if (strchr(" \t\r", *lexer->at) != NULL)
			lexer->at++;
		else if (*lexer->at == '#' || looking_at(lexer, "//"))
			skip_line(lexer);
		else if (looking_at(lexer, "/*"))
			skip_comment(lexer);
		else
			return;
	}
}

/* Tells what is wrong with the token; the rest of its line is lost. */
static enum token_kind
bad_token(struct lexer *lexer, const char *text)
{
	scan_error(lexer->scan, lexer->source, lexer->line, "%s", text);
	skip_line(lexer);
	return TOKEN_BAD;
}

/* ${NAME} or ${NAME:-TEXT} at the lexer; NULL or what is wrong with it. */
static const char *
take_variable(struct lexer *lexer)
{
	const char *start = lexer->at + 2, *colon;
	size_t len;
	char *name;

	for (lexer->at = start; more(lexer, 0) && *lexer->at != '}';
	     lexer->at++)
		if (strchr("\n\"\\", *lexer->at) != NULL)
			break;
	if (!more(lexer, 0) || *lexer->at != '}')
		return "'${' is not closed by '}' (\\${ stands for itself)";
	len = (size_t)(lexer->at++ - start);
	colon = memchr(start, ':', len);
	if (colon != NULL && colon[1] == '-')
		return NULL;
	name = xstrndup(start, len);
	if (getenv(name) == NULL)
		scan_warning(lexer->scan, lexer->source, lexer->line,
		    "the environment has no variable '%.64s' "
		    "(${%.64s:-} says that it may be missing)",
		    name, name);
	free(name);
	return NULL;
}

/* Whether the escape at text, behind its backslash, stands for a NUL byte. */
static bool
is_nul_escape(const char *text, const char *end)
{
	const char *digits = "01234567";
	int most = 3;
	bool nul = false;

	if (text < end && *text == 'x') {
		digits = "0123456789abcdefABCDEF";
		most = 2;
		text++;
	}
	for (; most > 0 && text < end && strchr(digits, *text) != NULL;
	     most--) {
		if (*text++ != '0')
			return false;
		nul = true;
	}
	return nul;
}

static enum token_kind
take_quoted(struct lexer *lexer)
{
	const char *wrong = NULL;
	char quote = *lexer->at;

	for (lexer->at++; more(lexer, 0);) {
		if (*lexer->at == quote) {
			lexer->at++;
			return TOKEN_WORD;
		}
		if (*lexer->at == '\n')
			break;
		if (quote == '"' && looking_at(lexer, "${")) {
			if ((wrong = take_variable(lexer)) != NULL)
				return bad_token(lexer, wrong);
			continue;
		}
		if (*lexer->at == '\\' && more(lexer, 1)) {
			if (quote == '"' &&
			    is_nul_escape(lexer->at + 1, lexer->end))
				return bad_token(
				    lexer, "a value cannot hold a NUL byte");
			if (*++lexer->at == '\n')
				lexer->line++;
		}
		lexer->at++;
	}
	return bad_token(lexer,
	    quote == '"' ? "the quote is not closed on its line (\\n stands "
			   "for a newline)" :
			   "the quote is not closed on its line");
}

static enum token_kind
take_bare(struct lexer *lexer)
{
	while (
	    more(lexer, 0) && strchr(" \t\r\n\"'#={}()+,*", *lexer->at) == NULL)
		lexer->at++;
	if (lexer->at > lexer->start && lexer->at[-1] == '$' &&
	    more(lexer, 0) && *lexer->at == '{')
		return bad_token(
		    lexer, "a value with ${...} inside must be quoted");
	return TOKEN_WORD;
}

static enum token_kind
take_single(struct lexer *lexer, enum token_kind kind)
{
	lexer->at++;
	return kind;
}

static enum token_kind
take_token(struct lexer *lexer)
{
	const char *wrong;

	if (!more(lexer, 0))
		return TOKEN_END;
	if (looking_at(lexer, "+=")) {
		lexer->at += 2;
		return TOKEN_APPEND;
	}
	if (looking_at(lexer, "${")) {
		wrong = take_variable(lexer);
		return wrong == NULL ? TOKEN_WORD : bad_token(lexer, wrong);
	}
	switch (*lexer->at) {
	case '=':
		return take_single(lexer, TOKEN_EQUAL);
	case '{':
		return take_single(lexer, TOKEN_OPEN);
	case '}':
		return take_single(lexer, TOKEN_CLOSE);
	case ',':
		return take_single(lexer, TOKEN_COMMA);
	case '(':
	case ')':
		return take_single(lexer, TOKEN_PAREN);
	case '"':
	case '\'':
		return take_quoted(lexer);
	case '*':
	case '+':
		return bad_token(lexer, "a value with * or + must be quoted");
	default:
		return take_bare(lexer);
	}
}

struct token *
tokens_take(struct scan *scan, const struct source *source, size_t *count)
{
	struct lexer lexer = { scan, source, source->text,
		source->text + source->len, 1, NULL };
	struct token *token = NULL, *last;

	*count = 0;
	do {
		if ((*count & (*count - 1)) == 0)
			token = xreallocarray(token,
			    *count == 0 ? 1 : *count * 2, sizeof(*token));
		skip_blanks(&lexer);
		last = &token[(*count)++];
		lexer.start = last->text = lexer.at;
		last->from = lexer.line;
		last->kind = take_token(&lexer);
		last->len = (size_t)(lexer.at - last->text);
		last->to = lexer.line;
		if (last->kind == TOKEN_WORD && last->len > SCAN_VALUE) {
			scan_error(scan, source, last->from,
			    "the value is longer than %d bytes", SCAN_VALUE);
			last->kind = TOKEN_BAD;
		}
	} while (last->kind != TOKEN_END);
	return token;
}
