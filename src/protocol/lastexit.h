#ifndef PROTOCOL_LASTEXIT_H
#define PROTOCOL_LASTEXIT_H

#include "protocol/fields.h"
#include "protocol/status.h"

/* How the program ended last, as last_NAME=VALUE lines of a larger text. */

void lastexit_init(struct last_exit *last);

/* Adds the lines; none when nothing is known. */
void lastexit_format(struct text *text, const struct last_exit *last);

/*
 * Takes one line: 1 taken, 0 not one of ours, -1 a value out of range.
 */
int lastexit_field(struct last_exit *last, const char *name,
    const char *value);

#endif
