/*
 * What the scanners of both syntaxes share: the files, the statements, and
 * the bounds.  Everything that could take long, loop or grow is stopped here
 * with one line; libconfuse sees only what has passed.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cause.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "options/scan.h"

void
scan_init(struct scan *scan, scan_chooser *choose, struct runner *runner,
    struct problems *problems)
{
	memset(scan, 0, sizeof(*scan));
	scan->choose = choose;
	scan->runner = runner;
	scan->problems = problems;
	scan->open = STATEMENT_NONE;
}

void
scan_free(struct scan *scan)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		free(scan->statement[i].name);
		free(scan->statement[i].title);
		free(scan->statement[i].value);
	}
	free(scan->statement);
	for (i = 0; i < scan->defines; i++) {
		free(scan->define[i].name);
		free(scan->define[i].value);
	}
	free(scan->define);
	memset(scan, 0, sizeof(*scan));
}

/* A bound is passed: this line is all there is to say. */
static void
stop(struct scan *scan, const struct source *source, int line, const char *text)
{
	if (!scan->stopped)
		problems_add(scan->problems, SEVERITY_ERROR, source->file, line,
		    "%s", text);
	scan->stopped = true;
}

void
scan_error(struct scan *scan, const struct source *source, int line,
    const char *fmt, ...)
{
	va_list ap;

	if (scan->stopped)
		return;
	va_start(ap, fmt);
	problems_vadd(
	    scan->problems, SEVERITY_ERROR, source->file, line, fmt, ap);
	va_end(ap);
	if (++scan->errors == SCAN_ERRORS)
		stop(scan, source, line, "too many errors to read on");
}

void
scan_warning(struct scan *scan, const struct source *source, int line,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	problems_vadd(
	    scan->problems, SEVERITY_WARNING, source->file, line, fmt, ap);
	va_end(ap);
}

const char *
scan_section(const char *parent, const char *name)
{
	char full[64];
	size_t i;

	if (parent == NULL)
		snprintf(full, sizeof(full), "%s", name);
	else if (strcmp(parent, "runner") == 0 && strcmp(name, "eventlog") == 0)
		snprintf(full, sizeof(full), "%s", name);
	else
		snprintf(full, sizeof(full), "%s.%s", parent, name);
	if (parent == NULL && strchr(name, '.') != NULL)
		return NULL;
	for (i = 0; i < option_count; i++)
		if (strcmp(option_table[i].section, full) == 0)
			return option_table[i].section;
	return NULL;
}

const char *
scan_open_section(const struct scan *scan)
{
	if (scan->open == STATEMENT_NONE)
		return NULL;
	return scan->statement[scan->open].section;
}

/* A new statement inside what is open; NULL when there are too many. */
static struct statement *
add(struct scan *scan, enum statement_kind kind, const struct source *source,
    int line)
{
	struct statement *statement;

	if (scan->stopped)
		return NULL;
	if (scan->count == SCAN_STATEMENTS) {
		stop(scan, source, line, "too many keys and sections");
		return NULL;
	}
	if ((scan->count & (scan->count - 1)) == 0)
		scan->statement = xreallocarray(scan->statement,
		    scan->count == 0 ? 1 : scan->count * 2,
		    sizeof(*scan->statement));
	statement = &scan->statement[scan->count++];
	memset(statement, 0, sizeof(*statement));
	statement->kind = kind;
	statement->file = source->file;
	statement->line = line;
	statement->parent = scan->open;
	return statement;
}

struct statement *
scan_add_open(
    struct scan *scan, const struct source *source, int line, const char *name)
{
	const char *parent = scan_open_section(scan);
	bool known = scan->open == STATEMENT_NONE || parent != NULL;
	struct statement *statement;

	if (scan->nesting == SCAN_NESTING) {
		stop(scan, source, line, "sections are nested too deeply");
		return NULL;
	}
	if ((statement = add(scan, STATEMENT_OPEN, source, line)) == NULL)
		return NULL;
	statement->name = xstrdup(name);
	if (known)
		statement->section = scan_section(parent, name);
	scan->open = scan->count - 1;
	scan->nesting++;
	return statement;
}

void
scan_add_close(struct scan *scan, const struct source *source, int line)
{
	struct statement *open;

	if (add(scan, STATEMENT_CLOSE, source, line) == NULL)
		return;
	open = &scan->statement[scan->open];
	open->close = scan->count - 1;
	scan->open = open->parent;
	scan->nesting--;
}

bool
scan_grow(
    struct scan *scan, const struct source *source, int line, size_t bytes)
{
	scan->expanded += bytes;
	if (scan->expanded > SCAN_EXPANDED)
		stop(scan, source, line, "the values are too large together");
	return !scan->stopped;
}

struct statement *
scan_add_key(struct scan *scan, const struct source *source, int line,
    const char *name, char *value)
{
	struct statement *statement;

	if (!scan_grow(scan, source, line, strlen(name) + strlen(value)) ||
	    (statement = add(scan, STATEMENT_KEY, source, line)) == NULL) {
		free(value);
		return NULL;
	}
	statement->name = xstrdup(name);
	statement->value = value;
	return statement;
}

/* Reads a source to its end; what it leaves open is closed with an error. */
static void
scan_source(struct scan *scan, struct source *source, scan_reader *reader)
{
	const struct statement *open;
	const char *nul;

	if (source->len >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0) {
		source->text += 3;
		source->len -= 3;
	}
	if ((nul = memchr(source->text, '\0', source->len)) != NULL) {
		const char *c;
		int line = 1;

		for (c = source->text; c < nul; c++)
			line += *c == '\n';
		stop(scan, source, line, "a NUL byte: this is no text file");
		return;
	}
	if (reader == NULL)
		reader = scan->choose(scan, source->text);
	source->floor = scan->open;
	reader(scan, source);
	while (!scan->stopped && scan->open != source->floor) {
		open = &scan->statement[scan->open];
		scan_error(scan, source, open->line,
		    "section '%.64s' is not closed", open->name);
		scan_add_close(scan, source, open->line);
	}
}

void
scan_text(struct scan *scan, const char *name, const char *text, size_t len)
{
	struct source source;
	char *copy = xmalloc(len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	memset(&source, 0, sizeof(source));
	source.text = copy;
	source.len = len;
	if ((source.file = runner_keep_file(scan->runner, name)) != NULL)
		scan_source(scan, &source, NULL);
	free(copy);
}

static int
hex_digit(char c)
{
	static const char digit[] = "0123456789abcdef";
	const char *found = strchr(digit, ascii_lower(c));

	return c == '\0' || found == NULL ? -1 : (int)(found - digit);
}

/* Decodes the %XX of a URL in place; %00 stays as it is. */
static char *
decode_url(char *url)
{
	char *from = url, *to = url;
	int high, low;

	while (*from != '\0') {
		high = *from == '%' ? hex_digit(from[1]) : -1;
		low = high == -1 ? -1 : hex_digit(from[2]);
		if (low == -1 || high + low == 0) {
			*to++ = *from++;
			continue;
		}
		*to++ = (char)(high * 16 + low);
		from += 3;
	}
	*to = '\0';
	return url;
}

/*
 * The path that a path or a file: URL names, %XX decoded in a URL; NULL for
 * other URLs.  To be freed.
 */
static char *
local_path(const char *path)
{
	static const char *const begin[] = { "file://localhost/", "file:///",
		"file:/" };
	size_t i, scheme = strspn(path,
	    "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	for (i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (strncmp(path, begin[i], strlen(begin[i])) == 0)
			return decode_url(
			    xstrdup(path + strlen(begin[i]) - 1));
	if (strncmp(path, "file:", 5) == 0)
		return decode_url(xstrdup(path + 5));
	if (scheme > 1 && strncmp(path + scheme, "://", 3) == 0)
		return NULL;
	return xstrdup(path);
}

void
scan_file(struct scan *scan, const char *path)
{
	char *local = local_path(path), *cause = NULL;
	struct source source;
	struct input input;

	if (local == NULL) {
		problems_add(scan->problems, SEVERITY_ERROR, NULL, 0,
		    "unable to open '%.1000s': only local files can be read",
		    path);
		return;
	}
	if (read_input(&input, local, SCAN_BYTES, &cause) == -1) {
		problems_add(scan->problems, SEVERITY_ERROR, NULL, 0, "%s",
		    cause_text(cause));
		free(cause);
		free(local);
		return;
	}
	memset(&source, 0, sizeof(source));
	source.text = input.text;
	source.len = input.len;
	source.device = input.device;
	source.inode = input.inode;
	scan->bytes = input.len;
	scan->files = 1;
	source.file = runner_keep_file(scan->runner, local);
	free(local);
	if (input.warning != NULL)
		scan_warning(scan, &source, 0, "%s", input.warning);
	if (source.file != NULL)
		scan_source(scan, &source, NULL);
	free(input.text);
}

/* Whether a file is being scanned already, so that including it loops. */
static bool
is_open(const struct source *source, const struct input *input)
{
	for (; source != NULL; source = source->parent)
		if (source->inode == input->inode &&
		    source->device == input->device)
			return true;
	return false;
}

/* The name of an included file, beside the including one. */
static char *
included_path(const struct source *source, const char *path)
{
	char *directory, *joined;

	if (strchr(source->file, '/') == NULL)
		return xstrdup(path);
	if ((directory = path_directory(source->file)) == NULL)
		return NULL;
	joined = path_join(directory, path);
	free(directory);
	return joined;
}

static void
scan_included(struct scan *scan, const struct source *parent, int line,
    const char *path, scan_reader *reader)
{
	struct source source;
	struct input input;
	char *cause = NULL;

	if (read_input(&input, path, SCAN_BYTES - scan->bytes, &cause) == -1) {
		scan_error(scan, parent, line, "%s", cause_text(cause));
		free(cause);
		return;
	}
	scan->bytes += input.len;
	memset(&source, 0, sizeof(source));
	source.parent = parent;
	source.depth = parent->depth + 1;
	source.text = input.text;
	source.len = input.len;
	source.device = input.device;
	source.inode = input.inode;
	source.file = runner_keep_file(scan->runner, path);
	if (is_open(parent, &input))
		stop(scan, parent, line, "the file includes itself");
	else if (source.file != NULL) {
		if (input.warning != NULL)
			scan_warning(scan, &source, 0, "%s", input.warning);
		scan_source(scan, &source, reader);
	}
	free(input.text);
}

/* Includes the file at path, which is a local one. */
static void
include_local(struct scan *scan, const struct source *source, int line,
    const char *path, scan_reader *reader)
{
	char *full;

	if (source->depth == SCAN_DEPTH || scan->files == SCAN_FILES) {
		stop(scan, source, line, "too many files include each other");
		return;
	}
	scan->files++;
	if ((full = included_path(source, path)) == NULL)
		return;
	scan_included(scan, source, line, full, reader);
	free(full);
}

void
scan_include(struct scan *scan, const struct source *source, int line,
    const char *path, scan_reader *reader)
{
	char *local;

	if (scan->stopped)
		return;
	local = local_path(path);
	if (local == NULL || *local == '\0')
		scan_error(scan, source, line,
		    "unable to include '%.100s': "
		    "only local files can be read",
		    path);
	else
		include_local(scan, source, line, local, reader);
	free(local);
}

char *
scan_quote(const char *text)
{
	char *quoted = xmalloc(2 * strlen(text) + 3), *to = quoted;

	*to++ = '\'';
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	*to++ = '\'';
	*to = '\0';
	return quoted;
}
