#ifndef CONTROL_EXITS_H
#define CONTROL_EXITS_H

#include <stdbool.h>
#include <stddef.h>

#define EXITS_MAX 64 /* bytes of a text with its NUL */

/*
 * How a program ended, in the words for an operator: "status 1",
 * "signal 11 (SEGV), core dumped"; "status unknown" where signal is 0 and code
 * is negative.  buf.
 */
const char *exits_text(int code, int signal, bool core, char *buf, size_t size);

/*
 * Why a supervisor gave up: the reason that it tells, where that is a sentence
 * of zdaemon's ("restarting too frequently; quit") in plainer words.
 */
const char *exits_reason(const char *reason);

#endif
