#ifndef BASE_SIGNAME_H
#define BASE_SIGNAME_H

#include <stddef.h>

/*
 * The signals of this system: names without SIG, and what each means to a
 * program that does not catch it.
 */

struct signame {
	int number;
	const char *name;	/* "TERM" */
	const char *meaning;	/* "ask to end" */
};

/* All known signals in the order of their numbers; *count gets how many. */
const struct signame *signame_table(size_t *count);

/*
 * The signal that text names: "HUP", "hup", "SIGHUP", "SigHup" or "1".
 * -1 for anything else: 0, negative numbers, numbers without a name.
 */
int signame_parse(const char *text);

/* The name of a signal without SIG, or NULL for a number without a name. */
const char *signame_of(int number);

#endif
