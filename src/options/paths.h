#ifndef OPTIONS_PATHS_H
#define OPTIONS_PATHS_H

#include "options/options.h"

/*
 * What each path key is relative to (doc/design.md, paths), in one place for
 * zdrun and for the clients.  All results are to be freed; NULL: unset or no
 * memory.  cwd is the caller's directory.
 */
char *paths_socket(const struct runner *runner, const char *cwd);
char *paths_logfile(const struct runner *runner, const char *cwd);
char *paths_pid_file(const struct runner *runner, const char *cwd);

/*
 * NULL also when daemon is off: they are of no effect then.  A log of the
 * system's has no path.
 */
char *paths_directory(const struct runner *runner, const char *cwd);
char *paths_transcript(const struct runner *runner, const char *cwd);
char *paths_transcript_stderr(const struct runner *runner, const char *cwd);

/* NULL for the streams STDOUT and STDERR, and for the system log. */
char *paths_eventlog(const struct logtarget *target, const char *cwd);

/* "DIR/.NAME.lock" for the socket "DIR/NAME" and the suffix "lock". */
char *paths_beside(const char *socket, const char *suffix);

#endif
