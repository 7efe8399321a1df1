/*
 * The reason of a failure as one line of text.  Rules: errno survives; no
 * memory for the text is no second failure.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cause.h"

void
cause_set(char **cause, const char *fmt, ...)
{
	int saved = errno;
	char *text;
	va_list ap;

	if (cause == NULL)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) == -1)
		text = NULL;
	va_end(ap);
	free(*cause);
	*cause = text;
	errno = saved;
}

void
cause_prefix(char **cause, const char *prefix)
{
	char *text = *cause;

	if (text == NULL)
		return;
	*cause = NULL;
	cause_set(cause, "%s: %s", prefix, text);
	free(text);
}

const char *
cause_text(const char *cause)
{
	return cause == NULL ? "out of memory" : cause;
}
