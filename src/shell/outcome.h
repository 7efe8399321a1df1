#ifndef SHELL_OUTCOME_H
#define SHELL_OUTCOME_H

#include <stddef.h>
#include <stdint.h>

/*
 * How a line ended, for who typed it: "[exit 3]", "[0.84s]", "[exit 3,
 * 12.5s]"; "" where there is nothing to tell: status 0 and no more time (ms)
 * than threshold (-1: times are not told).  Returns buf.  Pure.
 */
const char *outcome_show(int status, int64_t elapsed, int64_t threshold,
    char *buf, size_t size);

#endif
