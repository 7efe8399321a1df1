#ifndef CONTROL_COMPLETE_H
#define CONTROL_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "control/settings.h"

/*
 * What could stand at the cursor of a half-typed command line.  Pure: reads
 * the tables, and asks a provider for what only the system knows.
 */

struct candidate {
	char *text; /* what would stand there, unquoted */
	char *about; /* one line of description, or NULL */
	char after; /* a character to put behind: ' ' or '/' or 0 */
};

struct candidates {
	struct candidate *candidate;
	size_t count;
	size_t start; /* where in the line the word begins, bytes */
	char *hint; /* operand pattern: "SIGNAL", or NULL */
	bool closed; /* nothing else can stand there */
	bool literal; /* they are typed as they are, not quoted */
};

struct provider {
	void *data;
	/* Files that begin with prefix; adds to out. */
	void (*files)(void *data, const char *prefix, struct candidates *out);
	/* Commands of the shell, as $PATH has them; may be missing. */
	void (*programs)(
	    void *data, const char *prefix, struct candidates *out);
	/* Our own logs: logfile, transcript, event log. */
	void (*logs)(void *data, const char *prefix, struct candidates *out);
	/* The value now of an option, to be freed; NULL: unset. */
	char *(*value)(void *data, const char *option);
	/* The names of aliases; adds to out. */
	void (*aliases)(void *data, const char *prefix, struct candidates *out);
	/* The value now of a setting, to be freed; NULL: no session. */
	char *(*setting)(void *data, enum setting setting);
	/*
	 * The lines typed before, the newest at 0, and their numbers; NULL
	 * behind the oldest.  May be missing.
	 */
	const char *(*past)(
	    const void *past_data, size_t i, size_t *number);
	const void *past_data;
};

/* Completes the word at byte cursor of line among commands for where. */
void complete_line(struct candidates *out, const char *line, size_t cursor,
    unsigned int where, const struct provider *provider);

/* Adds a candidate (copies), unless it is there. */
void candidates_add(struct candidates *out, const char *text,
    const char *about, char after);

/* The same if text begins with prefix. */
void candidates_offer(struct candidates *out, const char *prefix,
    const char *text, const char *about, char after);

/* What all candidates share beyond the word typed; to be freed. */
char *candidates_common(const struct candidates *candidates);
void candidates_free(struct candidates *candidates);

#endif
