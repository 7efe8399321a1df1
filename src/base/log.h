#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Diagnostics of a command: "NAME: text" lines on standard error.  Control
 * bytes in the text are made visible.
 */

/* The name before each line; kept as a pointer.  The default is "zdaemon". */
void log_name(const char *name);

void log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, then exit(status). */
void fatalx(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));

#endif
