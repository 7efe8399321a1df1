#ifndef CONTROL_WATCH_H
#define CONTROL_WATCH_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "control/client.h"

/*
 * Hears a supervisor for as long as somebody wants to know: connects, hands
 * out its events, and when it has gone waits for the next one.  Where the
 * directory of the socket can be watched nothing happens while nothing
 * changes; elsewhere it is looked for once a second.  Never blocks.
 */
struct watch;

/*
 * replay: how many of the events before now are wanted (watch_is_new tells
 * them apart).  The client must stay and may change: see watch_aim.
 */
struct watch *watch_new(const struct client *client, int replay);
void watch_free(struct watch *watch);

/* The client points to another socket: begins anew. */
void watch_aim(struct watch *watch);

/* What to poll: at most one descriptor; *timeout in ms, -1: none. */
size_t watch_prepare(
    const struct watch *watch, struct pollfd *pfd, int *timeout);

enum watch_news {
	WATCH_NOTHING, /* for now */
	WATCH_EVENT, /* event is filled; a stream begins with EVENT_HELLO */
	WATCH_LOST /* there is no supervisor to hear: watch_result */
};

/*
 * The supervisor that is heard, if it is one that sends events and it still
 * runs: its pid; else 0.
 */
pid_t watch_supervisor(const struct watch *watch);

/* Goes on as far as it can without waiting. */
enum watch_news watch_next(struct watch *watch, struct event *event);

/* Whether a supervisor was reached and has not said yet how things stand. */
bool watch_is_greeting(const struct watch *watch);

/* Whether the event handed out last has happened since watch_new. */
bool watch_is_new(const struct watch *watch);

/* After WATCH_LOST: why.  CLIENT_OK: it has said good-bye. */
enum client_result watch_result(const struct watch *watch);

#endif
