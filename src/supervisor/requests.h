#ifndef SUPERVISOR_REQUESTS_H
#define SUPERVISOR_REQUESTS_H

#include <stddef.h>

#include "supervisor/clients.h"

/* Answers one line of a client; arg is the struct supervisor. */
void requests_answer(void *arg, struct client *client, char *line, size_t len);

#endif
