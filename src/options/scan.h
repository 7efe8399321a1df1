#ifndef OPTIONS_SCAN_H
#define OPTIONS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "options/options.h"
#include "options/problems.h"
#include "options/read.h"

/*
 * A configuration file of either syntax as a list of statements, each with
 * its file and line.  Comments, includes, quotes and brackets are settled
 * here; what keys and values mean is not.
 */

#define SCAN_BYTES      (1024 * 1024) /* of all files together */
#define SCAN_FILES      100
#define SCAN_VALUE      (64 * 1024) /* of one word or string */
#define SCAN_WORDS      4096 /* of one list */
#define SCAN_DEPTH      10 /* of includes */
#define SCAN_NESTING    16 /* of sections */
#define SCAN_STATEMENTS 50000
#define SCAN_ERRORS     100
#define SCAN_EXPANDED   (4 * 1024 * 1024) /* keys and values, substituted */

enum statement_kind {
	STATEMENT_KEY,
	STATEMENT_OPEN,
	STATEMENT_CLOSE
};

#define STATEMENT_NONE ((size_t)-1)

struct statement {
	enum statement_kind kind;
	const char *file; /* kept by the runner */
	int line;
	char *name; /* of the key or section */
	char *title; /* of a section; NULL: none */
	char *value; /* of a key, as libconfuse reads it */
	bool list; /* the value is one, in braces */
	bool dropped; /* wrong or ignored; with all inside */
	size_t parent; /* the section it stands in, or NONE */
	size_t close; /* of OPEN: its CLOSE */
	const char *section; /* of OPEN: as in the option table, or NULL */
};

struct define {
	char *name; /* in lower case */
	char *value;
};

/* A file while it is scanned. */
struct source {
	const struct source *parent; /* the file that includes it */
	const char *file;
	const char *text; /* len bytes, then a NUL */
	size_t len;
	dev_t device;
	ino_t inode;
	int depth;
	size_t floor; /* the section that was open at its start */
};

struct scan;
typedef void scan_reader(struct scan *scan, const struct source *source);

/* Which syntax a text is in. */
typedef scan_reader *scan_chooser(const struct scan *scan, const char *text);

struct scan {
	scan_chooser *choose;
	struct runner *runner; /* keeps the names of files */
	struct problems *problems;
	bool ignore_unknown;
	bool stopped; /* a bound was passed: look no further */
	struct statement *statement;
	size_t count;
	size_t open; /* the innermost open section, or NONE */
	int nesting;
	size_t files, bytes, expanded, errors;
	struct define *define; /* of <runner> files, in order of name */
	size_t defines;
};

void scan_init(struct scan *scan, scan_chooser *choose, struct runner *runner,
    struct problems *problems);
void scan_free(struct scan *scan);

void scan_file(struct scan *scan, const char *path);
void scan_text(
    struct scan *scan, const char *name, const char *text, size_t len);

/* The section of the option table that name means inside parent, or NULL. */
const char *scan_section(const char *parent, const char *name);

/* The section of the option table that is open now; NULL: top or unknown. */
const char *scan_open_section(const struct scan *scan);

/* For the two syntaxes: statements and errors at a line of a source. */
void scan_error(struct scan *scan, const struct source *source, int line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void scan_warning(struct scan *scan, const struct source *source, int line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
struct statement *scan_add_open(
    struct scan *scan, const struct source *source, int line, const char *name);
void scan_add_close(struct scan *scan, const struct source *source, int line);

/* Counts bytes against SCAN_EXPANDED; false (told) when that is passed. */
bool scan_grow(
    struct scan *scan, const struct source *source, int line, size_t bytes);

/* value is taken over. */
struct statement *scan_add_key(struct scan *scan, const struct source *source,
    int line, const char *name, char *value);

/* Scans what source includes at line, in the syntax of reader. */
void scan_include(struct scan *scan, const struct source *source, int line,
    const char *path, scan_reader *reader);

/* text in single quotes, as libconfuse reads them; to be freed. */
char *scan_quote(const char *text);

#endif
