#ifndef BASE_PROGNAME_H
#define BASE_PROGNAME_H

#include <stddef.h>

#include "base/words.h"

#define PROGNAME_MAX 256 /* bytes with the NUL */

/*
 * What people call a program: the base name of its first word; where that is
 * an interpreter (sh, python3, perl, ...) the script's, without the ending
 * that only tells its language; env, nohup and their like are passed over.
 * `sh /srv/demo.sh` is demo, `sh -c '...'` is sh.  Into buf, cut to fit;
 * NULL for no words.
 */
const char *progname_of(const struct words *program, char *buf, size_t size);

#endif
