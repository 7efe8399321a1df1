#ifndef SUPERVISOR_EVENTLOG_H
#define SUPERVISOR_EVENTLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options/options.h"
#include "supervisor/sinks.h"

/*
 * What the supervisor writes about itself, to any number of files, streams
 * and system logs, each with its own level and format.
 */
struct logdest {
	const struct logtarget *target;
	struct sink *sink; /* a file, or the transcript of a daemon */
	int stream; /* 1 or 2 of a process that is no daemon; -1 */
	int syslog; /* a datagram socket; -1 */
	int facility;
};

struct logs {
	const struct eventlog *eventlog;
	struct logdest *dest;
	size_t count;
	int64_t started_at; /* wall clock ms */
};

/*
 * Opens every target, paths from cwd.  Streams of a daemon end in transcript
 * (NULL: nowhere). 0, or -1 with failure.
 */
int logs_open(struct logs *logs, const struct eventlog *eventlog,
    struct sinks *sinks, struct sink *transcript, const char *cwd, bool daemon,
    struct failure *failure);
void logs_close(struct logs *logs);

/* Writes an entry where its level lets it. */
void logs_write(struct logs *logs, int level, const char *message);

#endif
