#ifndef PROTOCOL_FIELDS_H
#define PROTOCOL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What all our texts on the wire and on disk are made of; no allocation. */

/* Text being written into a buffer of the caller's. */
struct text {
	char *buf;
	size_t size;
	size_t len;
	bool full; /* something did not fit */
};

void text_begin(struct text *text, char *buf, size_t size);
void text_add(struct text *text, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Adds " NAME=VALUE", or nothing for an empty value: bare, or in single quotes
 * where fields_split would take it apart.  Control bytes become blanks, so that
 * it stays one line.
 */
void text_add_field(struct text *text, const char *name, const char *value);

/* The length without the NUL, or 0 if something did not fit. */
size_t text_end(const struct text *text);

/*
 * Takes a line apart in place as words_split does: at most max words.
 * Returns how many, or -1: an open quote, nothing behind a backslash, too
 * many.
 */
int fields_split(char *line, char **word, size_t max);

/*
 * The next NAME=VALUE line of a text, taken apart in place (the text must
 * end with a NUL).  *at moves on.  False at the end; lines without "=" are
 * passed over.
 */
bool fields_next(char **at, char **name, char **value);

/*
 * A number in a struct of ours and on the wire: the one row from which both
 * directions come.
 */
enum number_type {
	NUMBER_BOOL,
	NUMBER_INT, /* and pid_t */
	NUMBER_UID, /* (uid_t)-1 is -1 here */
	NUMBER_LONG,
	NUMBER_ULONG,
	NUMBER_INT64,
	NUMBER_UINT64
};

/* A time in ms, at the most: what a peer sends can be added and doubled. */
#define NUMBER_MS_MAX (INT64_MAX / 4)

struct number_row {
	const char *name;
	enum number_type type;
	size_t at; /* its offset in the struct */
	int64_t unset; /* not sent where sparse texts are written */
	int64_t low, high;
};

int64_t number_get(const void *base, const struct number_row *row);

/*
 * Takes NAME=VALUE into the struct: 1 taken, 0 no such row, -1 not a number
 * within its bounds.
 */
int number_take(void *base, const struct number_row *table, size_t count,
    const char *name, const char *value);

/* value as a whole number within [low, high] into *number. */
bool fields_number(
    const char *value, int64_t low, int64_t high, int64_t *number);

/* A copy of value in buf; false, with buf untouched, where it does not fit. */
bool fields_string(const char *value, char *buf, size_t size);

#endif
