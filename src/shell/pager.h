#ifndef SHELL_PAGER_H
#define SHELL_PAGER_H

#include <stdbool.h>

struct session;

/* Whether what a command prints may go to a pager. */
bool pager_is_wanted(const struct session *session);

/* The operator's pager ($PAGER, else less), to be freed; NULL: there is none. */
char *pager_find(const struct session *session);

/*
 * Shows text, which is fit for the terminal: by a pager if it does not fit the
 * screen and there is one, else as it is.
 */
void pager_show(struct session *session, const char *text);

#endif
