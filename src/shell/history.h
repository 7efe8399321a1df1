#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include <stddef.h>

/*
 * The lines typed before: in memory for the editor, and in a file of their
 * own for each configuration, which all sessions on it share.
 */

#define HISTORY_CAP 2000

struct past;

/* An empty one, kept nowhere. */
struct past *history_new(void);
void history_free(struct past *past);

/*
 * Reads the file that belongs to the configuration (or socket) of that
 * absolute path, and appends to it from now on.  0, or -1 with cause: then
 * lines are remembered for this session only.
 */
int history_open(struct past *past, const char *path, char **cause);

/*
 * Remembers a line, unless it begins with a blank; an equal one is forgotten.
 * 0, or -1 with cause when the file cannot be written, which is then left
 * alone: there is a cause once.
 */
int history_add(struct past *past, const char *line, char **cause);

size_t history_count(const struct past *past);

/* The line at place i, and its number, which it keeps: 1 is the oldest. */
const char *history_line(const struct past *past, size_t i);
size_t history_number(const struct past *past, size_t i);

/*
 * The line of that number, or counted from the newest (-1); NULL if there is
 * none.
 */
const char *history_find(const struct past *past, long number);

/* How many lines are remembered from now on, at most HISTORY_CAP. */
void history_limit(struct past *past, size_t limit);

/*
 * Forgets every line, also in the file.  0, or -1 with cause when the file
 * cannot be written.
 */
int history_clear(struct past *past, char **cause);

/* What the editor is given: a History of histedit.h. */
void *history_editline(struct past *past);

#endif
