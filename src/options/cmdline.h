#ifndef OPTIONS_CMDLINE_H
#define OPTIONS_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "options/options.h"

/*
 * The command line of zdaemon and zdshell: options up to the first word that
 * is none, then the command.  getopt_long with "+", unique prefixes, zdaemon's
 * own prefixes kept (decisions in doc/design.md).
 */

enum color {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER
};

struct cmdline {
	const char *config; /* -C as given; NULL: none */
	const char *schema; /* -S, accepted and ignored; NULL: none */
	bool interactive; /* -i */
	bool help; /* -h: stop and show the usage */
	bool version; /* --version */
	bool json; /* --json */
	bool plain; /* --plain */
	bool yes; /* -y */
	bool keep_going; /* -k: a batch goes on after an error */
	enum color color; /* --color=WHEN */
	const char *batch; /* -c 'a; b'; NULL: none */
	int count; /* the command and its words */
	char **word; /* points into argv */
	struct cmdline_value *value; /* named options, in order */
	size_t values;
};

/* An option of the table or an override, as typed: not yet set anywhere. */
struct cmdline_value {
	const struct option_row *row; /* NULL: -X */
	char *typed; /* "-b", "--backoff-limit": for messages */
	const char *text; /* the argument; "on" for a flag */
};

/*
 * Reads argv.  0, or -1 with cause (without "Error: ").  The strings point
 * into argv.  Repeating an option with the same value is allowed, with
 * another is an error, as zdaemon has it.
 */
int cmdline_parse(struct cmdline *cmdline, int argc, char **argv, char **cause);
void cmdline_free(struct cmdline *cmdline);

#endif
