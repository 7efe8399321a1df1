#ifndef CONTROL_ALIAS_H
#define CONTROL_ALIAS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Names that an operator gave to lines of his own.  Pure.  A name is what a
 * line may begin with in place of a command; it is never that of a command.
 */

#define ALIAS_NAME_MOST 32
#define ALIAS_MOST      256

struct alias {
	char *name;
	char *text;
};

struct aliases {
	struct alias *alias; /* ordered by name */
	size_t count;
};

void aliases_free(struct aliases *aliases);

/* The text of a name, or NULL. */
const char *aliases_find(const struct aliases *aliases, const char *name);

/*
 * Gives a name (copied) a text (copied), also in place of another.  0, or -1
 * with cause: no name, that of a command, no text, too many.
 */
int aliases_set(
    struct aliases *aliases, const char *name, const char *text, char **cause);

/* Whether there was one of that name. */
bool aliases_remove(struct aliases *aliases, const char *name);

/* The name nearest to word, or NULL. */
const char *aliases_nearest(const struct aliases *aliases, const char *word);

#endif
