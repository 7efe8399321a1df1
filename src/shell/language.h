#ifndef SHELL_LANGUAGE_H
#define SHELL_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

/*
 * The little language of a command line.  Pure.
 *
 *	command word ... ; command	one after the other
 *	command | shell command		our output into a shell's command
 *	command > file, >> file		our output into a file
 *	! shell command			all that follows, as it is
 *	!! !N !-N			a line typed before
 *	'...' "..." \x			quotes, as in a shell
 *	$?				the last exit status, also in "..."
 *	# ...				a comment, where a word may begin
 */

/* One command of a line. */
struct segment {
	struct words words;
	bool bare; /* nothing in the first word is quoted: may be an alias */
	char *pipe; /* what follows |, for the shell; NULL: none */
	char *file; /* what follows > or >>; NULL: none */
	bool append; /* >> */
	size_t start, end; /* where it stands in the line, bytes */
	size_t named; /* where its first word ends */
};

struct script {
	struct segment *segment;
	size_t count;
};

/* Whether a command takes the rest of its line as it is (`shell`). */
typedef bool (*language_verbatim)(const char *word);

/*
 * Takes a line apart; blank commands are left out.  status (0 to 255) is what
 * $? stands for; as the name of a command it stands for itself.  0 with a
 * script to be freed, or -1 with cause.
 */
int language_parse(struct script *script, const char *line, int status,
    language_verbatim verbatim, char **cause);
void script_free(struct script *script);

/* The line of that number, or of the newest but N - 1 for -N; NULL: none. */
typedef const char *(*language_past)(void *data, long number);

/*
 * Puts the lines typed before in place of !!, !N and !-N, which may stand
 * where a command begins.  1 with *recalled to be freed, 0 where none stands,
 * -1 with cause.
 */
int language_recall(const char *line, language_verbatim verbatim,
    language_past past, void *data, char **recalled, char **cause);

/*
 * Writes word as it would have to be typed.  open is the quote that it began
 * with (0: none); the quote is closed if finished.  To be freed.
 */
char *language_quote(const char *word, char open, bool finished);

/*
 * Several lines as one that means the same, "a; b", as far as that can be: a
 * line that takes its rest as it is (`!`, an alias, a recalled line), or ends
 * in an open quote, is the last one.  before stands in front of the first and
 * is not part of what is returned, which is to be freed; *rest is the part of
 * lines that was left over.
 */
char *language_join(const char *before, const char *lines,
    language_verbatim verbatim, const char **rest);

#endif
