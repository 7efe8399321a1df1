#ifndef OPTIONS_PRUNE_H
#define OPTIONS_PRUNE_H

#include "options/scan.h"

/*
 * Drops (tells of) the statements that libconfuse is not to see: second ones
 * where one may stand, too many, and those that are skipped or ignored.
 */
void prune_statements(struct scan *scan);

#endif
