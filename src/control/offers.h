#ifndef CONTROL_OFFERS_H
#define CONTROL_OFFERS_H

#include <stdbool.h>

#include "control/candidates.h"
#include "control/command.h"
#include "control/provider.h"

/*
 * What can stand at a place of a line: one function for each kind of operand.
 * Reads the tables, and asks the provider for the rest.
 */

/* The place. */
struct offer {
	const char *prefix; /* what is typed there */
	const struct command *command; /* whose operand it is, */
	int at; /* counted from 0 */
	const char *before; /* the word before it */
};

/* Commands for where; with only != 0, those that have one of these bits. */
void offers_commands(struct candidates *out, const char *prefix,
    unsigned int where, unsigned int only);

/* Also sets whether nothing else can stand there. */
void offers_operand(struct candidates *out, const struct offer *offer,
    enum completer kind, const struct provider *provider);

/* "!4", "!-": the lines that it could recall.  False: it is none of these. */
bool offers_recalled(struct candidates *out, const char *word,
    const struct provider *provider);

#endif
