/*
 * The parser of native files: tokens become statements.  A wrong statement
 * costs the rest of its line, so that all that is wrong is told at once.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "options/native.h"
#include "options/tokens.h"

struct parser {
	struct scan *scan;
	const struct source *source;
	struct token *token;
	size_t count, at;
};

/* The token so far ahead; behind the last one the last one. */
static const struct token *
ahead(const struct parser *parser, size_t n)
{
	if (n >= parser->count - parser->at)
		return &parser->token[parser->count - 1];
	return &parser->token[parser->at + n];
}

static const struct token *
take(struct parser *parser)
{
	const struct token *token = ahead(parser, 0);

	if (token->kind != TOKEN_END)
		parser->at++;
	return token;
}

static bool
is_quoted(const struct token *token)
{
	return *token->text == '"' || *token->text == '\'';
}

/* A name without its quotes; NULL (told) if it has what names never have. */
static char *
take_name(struct parser *parser, const struct token *token)
{
	char *name, *to;
	size_t i;

	if (!is_quoted(token))
		return xstrndup(token->text, token->len);
	name = to = xmalloc(token->len);
	for (i = 1; i + 1 < token->len; i++) {
		if (*token->text == '"' &&
		    strchr("\\$", token->text[i]) != NULL) {
			scan_error(parser->scan, parser->source, token->from,
			    "a name with %c must be in single quotes",
			    token->text[i]);
			free(name);
			return NULL;
		}
		if (token->text[i] == '\\' &&
		    strchr("\\'", token->text[i + 1]) != NULL)
			i++;
		*to++ = token->text[i];
	}
	*to = '\0';
	return name;
}

/*
 * Leaves the rest of a wrong statement out: to the end of its line or of its
 * section.  A section that begins there is scanned, to find its end.
 */
static void
recover(struct parser *parser, int line)
{
	const struct token *token;
	struct statement *statement;

	for (;;) {
		token = ahead(parser, 0);
		if (token->kind == TOKEN_END || token->kind == TOKEN_CLOSE ||
		    token->from != line)
			return;
		take(parser);
		if (token->kind != TOKEN_OPEN)
			continue;
		statement = scan_add_open(
		    parser->scan, parser->source, line, "");
		if (statement != NULL)
			statement->dropped = true;
		return;
	}
}

/* Whether a statement begins so far ahead. */
static bool
statement_begins(const struct parser *parser, size_t n)
{
	const struct token *token = ahead(parser, n);
	enum token_kind second = ahead(parser, n + 1)->kind;

	if (token->kind != TOKEN_WORD)
		return false;
	if (second == TOKEN_WORD)
		return ahead(parser, n + 2)->kind == TOKEN_OPEN ||
		    (token->len == 7 && memcmp(token->text, "include", 7) == 0);
	return second == TOKEN_EQUAL || second == TOKEN_APPEND ||
	    second == TOKEN_OPEN;
}

/* Appends a raw token to value; what separates two is their blank. */
static char *
append(char *value, size_t *len, const struct token *token)
{
	value = xreallocarray(value, *len + token->len + 2, 1);
	memcpy(value + *len, token->text, token->len);
	*len += token->len;
	value[(*len)++] = ' ';
	value[*len] = '\0';
	return value;
}

/* Whether the next token cannot stand in a list (told, unless it has been). */
static bool
is_list_broken(struct parser *parser, const char *name, int line)
{
	const struct token *token = ahead(parser, 0);

	if (token->kind == TOKEN_BAD)
		return true;
	if (!statement_begins(parser, 0) &&
	    (token->kind == TOKEN_WORD || token->kind == TOKEN_COMMA ||
		token->kind == TOKEN_OPEN || token->kind == TOKEN_CLOSE))
		return false;
	scan_error(parser->scan, parser->source, line,
	    "the list of '%.64s' is not closed", name);
	return true;
}

/* Whether not two words stand beside each other. */
static bool
is_parted(const struct token *last, const struct token *token)
{
	return last == NULL || last->kind != TOKEN_WORD ||
	    token->kind != TOKEN_WORD;
}

static void
tell_unparted(
    struct parser *parser, const char *name, const struct token *token)
{
	scan_error(parser->scan, parser->source, token->from,
	    "'%.64s': a comma is missing before %.*s", name,
	    (int)(token->len < 60 ? token->len : 60), token->text);
}

/* A list behind its brace; NULL if it is broken or too long (told). */
static char *
take_list(struct parser *parser, const char *name, int line)
{
	const struct token *token, *last = NULL;
	bool parted = true;
	char *value = NULL;
	size_t len = 0, words = 0;

	do {
		token = ahead(parser, 0);
		if (is_list_broken(parser, name, line)) {
			free(value);
			return NULL;
		}
		take(parser);
		if (parted && !(parted = is_parted(last, token)))
			tell_unparted(parser, name, token);
		words += token->kind == TOKEN_WORD;
		if (words <= SCAN_WORDS)
			value = append(value, &len, token);
		last = token;
	} while (token->kind != TOKEN_CLOSE);
	if (words > SCAN_WORDS)
		scan_error(parser->scan, parser->source, line,
		    "'%.64s' has more than %d words", name, SCAN_WORDS);
	if (words <= SCAN_WORDS && parted)
		return value;
	free(value);
	return NULL;
}

/* The value behind the equal sign; NULL if it is wrong (told). */
static char *
take_value(struct parser *parser, const char *name, int line, bool *list)
{
	const struct token *token = ahead(parser, 0);
	char *value, *rest;
	size_t len = 0;

	*list = token->kind == TOKEN_OPEN;
	if (*list) {
		value = append(NULL, &len, take(parser));
		if ((rest = take_list(parser, name, line)) != NULL) {
			value = xreallocarray(value, len + strlen(rest) + 1, 1);
			strcpy(value + len, rest);
			free(rest);
			return value;
		}
		free(value);
		return NULL;
	}
	if (token->kind == TOKEN_BAD) {
		take(parser);
		return NULL;
	}
	if (token->kind != TOKEN_WORD ||
	    (token->from != line && statement_begins(parser, 0))) {
		scan_error(parser->scan, parser->source, line,
		    "'%.64s' has no value", name);
		return NULL;
	}
	return append(NULL, &len, take(parser));
}

/* Whether something that is no statement follows a value on its line. */
static bool
has_stray(const struct parser *parser, int line)
{
	const struct token *token = ahead(parser, 0);

	return token->from == line && token->kind != TOKEN_END &&
	    token->kind != TOKEN_CLOSE && token->kind != TOKEN_BAD &&
	    !statement_begins(parser, 0);
}

/* Whether what follows a value on its line has been told to be wrong. */
static bool
is_cut_off(const struct parser *parser, int line)
{
	const struct token *token = ahead(parser, 0);

	return token->kind == TOKEN_BAD && token->from == line;
}

static void
tell_stray(struct parser *parser, const char *name, const char *value, int line)
{
	const struct token *token = ahead(parser, 0);
	int len = (int)(token->len < 60 ? token->len : 60);

	if (is_quoted(token) || token->kind != TOKEN_WORD)
		scan_error(parser->scan, parser->source, line,
		    "'%.64s' has more than one value: quote all of it, or "
		    "write a list, %.64s = { ..., ... }",
		    name, name);
	else
		scan_error(parser->scan, parser->source, line,
		    "'%.64s' has more than one value: quote it, as in "
		    "\"%.60s%.*s\", or write a list, { %.*s, %.*s }",
		    name, value, len, token->text, (int)strcspn(value, " "),
		    value, len, token->text);
}

static void
take_key(struct parser *parser, const char *name, int line, bool appends)
{
	struct statement *statement;
	char *value;
	bool list;
	int last;

	value = take_value(parser, name, line, &list);
	last = parser->at == 0 ? line : parser->token[parser->at - 1].to;
	if (value == NULL || is_cut_off(parser, last)) {
		recover(parser, last);
		free(value);
		return;
	}
	if (appends || has_stray(parser, last)) {
		if (appends)
			scan_error(parser->scan, parser->source, line,
			    "'+=' is not supported: write the whole list of "
			    "'%.64s' with '='",
			    name);
		else
			tell_stray(parser, name, value, line);
		if (has_stray(parser, last))
			recover(parser, last);
		free(value);
		return;
	}
	statement = scan_add_key(
	    parser->scan, parser->source, line, name, value);
	if (statement != NULL)
		statement->list = list;
}

/* include "FILE" or include("FILE"), behind the word. */
static void
take_include(struct parser *parser, int line)
{
	bool paren = ahead(parser, 0)->kind == TOKEN_PAREN;
	const struct token *file;
	char *path;

	if (paren)
		take(parser);
	file = ahead(parser, 0);
	if (file->kind != TOKEN_WORD || file->from != line) {
		scan_error(parser->scan, parser->source, line,
		    "include names no file");
		recover(parser, line);
		return;
	}
	take(parser);
	if (paren && ahead(parser, 0)->kind == TOKEN_PAREN)
		take(parser);
	if ((path = take_name(parser, file)) == NULL)
		return;
	scan_include(parser->scan, parser->source, line, path, native_scan);
	free(path);
}

static void
take_section(struct parser *parser, const char *name, char *title, int line)
{
	struct statement *statement;

	take(parser);
	statement = scan_add_open(parser->scan, parser->source, line, name);
	if (statement != NULL)
		statement->title = title;
	else
		free(title);
}

/* What a name tells of a file that is none of ours; NULL: nothing. */
static const char *
foreign_file(const char *name)
{
	static const struct {
		const char *begin, *what;
	} known[] = {
		{ "[program:", "a supervisord file" },
		{ "[supervisor", "a supervisord file" },
		{ "[unix_http_server", "a supervisord file" },
		{ "[include]", "a supervisord file" },
		{ "[Unit]", "a unit file of systemd" },
		{ "[Service]", "a unit file of systemd" },
		{ "[Install]", "a unit file of systemd" },
		{ "[watcher:", "a circus file" },
		{ "[", "an INI file" },
		{ "---", "a YAML file" },
	};
	size_t i, len = strlen(name);

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(name, known[i].begin, strlen(known[i].begin)) == 0)
			return known[i].what;
	return len > 1 && name[len - 1] == ':' ? "a YAML file" : NULL;
}

/* Neither a key nor a section: all of the file may be something else. */
static void
tell_no_statement(struct parser *parser, const char *name, int line)
{
	const char *what = foreign_file(name);

	if (what == NULL)
		scan_error(parser->scan, parser->source, line,
		    "expected '=' or '{' after '%.64s'", name);
	else
		scan_error(parser->scan, parser->source, line,
		    "expected '=' or '{' after '%.64s'; this looks like %s",
		    name, what);
	/* Then there is no sense in what else it says. */
	if (what != NULL && parser->scan->count == 0)
		parser->scan->stopped = true;
}

/* A statement that begins with the name just taken. */
static void
take_statement(struct parser *parser, const char *name, int line)
{
	const struct token *second = ahead(parser, 0);
	enum token_kind third = ahead(parser, 1)->kind;

	if (second->kind == TOKEN_EQUAL || second->kind == TOKEN_APPEND) {
		take(parser);
		take_key(parser, name, line, second->kind == TOKEN_APPEND);
	} else if (second->kind == TOKEN_OPEN)
		take_section(parser, name, NULL, line);
	else if (strcmp(name, "include") == 0)
		take_include(parser, line);
	else if (second->kind == TOKEN_WORD && third == TOKEN_OPEN) {
		take(parser);
		take_section(parser, name, take_name(parser, second), line);
	} else {
		if (*name == '<')
			scan_error(parser->scan, parser->source, line,
			    "'%.64s': this file is not in <runner> syntax, "
			    "since it does not begin in it",
			    name);
		else if (second->kind != TOKEN_BAD)
			tell_no_statement(parser, name, line);
		recover(parser, line);
	}
}

static void
take_any(struct parser *parser)
{
	const struct token *token = take(parser);
	struct scan *scan = parser->scan;
	char *name;

	if (token->kind == TOKEN_WORD) {
		if ((name = take_name(parser, token)) == NULL)
			recover(parser, token->to);
		else
			take_statement(parser, name, token->from);
		free(name);
	} else if (token->kind == TOKEN_CLOSE) {
		if (scan->open == parser->source->floor)
			scan_error(scan, parser->source, token->from,
			    "there is no section for this '}' to close");
		else
			scan_add_close(scan, parser->source, token->from);
	} else if (token->kind == TOKEN_OPEN && scan->count == 0) {
		scan_error(scan, parser->source, token->from,
		    "a name is missing before '{'; this looks like a JSON "
		    "file");
		scan->stopped = true;
	} else if (token->kind != TOKEN_BAD) {
		scan_error(scan, parser->source, token->from,
		    "a name is missing before '%.*s'", (int)token->len,
		    token->text);
		parser->at--;
		recover(parser, token->from);
	}
}

void
native_scan(struct scan *scan, const struct source *source)
{
	struct parser parser = { .scan = scan, .source = source };

	parser.token = tokens_take(scan, source, &parser.count);
	while (!scan->stopped && ahead(&parser, 0)->kind != TOKEN_END)
		take_any(&parser);
	free(parser.token);
}
