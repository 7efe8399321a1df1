#ifndef SHELL_PAGER_H
#define SHELL_PAGER_H

#include <stdbool.h>

struct session;

/* Whether what a command prints may go to a pager. */
bool pager_is_wanted(const struct session *session);

/*
 * The command of the operator's pager ($PAGER, else less), to be freed; NULL:
 * there is only ours.
 */
char *pager_find(const struct session *session);

/*
 * Shows text, which is fit for the terminal: as it is where it fits the
 * screen, else by $PAGER, less, or our own.
 */
void pager_show(struct session *session, const char *text);

#endif
