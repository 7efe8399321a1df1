#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* A list of words, ended by a NULL that count does not include. */
struct words {
	char **word;		/* owned; NULL when count is 0 */
	size_t count;
};

/*
 * Splits text as a shell splits words: blanks (space, tab, newline) part
 * them, '...' takes all literally, "..." and bare words know the backslash.
 * Nothing is expanded.  0, or -1 with cause (an open quote, a backslash at
 * the end, no memory); words stays untouched then.
 */
int words_split(struct words *words, const char *text, char **cause);

enum words_result {
	WORDS_TAKEN,
	WORDS_END, /* no word is left */
	WORDS_QUOTE, /* an open quote; *at points to it */
	WORDS_BACKSLASH /* nothing follows the last one */
};

/*
 * The next word of a text by the same rules, taken apart in place without
 * allocation: *word gets it, *at moves behind it.  For WORDS_TAKEN alone; the
 * text is of no more use after the last two.
 */
enum words_result words_take(char **at, char **word);

/* Splits at blanks alone, as zdaemon does; quotes are ordinary characters. */
int words_split_blank(struct words *words, const char *text, char **cause);

/* Appends a copy of text.  0, or -1 without memory. */
int words_add(struct words *words, const char *text);

/* A deep copy.  0, or -1 without memory. */
int words_copy(struct words *to, const struct words *from);

bool words_equal(const struct words *a, const struct words *b);

/* Whether the first words of all are those of prefix. */
bool words_begin(const struct words *all, const struct words *prefix);

/* Frees the words and empties the list; an empty list is fine. */
void words_free(struct words *words);

/*
 * One line that words_split reads back as the same words: each word bare
 * where that is safe, else in single quotes.  To be freed by the caller;
 * NULL without memory.
 */
char *words_quote(const struct words *words);

/* The same for a single word. */
char *words_quote_one(const char *word);

#endif
