#ifndef BASE_CAUSE_H
#define BASE_CAUSE_H

/*
 * The reason of a failure, as one line of text for the user.  Whoever reports
 * it owns it and frees it; a function that fails sets it at most once.
 */

/*
 * Sets *cause to the formatted text, freeing what it held.  A null cause is
 * allowed (the caller does not care).  Keeps errno.  Where there is no memory
 * for the text, *cause becomes NULL: print it with cause_text.
 */
void cause_set(char **cause, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts "PREFIX: " before the text of *cause, where there is one. */
void cause_prefix(char **cause, const char *prefix);

/* The text to print: cause itself, or "out of memory" for NULL. */
const char *cause_text(const char *cause);

#endif
