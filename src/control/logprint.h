#ifndef CONTROL_LOGPRINT_H
#define CONTROL_LOGPRINT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Logs printed as they come: whole characters to a terminal, bytes to all
 * else; with an expression only the lines that fit.  What happens to the
 * files is told on standard error.
 */

struct feed;
struct feed_item;
struct match;
struct output;
struct logprint;

/* Both must outlive it; match may be NULL.  All logs must be in the feed. */
struct logprint *logprint_new(
    const struct output *output, const struct feed *feed, struct match *match);
void logprint_free(struct logprint *print);

void logprint_item(struct logprint *print, const struct feed_item *item);

/* Nothing more for now: what was printed goes out. */
void logprint_flush(struct logprint *print);

/* Nothing more at all. */
void logprint_finish(struct logprint *print);

#endif
