#ifndef SHELL_TERMINAL_H
#define SHELL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>
#include <wchar.h>

/* The terminal's own modes and size; nothing of the text on it. */

struct terminal {
	struct termios sane; /* for other programs */
	bool has_sane;
};

/* Takes the modes of the terminal as those for programs, if they can be. */
void terminal_remember(struct terminal *terminal);

/*
 * Makes reads and writes of standard input, output and error wait again: what
 * a program made of them holds for all who share the terminal.
 */
void terminal_block(void);

/* Sets these modes. */
void terminal_restore(const struct terminal *terminal);

/*
 * Switches off on the screen whatever a program may have left on: colours,
 * alternate screen, scroll region, mouse reports, keyboard protocols...  The
 * text and the cursor's place stay.
 */
void terminal_undo(void);

/* Whether key is the control character which (VINTR, VSUSP). */
bool terminal_is_control(
    const struct terminal *terminal, wchar_t key, int which);

void terminal_size(size_t *columns, size_t *rows);

/* Whether TERM names one that can do nothing but print. */
bool terminal_is_dumb(void);

#endif
