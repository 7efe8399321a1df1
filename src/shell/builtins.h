#ifndef SHELL_BUILTINS_H
#define SHELL_BUILTINS_H

struct session;

/* Fills in the commands that only a session has (struct shell_ops). */
void builtins_init(struct session *session);

#endif
