#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A whole decimal number within [low, high]; no blanks, no sign but a minus,
 * base 10 even with leading zeros.
 */
bool units_parse_number(const char *text, long long low, long long high,
    long long *value);

/* A whole number in base 8, "27", "027" or "0o27", at most 07777. */
bool units_parse_octal(const char *text, unsigned int *value);

/*
 * A duration: a number that may have a fraction, and a unit (ms, s, m, h, d)
 * with s as the default; parts may follow each other ("1h30m").  *ms gets
 * milliseconds, at most a hundred years.
 */
bool units_parse_duration(const char *text, int64_t *ms);

/* A size in bytes: a whole number and one of B, K, M, G, T (1024 each). */
bool units_parse_size(const char *text, int64_t *bytes);

/*
 * The shortest exact text of a duration that units_parse_duration reads
 * back: "10", "0.25".  buf must hold 32 bytes; returns buf.
 */
const char *units_print_duration(int64_t ms, char *buf, size_t size);

/* A size that units_parse_size reads back: "10M", "1500". */
const char *units_print_size(int64_t bytes, char *buf, size_t size);

/* An age for people: "2d 4h", "5m", "12s", "0s".  Two units at most. */
const char *units_show_age(int64_t ms, char *buf, size_t size);

/* A size for people: "2.1 MB", "300 kB", "12 bytes". */
const char *units_show_size(int64_t bytes, char *buf, size_t size);

#endif
