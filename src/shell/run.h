#ifndef SHELL_RUN_H
#define SHELL_RUN_H

#include <stdbool.h>

struct session;

/* What several lines or commands have come to; all 0 at first. */
struct tally {
	int failure; /* the status of the one that failed last */
	int answer; /* the last that is an answer and no failure */
};

/* Counts the status that run_line has just returned; whether it failed. */
bool run_count(const struct session *session, int status, struct tally *tally);

/* The status of all of them, which is noted as the session's last. */
int run_total(struct session *session, const struct tally *tally);

/*
 * Runs a line of the session's language, command by command; stops at the
 * first that fails, unless a batch or a file is told to go on.  The exit
 * status of the one that failed last, else the last answer
 * (session->answered), else 0.
 */
int run_line(struct session *session, const char *line);

/* Runs words as one command. */
int run_words(struct session *session, int count, char **word);

/* Whether the command that word names takes the rest of its line as it is. */
bool run_is_verbatim(const char *word);

#endif
