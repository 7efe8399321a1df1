#ifndef OPTIONS_NATIVE_H
#define OPTIONS_NATIVE_H

#include "options/scan.h"

/* Scans a source in libconfuse's syntax into statements. */
void native_scan(struct scan *scan, const struct source *source);

#endif
