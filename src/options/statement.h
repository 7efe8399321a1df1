#ifndef OPTIONS_STATEMENT_H
#define OPTIONS_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "options/scan.h"

/* Statements of scan.h, by the option table. */

/* The section that a statement stands in; NULL: none, or one not known. */
const char *statement_section(
    const struct scan *scan, const struct statement *statement);

/* Whether a section may stand several times beside itself: a log. */
bool statement_repeats(const char *section);

/* Adds a problem at the place of the statement. */
void statement_tell(struct scan *scan, enum severity severity,
    const struct statement *statement, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Leaves statement i out, with all that stands inside it. */
void statement_drop(struct scan *scan, size_t i);

/* Tells that a key or section is not known there, and what might be meant. */
void statement_unknown(struct scan *scan, const struct statement *statement);

/* Tells why libconfuse refuses it; in its own words, why, as a last resort. */
void statement_refused(
    struct scan *scan, const struct statement *statement, const char *why);

#endif
