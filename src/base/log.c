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

static void __attribute__((format(printf, 1, 0)))
emit(const char *fmt, va_list ap)
{
	char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES];
	int saved = errno;

	vsnprintf(text, sizeof(text), fmt, ap);
	visible_into(line, sizeof(line), text, strlen(text));
	fprintf(stderr, "%s: %s\n", prefix, line);
	fflush(stderr);
	errno = saved;
}

void
log_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(fmt, ap);
	va_end(ap);
}

void
fatalx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(fmt, ap);
	va_end(ap);
	exit(status);
}
