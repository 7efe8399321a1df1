#ifndef OPTIONS_SPELLING_H
#define OPTIONS_SPELLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "options/options.h"

/* Options that are no values of a runner. */
enum spelling_fixed {
	FIXED_CONFIGURE,
	FIXED_OVERRIDE,
	FIXED_SCHEMA,
	FIXED_HELP,
	FIXED_VERSION,
	FIXED_INTERACTIVE,
	FIXED_COMMAND,
	FIXED_KEEP_GOING,
	FIXED_YES,
	FIXED_JSON,
	FIXED_PLAIN,
	FIXED_COLOR,
	FIXED__COUNT
};

#define SPELLINGS_MAX (OPTION_MAX + FIXED__COUNT)

/* What the argument of an option is: who completes it. */
enum spelling_kind {
	SPELLING_FREE, /* or none is taken */
	SPELLING_FILE,
	SPELLING_DIRECTORY,
	SPELLING_PROGRAM,
	SPELLING_USER,
	SPELLING_GROUP,
	SPELLING_SIGNAL,
	SPELLING_CHOICE, /* one of the choices */
	SPELLING_KEY, /* SECTION/KEY=VALUE */
	SPELLING_LINE /* of the session's language */
};

/* One option as it is spelled, of the option table or not. */
struct spelling {
	const char *name; /* NULL: letter only */
	char letter; /* 0: long only */
	const char *argument; /* "FILE"; "[=WHEN]" may be left out */
	bool classic; /* zdaemon's */
	const char *summary;
	const char *choices; /* of its argument, parted by blanks, or NULL */
	const struct option_row *row; /* NULL: one of the fixed */
};

/*
 * All of them into room for SPELLINGS_MAX: first the fixed ones, by their
 * number, then those of the option table.  Returns how many.
 */
size_t spelling_collect(struct spelling *spelling);

/* Every one in turn, ordered for people. */
void spelling_each(
    void (*each)(void *data, const struct spelling *spelling), void *data);

enum spelling_kind spelling_kind(const struct spelling *spelling);

/* A row of the option table, whether or not the command line has it. */
struct spelling spelling_of_row(const struct option_row *row);

/*
 * The option that a word of len bytes spells ("-C", "-dfC", "--user"), if it
 * takes an argument: into *found, true.
 */
bool spelling_find(const char *word, size_t len, struct spelling *found);

/* The list of options in zdaemon(1), as mdoc. */
void spelling_manual(FILE *stream);

#endif
