#ifndef CONTROL_LOGS_H
#define CONTROL_LOGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct runner;

/* Log files: those that a configuration names, and what became of one. */
struct logs {
	struct known_log {
		char *path;
		const char *what; /* the key that names it; "rotated" */
		int64_t changed; /* rotated: when, in ns since 1970 */
		dev_t dev; /* rotated: which file it was */
		ino_t ino;
	} * log;
	size_t count;
};

/*
 * The logfile, the transcripts and the files of the event log, as configured
 * and whether they are there or not, each path once.
 */
void logs_known(
    struct logs *logs, const struct runner *runner, const char *cwd);

/*
 * The files that a log was rotated to (log.1, log.2.gz, log-20261125) and
 * that were written at since (ms) or later, the oldest first, each file once.
 */
void logs_rotated(struct logs *logs, const char *path, int64_t since);

/* Whether both are the same files by the same names. */
bool logs_are_same(const struct logs *one, const struct logs *two);

void logs_free(struct logs *logs);

#endif
