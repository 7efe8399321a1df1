#ifndef SUPERVISOR_SINK_LOG_H
#define SUPERVISOR_SINK_LOG_H

#include <sys/types.h>

#include "options/systemlog.h"
#include "supervisor/sink.h"

/*
 * The logs of the system: an entry for each line, in a datagram of its own.
 * The beginning of a line is held until the rest of it comes.  A log that
 * nobody reads refuses as a full disk does, and is connected to anew each time
 * it is tried again.
 */
extern const struct sink_kind sink_log_kind;

/*
 * Makes sink one of log, whose entries have that level (syslog.h); tries to
 * connect.  0, or -1 without memory.
 */
int sink_log_open(struct sink *sink, const char *name, size_t room,
    const struct systemlog *log, int level);

/* Entries are those of that process from now on; 0: of none. */
void sink_log_speaker(struct sink *sink, pid_t pid);

/* Ends the line that has begun, if sink is one of these. */
void sink_log_end_line(struct sink *sink);

/* The beginning of a line that is held; NULL: none, or no sink of this kind. */
const char *sink_log_held(const struct sink *sink, size_t *len);

#endif
