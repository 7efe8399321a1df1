#ifndef OPTIONS_ZCONFIG_H
#define OPTIONS_ZCONFIG_H

#include "options/scan.h"

/* Scans a source in zdaemon's own <runner> syntax into statements. */
void zconfig_scan(struct scan *scan, const struct source *source);

#endif
