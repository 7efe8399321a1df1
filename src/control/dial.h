#ifndef CONTROL_DIAL_H
#define CONTROL_DIAL_H

#include "control/client.h"

/*
 * Connects to the supervisor without blocking and makes sure who is behind
 * the socket.  CLIENT_OK with a non-blocking descriptor in *fd; CLIENT_SILENT
 * without cause while its queue is full: to be tried again.
 */
enum client_result dial(const struct client *client, int *fd, char **cause);

/*
 * Whether what that user says of this socket is to be believed: root,
 * ourselves, the configured user, or who alone can write its directory.
 */
bool dial_trusts(const struct client *client, uid_t uid);

#endif
