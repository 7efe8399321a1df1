#ifndef CONTROL_CONFIRM_H
#define CONTROL_CONFIRM_H

#include "control/report.h"

/*
 * Where an operator sits, unless the setting confirm sees no need: whether what verb says ("stop") is really to be
 * done to the program that the report tells of.  A no is told.
 */
bool confirm_harm(const struct context *context, const struct report *report,
    const char *verb);

#endif
