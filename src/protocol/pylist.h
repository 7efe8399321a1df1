#ifndef PROTOCOL_PYLIST_H
#define PROTOCOL_PYLIST_H

#include <stddef.h>

#include "base/words.h"

/*
 * A list of strings in Python's notation, as zdaemon's status reply has it:
 * ['sleep', "it's", 'tab\there', '\xff'].  Read as data, never evaluated.
 */

/*
 * Writes words as Python 3 would show them: single quotes unless the word
 * holds one and no double quote, \\ \n \r \t, and \xNN for each byte of what is
 * not printable; other UTF-8 stays as it is.  The length without the NUL, or 0
 * when it does not fit.  No allocation.
 */
size_t pylist_format(char *buf, size_t size, char *const *word, size_t count);

/* The same for one string: 'sleep'. */
size_t pylist_format_one(char *buf, size_t size, const char *word);

/*
 * Reads such a list; accepts u'' prefixes and both quotes.  0, or -1 with
 * cause, words untouched.
 */
int pylist_parse(struct words *words, const char *text, char **cause);

#endif
