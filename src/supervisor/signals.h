#ifndef SUPERVISOR_SIGNALS_H
#define SUPERVISOR_SIGNALS_H

#include <stdbool.h>

/*
 * Signals as descriptor: they become readable there and are asked for by
 * name.  None is lost however many come at once.
 */

/*
 * As PID 1, what is for the program is taken as well.  0, or -1 with errno.
 */
int signals_init(void);

int signals_fd(void);

/* Empties the descriptor; to be called before signals_take. */
void signals_clear(void);

/* Whether that signal came since it was last asked for. */
bool signals_take(int signal);

/* A signal for the program that came; 0: none. */
int signals_take_passed(void);

/*
 * Sends what has come and was not asked for yet once more, to wait in the
 * kernel while all signals are blocked: for whoever takes our place.
 */
void signals_pass_on(void);

#endif
