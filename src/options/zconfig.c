/*
 * The scanner of files in zdaemon's own <runner> syntax: line by line, no
 * quoting, no continuation; keys and sections without regard to case;
 * %define, %include and $ substitution.  Values become what libconfuse reads
 * back as the same bytes.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/near.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "options/zconfig.h"

#define BLANKS      " \t\r\v\f"
#define DEFINES_MAX 1000

struct reader {
	struct scan *scan;
	const struct source *source;
	int line;
};

/* Where the definition of a name stands, or is to stand: they are in order. */
static size_t
define_place(const struct scan *scan, const char *name)
{
	size_t low = 0, high = scan->defines, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (ascii_compare(scan->define[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct define *
find_define(const struct scan *scan, const char *name)
{
	size_t place = define_place(scan, name);

	if (place == scan->defines ||
	    !ascii_same(scan->define[place].name, name))
		return NULL;
	return &scan->define[place];
}

/* The length of the name at text: letters, digits, underscores. */
static size_t
name_length(const char *text)
{
	static const char letter[] = "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	if (*text >= '0' && *text <= '9')
		return 0;
	return strspn(text, letter);
}

static void
unknown_define(struct reader *reader, const char *name)
{
	struct near near;
	size_t i;

	near_begin(&near, name);
	for (i = 0; i < reader->scan->defines; i++)
		near_offer(&near, reader->scan->define[i].name);
	if (near.best != NULL)
		scan_error(reader->scan, reader->source, reader->line,
		    "'$%.64s' is not defined; did you mean '$%.64s'?", name,
		    near.best);
	else
		scan_error(reader->scan, reader->source, reader->line,
		    "'$%.64s' is not defined (a dollar sign is $$)", name);
}

/*
 * The text for a reference behind its '$'; *next gets what follows.  NULL
 * (told) if it is malformed or unknown.  Valid until the next definition.
 */
static const char *
resolve(struct reader *reader, const char *text, const char **next)
{
	char open = *text == '{' || *text == '(' ? *text : '\0';
	const char *value = NULL;
	const struct define *define;
	size_t len;
	char *name;

	if (*text == '$') {
		*next = text + 1;
		return "$";
	}
	text += open != '\0';
	len = name_length(text);
	if (len == 0 || (open == '{' && text[len] != '}') ||
	    (open == '(' && text[len] != ')')) {
		scan_error(reader->scan, reader->source, reader->line,
		    "'$%.20s' is not of the form $name, ${name} or $(NAME) "
		    "(a dollar sign is $$)",
		    text - (open != '\0'));
		return NULL;
	}
	name = xstrndup(text, len);
	*next = text + len + (open != '\0');
	if (open == '(') {
		if ((value = getenv(name)) == NULL)
			scan_error(reader->scan, reader->source, reader->line,
			    "the environment has no variable '%.64s'", name);
	} else if ((define = find_define(reader->scan, name)) != NULL)
		value = define->value;
	else
		unknown_define(reader, name);
	free(name);
	return value;
}

/* text with its references replaced; NULL (told) if one is wrong. */
static char *
substitute(struct reader *reader, const char *text)
{
	char *out = xstrdup("");
	const char *value;
	size_t len = 0, n;

	while (*text != '\0') {
		if (*text == '$') {
			value = resolve(reader, text + 1, &text);
			n = value == NULL ? 0 : strlen(value);
		} else {
			n = strcspn(text, "$");
			value = text;
			text += n;
		}
		if (value != NULL && len + n > SCAN_VALUE)
			scan_error(reader->scan, reader->source, reader->line,
			    "the value is longer than %d bytes", SCAN_VALUE);
		if (value == NULL || len + n > SCAN_VALUE) {
			free(out);
			return NULL;
		}
		out = xreallocarray(out, len + n + 1, 1);
		memcpy(out + len, value, n);
		out[len += n] = '\0';
	}
	return out;
}

/* The word at *text, which moves to what follows its blanks. */
static char *
take_word(const char **text, const char *ends)
{
	size_t len = strcspn(*text, ends);
	char *word = xstrndup(*text, len);

	*text += len;
	*text += strspn(*text, BLANKS);
	return word;
}

/* name and value are taken over. */
static void
insert_define(struct scan *scan, char *name, char *value)
{
	size_t place = define_place(scan, name);

	scan->define = xreallocarray(
	    scan->define, scan->defines + 1, sizeof(*scan->define));
	memmove(&scan->define[place + 1], &scan->define[place],
	    (scan->defines++ - place) * sizeof(*scan->define));
	scan->define[place].name = ascii_make_lower(name);
	scan->define[place].value = value;
}

static void
add_define(struct reader *reader, char *name, char *value)
{
	struct scan *scan = reader->scan;
	const struct define *old = find_define(scan, name);

	if (old != NULL && strcmp(old->value, value) != 0)
		scan_error(scan, reader->source, reader->line,
		    "'%.64s' is defined already, as '%.64s'", name, old->value);
	else if (old == NULL && scan->defines == DEFINES_MAX)
		scan_error(scan, reader->source, reader->line,
		    "more than %d definitions", DEFINES_MAX);
	else if (old == NULL &&
	    scan_grow(scan, reader->source, reader->line, strlen(value))) {
		insert_define(scan, name, value);
		return;
	}
	free(name);
	free(value);
}

static void
take_define(struct reader *reader, const char *text)
{
	char *name = take_word(&text, BLANKS), *value;

	if (*name == '\0' || name[name_length(name)] != '\0') {
		scan_error(reader->scan, reader->source, reader->line,
		    "'%.64s' cannot be defined: a name is letters, digits and "
		    "underscores",
		    name);
		free(name);
		return;
	}
	if ((value = substitute(reader, text)) == NULL)
		free(name);
	else
		add_define(reader, name, value);
}

static void
take_include(struct reader *reader, const char *text)
{
	char *path = substitute(reader, text);

	if (path != NULL)
		scan_include(reader->scan, reader->source, reader->line, path,
		    zconfig_scan);
	free(path);
}

static void
take_directive(struct reader *reader, const char *text)
{
	char *name = take_word(&text, BLANKS "()");

	if (strcmp(name, "define") != 0 && strcmp(name, "include") != 0 &&
	    strcmp(name, "import") != 0)
		scan_error(reader->scan, reader->source, reader->line,
		    "'%%%.64s' is not one of %%define and %%include", name);
	else if (*text == '\0')
		scan_error(reader->scan, reader->source, reader->line,
		    "nothing follows '%%%s'", name);
	else if (name[0] == 'd')
		take_define(reader, text);
	else if (strcmp(name, "include") == 0)
		take_include(reader, text);
	else if (reader->scan->ignore_unknown)
		problems_add(reader->scan->problems, SEVERITY_NOTICE,
		    reader->source->file, reader->line,
		    "%%import of '%.64s' is skipped", text);
	else
		scan_error(reader->scan, reader->source, reader->line,
		    "%%import is not supported: it loads Python packages");
	free(name);
}

/* <type>, <type name> or <type/>; text is what stands between < and >. */
static void
take_open(struct reader *reader, const char *text)
{
	size_t len = strlen(text);
	bool empty = len > 0 && text[len - 1] == '/';
	char *copy = xstrndup(text, empty ? len - 1 : len), *type, *name;
	const char *rest = copy + strspn(copy, BLANKS);

	type = ascii_make_lower(take_word(&rest, BLANKS "()"));
	name = take_word(&rest, BLANKS "()");
	if (*type == '\0' || *rest != '\0')
		scan_error(reader->scan, reader->source, reader->line,
		    "'<%.64s>' is not of the form <section> or "
		    "<section name>",
		    text);
	else if (scan_add_open(reader->scan, reader->source, reader->line,
		     type) != NULL &&
	    empty)
		scan_add_close(reader->scan, reader->source, reader->line);
	free(name);
	free(type);
	free(copy);
}

/* The open section of this file that has the name, or NONE. */
static size_t
find_open(const struct reader *reader, const char *name)
{
	const struct scan *scan = reader->scan;
	size_t i = scan->open;

	while (i != reader->source->floor &&
	    strcmp(scan->statement[i].name, name) != 0)
		i = scan->statement[i].parent;
	return i == reader->source->floor ? STATEMENT_NONE : i;
}

static void
take_close(struct reader *reader, const char *text)
{
	struct scan *scan = reader->scan;
	char *type = ascii_make_lower(take_word(&text, BLANKS));
	const struct statement *open;
	size_t match = find_open(reader, type);

	if (scan->open == reader->source->floor)
		scan_error(scan, reader->source, reader->line,
		    "there is no section for </%.64s> to close", type);
	else if (scan->open != match) {
		open = &scan->statement[scan->open];
		scan_error(scan, reader->source, reader->line,
		    "</%.64s> does not match <%.64s> of line %d", type,
		    open->name, open->line);
	}
	/* one that was misspelled closes the section all the same */
	if (match == STATEMENT_NONE && scan->open != reader->source->floor)
		match = scan->open;
	while (match != STATEMENT_NONE && !scan->stopped) {
		bool last = scan->open == match;

		scan_add_close(scan, reader->source, reader->line);
		if (last)
			break;
	}
	free(type);
}

/* The words of text as a list; NULL (told) if there are too many. */
static char *
quote_list(struct reader *reader, const char *key, const char *text)
{
	struct words words;
	char *list, *quoted;
	size_t i, len = 2, n;

	if (words_split_blank(&words, text, NULL) == -1) {
		scan_error(reader->scan, reader->source, reader->line,
		    "out of memory");
		return NULL;
	}
	if (words.count > SCAN_WORDS) {
		scan_error(reader->scan, reader->source, reader->line,
		    "'%.64s' has more than %d words", key, SCAN_WORDS);
		words_free(&words);
		return NULL;
	}
	list = xstrdup("{ ");
	for (i = 0; i < words.count; i++) {
		quoted = scan_quote(words.word[i]);
		n = strlen(quoted);
		list = xreallocarray(list, len + n + 3, 1);
		memcpy(list + len, quoted, n);
		memcpy(list + len + n, ", ", 3);
		len += n + 2;
		free(quoted);
	}
	list = xreallocarray(list, len + 2, 1);
	memcpy(list + len, "}", 2);
	words_free(&words);
	return list;
}

static void
take_key(struct reader *reader, const char *text)
{
	const char *section = scan_open_section(reader->scan);
	const struct option_row *row = NULL;
	struct statement *statement;
	char *key = take_word(&text, BLANKS "()"), *value = NULL, *quoted;
	bool list;

	if (section != NULL)
		row = option_find(section, key);
	if (row == NULL || row->type != OPTION_PAIRS) {
		ascii_make_lower(key);
		if (section != NULL)
			row = option_find(section, key);
	}
	list = row != NULL && row->type == OPTION_WORDS;
	if (*key == '\0')
		scan_error(reader->scan, reader->source, reader->line,
		    "'%.64s' is not of the form 'key value'", text);
	else if ((value = substitute(reader, text)) != NULL) {
		quoted = list ? quote_list(reader, key, value) :
				scan_quote(value);
		statement = quoted == NULL ?
		    NULL :
		    scan_add_key(reader->scan, reader->source, reader->line,
			key, quoted);
		if (statement != NULL)
			statement->list = list;
	}
	free(value);
	free(key);
}

/* One line without its blanks; text is changed. */
static void
take_line(struct reader *reader, char *text)
{
	size_t len = strlen(text);

	if (*text == '\0' || *text == '#')
		return;
	if (*text == '%') {
		take_directive(reader, text + 1);
		return;
	}
	if (*text != '<') {
		take_key(reader, text);
		return;
	}
	if (text[len - 1] != '>') {
		scan_error(reader->scan, reader->source, reader->line,
		    "'%.64s' does not end in >", text);
		return;
	}
	text[len - 1] = '\0';
	if (text[1] == '/')
		take_close(reader, text + 2);
	else
		take_open(reader, text + 1);
}

void
zconfig_scan(struct scan *scan, const struct source *source)
{
	struct reader reader = { scan, source, 0 };
	const char *at = source->text, *end = source->text + source->len;
	const char *newline, *last;
	char *line;

	while (at < end && !scan->stopped) {
		reader.line++;
		newline = memchr(at, '\n', (size_t)(end - at));
		last = newline == NULL ? end : newline;
		while (at < last && strchr(BLANKS, *at) != NULL)
			at++;
		while (last > at && strchr(BLANKS, last[-1]) != NULL)
			last--;
		line = xstrndup(at, (size_t)(last - at));
		take_line(&reader, line);
		free(line);
		at = newline == NULL ? end : newline + 1;
	}
}
