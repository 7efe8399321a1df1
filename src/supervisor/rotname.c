/*
 * The names of rotated files.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/path.h"
#include "supervisor/rotname.h"

#define ROTNAME_STAMP "00000000T000000.000Z"

bool
rotname_numbered(char *buf, size_t size, const char *path, unsigned int number,
    const char *suffix)
{
	int n = snprintf(buf, size, "%s.%u%s", path, number, suffix);

	return n >= 0 && (size_t)n < size;
}

bool
rotname_dated(char *buf, size_t size, const char *path, int64_t at,
    const char *suffix)
{
	time_t second = (time_t)(at / 1000);
	char stamp[64];
	struct tm tm;
	int n;

	if (gmtime_r(&second, &tm) == NULL ||
	    strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", &tm) == 0)
		return false;
	n = snprintf(
	    buf, size, "%s.%s.%03dZ%s", path, stamp, (int)(at % 1000), suffix);
	return n >= 0 && (size_t)n < size;
}

/* Passes over what stands in pattern, where 0 is any digit; NULL: it is not. */
static const char *
rotname_match(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; pattern++, text++) {
		if (*pattern == '0' ? *text < '0' || *text > '9' :
				      *text != *pattern)
			return NULL;
	}
	return text;
}

bool
rotname_is_dated(const char *name, const char *base, const char *suffix)
{
	size_t len = strlen(base);
	const char *rest;

	if (strncmp(name, base, len) != 0 || name[len] != '.')
		return false;
	if ((rest = rotname_match(name + len + 1, ROTNAME_STAMP)) == NULL)
		return false;
	return *rest == '\0' || strcmp(rest, suffix) == 0;
}

const char *
rotname_suffix(const char *command)
{
	static const struct {
		const char *command;
		const char *suffix;
	} table[] = {
		{ "gzip", ".gz" },
		{ "pigz", ".gz" },
		{ "bzip2", ".bz2" },
		{ "xz", ".xz" },
		{ "zstd", ".zst" },
		{ "lz4", ".lz4" },
		{ "compress", ".Z" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(path_base(command), table[i].command) == 0)
			return table[i].suffix;
	}
	return ".compressed";
}
