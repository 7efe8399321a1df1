#ifndef CONTROL_HELP_H
#define CONTROL_HELP_H

#include <stddef.h>

#include "control/command.h"

/* Everything that is told of commands and options, from the tables. */

/* -h: the usage, the options, the commands. */
void help_usage(const struct context *context);
void help_version(const struct context *context);

/* The commands for where, in their groups, fitted to the width. */
void help_list(const struct output *output, unsigned int where);

/* What else help knows of, below the list. */
void help_more(const struct output *output);

/* All of one command. */
void help_command(const struct output *output, const struct command *command);

/*
 * A configuration key, with its value in runner (NULL: without); false if
 * there is none of that name.
 */
struct runner;
bool help_key(
    const struct output *output, const struct runner *runner, const char *name);

/* A setting of the session; false if there is none of that name. */
bool help_setting(const struct output *output, const char *name);
void help_settings(const struct output *output);

/* A topic that has a text. */
struct topic;
void help_topic(const struct output *output, const struct topic *topic);

/* NAME and what it is, side by side where there is room. */
void help_pair(
    const struct output *output, const char *name, const char *about);

/* Every configuration key in a line. */
void help_config(const struct output *output);

/* The exit statuses. */
void help_codes(const struct output *output);

/* The summary as a sentence, then the help; to be freed. */
char *help_text(const char *summary, const char *help);

/* The heading of a group: "Program". */
const char *help_group(enum command_group group);

/*
 * Prints text in lines of at most width columns, each behind indent blanks;
 * newlines in text begin a new line.
 */
void help_wrap(
    const struct output *output, const char *text, int indent, int width);

/* The exit statuses, a row each, for `help codes` and the manual. */
struct help_code {
	const char *code;
	const char *meaning;
};
extern const struct help_code help_code_table[];
extern const size_t help_code_count;

#endif
