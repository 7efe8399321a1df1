#ifndef BASE_SIGNAME_H
#define BASE_SIGNAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The signals of this system: names without SIG, and what each means to a
 * program that does not catch it.
 */

struct signame {
	int number;
	const char *name; /* "TERM" */
	const char *meaning; /* "ask to end" */
};

/*
 * All but the real-time ones in the order of their numbers; *count gets how
 * many.
 */
const struct signame *signame_table(size_t *count);

/*
 * The signal that text names: "HUP", "hup", "SIGHUP", "SigHup" or "1"; of the
 * real-time ones RTMIN, RTMIN+3, RTMAX-1 or 37.  -1 for anything else: 0,
 * negative numbers, numbers without a name (the C library's own among them).
 */
int signame_parse(const char *text);

/* A signal by its number, real-time ones too; false: none of that number. */
bool signame_find(int number, struct signame *found);

/* Its name without SIG, "RTMIN+3" for real-time ones; NULL: none. */
const char *signame_of(int number);

/* "SIGTERM", or "signal 70" for one without a name; returns buf. */
#define SIGNAME_SIZE 24
const char *signame_show(int number, char *buf, size_t size);

#endif
