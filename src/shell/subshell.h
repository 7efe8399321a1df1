#ifndef SHELL_SUBSHELL_H
#define SHELL_SUBSHELL_H

#include <stdbool.h>

struct child_process;
struct session;

/*
 * Starts `$SHELL -c text`, NULL being the shell itself, with in (-1: ours) as
 * its standard input; hold as in process/child.h.  0, or an exit status with
 * the complaint made.
 */
int subshell_start(struct session *session, const char *text, int in, bool hold,
    struct child_process *process);

/* Says why a shell did not start, if it did not, and forgets it. */
void subshell_tell(struct session *session, struct child_process *process);

/*
 * Runs a command of the user's shell in the foreground; NULL is the shell
 * itself.  $? is at first our own.  The exit status.
 */
int subshell_run(struct session *session, const char *text);

/* The same with in (-1: ours) as its standard input, and a $? of its own. */
int subshell_read(struct session *session, const char *text, int in);

#endif
