#ifndef SUPERVISOR_CARRY_H
#define SUPERVISOR_CARRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "supervisor/output.h"

struct supervisor;

/*
 * What a supervisor carries over into the program that takes its place by
 * execve(2): the same process goes on, so descriptors, children, locks and
 * the monotonic clock stay, and only what is in memory has to be told.
 *
 * The text has records: NAME=VALUE and a newline, or NAME:LENGTH, a newline,
 * so many bytes and a newline.  The first tells the version of the form; names
 * that are not known are passed over, so only a change of meaning needs a new
 * one.
 */
#define CARRY_MAGIC "zdrun-carry=1"

/* What is not in the struct supervisor, or is only made from it later. */
struct carry {
	const char *version; /* of the program that wrote it */
	const char *config; /* the records that it was started with */
	size_t config_len;
	const char *cwd; /* the directory it was started in */
	const char *file; /* the program's file; NULL: not found yet */
	struct output_state stream[OUTPUT_STREAMS];
};

/* Appends all of it to a file.  0, or -1 with errno.  No allocation. */
int carry_write(int fd, const struct carry *carry,
    const struct supervisor *supervisor);

/*
 * Begins to read a text, which is taken apart in place and must end with a
 * NUL: fills what is needed before there can be a supervisor.  0, or -1 with
 * cause.
 */
int carry_begin(struct carry *carry, char *text, size_t len, char **cause);

/* The rest of it, into a supervisor that was set up.  0, or -1 with cause. */
int carry_read(struct carry *carry, struct supervisor *supervisor, char *text,
    size_t len, char **cause);

/* Whether all descriptors that are carried over are to survive an exec. */
void carry_keep(const struct supervisor *supervisor, bool keep);

#endif
