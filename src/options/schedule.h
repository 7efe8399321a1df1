#ifndef OPTIONS_SCHEDULE_H
#define OPTIONS_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

struct runner;

/*
 * How a program is asked to end: signals, and how long it has after each.
 *
 *	TERM/30/QUIT/5/KILL
 */
#define SCHEDULE_STEPS 8
#define SCHEDULE_TEXT  (SCHEDULE_STEPS * 48) /* bytes of its text */

struct schedule_step {
	int signal;
	int64_t wait; /* ms */
};

struct schedule {
	struct schedule_step step[SCHEDULE_STEPS];
	size_t count; /* at least one */
};

/*
 * Reads a text: a signal by name or number, seconds, the next signal, ...;
 * seconds come last, or KILL does.  0, or -1 with cause, the schedule
 * untouched.
 */
int schedule_parse(struct schedule *schedule, const char *text, char **cause);

/* The text in its one form, which schedule_parse reads back; returns buf. */
const char *schedule_print(
    const struct schedule *schedule, char *buf, size_t size);

/* A signal that asks a program to end.  -1 with cause for any other. */
int schedule_signal(const char *text, char **cause);

/* That of a runner: stop-schedule, else stop-signal and stop-timeout. */
void schedule_of(struct schedule *schedule, const struct runner *runner);

/* How long after its beginning KILL comes, in ms. */
int64_t schedule_length(const struct schedule *schedule);

#endif
