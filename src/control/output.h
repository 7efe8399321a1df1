#ifndef CONTROL_OUTPUT_H
#define CONTROL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct event;
struct runner;
struct status;
struct context;

/* What is known of an output so far; at first all 0. */
struct output_state {
	int error; /* errno of the first write to out that failed */
	bool open; /* off a terminal, a line was begun (output_part) */
};

/*
 * The only printer: text and JSON, chosen once.  Text is made visible on a
 * terminal.
 */
struct output {
	FILE *out;
	FILE *err;
	bool json;
	bool terminal; /* out is one: live lines, visible text */
	bool error_terminal; /* err is one: visible text */
	bool color;
	int columns; /* how wide out is; 80 where unknown */
	struct output_state *state;
};

/*
 * Standard output and error as they are now; json, color and the rest as
 * given by the command line.  The state is kept by the caller.
 */
struct cmdline;
void output_init(struct output *output, const struct cmdline *cmdline,
    struct output_state *state);

/* A line of a result on out. */
void output_line(const struct output *output, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Part of a line of a result, at once on the screen. */
void output_part(const struct output *output, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Bytes of a log or of another's text, newlines included; made visible on a
 * terminal, else as they are.
 */
void output_bytes(const struct output *output, const char *data, size_t len);

/* The same, to catch the eye where there is color. */
void output_strong(const struct output *output, const char *data, size_t len);

/* What was printed goes on its way. */
void output_flush(const struct output *output);

/* A line of complaint on err. */
void output_error(const struct output *output, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Flushes out; false (told on err) if what was printed could not be written.
 * A pipe that was closed and a signal that asks for the end are no failures.
 */
bool output_finish(const struct output *output);

/* Whether writing has failed: who follows something can stop. */
bool output_broken(const struct output *output);

#endif
