/*
 * The tokenizer of the session's command line and what is built on it.
 *
 * - One lexer, with offsets, for running a line and for joining pasted ones.
 * - What a shell would do and we do not (&&, ||, &) is refused, never passed
 *   on to the program as a word.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "shell/language.h"

enum token_kind {
	TOKEN_WORD,
	TOKEN_NEXT, /* ; */
	TOKEN_PIPE,
	TOKEN_INTO,
	TOKEN_ONTO,
	TOKEN_BANG, /* ! where a command begins */
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
	size_t at;
	struct token token;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
ends_word(char c)
{
	return c == '\0' || is_blank(c) || c == ';' || c == '|' || c == '>';
}

/* Takes a quoted part; at stands behind the quote. */
static char *
take_quoted(struct lexer *lexer, char quote, char *to)
{
	const char *p = lexer->line + lexer->at;

	for (; *p != '\0' && *p != quote; p++) {
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

static void
take_word(struct lexer *lexer)
{
	struct token *token = &lexer->token;
	char *to, c;

	token->kind = TOKEN_WORD;
	token->bare = true;
	to = token->word = xmalloc(strlen(lexer->line + lexer->at) + 1);
	while (!ends_word(c = lexer->line[lexer->at])) {
		lexer->at++;
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

/* The next token; start says that a command may begin here. */
static const struct token *
lexer_next(struct lexer *lexer, bool start)
{
	struct token *token = &lexer->token;
	const char *p;

	free(token->word);
	memset(token, 0, sizeof(*token));
	while (is_blank(lexer->line[lexer->at]))
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
	else if (*p == '!' && start)
		take_mark(lexer, TOKEN_BANG, 1);
	else
		take_word(lexer);
	token->end = lexer->at;
	return token;
}

/*
 * Passes over what a shell is to get, up to a semicolon or a comment outside
 * of quotes; what is left open becomes the token's.
 */
static void
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

static char *
copy_trimmed(const char *text, size_t len)
{
	while (len > 0 && is_blank(*text)) {
		text++;
		len--;
	}
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	return xstrndup(text, len);
}

static void
add_word(struct segment *segment, const char *word)
{
	segment->words.word = xreallocarray(
	    segment->words.word, segment->words.count + 2, sizeof(char *));
	segment->words.word[segment->words.count++] = xstrdup(word);
	segment->words.word[segment->words.count] = NULL;
}

/* Everything up to the end of the line is one word, where there is any. */
static void
take_verbatim(struct lexer *lexer, struct segment *segment)
{
	size_t len = strlen(lexer->line + lexer->at);
	char *rest = copy_trimmed(lexer->line + lexer->at, len);

	if (*rest != '\0')
		add_word(segment, rest);
	free(rest);
	lexer->at += len;
}

static int
check_word(const struct lexer *lexer, char **cause)
{
	const struct token *token = &lexer->token;

	if (token->open == '\\') {
		cause_set(cause, "nothing follows the last backslash");
		return -1;
	}
	if (token->open != 0) {
		cause_set(
		    cause, "open quote at %.20s", lexer->line + token->start);
		return -1;
	}
	if (token->bare &&
	    (strcmp(token->word, "&&") == 0 || strcmp(token->word, "&") == 0)) {
		cause_set(cause,
		    "no '%s' here: ';' runs one command after "
		    "another and stops at a failure",
		    token->word);
		return -1;
	}
	return 0;
}

static int
take_pipe(struct lexer *lexer, struct segment *segment, char **cause)
{
	size_t start = lexer->at;

	lexer_skip_pipe(lexer);
	segment->pipe = copy_trimmed(lexer->line + start, lexer->at - start);
	if (segment->pipe[0] == '|') {
		cause_set(cause,
		    "no '||' here: ';' runs one command after "
		    "another and stops at a failure");
		return -1;
	}
	if (segment->pipe[0] == '\0') {
		cause_set(cause, "no command behind '|'");
		return -1;
	}
	return check_word(lexer, cause);
}

static int
take_file(
    struct lexer *lexer, struct segment *segment, bool append, char **cause)
{
	const struct token *token;

	if (segment->file != NULL) {
		cause_set(cause, "more than one '>'");
		return -1;
	}
	token = lexer_next(lexer, false);
	if (token->kind != TOKEN_WORD || token->word[0] == '\0') {
		cause_set(cause, "no file behind '%s'", append ? ">>" : ">");
		return -1;
	}
	segment->file = xstrdup(token->word);
	segment->append = append;
	return 0;
}

/* One token into the segment: 1 go on, 0 the segment is whole, -1 cause. */
static int
take_token(struct lexer *lexer, struct segment *segment,
    language_verbatim verbatim, char **cause)
{
	const struct token *token;
	bool first = segment->words.count == 0;

	token = lexer_next(lexer, first);
	switch (token->kind) {
	case TOKEN_WORD:
		if (check_word(lexer, cause) == -1)
			return -1;
		add_word(segment, token->word);
		if (first && verbatim(token->word))
			take_verbatim(lexer, segment);
		return 1;
	case TOKEN_BANG:
		add_word(segment, "!");
		take_verbatim(lexer, segment);
		return 1;
	case TOKEN_PIPE:
		return take_pipe(lexer, segment, cause) == -1 ? -1 : 1;
	case TOKEN_INTO:
	case TOKEN_ONTO:
		if (take_file(
			lexer, segment, token->kind == TOKEN_ONTO, cause) == -1)
			return -1;
		return check_word(lexer, cause) == -1 ? -1 : 1;
	case TOKEN_NEXT:
	case TOKEN_COMMENT:
	case TOKEN_STOP:
		break;
	}
	return 0;
}

static void
segment_free(struct segment *segment)
{
	words_free(&segment->words);
	free(segment->pipe);
	free(segment->file);
}

static int
segment_check(const struct segment *segment, char **cause)
{
	bool redirected = segment->pipe != NULL || segment->file != NULL;

	if (segment->words.count == 0 && redirected) {
		cause_set(cause, "no command before '%s'",
		    segment->pipe != NULL ? "|" : ">");
		return -1;
	}
	if (segment->pipe != NULL && segment->file != NULL) {
		cause_set(cause, "both '>' and '|'");
		return -1;
	}
	return 0;
}

static int
take_segment(struct lexer *lexer, struct segment *segment,
    language_verbatim verbatim, char **cause)
{
	int more;

	memset(segment, 0, sizeof(*segment));
	segment->start = lexer->at;
	while ((more = take_token(lexer, segment, verbatim, cause)) == 1)
		;
	segment->end = lexer->token.start;
	if (more == -1 || segment_check(segment, cause) == -1) {
		segment_free(segment);
		return -1;
	}
	return 0;
}

int
language_parse(struct script *script, const char *line,
    language_verbatim verbatim, char **cause)
{
	struct lexer lexer = { .line = line };
	struct script out = { NULL, 0 };
	struct segment segment;
	int result = 0;

	do {
		result = take_segment(&lexer, &segment, verbatim, cause);
		if (result == -1)
			break;
		if (segment.words.count == 0)
			continue;
		out.segment = xreallocarray(
		    out.segment, out.count + 1, sizeof(*out.segment));
		out.segment[out.count++] = segment;
	} while (lexer.token.kind == TOKEN_NEXT);
	free(lexer.token.word);
	if (result == -1)
		script_free(&out);
	else
		*script = out;
	return result;
}

void
script_free(struct script *script)
{
	size_t i;

	for (i = 0; i < script->count; i++)
		segment_free(&script->segment[i]);
	free(script->segment);
	script->segment = NULL;
	script->count = 0;
}

static const char *
specials(char open)
{
	switch (open) {
	case '\'':
		return "'";
	case '"':
		return "\"\\$`";
	default:
		return " \t\n\r'\"\\;|>#!&$`*?()[]{}<";
	}
}

char *
language_quote(const char *word, char open, bool finished)
{
	const char *escape = specials(open);
	char *text, *to;

	to = text = xmalloc(4 * strlen(word) + 3);
	if (open != 0)
		*to++ = open;
	for (; *word != '\0'; word++) {
		if (strchr(escape, *word) != NULL) {
			if (open == '\'')
				to = stpcpy(to, "'\\'");
			else
				*to++ = '\\';
		}
		*to++ = *word;
	}
	if (open != 0 && finished)
		*to++ = open;
	*to = '\0';
	return text;
}

/* The length of a line without blanks at its end and without a comment. */
static size_t
line_meaning(const char *line)
{
	struct lexer lexer = { .line = line };
	bool first = true;
	size_t end = 0;

	for (;;) {
		const struct token *token = lexer_next(&lexer, first);

		if (token->kind == TOKEN_STOP || token->kind == TOKEN_COMMENT)
			break;
		first = token->kind == TOKEN_NEXT;
		end = token->end;
		if (token->kind == TOKEN_BANG) {
			end = strlen(line);
			break;
		}
	}
	free(lexer.token.word);
	return end;
}

char *
language_join(const char *lines)
{
	char *joined = xstrdup(""), *copy = xstrdup(lines), *next = copy;
	char *line, *longer;

	while ((line = strtok_r(next, "\r\n", &next)) != NULL) {
		while (is_blank(*line))
			line++;
		line[line_meaning(line)] = '\0';
		if (*line == '\0')
			continue;
		longer = xasprintf(
		    "%s%s%s", joined, *joined != '\0' ? "; " : "", line);
		free(joined);
		joined = longer;
	}
	free(copy);
	return joined;
}
