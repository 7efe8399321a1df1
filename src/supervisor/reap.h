#ifndef SUPERVISOR_REAP_H
#define SUPERVISOR_REAP_H

#include <stdbool.h>

struct supervisor;

/*
 * Takes all children that have ended, and lets whose they were know it: the
 * program, its test, a compressor, a dry run.  Whether there is no child left
 * at all.
 */
bool reap_children(struct supervisor *supervisor);

#endif
