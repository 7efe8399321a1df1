#ifndef CONTROL_MANUAL_H
#define CONTROL_MANUAL_H

#include <stdio.h>

/*
 * Copies the text of zdaemon.1 with its generated parts made anew from the
 * tables: what stands between a line .\" BEGIN NAME and one .\" END NAME,
 * where NAME is options, commands or statuses.  0, or -1 with cause (an
 * unknown or unclosed part).
 */
int manual_write(FILE *out, const char *text, char **cause);

#endif
