#ifndef CONTROL_CANDIDATES_H
#define CONTROL_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

/* What could stand at a place of a line. */

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

/* Adds a candidate (copies), unless it is there. */
void candidates_add(
    struct candidates *out, const char *text, const char *about, char after);

/* The same if text begins with prefix. */
void candidates_offer(struct candidates *out, const char *prefix,
    const char *text, const char *about, char after);

/* What all candidates share beyond the word typed; to be freed. */
char *candidates_common(const struct candidates *candidates);
void candidates_free(struct candidates *candidates);

#endif
