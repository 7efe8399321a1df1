#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "shell/facts.h"

/*
 * The text of the prompt.  Pure.
 *
 *	%n name   %s state   %p pid   %u uptime   %% a percent sign
 */

#define PROMPT_DEFAULT "zdaemon>"

struct prompt_facts {
	const char *name;
	const char *state; /* "up", "down" */
	pid_t pid; /* 0: not running */
	int64_t uptime; /* ms; -1: not running */
};

/*
 * The prompt with its blank, fit for a terminal; a NULL format is the default
 * one.  To be freed.
 */
char *prompt_expand(const char *format, const struct prompt_facts *facts);

/*
 * The same in the colour of the state, with what a terminal is told hidden as
 * shell/geometry.h has it; it ends in a visible blank.  To be freed.
 */
char *prompt_paint(const char *prompt, enum facts_tone tone);

/*
 * The right prompt: "app running 2d 4h ".  To be freed.
 */
char *prompt_right(
    const char *name, const char *words, enum facts_tone tone, bool color);

#endif
