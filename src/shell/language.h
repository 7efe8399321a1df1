#ifndef SHELL_LANGUAGE_H
#define SHELL_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

/*
 * The little language of a command line.  Pure.
 *
 *	command word ... ; command		one after the other
 *	command | shell command			our output into a shell's
 *command command > file, command >> file		our output into a file
 *	! shell command				all that follows, as it is
 *	'...' "..." \x				quotes, as in a shell
 *	# ...					a comment, where a word may
 *begin
 */

/* One command of a line. */
struct segment {
	struct words words;
	char *pipe; /* what follows |, for the shell; NULL: none */
	char *file; /* what follows > or >>; NULL: none */
	bool append; /* >> */
	size_t start, end; /* where it stands in the line, bytes */
};

struct script {
	struct segment *segment;
	size_t count;
};

/* Whether a command takes the rest of its line as it is (`shell`). */
typedef bool (*language_verbatim)(const char *word);

/*
 * Takes a line apart; blank commands are left out.  0 with a script to be
 * freed, or -1 with cause.
 */
int language_parse(struct script *script, const char *line,
    language_verbatim verbatim, char **cause);
void script_free(struct script *script);

/*
 * Writes word as it would have to be typed.  open is the quote that it began
 * with (0: none); the quote is closed if finished.  To be freed.
 */
char *language_quote(const char *word, char open, bool finished);

/* Several lines as one that means the same: "a; b".  To be freed. */
char *language_join(const char *lines);

#endif
