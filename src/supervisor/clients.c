/*
 * The server side of the control socket.
 *
 * - Nobody waits for anybody: all descriptors are non-blocking, each client
 *   has its own line, its own deadline and its own reply.
 * - A full table costs the one that has been silent for longest.
 * - No descriptor left: the spare one is given up for a connection, and the
 *   others wait in the queue for a second, so that accept does not spin and
 *   nobody is closed unheard.
 * - A slow listener is told how many events it missed; nothing is kept for it.
 */

#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/descriptors.h"
#include "protocol/event.h"
#include "supervisor/clients.h"

#define CLIENTS_PAUSE 1000 /* ms without descriptors */
#define CLIENTS_BATCH 4096 /* bytes of events made ready at once */
#define CLIENTS_DRAIN 16 /* reads of what is not wanted any more */

static int
clients_open_spare(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void
clients_init(struct clients *clients, const struct history *history,
    client_handler handler, void *arg)
{
	size_t i;

	clients->history = history;
	clients->handler = handler;
	clients->arg = arg;
	clients->access = (struct access){ geteuid(), (gid_t)-1, 0600 };
	clients->spare = clients_open_spare();
	clients->pause_until = 0;
	clients->orders = 0;
	for (i = 0; i < CLIENTS_MAX; i++) {
		clients->client[i].phase = CLIENT_FREE;
		clients->client[i].in = clients->in[i];
		clients->client[i].out = clients->out[i];
	}
}

/* --- one client ----------------------------------------------------------- */

static void
client_begin(struct client *client, int fd, uint64_t order, int64_t now)
{
	client->phase = CLIENT_READING;
	client->fd = fd;
	client->place = -1;
	client->uid = (uid_t)-1;
	client->pid = 0;
	client->right = ACCESS_NONE;
	client->order = order;
	client->deadline = now + CLIENTS_LINE_TIME;
	client->in_len = client->out_len = client->out_sent = 0;
}

/*
 * What it sent beyond its line is read first: closing with bytes unread would
 * turn the end of our reply into an error at the other side.
 */
static void
client_end(struct client *client)
{
	char buf[4096];
	int i;

	for (i = 0; i < CLIENTS_DRAIN; i++) {
		if (recv(client->fd, buf, sizeof(buf), MSG_DONTWAIT) <= 0)
			break;
	}
	close(client->fd);
	client->phase = CLIENT_FREE;
}

/* Sends what is ready.  1 all of it, 0 more later, -1 the peer is gone. */
static int
client_send(struct client *client)
{
	ssize_t n;

	while (client->out_sent < client->out_len) {
		n = send(client->fd, client->out + client->out_sent,
		    client->out_len - client->out_sent,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			client->out_sent += (size_t)n;
		else if (n == -1 && errno == EINTR)
			continue;
		else if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		else
			return -1;
	}
	client->out_len = client->out_sent = 0;
	return 1;
}

/* Sends what is left of the reply; all of it, or a broken peer, ends it. */
static void
client_push(struct client *client)
{
	if (client_send(client) != 0)
		client_end(client);
}

static void
client_finish_reply(struct client *client, int64_t now)
{
	if (client->phase != CLIENT_SENDING)
		return;
	client->deadline = now + CLIENTS_SEND_TIME;
	client_push(client);
}

static void __attribute__((format(printf, 2, 0)))
client_vreply(struct client *client, const char *fmt, va_list ap)
{
	int n = vsnprintf(client->out, CLIENTS_OUT - 1, fmt, ap);

	if (n < 0)
		n = 0;
	else if (n > CLIENTS_OUT - 2)
		n = CLIENTS_OUT - 2;
	if (n > 0 && client->out[n - 1] != '\n')
		client->out[n++] = '\n';
	client_reply_made(client, (size_t)n);
}

void
client_reply(struct client *client, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	client_vreply(client, fmt, ap);
	va_end(ap);
}

void
client_hold(struct client *client)
{
	client->phase = CLIENT_HELD;
	client->deadline = clock_mono_ms() + CLIENTS_HOLD_TIME;
}

void
clients_answer(struct clients *clients, uint64_t order, const char *fmt, ...)
{
	struct client *client;
	va_list ap;
	size_t i;

	for (i = 0; i < CLIENTS_MAX; i++) {
		client = &clients->client[i];
		if (client->phase != CLIENT_HELD || client->order != order)
			continue;
		va_start(ap, fmt);
		client_vreply(client, fmt, ap);
		va_end(ap);
		client_finish_reply(client, clock_mono_ms());
	}
}

char *
client_room(struct client *client, size_t *size)
{
	*size = CLIENTS_OUT;
	return client->out;
}

void
client_reply_made(struct client *client, size_t len)
{
	client->phase = CLIENT_SENDING;
	client->out_len = len;
	client->out_sent = 0;
}

/* --- listeners ------------------------------------------------------------ */

/* How many events of the history it was too slow for. */
static uint64_t
client_missed(const struct clients *clients, const struct client *client)
{
	return client->next < clients->history->first ?
	    clients->history->first - client->next :
	    0;
}

static void
client_tell_missed(struct client *client, uint64_t missed, enum run_state state)
{
	struct event event;

	event_init(&event, EVENT_MISSED);
	event.seq = client->next + missed - 1;
	event.at = clock_wall_ms();
	event.state = state;
	event.run = (long)missed;
	client->out_len += event_format(
	    client->out + client->out_len, EVENT_LINE_MAX, &event);
	client->next += missed;
}

/* Makes the next events ready; false when there are none. */
static bool
client_fill(const struct clients *clients, struct client *client)
{
	uint64_t missed = client_missed(clients, client);
	const char *line;
	size_t len;

	if (missed > 0)
		client_tell_missed(client, missed, clients->state);
	while (client->out_len < CLIENTS_BATCH &&
	    (line = history_line(clients->history, client->next, &len)) !=
		NULL) {
		memcpy(client->out + client->out_len, line, len);
		client->out_len += len;
		client->next++;
	}
	return client->out_len > 0;
}

/* Sends events until it has all or takes no more. */
static void
client_stream(const struct clients *clients, struct client *client)
{
	int sent;

	while (
	    (sent = client_send(client)) == 1 && client_fill(clients, client))
		;
	if (sent == -1)
		client_end(client);
}

static size_t
clients_count_listeners(const struct clients *clients)
{
	size_t i, count = 0;

	for (i = 0; i < CLIENTS_MAX; i++) {
		if (clients->client[i].phase == CLIENT_LISTENING)
			count++;
	}
	return count;
}

bool
client_listen(struct clients *clients, struct client *client, const char *hello,
    size_t len, uint64_t count)
{
	const struct history *history = clients->history;
	uint64_t kept = history->next - history->first;

	if (clients_count_listeners(clients) >= CLIENTS_LISTENERS)
		return false;
	client->phase = CLIENT_LISTENING;
	client->next = history->next - (count < kept ? count : kept);
	memcpy(client->out, hello, len);
	client->out_len = len;
	client->out_sent = 0;
	client_stream(clients, client);
	return true;
}

void
clients_announce(struct clients *clients, enum run_state state)
{
	size_t i;

	clients->state = state;
	for (i = 0; i < CLIENTS_MAX; i++) {
		if (clients->client[i].phase == CLIENT_LISTENING)
			client_stream(clients, &clients->client[i]);
	}
}

/* --- requests ------------------------------------------------------------- */

static void
client_take_line(struct clients *clients, struct client *client, int64_t now)
{
	char *end = memchr(client->in, '\n', client->in_len);
	size_t len;

	if (end != NULL) {
		len = (size_t)(end - client->in);
		if (len > 0 && client->in[len - 1] == '\r')
			len--;
		client->in[len] = '\0';
		clients->handler(clients->arg, client, client->in, len);
	} else if (client->in_len >= REQUEST_MAX) {
		client_reply(
		    client, "Command exceeds %d KB", REQUEST_MAX / 1024);
	}
	client_finish_reply(client, now);
}

static void
client_read(struct clients *clients, struct client *client, int64_t now)
{
	ssize_t n;

	n = recv(client->fd, client->in + client->in_len,
	    REQUEST_MAX - client->in_len, MSG_DONTWAIT);
	if (n > 0) {
		client->in_len += (size_t)n;
		client_take_line(clients, client, now);
	} else if (n == 0) {
		client_reply(client, "Command not terminated by newline");
		client_finish_reply(client, now);
	} else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
		client_end(client);
	}
}

/* A listener has nothing more to say; its end of file is its farewell. */
static void
client_discard(struct client *client)
{
	char buf[1024];
	ssize_t n;

	n = recv(client->fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n == 0 ||
	    (n == -1 && errno != EAGAIN && errno != EWOULDBLOCK &&
		errno != EINTR))
		client_end(client);
}

/* --- new clients ---------------------------------------------------------- */

/* It is heard before it is refused: so it sees the reason, not a hang-up. */
static void
client_identify(const struct clients *clients, struct client *client)
{
	struct access_peer peer;

	client->right = ACCESS_NONE;
	if (!access_identify(&clients->access, &peer, client->fd))
		return;
	client->uid = peer.uid;
	client->pid = peer.pid;
	client->right = access_of(&clients->access, &peer);
}

/* A place in the table; if need be that of the oldest that is still silent. */
static struct client *
clients_room(struct clients *clients)
{
	struct client *client, *oldest = NULL;
	size_t i;

	for (i = 0; i < CLIENTS_MAX; i++) {
		client = &clients->client[i];
		if (client->phase == CLIENT_FREE)
			return client;
		if (client->phase != CLIENT_LISTENING &&
		    client->phase != CLIENT_HELD &&
		    (oldest == NULL || client->order < oldest->order))
			oldest = client;
	}
	if (oldest != NULL)
		client_end(oldest);
	return oldest;
}

static void
clients_turn_away(int fd)
{
	static const char why[] = "Failed: there are too many connections\n";

	/* Whoever does not hear it sees the end of file, and asks again. */
	(void)!send(fd, why, sizeof(why) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static void
clients_welcome(struct clients *clients, int fd, int64_t now)
{
	struct client *client;

	descriptors_cloexec(fd);
	descriptors_nonblock(fd);
	if ((client = clients_room(clients)) == NULL) {
		clients_turn_away(fd);
		return;
	}
	client_begin(client, fd, clients->orders++, now);
	client_identify(clients, client);
	/* Most have sent their line already: no turn of the loop. */
	client_read(clients, client, now);
}

/*
 * Takes a connection with the descriptor that was spared for it.  Where that
 * one is in use, the others wait in the queue: to close what was not heard
 * would look like an answer.
 */
static int
clients_accept_spare(struct clients *clients, int listener, int64_t now)
{
	int fd = -1;

	if (clients->spare != -1) {
		close(clients->spare);
		clients->spare = -1;
		fd = accept(listener, NULL, NULL);
	}
	if (fd == -1)
		clients->pause_until = now + CLIENTS_PAUSE;
	return fd;
}

static bool
clients_lack_room(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM ||
	    error == ENOBUFS;
}

static void
clients_accept(struct clients *clients, int listener, int64_t now)
{
	int i, fd;

	for (i = 0; i < CLIENTS_MAX; i++) {
		fd = accept(listener, NULL, NULL);
		if (fd == -1 && clients_lack_room(errno))
			fd = clients_accept_spare(clients, listener, now);
		if (fd != -1)
			clients_welcome(clients, fd, now);
		else if (errno != EINTR && errno != ECONNABORTED)
			break;
	}
	if (clients->spare == -1)
		clients->spare = clients_open_spare();
}

void
clients_add_starter(struct clients *clients, int fd)
{
	struct client *client = &clients->client[0];

	descriptors_cloexec(fd);
	descriptors_nonblock(fd);
	client_begin(client, fd, clients->orders++, clock_mono_ms());
	client->phase = CLIENT_LISTENING;
	client->next = clients->history->next;
}

/* --- a turn of the loop --------------------------------------------------- */

static void
client_poll(struct client *client, struct pollset *set)
{
	short events = POLLIN;

	client->place = -1;
	if (client->phase == CLIENT_FREE)
		return;
	if (client->phase == CLIENT_SENDING)
		events = POLLOUT;
	else if (client->phase == CLIENT_HELD)
		events = 0; /* but for a hang-up */
	else if (client->out_len > 0)
		events |= POLLOUT;
	client->place = pollset_add(set, client->fd, events);
	if (client->phase != CLIENT_LISTENING)
		pollset_until(set, client->deadline);
}

void
clients_poll(struct clients *clients, int listener, struct pollset *set)
{
	size_t i;

	for (i = 0; i < CLIENTS_MAX; i++)
		client_poll(&clients->client[i], set);
	clients->listener_place = -1;
	if (clients->pause_until != 0)
		pollset_until(set, clients->pause_until);
	else
		clients->listener_place = pollset_add(set, listener, POLLIN);
}

static void
client_serve(
    struct clients *clients, struct client *client, short events, int64_t now)
{
	if (client->phase == CLIENT_READING && events != 0)
		client_read(clients, client, now);
	else if (client->phase == CLIENT_SENDING && events != 0)
		client_push(client);
	else if (client->phase == CLIENT_LISTENING) {
		if ((events & POLLOUT) != 0)
			client_stream(clients, client);
		if (client->phase == CLIENT_LISTENING &&
		    (events & ~POLLOUT) != 0)
			client_discard(client);
		return;
	} else if (client->phase == CLIENT_HELD && events != 0)
		client_end(client);
	if (client->phase != CLIENT_FREE && client->phase != CLIENT_LISTENING &&
	    now >= client->deadline)
		client_end(client);
}

void
clients_serve(struct clients *clients, int listener, const struct pollset *set,
    int64_t now)
{
	struct client *client;
	size_t i;

	for (i = 0; i < CLIENTS_MAX; i++) {
		client = &clients->client[i];
		if (client->place != -1)
			client_serve(clients, client,
			    pollset_events(set, client->place), now);
	}
	if (clients->pause_until != 0 && now >= clients->pause_until) {
		clients->pause_until = 0;
		if (clients->spare == -1)
			clients->spare = clients_open_spare();
	}
	if (pollset_events(set, clients->listener_place) != 0)
		clients_accept(clients, listener, now);
}

void
clients_close(struct clients *clients)
{
	struct client *client;
	size_t i;

	for (i = 0; i < CLIENTS_MAX; i++) {
		client = &clients->client[i];
		if (client->phase == CLIENT_LISTENING)
			client_stream(clients, client);
		else if (client->phase == CLIENT_SENDING)
			client_send(client);
		if (client->phase != CLIENT_FREE)
			client_end(client);
	}
	if (clients->spare != -1)
		close(clients->spare);
	clients->spare = -1;
}
