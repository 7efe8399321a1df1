#ifndef SUPERVISOR_ANNOUNCE_H
#define SUPERVISOR_ANNOUNCE_H

#include "protocol/event.h"

struct failure;
struct fsm;
struct program;
struct supervisor;

/* Telling what happens: to those who listen, and in the event log. */

/* A line for the event log alone; level as base/log.h has it. */
void announce_log(
    struct supervisor *supervisor, int level, const char *message);

/* Numbers, sends and logs an event; seq, at and state are filled in. */
void announce_event(struct supervisor *supervisor, struct event *event);

/* The two halves of it: for listeners, and (suffix behind it) for the log. */
void announce_publish(struct supervisor *supervisor, struct event *event);
void announce_in_log(struct supervisor *supervisor, const struct event *event,
    const char *suffix);

/* A log that cannot be opened, written or rotated, and why. */
void announce_failure(
    struct supervisor *supervisor, const struct failure *failure);

/* What has become of the logs since the last turn. */
void announce_news(struct supervisor *supervisor);

/* Which of how many tries the next one is; with forever they have no end. */
void announce_fill_retry(const struct fsm *fsm, struct event *event);

/* How the program ended last. */
void announce_fill_exit(const struct program *program, struct event *event);

/* How things stand, as the first line that a listener gets. */
void announce_hello(const struct supervisor *supervisor, struct event *event);

#endif
