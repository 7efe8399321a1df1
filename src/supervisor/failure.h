#ifndef SUPERVISOR_FAILURE_H
#define SUPERVISOR_FAILURE_H

/*
 * Why a supervisor cannot begin, in the three parts that an event carries:
 * which step, on what, and errno (0: the text says it all).
 */
struct failure {
	char step[24];
	int error;
	char text[400];
};

/* Fills it; always returns -1, so that callers can return it. */
int failure_set(struct failure *failure, const char *step, int error,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
