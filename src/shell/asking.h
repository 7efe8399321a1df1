#ifndef SHELL_ASKING_H
#define SHELL_ASKING_H

struct session;

/* Fills in what handlers may ask of a session (control/ui.h). */
void asking_init(struct session *session);

#endif
