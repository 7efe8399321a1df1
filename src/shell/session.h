#ifndef SHELL_SESSION_H
#define SHELL_SESSION_H

#include <stdbool.h>

#include "base/words.h"
#include "control/alias.h"
#include "control/command.h"
#include "control/output.h"
#include "control/settings.h"
#include "control/ui.h"
#include "options/cmdline.h"
#include "options/options.h"
#include "options/problems.h"
#include "shell/foreground.h"

/*
 * A session: what is configured, what the handlers of commands are given, and
 * the means to talk to the operator.  One value, made in main.
 */
struct session {
	struct context context;
	struct cmdline cmdline;
	struct words words; /* what cmdline points into after a reload */
	struct runner runner;
	struct problems problems;
	struct output output;
	struct output_state printed; /* of output */
	struct ui ui;
	struct shell_ops ops;
	struct settings settings;
	struct aliases aliases;
	struct foreground foreground;
	struct loop *loop;
	struct editor *editor; /* NULL: a batch */
	struct live *live; /* NULL: a batch */
	struct past *past; /* NULL: a batch */
	struct seen *seen; /* of the log; NULL: a batch, or there is none */
	struct past *filters; /* typed while following; NULL: none yet */
	bool interactive; /* an operator sits at a terminal */
	bool loaded; /* runner and problems are there */
	bool quit; /* the session is over */
	/* Inside watch: the terminal's width; only commands that look may run.
	   0: outside. */
	size_t looking;
	/* The last status that was not 0 is an answer (as 3 of status is),
	   nothing has failed. */
	bool answered;
	int sources; /* files that run, each in the one before */
	int interrupts; /* of the operator in a row, at an empty line */
	bool interrupted; /* by the operator, in the last command */
	int64_t elapsed; /* ms, of the last line; context.status is its end */
	int64_t looked; /* ms of it that the operator took to look */
};

/*
 * Makes a session of program (argv[0]) and the command line, which is taken:
 * loads the configuration, good or bad.  0, or -1 with cause; to be closed in
 * any case.
 */
int session_open(struct session *session, const char *program,
    const struct cmdline *cmdline, char **cause);
void session_close(struct session *session);

/*
 * Talks with an operator at a terminal until the end.  0, or the signal that
 * ended it.
 */
int session_interact(struct session *session);

/* Gives the settings what the command line says about them. */
void session_take_options(struct session *session);

/* Whether the terminal can be painted over. */
bool session_can_paint(const struct session *session);

/* Tells errors and warnings of a configuration. */
void session_tell(struct session *session, const struct problems *problems);

#endif
