#ifndef SUPERVISOR_CLIENTS_H
#define SUPERVISOR_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol/request.h"
#include "protocol/runstate.h"
#include "protocol/status.h"
#include "supervisor/access.h"
#include "supervisor/history.h"
#include "supervisor/pollset.h"

/*
 * The server side of the control socket: a fixed table of clients, each with
 * bounds on its line, its time and its share.  What a request means is the
 * business of the handler.
 */
#define CLIENTS_MAX       48
#define CLIENTS_LISTENERS 32 /* of these, on streams of events */
#define CLIENTS_LINE_TIME 5000 /* ms from connect to newline */
#define CLIENTS_SEND_TIME 2000 /* ms for taking the reply */
#define CLIENTS_HOLD_TIME 10000 /* ms for an answer that takes a while */

enum client_phase {
	CLIENT_FREE,
	CLIENT_READING,
	CLIENT_SENDING,
	CLIENT_LISTENING, /* gets events until either side closes */
	CLIENT_HELD /* its answer takes a while */
};

struct client {
	enum client_phase phase;
	int fd;
	int place; /* in the pollset of this turn */
	enum access_right right;
	uid_t uid;
	pid_t pid;
	uint64_t order; /* of arrival */
	int64_t deadline;
	uint64_t next; /* LISTENING: the next event it gets */
	size_t in_len;
	size_t out_len, out_sent;
	char *in; /* CLIENTS_IN bytes */
	char *out; /* CLIENTS_OUT bytes */
};

#define CLIENTS_IN  (REQUEST_MAX + 1)
#define CLIENTS_OUT STATUS_REPLY_MAX

typedef void (*client_handler)(
    void *arg, struct client *client, char *line, size_t len);

struct clients {
	const struct history *history;
	client_handler handler;
	void *arg;
	struct access access;
	int spare; /* given up for a moment when none is left */
	int64_t pause_until; /* no new clients before; 0: none */
	int listener_place;
	enum run_state state; /* for those who missed events */
	uint64_t orders;
	struct client client[CLIENTS_MAX];
	/* Apart, so that what is never used costs no memory. */
	char in[CLIENTS_MAX][CLIENTS_IN];
	char out[CLIENTS_MAX][CLIENTS_OUT];
};

void clients_init(struct clients *clients, const struct history *history,
    client_handler handler, void *arg);

/* Makes fd a listener from birth: the channel of whoever started us. */
void clients_add_starter(struct clients *clients, int fd);

void clients_poll(struct clients *clients, int listener, struct pollset *set);
void clients_serve(struct clients *clients, int listener,
    const struct pollset *set, int64_t now);

/* Sends new lines of history to all who listen; state is that of now. */
void clients_announce(struct clients *clients, enum run_state state);

/* The answer for one that was held, if it is still there. */
void clients_answer(struct clients *clients, uint64_t order, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* One last attempt to send what is owed, then closes all. */
void clients_close(struct clients *clients);

/* --- for the handler ------------------------------------------------------ */

/* The whole reply; a newline is added where it has none. */
void client_reply(struct client *client, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Its answer will come by clients_answer, with its order. */
void client_hold(struct client *client);

/* The room for a reply made in place, and how long it has become. */
char *client_room(struct client *client, size_t *size);
void client_reply_made(struct client *client, size_t len);

/*
 * Turns it into a listener: hello, then the last count lines, then what
 * comes.  False where there are too many.
 */
bool client_listen(struct clients *clients, struct client *client,
    const char *hello, size_t len, uint64_t count);

#endif
