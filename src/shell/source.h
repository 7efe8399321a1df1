#ifndef SHELL_SOURCE_H
#define SHELL_SOURCE_H

struct session;

/*
 * Runs the lines of a file; stops at the first that fails, unless told to go
 * on, and says where.  The exit status of the failure.
 */
int source_file(struct session *session, const char *path);

/*
 * Runs the start-up file of the user, $XDG_CONFIG_HOME/zdaemon/rc, if there
 * is one; a line that fails is told and the next one runs.  One that others
 * could have written, or put there, is refused.
 */
void source_startup(struct session *session);

#endif
