/*
 * The logs of the system as targets.
 *
 * - syslog: "<PRIORITY>Mmm dd hh:mm:ss TAG[PID]: LINE", as RFC 3164 has it
 *   and without a host, as a local log expects it.
 * - journal: its native protocol, a field a line.
 * - The socket is connected, because poll(2) tells only then when the log
 *   has room again.
 */

#include "config.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/descriptors.h"
#include "supervisor/sink-log.h"

#define SINK_LOG_HEAD    256 /* bytes before the line, at the most */
#define SINK_LOG_SYSLOG  8192 /* bytes of an entry: more is cut by many */
#define SINK_LOG_JOURNAL 49152 /* likewise: what journald takes for a line */
#define SINK_LOG_LEAST   512 /* however little the socket takes */
#define SINK_LOG_SLICE   16384 /* bytes at one go: many entries */

struct sink_log {
	struct systemlog target;
	int level;
	pid_t speaker;
	char head[SINK_LOG_HEAD]; /* what comes before the line */
	size_t head_len; /* 0: to be made anew */
	time_t second; /* that it tells */
	size_t most; /* bytes of an entry; 0: not known yet */
	size_t len;
	char line[SINK_LOG_JOURNAL + 1]; /* that has begun */
};

/* --- connecting ----------------------------------------------------------- */

static void
sink_log_disconnect(struct sink *sink)
{
	if (sink->file.fd != -1)
		close(sink->file.fd);
	sink->file.fd = -1;
}

/* How long an entry may be: no longer than the socket takes it. */
static void
sink_log_measure(struct sink_log *log, int fd)
{
	socklen_t len = sizeof(int);
	size_t takes;
	int size;

	log->most = log->target.kind == SYSTEMLOG_JOURNAL ? SINK_LOG_JOURNAL :
							    SINK_LOG_SYSLOG;
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &len) == -1)
		return;
	takes = size > 2 * SINK_LOG_HEAD + SINK_LOG_LEAST ?
	    (size_t)size - 2 * SINK_LOG_HEAD :
	    SINK_LOG_LEAST;
	if (log->most > takes)
		log->most = takes;
}

static int
sink_log_connect(struct sink *sink)
{
	struct sink_log *log = sink->log;
	struct sockaddr_un sun;
	int error;

	if (sink->file.fd != -1)
		return 0;
	if ((sink->file.fd = socket(AF_UNIX, SOCK_DGRAM, 0)) == -1)
		return -1;
	descriptors_cloexec(sink->file.fd);
	descriptors_nonblock(sink->file.fd);
	if (log->most == 0)
		sink_log_measure(log, sink->file.fd);
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", log->target.socket);
	if (connect(sink->file.fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0)
		return 0;
	error = errno;
	sink_log_disconnect(sink);
	errno = error;
	return -1;
}

/* --- sending -------------------------------------------------------------- */

static void
sink_log_head_journal(struct sink_log *log)
{
	log->head_len = (size_t)snprintf(log->head, sizeof(log->head),
	    "PRIORITY=%d\nSYSLOG_FACILITY=%d\nSYSLOG_IDENTIFIER=%s\n",
	    log->level, log->target.facility >> 3, log->target.tag);
	if (log->speaker != 0)
		log->head_len += (size_t)snprintf(log->head + log->head_len,
		    sizeof(log->head) - log->head_len, "SYSLOG_PID=%ld\n",
		    (long)log->speaker);
	log->head_len += (size_t)snprintf(log->head + log->head_len,
	    sizeof(log->head) - log->head_len, "MESSAGE=");
}

static void
sink_log_head_syslog(struct sink_log *log)
{
	char date[32] = "";
	struct tm tm;

	if (localtime_r(&log->second, &tm) != NULL)
		strftime(date, sizeof(date), "%b %e %H:%M:%S ", &tm);
	log->head_len = (size_t)snprintf(log->head, sizeof(log->head),
	    "<%d>%s%s", log->target.facility | log->level, date,
	    log->target.tag);
	if (log->speaker != 0)
		log->head_len += (size_t)snprintf(log->head + log->head_len,
		    sizeof(log->head) - log->head_len, "[%ld]",
		    (long)log->speaker);
	log->head_len += (size_t)snprintf(
	    log->head + log->head_len, sizeof(log->head) - log->head_len, ": ");
}

static void
sink_log_head(struct sink_log *log)
{
	time_t second = (time_t)(clock_wall_ms() / 1000);

	if (log->target.kind == SYSTEMLOG_JOURNAL) {
		if (log->head_len == 0)
			sink_log_head_journal(log);
	} else if (log->head_len == 0 || log->second != second) {
		log->second = second;
		sink_log_head_syslog(log);
	}
}

static int
sink_log_try(const struct sink *sink, const struct msghdr *message)
{
	ssize_t n;

	do
		n = sendmsg(sink->file.fd, message, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	return n == -1 ? -1 : 0;
}

/* Whether the log may be another one by now, which would take it. */
static bool
sink_log_is_gone(int error)
{
	return error != EAGAIN && error != EWOULDBLOCK && error != ENOBUFS &&
	    error != ENOMEM && error != EMSGSIZE;
}

/* One entry.  0, or -1 with errno. */
static int
sink_log_send(struct sink *sink, const char *line, size_t len)
{
	struct sink_log *log = sink->log;
	char end[] = "\n";
	struct iovec part[] = {
		{ log->head, 0 },
		{ (char *)(uintptr_t)line, len },
		{ end, 1 },
	};
	struct msghdr message;

	sink_log_head(log);
	part[0].iov_len = log->head_len;
	memset(&message, 0, sizeof(message));
	message.msg_iov = part;
	message.msg_iovlen = log->target.kind == SYSTEMLOG_JOURNAL ? 3 : 2;
	if (sink_log_try(sink, &message) == 0)
		return 0;
	if (!sink_log_is_gone(errno))
		return -1;
	sink_log_disconnect(sink);
	return sink_log_connect(sink) == -1 ? -1 : sink_log_try(sink, &message);
}

/* --- lines ---------------------------------------------------------------- */

/* Where to cut a line that is too long: not within a character. */
static size_t
sink_log_cut(const struct sink_log *log)
{
	size_t at = log->most;

	while (
	    at + 3 > log->most && ((unsigned char)log->line[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* Sends what is held, except for what the next entry begins with. */
static int
sink_log_send_held(struct sink *sink, size_t len)
{
	struct sink_log *log = sink->log;

	if (sink_log_send(sink, log->line, len) == -1)
		return -1;
	log->len -= len;
	memmove(log->line, log->line + len, log->len);
	return 0;
}

/* Holds len bytes more; what is too long for one entry begins another. */
static ssize_t
sink_log_hold(struct sink *sink, const char *data, size_t len)
{
	struct sink_log *log = sink->log;

	memcpy(log->line + log->len, data, len);
	log->len += len;
	if (log->len <= log->most ||
	    sink_log_send_held(sink, sink_log_cut(log)) == 0)
		return (ssize_t)len;
	log->len -= len;
	return -1;
}

/* len bytes are the rest of a line. */
static ssize_t
sink_log_finish(struct sink *sink, const char *data, size_t len)
{
	struct sink_log *log = sink->log;

	if (log->len == 0)
		return sink_log_send(sink, data, len) == -1 ? -1 :
							      (ssize_t)len + 1;
	memcpy(log->line + log->len, data, len);
	log->len += len;
	if (sink_log_send_held(sink, log->len) == 0)
		return (ssize_t)len + 1;
	log->len -= len;
	return -1;
}

static ssize_t
sink_log_write(struct sink *sink, const char *data, size_t len)
{
	struct sink_log *log = sink->log;
	const char *end;
	size_t part;

	if (sink_log_connect(sink) == -1)
		return -1;
	/* One byte more than an entry has, so that it is cut only if it must.
	 */
	part = log->most + 1 - log->len;
	if (part > len)
		part = len;
	if ((end = memchr(data, '\n', part)) == NULL)
		return sink_log_hold(sink, data, part);
	return sink_log_finish(sink, data, (size_t)(end - data));
}

static int
sink_log_reopen(struct sink *sink)
{
	sink_log_disconnect(sink);
	return sink_log_connect(sink);
}

static void
sink_log_close(struct sink *sink)
{
	free(sink->log);
	sink->log = NULL;
}

const struct sink_kind sink_log_kind = {
	.reopen = sink_log_reopen,
	.write = sink_log_write,
	.close = sink_log_close,
};

/* --- for others ----------------------------------------------------------- */

int
sink_log_open(struct sink *sink, const char *name, size_t room,
    const struct systemlog *log, int level)
{
	if (sink_init(sink, &sink_log_kind, name, room) == -1)
		return -1;
	if ((sink->log = calloc(1, sizeof(*sink->log))) == NULL) {
		sink_free(sink);
		return -1;
	}
	tzset();
	sink->log->target = *log;
	sink->log->level = level;
	sink->slice = SINK_LOG_SLICE;
	if (sink_log_connect(sink) == -1)
		sink_refused(sink, errno);
	return 0;
}

void
sink_log_speaker(struct sink *sink, pid_t pid)
{
	if (sink->kind != &sink_log_kind)
		return;
	sink->log->speaker = pid;
	sink->log->head_len = 0;
}

void
sink_log_end_line(struct sink *sink)
{
	if (sink->kind == &sink_log_kind && sink_ends_inside(sink))
		sink_write(sink, "\n", 1);
}

const char *
sink_log_held(const struct sink *sink, size_t *len)
{
	if (sink->kind != &sink_log_kind || sink->log->len == 0)
		return NULL;
	*len = sink->log->len;
	return sink->log->line;
}
