#ifndef SHELL_REPEAT_H
#define SHELL_REPEAT_H

struct session;

/*
 * `watch [SECONDS] COMMAND ...`: runs the command line again and again, in
 * one place of the screen, until a key ends it.  An exit status.
 */
int repeat_run(struct session *session, const char *text);

#endif
