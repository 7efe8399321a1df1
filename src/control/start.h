#ifndef CONTROL_START_H
#define CONTROL_START_H

#include "control/await.h"
#include "control/client.h"
#include "control/lastlines.h"
#include "options/options.h"

/* A program that is being started, as the one who asked for it sees it. */

enum outcome {
	START_GOING, /* not settled yet */
	START_UP,
	START_WAS_UP, /* before we did anything */
	START_AGAIN, /* another starter, or one that is leaving */
	START_FAILED, /* told why */
	START_STUCK, /* the old one cannot be ended; told */
	START_TIMEOUT,
	START_INTERRUPTED,
	START_UNKNOWN /* no sensible answer; told */
};

struct start {
	struct context *context;
	const struct runner *runner; /* with the further words */
	int count; /* the further words alone */
	const char *did; /* "started", "restarted" */
	struct await await;
	pid_t old; /* the one to be replaced; 0: none */
	pid_t pid; /* the newest seen */
	bool launched; /* the supervisor is of our making */
	bool asked; /* the supervisor, for this start */
	bool told; /* the reason of its failure */
	bool stays; /* the supervisor, without a program */
	bool taken; /* it suffices that a program was taken over */
	char crash[240]; /* the last exit, not told yet */
	char test[240]; /* how the last start test failed */
	struct lastlines lastlines; /* where the transcript stood */
};

/*
 * Follows the events until they settle how it goes, and closes the stream.
 */
enum outcome start_watch(struct start *start, struct client_stream *stream);

/* How long it may take where another has to end first, in ms. */
int64_t start_limit(const struct runner *runner);

/* A line on standard error, beside the live line. */
void start_tell(struct start *start, const char *text);
void start_tell_crash(struct start *start);

#endif
