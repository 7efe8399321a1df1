#ifndef SHELL_GREETING_H
#define SHELL_GREETING_H

struct session;

/* Tells an operator who arrives where they are and how things stand. */
void greeting_show(struct session *session);

#endif
