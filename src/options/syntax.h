#ifndef OPTIONS_SYNTAX_H
#define OPTIONS_SYNTAX_H

#include "options/scan.h"

/*
 * The reader of a text: of zdaemon's <runner> syntax if that is how it begins;
 * with -S (a file that also configures the program) if any line does.
 */
scan_reader *syntax_choose(const struct scan *scan, const char *text);

#endif
