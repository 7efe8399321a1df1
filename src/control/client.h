#ifndef CONTROL_CLIENT_H
#define CONTROL_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol/event.h"
#include "protocol/status.h"

/*
 * The client side of the control socket.  Prints nothing; every wait has a
 * deadline; nothing a peer sends is trusted.
 */

#define CLIENT_DEADLINE  5000 /* ms for a whole request and its reply */
#define CLIENT_REPLY_MAX 65536 /* bytes of a reply; more is no answer */

/* How answers begin that say no. */
#define CLIENT_UNKNOWN "Unknown command"
#define CLIENT_DENIED  "Permission denied"

/*
 * Whom to ask.  Behind the socket we trust root, ourselves, the configured
 * user, and whoever owns its directory alone: not just anyone who was there
 * first.
 */
struct client {
	char *socket; /* absolute, unless our directory was removed */
	uid_t user; /* the configured one; (uid_t)-1: none */

	/*
	 * How an answer is awaited, as poll(2), data being handed back; -1
	 * gives it up, which is told as CLIENT_SILENT.  NULL: poll itself.
	 */
	int (*wait)(void *data, struct pollfd *pfd, size_t count, int timeout);
	void *data;
};

enum client_result {
	CLIENT_OK,
	CLIENT_NOT_RUNNING, /* no socket, or nobody behind it */
	CLIENT_REFUSED, /* no permission, or an answer that says so */
	CLIENT_SILENT, /* no whole answer in time */
	CLIENT_BROKEN /* an answer that is none; not a socket */
};

/*
 * Sends one request line and reads the reply to its end; *reply is to be
 * freed and ends with a NUL.  Otherwise cause says what happened.  A peer that
 * hangs up without an answer has not carried out anything: it is asked again
 * a few times, and then it is CLIENT_BROKEN.
 */
enum client_result client_ask(const struct client *client, const char *request,
    char **reply, size_t *len, char **cause);

/* Asks once, and takes an empty answer for one. */
enum client_result client_ask_once(const struct client *client,
    const char *request, char **reply, size_t *len, char **cause);

/* `status`, parsed; to be freed by status_free when CLIENT_OK. */
enum client_result client_status(const struct client *client,
    struct status *status, char **raw, char **cause);

/*
 * A stream of events, from the socket of a supervisor, from a launch channel,
 * or, where the peer has no `events`, made up from asking for the status four
 * times a second.
 */
struct client_stream;

struct client_stream *client_events(const struct client *client, int replay,
    enum client_result *result, char **cause);
struct client_stream *client_events_from(int fd); /* takes the descriptor */

/* The descriptor to poll (-1: none, use the time-out) and when to call next. */
int client_stream_fd(const struct client_stream *stream);
int client_stream_timeout(const struct client_stream *stream);

/*
 * The next event without blocking: 1 with event filled, 0 none now, -1 the
 * stream has ended.
 */
int client_next(struct client_stream *stream, struct event *event);

/*
 * Why it has ended: CLIENT_OK after a farewell, CLIENT_NOT_RUNNING when the
 * supervisor went away without one, or what was wrong with its answers.
 */
enum client_result client_stream_result(const struct client_stream *stream);
void client_close(struct client_stream *stream);

#endif
