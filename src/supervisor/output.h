#ifndef SUPERVISOR_OUTPUT_H
#define SUPERVISOR_OUTPUT_H

#include <stdbool.h>

#include "options/options.h"
#include "protocol/event.h"
#include "protocol/status.h"
#include "supervisor/pollset.h"
#include "supervisor/sinks.h"
#include "supervisor/transcript.h"

/* All that the program writes, and where it goes. */
enum {
	OUTPUT_OUT, /* standard output; standard error too, unless apart */
	OUTPUT_ERR, /* standard error, if it is apart */
	OUTPUT_STREAMS
};

struct output {
	const struct runner *runner;
	struct sinks sinks; /* those of the event log as well */
	struct transcript stream[OUTPUT_STREAMS];
	struct rotate rotate[OUTPUT_STREAMS];
	int place[OUTPUT_STREAMS]; /* in the pollset of this turn */
	bool astray; /* relative targets may be in a directory we have left */
};

void output_init(struct output *output, const struct runner *runner);

/*
 * Makes room for the sinks: one for each stream and logs others.  dry: nothing
 * can be written to them.  0, or -1 without memory.
 */
int output_take(struct output *output, size_t logs, bool dry);

/*
 * Opens the target of a stream, a path or what systemlog_named knows, and its
 * FIFO.  0, or -1.  A standard error that would go to the same file as
 * standard output is none of its own: nothing is opened.
 */
int output_open(struct output *output, int which, const char *target,
    const char *fifo, struct failure *failure);

/* The FIFO of a stream; NULL: it has none. */
const char *output_fifo(const struct output *output, int which);

/* The sink of standard output; NULL: there is none. */
struct sink *output_sink(const struct output *output);

/* The FIFOs are there for a program to open.  0, or -1 with errno. */
int output_prepare(struct output *output);

/* What a turn of the loop waits for, and what is to be done then. */
void output_poll(struct output *output, struct pollset *set);
void output_serve(struct output *output, const struct pollset *set);

/* Moves all there is now. */
void output_drain(struct output *output);

/* Another supervisor's program is ours now, and so is its output. */
void output_adopt(struct output *output, pid_t pid);

/*
 * A program speaks from now on (pid), or no more: what it wrote was moved, and
 * a log of entries gets a last line without an end as it is.
 */
void output_begins(struct output *output, pid_t pid);
void output_ends(struct output *output);

/* Whether the event log writes into the file of a stream. */
bool output_is_shared(const struct output *output);

/*
 * Opens all files by their names again; a line that has no end yet goes on in
 * the new file.  0, or -1 with failure.
 */
int output_reopen(struct output *output, struct failure *failure);

/*
 * The directory that relative targets belong to is another one now: opens
 * those anew, as output_reopen does, or where that failed before.  0, or -1
 * with failure: they are where they were.
 */
int output_follow(struct output *output, struct failure *failure);

/* Whether there is a file to rotate. */
bool output_can_rotate(const struct output *output);

/*
 * Begins new files and keeps the old ones under other names.  0, or -1 with
 * failure.
 */
int output_rotate(struct output *output, struct failure *failure);

/* Writes a line of our own into the transcript, if there are to be any. */
void output_mark(struct output *output, const char *text);

#define OUTPUT_HELPERS (2 * OUTPUT_STREAMS)

/* Children of ours that work beside the program, on its output: how many. */
size_t output_helpers(
    const struct output *output, pid_t helper[OUTPUT_HELPERS]);

/* Notes a reaped child; whether it was one of ours. */
bool output_reaped(struct output *output, pid_t pid, int status);

/* The next thing to be told about it all; false: there is none. */
bool output_news(struct output *output, struct event *event);

/* What a status says about it. */
void output_status(const struct output *output, struct status *status);

/* What of a stream is not made from names, when another zdrun goes on. */
struct output_state {
	int in, keep; /* the ends of the FIFO; -1: none */
	int64_t bytes, dropped;
	const char *held; /* the beginning of an entry; NULL: there is none */
	size_t held_len;
};

void output_tell(
    const struct output *output, struct output_state state[OUTPUT_STREAMS]);
/* Ends what works beside us; another zdrun will begin it anew. */
void output_end_work(struct output *output);
void output_inherit(
    struct output *output, const struct output_state state[OUTPUT_STREAMS]);

/* Moves the last bytes and removes the FIFOs. */
void output_close(struct output *output);

#endif
