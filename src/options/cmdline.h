#ifndef OPTIONS_CMDLINE_H
#define OPTIONS_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "options/options.h"
#include "options/problems.h"

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

/* The options from the tables, as a list in mdoc. */
void cmdline_options_manual(FILE *stream);

/* One option as it is spelled, for whoever completes command lines. */
struct cmdline_option {
	char letter; /* 0: long only */
	const char *name; /* NULL: letter only */
	const char *argument; /* NULL: none; "[WHEN]": may be left out */
	bool file; /* the argument names a file */
	const char *summary;
};

/* Every option in turn, ordered for people. */
void cmdline_each_option(
    void (*each)(void *data, const struct cmdline_option *option), void *data);

#endif
