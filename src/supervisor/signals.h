#ifndef SUPERVISOR_SIGNALS_H
#define SUPERVISOR_SIGNALS_H

#include <stdbool.h>

/*
 * Signals as descriptor: they become readable there and are asked for by
 * name.  None is lost however many come at once.
 */

/* 0, or -1 with errno. */
int signals_init(void);

int signals_fd(void);

/* Empties the descriptor; to be called before signals_take. */
void signals_clear(void);

/* Whether that signal came since it was last asked for. */
bool signals_take(int signal);

/*
 * Sends what has come and was not asked for yet once more, to wait in the
 * kernel while all signals are blocked: for whoever takes our place.
 */
void signals_pass_on(void);

#endif
