#ifndef SHELL_ADVICE_H
#define SHELL_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "control/candidates.h"

/*
 * What is known of a half-typed line: how it could go on, what its words are,
 * what they stand for.  All of it comes from the command table, the options,
 * the history and the system; nothing of it from a list of our own.
 */

struct context;
struct past;

struct advisor {
	const struct context *context;
	const struct past *past;
};

/* What could stand at the end of line; to be freed by candidates_free. */
void advice_complete(
    const struct advisor *advisor, const char *line, struct candidates *out);

/*
 * How line most likely goes on, to be freed, or NULL.  *usable: it can be
 * taken as it is; else it only says what belongs there ("SIGNAL  HUP TERM").
 */
char *advice_suggest(
    const struct advisor *advisor, const char *line, bool *usable);

/*
 * The help of the command that line ends in, fitted to the width, at most so
 * many rows; NULL if it names none.  To be freed.
 */
char *advice_explain(const struct advisor *advisor, const char *line,
    size_t columns, size_t rows);

/*
 * What is doubtful about the command that line ends in: several have names
 * that begin so, none has; NULL if nothing is.  To be freed.
 */
char *advice_doubt(const struct advisor *advisor, const char *line);

/*
 * The whole name of the command that the last word of line abbreviates, with
 * *start, where the word begins; NULL if it does not.  To be freed.
 */
char *advice_expand(
    const struct advisor *advisor, const char *line, size_t *start);

/*
 * Lines that are pasted behind before, as language_join puts them together;
 * *rest is what has to wait for its turn.  To be freed.
 */
char *advice_join(const char *before, const char *lines, const char **rest);

/* Sets an enum paint_color for each byte of line. */
void advice_judge(
    const struct advisor *advisor, const char *line, unsigned char *color);

#endif
