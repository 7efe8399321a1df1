/* Allocation for short-lived programs: no memory ends them with one line. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"

#define STATUS_NO_MEMORY 1

static void *
checked(void *ptr)
{
	if (ptr == NULL)
		fatalx(STATUS_NO_MEMORY, "out of memory");
	return ptr;
}

void *
xmalloc(size_t size)
{
	return checked(malloc(size == 0 ? 1 : size));
}

void *
xcalloc(size_t count, size_t size)
{
	if (count == 0 || size == 0)
		return checked(calloc(1, 1));
	return checked(calloc(count, size));
}

void *
xreallocarray(void *ptr, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		fatalx(STATUS_NO_MEMORY, "out of memory");
	if (count == 0 || size == 0)
		return checked(realloc(ptr, 1));
	return checked(realloc(ptr, count * size));
}

char *
xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *
xstrndup(const char *text, size_t len)
{
	return checked(strndup(text, len));
}

void
xwords_add(struct words *words, const char *text)
{
	if (words_add(words, text) == -1)
		checked(NULL);
}

char *
xwords_quote(const struct words *words)
{
	return checked(words_quote(words));
}

char *
xasprintf(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) == -1)
		text = NULL;
	va_end(ap);
	return checked(text);
}
