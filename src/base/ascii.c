/* Letters without a locale. */
#include "config.h"

#include <stdint.h>

#include "base/ascii.h"

char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

char *
ascii_make_lower(char *text)
{
	char *c;

	for (c = text; c != NULL && *c != '\0'; c++)
		*c = ascii_lower(*c);
	return text;
}

static int
compare_part(const char *a, const char *b, size_t len)
{
	int order = 0;

	for (; len > 0 && order == 0; a++, b++, len--) {
		order = (unsigned char)ascii_lower(*a) -
		    (unsigned char)ascii_lower(*b);
		if (*a == '\0')
			break;
	}
	return order;
}

int
ascii_compare(const char *a, const char *b)
{
	return compare_part(a, b, SIZE_MAX);
}

bool
ascii_same(const char *a, const char *b)
{
	return ascii_compare(a, b) == 0;
}

bool
ascii_same_part(const char *a, const char *b, size_t len)
{
	return compare_part(a, b, len) == 0;
}
