/*
 * Why a supervisor cannot begin.
 */

#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "supervisor/failure.h"

int
failure_set(
    struct failure *failure, const char *step, int error, const char *fmt, ...)
{
	va_list ap;

	snprintf(failure->step, sizeof(failure->step), "%s", step);
	failure->error = error;
	va_start(ap, fmt);
	vsnprintf(failure->text, sizeof(failure->text), fmt, ap);
	va_end(ap);
	return -1;
}
