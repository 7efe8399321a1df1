#ifndef CONTROL_MATCH_H
#define CONTROL_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Lines that fit a POSIX extended regular expression. */

/* Bytes of a line that are looked at. */
#define MATCH_MOST 65536

struct match;

/*
 * NULL for a wrong expression, with cause: the reason, and in two more lines
 * the expression with a mark under the place.
 */
struct match *match_new(const char *expression, char **cause);
void match_free(struct match *match);
const char *match_expression(const struct match *match);

/* Whether a line (without its newline) fits. */
bool match_line(struct match *match, const char *line, size_t len);

/*
 * Finds the first fitting part of the line at or behind *start that is not
 * empty, widened to whole characters: [*start, *end).
 */
bool match_part(struct match *match, const char *line, size_t len,
    size_t *start, size_t *end);

#endif
