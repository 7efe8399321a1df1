/*
 * What the supervisor writes about itself.  No target can hold it up: files
 * drop, streams are asked first, system logs are datagrams.
 */

#include "config.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "options/paths.h"
#include "options/systemlog.h"
#include "process/descriptors.h"
#include "supervisor/eventlog.h"
#include "supervisor/logformat.h"

#define LOGS_ENTRY   4096
#define LOGS_FORMAT  "------\\n%(asctime)s %(levelname)s %(name)s %(message)s"
#define LOGS_DATE    "%Y-%m-%dT%H:%M:%S"
#define LOGS_ADDRESS "/dev/log"

static int
logs_open_file(struct logdest *dest, struct sinks *sinks, const char *cwd,
    struct failure *failure)
{
	char *path;

	if ((path = paths_eventlog(dest->target, cwd)) == NULL)
		return failure_set(
		    failure, "logfile", ENOMEM, "%s", dest->target->path);
	dest->sink = sinks_open(sinks, path, SINK_WAIT, "logfile", failure);
	free(path);
	return dest->sink == NULL ? -1 : 0;
}

/* The number of the stream that path names; -1: it is a file. */
static int
logs_stream(const char *path)
{
	if (strcmp(path, "STDOUT") == 0)
		return 1;
	return strcmp(path, "STDERR") == 0 ? 2 : -1;
}

static int
logs_open_dest(struct logdest *dest, struct sinks *sinks,
    struct sink *transcript, const char *cwd, bool daemon,
    struct failure *failure)
{
	const struct logtarget *target = dest->target;

	if (target->kind == LOGTARGET_SYSLOG) {
		dest->facility = systemlog_facility(target->facility);
		dest->syslog = socket(AF_UNIX, SOCK_DGRAM, 0);
		if (dest->syslog == -1)
			return failure_set(failure, "syslog", errno, "socket");
		descriptors_cloexec(dest->syslog);
		descriptors_nonblock(dest->syslog);
		return 0;
	}
	if (target->path == NULL)
		return 0;
	if ((dest->stream = logs_stream(target->path)) == -1)
		return logs_open_file(dest, sinks, cwd, failure);
	if (daemon) {
		dest->stream = -1;
		if ((dest->sink = transcript) != NULL)
			transcript->users++;
	}
	return 0;
}

int
logs_open(struct logs *logs, const struct eventlog *eventlog,
    struct sinks *sinks, struct sink *transcript, const char *cwd, bool daemon,
    struct failure *failure)
{
	struct logdest *dest;

	tzset();
	logs->eventlog = eventlog;
	logs->started_at = clock_wall_ms();
	logs->count = 0;
	logs->dest = calloc(eventlog->count + 1, sizeof(*logs->dest));
	if (logs->dest == NULL)
		return failure_set(failure, "logfile", ENOMEM, "event log");
	while (logs->count < eventlog->count) {
		dest = &logs->dest[logs->count];
		dest->target = &eventlog->target[logs->count++];
		dest->stream = dest->syslog = -1;
		if (logs_open_dest(
			dest, sinks, transcript, cwd, daemon, failure) == -1)
			return -1;
	}
	return 0;
}

void
logs_close(struct logs *logs)
{
	size_t i;

	for (i = 0; i < logs->count; i++) {
		if (logs->dest[i].syslog != -1)
			close(logs->dest[i].syslog);
	}
	free(logs->dest);
	logs->dest = NULL;
	logs->count = 0;
}

static int
logs_priority(int level)
{
	if (level >= LOG_LEVEL_CRITICAL)
		return LOG_CRIT;
	if (level >= LOG_LEVEL_ERROR)
		return LOG_ERR;
	if (level >= LOG_LEVEL_WARNING)
		return LOG_WARNING;
	return level >= LOG_LEVEL_INFO ? LOG_INFO : LOG_DEBUG;
}

/* One datagram; connected for each, since the system log may be restarted. */
static void
logs_send_syslog(
    const struct logdest *dest, int level, const char *entry, size_t len)
{
	const char *address = dest->target->address;
	struct sockaddr_un sun;
	char datagram[LOGS_ENTRY + 64];
	int n;

	if (address == NULL || address[0] != '/')
		address = LOGS_ADDRESS;
	if (strlen(address) >= sizeof(sun.sun_path))
		return;
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	memcpy(sun.sun_path, address, strlen(address));
	n = snprintf(datagram, sizeof(datagram), "<%d>zdrun[%ld]: %.*s",
	    dest->facility | logs_priority(level), (long)getpid(),
	    (int)(len - 1), entry);
	(void)sendto(dest->syslog, datagram, (size_t)n,
	    MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&sun,
	    sizeof(sun));
}

/* An inherited stream may be a pipe nobody reads: only write if it takes. */
static void
logs_send_stream(int stream, const char *entry, size_t len)
{
	if (descriptors_take_a_line(stream) && write(stream, entry, len) == -1)
		return;
}

static void
logs_send(const struct logdest *dest, const struct logrecord *record)
{
	const struct logtarget *target = dest->target;
	char entry[LOGS_ENTRY];
	size_t len;

	len = logformat_entry(entry, sizeof(entry),
	    target->format != NULL ? target->format : LOGS_FORMAT,
	    target->dateformat != NULL ? target->dateformat : LOGS_DATE,
	    record);
	if (dest->syslog != -1)
		logs_send_syslog(dest, record->level, entry, len);
	else if (dest->stream != -1)
		logs_send_stream(dest->stream, entry, len);
	else if (dest->sink != NULL)
		sink_add(dest->sink, entry, len);
}

void
logs_write(struct logs *logs, int level, const char *message)
{
	struct logrecord record;
	size_t i;

	if (logs->count == 0 || level < logs->eventlog->level)
		return;
	record.level = level;
	record.at = clock_wall_ms();
	record.since_start = record.at - logs->started_at;
	record.pid = getpid();
	record.message = message;
	for (i = 0; i < logs->count; i++) {
		if (level >= logs->dest[i].target->level)
			logs_send(&logs->dest[i], &record);
	}
}
