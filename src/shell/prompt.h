#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

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

/* Whether format tells of the state, which must then be asked for. */
bool prompt_tells(const char *format);

/*
 * The prompt with its blank, fit for a terminal; a NULL format is the default
 * one.  To be freed.
 */
char *prompt_expand(const char *format, const struct prompt_facts *facts);

#endif
