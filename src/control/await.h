#ifndef CONTROL_AWAIT_H
#define CONTROL_AWAIT_H

#include <stdint.h>

#include "control/client.h"
#include "control/command.h"

/*
 * Waiting for events with an operator looking on: off a terminal a dot and a
 * blank for each whole second and a newline at the end, as zdaemon has it; on
 * one a live line that names what is awaited.
 */
struct await {
	struct context *context;
	const char *what; /* "starting" */
	char news[160]; /* the latest, for the live line */
	int64_t begun;
	int64_t deadline; /* monotonic; -1: none */
	long seconds; /* shown so far */
};

enum await_result {
	AWAIT_EVENT,
	AWAIT_ENDED, /* the stream has */
	AWAIT_TIMEOUT,
	AWAIT_INTERRUPTED /* by the operator; already told */
};

/* limit is in ms from now; -1: none. */
void await_begin(struct await *await, struct context *context, const char *what,
    int64_t limit);

/* What is told on the live line beside the time. */
void await_news(struct await *await, const char *news);

/* The next event of the stream. */
enum await_result await_next(
    struct await *await, struct client_stream *stream, struct event *event);

/*
 * Its program down, a supervisor either stays or is on its way out, and then
 * the next command must not meet it.  Waits for its leaving, up to limit ms;
 * false when it stays.
 */
bool await_leaving(
    struct await *await, struct client_stream *stream, int64_t limit);

/* Nothing but time: AWAIT_TIMEOUT after ms, unless the deadline is sooner. */
enum await_result await_pause(struct await *await, int ms);

/* Whether the deadline is over. */
bool await_over(const struct await *await);

/* The end of the waiting; to be called before anything else is printed. */
void await_end(struct await *await);

#endif
