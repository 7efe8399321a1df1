#ifndef OPTIONS_LOAD_H
#define OPTIONS_LOAD_H

#include <stdbool.h>

#include "options/cmdline.h"
#include "options/options.h"
#include "options/problems.h"

/*
 * Makes the runner that a command line asks for: defaults, then the
 * configuration file (either syntax), then -X, then the named options.  A
 * fresh runner each time, so that a failed reload changes nothing.
 *
 * Every problem is added to problems, which may hold some already; the
 * runner is as complete as the good values make it and always to be freed.
 * Returns true if there is no error among them.
 */
bool options_load(struct runner *runner, const struct cmdline *cmdline,
    struct problems *problems);

/*
 * What can only be checked across keys or against the system: the user
 * exists, parents of socket and directory exist, program is there when
 * need_program (start, restart, fg).  Adds problems; true if no error.
 */
bool options_check(const struct runner *runner, const char *config,
    bool need_program, struct problems *problems);

/*
 * What start would find, as far as it can be looked at without harm, by
 * whoever we are now: commands that can be executed, directories that can be
 * entered, files that can be opened.  Adds problems.
 */
void options_try(const struct runner *runner, struct problems *problems);

#endif
