/*
 * One request, one reply, end of file: what zdaemon's socket speaks.  The
 * reply is bounded in bytes and the whole in time.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/xmalloc.h"
#include "control/dial.h"
#include "control/exchange.h"
#include "process/identity.h"
#include "process/peercred.h"

#define RETRY 10 /* ms until a full queue is tried again */
#define CHUNK 4096

void
exchange_begin(
    struct exchange *exchange, const struct client *client, const char *request)
{
	memset(exchange, 0, sizeof *exchange);
	exchange->client = client;
	exchange->request = xasprintf("%s\n", request);
	exchange->fd = -1;
	exchange->deadline = clock_mono_ms() + CLIENT_DEADLINE;
}

static bool
over(struct exchange *exchange, enum client_result result)
{
	if (exchange->fd != -1)
		close(exchange->fd);
	exchange->fd = -1;
	exchange->result = result;
	return true;
}

static bool
broken(struct exchange *exchange, int error)
{
	cause_set(&exchange->cause, "unable to talk to '%s': %s",
	    exchange->client->socket, strerror(error));
	return over(exchange, CLIENT_BROKEN);
}

/* Why it is silent, where that can be seen. */
static bool
silent(struct exchange *exchange)
{
	pid_t peer = exchange->fd == -1 ? 0 : peercred_pid(exchange->fd);

	if (peer > 0 && identity_stopped(peer))
		cause_set(&exchange->cause,
		    "no answer from '%s' within %d s: the supervisor, pid "
		    "%ld, is stopped and needs SIGCONT",
		    exchange->client->socket, CLIENT_DEADLINE / 1000,
		    (long)peer);
	else
		cause_set(&exchange->cause, "no answer from '%s' within %d s",
		    exchange->client->socket, CLIENT_DEADLINE / 1000);
	return over(exchange, CLIENT_SILENT);
}

static bool
forsaken(struct exchange *exchange)
{
	cause_set(&exchange->cause, "no answer from '%s' yet",
	    exchange->client->socket);
	return over(exchange, CLIENT_SILENT);
}

/* A request is far smaller than what a fresh socket takes at once. */
static bool
send_request(struct exchange *exchange)
{
	size_t len = strlen(exchange->request);
	ssize_t sent = send(exchange->fd, exchange->request, len, MSG_NOSIGNAL);

	if (sent != (ssize_t)len && sent != -1)
		errno = EMSGSIZE;
	/* One that hung up may have said why before. */
	if (sent != (ssize_t)len && errno != EPIPE)
		return broken(exchange, errno);
	shutdown(exchange->fd, SHUT_WR);
	return false;
}

static bool
start(struct exchange *exchange)
{
	enum client_result result;

	result = dial(exchange->client, &exchange->fd, &exchange->cause);
	if (result == CLIENT_OK)
		return send_request(exchange);
	if (result != CLIENT_SILENT)
		return over(exchange, result);
	exchange->retry = clock_mono_ms() + RETRY;
	return false;
}

static void
make_room(struct exchange *exchange)
{
	if (exchange->size - exchange->len > CHUNK)
		return;
	exchange->size += exchange->size + CHUNK * 2;
	exchange->reply = xreallocarray(exchange->reply, exchange->size, 1);
}

static bool
receive(struct exchange *exchange)
{
	ssize_t n;

	for (;;) {
		make_room(exchange);
		n = recv(
		    exchange->fd, exchange->reply + exchange->len, CHUNK, 0);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return false;
		if (n == -1 && (errno != ECONNRESET || exchange->len == 0))
			return broken(exchange, errno);
		if (n <= 0)
			break;
		exchange->len += (size_t)n;
		if (exchange->len > CLIENT_REPLY_MAX) {
			cause_set(&exchange->cause,
			    "the answer from '%s' has no end",
			    exchange->client->socket);
			return over(exchange, CLIENT_BROKEN);
		}
	}
	exchange->reply[exchange->len] = '\0';
	return over(exchange, CLIENT_OK);
}

bool
exchange_step(struct exchange *exchange)
{
	int64_t now = clock_mono_ms();

	if (exchange->given_up)
		return forsaken(exchange);
	if (exchange->fd == -1 && now >= exchange->retry && start(exchange))
		return true;
	if (exchange->fd != -1 && receive(exchange))
		return true;
	return clock_mono_ms() >= exchange->deadline ? silent(exchange) : false;
}

int
exchange_timeout(const struct exchange *exchange)
{
	return clock_poll_timeout(
	    exchange->fd == -1 ? exchange->retry : exchange->deadline);
}

void
exchange_give_up(struct exchange *exchange)
{
	exchange->given_up = true;
}

void
exchange_end(struct exchange *exchange)
{
	if (exchange->fd != -1)
		close(exchange->fd);
	exchange->fd = -1;
	free(exchange->request);
	free(exchange->reply);
	free(exchange->cause);
	exchange->request = exchange->reply = exchange->cause = NULL;
}
