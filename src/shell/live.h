#ifndef SHELL_LIVE_H
#define SHELL_LIVE_H

#include <stdbool.h>

#include "shell/notices.h"

/*
 * The session's ear: hears the supervisor while the operator sits at the
 * prompt, keeps both prompts true and tells what happens.
 */

struct client;
struct editor;
struct facts;
struct live;
struct loop;
struct output;
struct runner;
struct settings;

struct live_setup {
	struct loop *loop;
	struct editor *editor;
	const struct client *client;
	const struct runner *runner;
	const struct output *output; /* its color is asked for each time */
	const struct settings *settings;
};

/* All of setup must stay. */
struct live *live_new(const struct live_setup *setup);
void live_free(struct live *live);

/* The configuration has changed: another name, another socket. */
void live_reload(struct live *live);

/* Before a line is read: catches up, tells what is to be told. */
void live_prompt(struct live *live);

/*
 * Around a command.  One that tells itself what becomes of the program needs
 * no notices of it.
 */
void live_command_begin(struct live *live, bool tells);
void live_command_end(struct live *live);

/*
 * The next thing to be told, for whoever owns the screen: it will not be told
 * above the line any more.  False: nothing.
 */
bool live_take(struct live *live, struct notice *notice);

/* Whom it hears; stays until live_free. */
const struct watch *live_watch(const struct live *live);

/* How the program stands. */
const struct facts *live_facts(const struct live *live);

struct notices *live_notices(struct live *live);

#endif
