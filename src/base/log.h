#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Diagnostics of a command: "NAME: text" lines on standard error.  The
 * functions without x add ": " and the text of errno.  Control bytes in the
 * text are made visible.
 */

/* The name before each line; kept as a pointer.  The default is "zdaemon". */
void log_name(const char *name);

void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* As log_warn and log_warnx, then exit(status). */
void fatal(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));
void fatalx(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));

#endif
