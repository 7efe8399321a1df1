#ifndef SHELL_BATCH_H
#define SHELL_BATCH_H

struct session;

/*
 * Runs the text of -c, or the lines of standard input: no prompt, no banner,
 * no escape.  Ends at the first failure unless -k.  The exit status of the
 * failure.
 */
int batch_run(struct session *session);

#endif
