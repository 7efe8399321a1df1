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

/* One option as it is spelled, of the option table or not. */
struct spelling {
	const char *name; /* NULL: letter only */
	char letter; /* 0: long only */
	const char *argument; /* "FILE"; "[=WHEN]" may be left out */
	bool classic; /* zdaemon's */
	const char *summary;
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

/* Whether its argument names a file. */
bool spelling_names_file(const struct spelling *spelling);

/* The list of options in zdaemon(1), as mdoc. */
void spelling_manual(FILE *stream);

#endif
