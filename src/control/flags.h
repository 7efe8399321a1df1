#ifndef CONTROL_FLAGS_H
#define CONTROL_FLAGS_H

#include "control/command.h"

/*
 * Takes the words behind a command apart, as its row says: flags anywhere
 * before a "--", long ones by unambiguous prefix, short ones bundled; all
 * words are operands where the row is raw.  The number of operands is
 * checked.  0 with an invocation to be freed (its strings are those of word),
 * or -1 with cause.
 */
int flags_parse(struct invocation *invocation, const struct command *command,
    int count, char **word, char **cause);
void flags_free(struct invocation *invocation);

#endif
