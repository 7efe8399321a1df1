#ifndef CONTROL_PEER_H
#define CONTROL_PEER_H

#include "control/command.h"
#include "control/report.h"

/*
 * Orders to the supervisor, and what of its answers concerns the operator.
 * What goes wrong is told.
 */

/*
 * Sends a request.  STATUS_DONE with the first line of the answer in *reply
 * (to be freed; NULL: not wanted); else what was wrong has been told:
 * STATUS_NOT_RUNNING, STATUS_UNKNOWN, STATUS_FAILED.
 */
int peer_order(
    const struct context *context, const char *request, char **reply);

/* The same, where an empty answer counts: *reply is empty then. */
int peer_order_once(
    const struct context *context, const char *request, char **reply);

/* As peer_order, for requests that are done where the answer begins so. */
int peer_order_sure(
    const struct context *context, const char *request, const char *expected);

/* Whether an answer says that the request is not known there. */
bool peer_lacks(const char *reply);

/*
 * How things stand; false when that could not be learned (told), with the
 * exit status in *status.  Warns when another program is managed there.
 */
bool peer_report(
    const struct context *context, struct report *report, int *status);

/* Tells when another program is managed there than ours. */
void peer_warn(const struct context *context, const struct report *report);

#endif
