/*
 * The session's command line.
 *
 * - One lexer for running a line, for recalling and for joining pasted ones.
 * - What a shell would do and we do not (&&, ||, &) is refused, never passed
 *   on to the program as a word.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "shell/language.h"
#include "shell/lexer.h"

#define LINE_BLANKS " \t\r\n"

static char *
copy_trimmed(const char *text, size_t len)
{
	while (len > 0 && lexer_is_blank(*text)) {
		text++;
		len--;
	}
	while (len > 0 && lexer_is_blank(text[len - 1]))
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
		if (first) {
			segment->bare = token->bare;
			segment->named = token->end;
		}
		if (first && verbatim(token->word))
			take_verbatim(lexer, segment);
		return 1;
	case TOKEN_RECALL:
		cause_set(cause, "no line to recall for '%.*s' here",
		    (int)(token->end - token->start),
		    lexer->line + token->start);
		return -1;
	case TOKEN_BANG:
		segment->named = token->end;
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
language_parse(struct script *script, const char *line, int status,
    language_verbatim verbatim, char **cause)
{
	struct lexer lexer = { .line = line, .status = status };
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

/* --- lines typed before -------------------------------------------------- */

/* A line in the making, of parts of others. */
struct recall {
	language_past past;
	void *data;
	char *made;
	size_t copied; /* how far the line has been taken over */
	bool found; /* something was recalled */
};

static void
recall_copy(struct recall *recall, const char *text, size_t len)
{
	char *longer = xasprintf("%s%.*s", recall->made, (int)len, text);

	free(recall->made);
	recall->made = longer;
}

/* What a mark (!!, !N, !-N) stands for.  0, or -1 with cause. */
static int
recall_mark(struct recall *recall, const char *line, const struct token *token,
    char **cause)
{
	const char *mark = line + token->start, *text;
	long number;

	errno = 0;
	number = mark[1] == '!' ? -1 : strtol(mark + 1, NULL, 10);
	text = errno != 0 ? NULL : recall->past(recall->data, number);
	if (text == NULL) {
		cause_set(cause, "no line to recall for '%.*s'; see history",
		    (int)(token->end - token->start), mark);
		return -1;
	}
	recall_copy(
	    recall, line + recall->copied, token->start - recall->copied);
	recall_copy(recall, text, strlen(text));
	recall->copied = token->end;
	recall->found = true;
	return 0;
}

int
language_recall(const char *line, language_verbatim verbatim,
    language_past past, void *data, char **recalled, char **cause)
{
	struct lexer lexer = { .line = line };
	struct recall recall = { .past = past, .data = data };
	const struct token *token;
	bool first = true, more = true;
	int result = 0;

	recall.made = xstrdup("");
	while (more && result == 0) {
		token = lexer_next(&lexer, first);
		if (token->kind == TOKEN_RECALL)
			result = recall_mark(&recall, line, token, cause);
		else if (token->kind == TOKEN_PIPE)
			lexer_skip_pipe(&lexer);
		more = token->kind != TOKEN_STOP &&
		    token->kind != TOKEN_COMMENT && token->kind != TOKEN_BANG &&
		    !(first && token->kind == TOKEN_WORD &&
			verbatim(token->word));
		first = token->kind == TOKEN_NEXT;
	}
	free(lexer.token.word);
	if (result == 0 && recall.found) {
		recall_copy(&recall, line + recall.copied,
		    strlen(line + recall.copied));
		*recalled = recall.made;
		return 1;
	}
	free(recall.made);
	return result;
}

/* --- writing ------------------------------------------------------------- */

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
line_meaning(const char *line, language_verbatim verbatim)
{
	struct lexer lexer = { .line = line };
	bool first = true;
	size_t end = 0;

	for (;;) {
		const struct token *token = lexer_next(&lexer, first);

		if (token->kind == TOKEN_STOP || token->kind == TOKEN_COMMENT)
			break;
		end = token->end;
		if (token->kind == TOKEN_BANG ||
		    (first && token->kind == TOKEN_WORD &&
			verbatim(token->word))) {
			end = strlen(line);
			break;
		}
		first = token->kind == TOKEN_NEXT;
	}
	free(lexer.token.word);
	return end;
}

/* How many commands a line has, -1 if it is wrong. */
static long
count_commands(const char *line, language_verbatim verbatim)
{
	struct script script;
	long count;

	if (language_parse(&script, line, 0, verbatim, NULL) == -1)
		return -1;
	count = (long)script.count;
	script_free(&script);
	return count;
}

/*
 * Trims a line, but for so many bytes at its beginning; whether what is put
 * behind it with a `;' is a command of its own.
 */
static bool
trim_line(char *line, size_t from, language_verbatim verbatim)
{
	size_t end = line_meaning(line, verbatim);
	char *longer;
	long count;
	bool closed;

	if (end >= from)
		line[end] = '\0';
	longer = xasprintf("%s;x", line);
	count = count_commands(line, verbatim);
	closed = count >= 0 && count_commands(longer, verbatim) == count + 1;
	free(longer);
	return closed;
}

char *
language_join(const char *before, const char *lines, language_verbatim verbatim,
    const char **rest)
{
	char *joined = xstrdup(""), *line, *longer;
	bool closed = true;
	size_t len;

	while (closed && *(lines += strspn(lines, LINE_BLANKS)) != '\0') {
		len = strcspn(lines, "\r\n");
		line = xasprintf("%s%.*s", before, (int)len, lines);
		lines += len;
		len = strlen(before);
		closed = trim_line(line, len, verbatim);
		if (line[len] != '\0') {
			longer = xasprintf("%s%s%s", joined,
			    *joined != '\0' ? "; " : "", line + len);
			free(joined);
			joined = longer;
			before = "";
		}
		free(line);
	}
	*rest = lines + strspn(lines, LINE_BLANKS);
	return joined;
}
