#ifndef SHELL_RUN_H
#define SHELL_RUN_H

#include <stdbool.h>

struct session;

/*
 * Runs a line of the session's language, command by command; stops at the
 * first that fails, unless a batch or a file is told to go on.  The exit
 * status of the one that failed last.
 */
int run_line(struct session *session, const char *line);

/* Runs words as one command. */
int run_words(struct session *session, int count, char **word);

/* Whether the command that word names takes the rest of its line as it is. */
bool run_is_verbatim(const char *word);

#endif
