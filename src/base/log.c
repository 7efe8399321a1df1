/*
 * Diagnostics of a command: one line, one write, on standard error.  What a
 * terminal could obey is made visible first.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/visible.h"

#define LINE_MAX_BYTES 4096

static const char *prefix = "zdaemon";

void
log_name(const char *name)
{
	prefix = name;
}

static void emit(int error, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void __attribute__((format(printf, 2, 0)))
emit(int error, const char *fmt, va_list ap)
{
	char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES];
	int saved = errno;
	int len;

	len = vsnprintf(text, sizeof(text), fmt, ap);
	if (error != 0 && len >= 0 && (size_t)len < sizeof(text))
		snprintf(text + len, sizeof(text) - (size_t)len, ": %s",
		    strerror(error));
	visible_into(line, sizeof(line), text, strlen(text));
	fprintf(stderr, "%s: %s\n", prefix, line);
	fflush(stderr);
	errno = saved;
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(errno, fmt, ap);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(0, fmt, ap);
	va_end(ap);
}

void
fatal(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(errno, fmt, ap);
	va_end(ap);
	exit(status);
}

void
fatalx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(0, fmt, ap);
	va_end(ap);
	exit(status);
}
