#ifndef SHELL_EDITRC_H
#define SHELL_EDITRC_H

/*
 * The user's editrc(5), $EDITRC or ~/.editrc, as text to be freed.  NULL
 * without cause if there is none; with cause if it cannot be read, or others
 * could have written it or put it there: a key can be bound to whole lines.
 */
char *editrc_read(char **cause);

#endif
