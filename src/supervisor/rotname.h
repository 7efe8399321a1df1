#ifndef SUPERVISOR_ROTNAME_H
#define SUPERVISOR_ROTNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The names of rotated files.  Pure.  suffix is that of compressed ones, ""
 * for others.
 */

/* "PATH.1.gz".  False if it does not fit. */
bool rotname_numbered(char *buf, size_t size, const char *path,
    unsigned int number, const char *suffix);

/*
 * "PATH.20261125T102030.123Z" for the wall clock at (ms since 1970).  In the
 * order of their names they are in the order of their age.
 */
bool rotname_dated(char *buf, size_t size, const char *path, int64_t at,
    const char *suffix);

/* Whether name is a dated one of base, compressed or not. */
bool rotname_is_dated(const char *name, const char *base, const char *suffix);

/* What a compressor appends to names: ".gz" for "/usr/bin/gzip". */
const char *rotname_suffix(const char *command);

#endif
