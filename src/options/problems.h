#ifndef OPTIONS_PROBLEMS_H
#define OPTIONS_PROBLEMS_H

#include <stdarg.h>
#include <stddef.h>

/* Everything that is wrong with a configuration, in the order of the file. */

enum severity {
	SEVERITY_NOTICE, /* accepted and without effect; only `check` tells */
	SEVERITY_WARNING, /* works, but look at it */
	SEVERITY_ERROR
};

struct problem {
	enum severity severity;
	char *file; /* NULL: the command line */
	int line; /* 0: none */
	char *text;
};

struct problems {
	struct problem *problem;
	size_t count;
	size_t errors; /* how many are SEVERITY_ERROR */
};

void problems_init(struct problems *problems);
void problems_free(struct problems *problems);

/*
 * Without memory, or over a thousand of them, counted but not kept.  Control
 * bytes in the text are made visible, and very long texts cut.
 */
void problems_add(struct problems *problems, enum severity severity,
    const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void problems_vadd(struct problems *problems, enum severity severity,
    const char *file, int line, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));

/* Orders them by file and line, keeping the order of equal ones. */
void problems_sort(struct problems *problems);

/* "FILE:LINE: TEXT" of the first error (or first problem); to be freed. */
char *problems_first(const struct problems *problems);

/* The same of any one; to be freed. */
char *problem_text(const struct problem *problem);

#endif
