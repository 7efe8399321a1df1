#ifndef OPTIONS_ZCONFIG_H
#define OPTIONS_ZCONFIG_H

#include <stdbool.h>

#include "options/scan.h"

/*
 * Whether text is in zdaemon's own <runner> syntax: its first significant
 * character is < or %.  With any_section (-S: a file that also configures the
 * program) a <runner> line further down counts as well.
 */
bool zconfig_detect(const char *text, bool any_section);

/* Scans a source in that syntax into statements. */
void zconfig_scan(struct scan *scan, const struct source *source);

#endif
