#ifndef SUPERVISOR_LOGFORMAT_H
#define SUPERVISOR_LOGFORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The levels of Python's logging. */
enum {
	LOG_LEVEL_DEBUG = 10,
	LOG_LEVEL_INFO = 20,
	LOG_LEVEL_WARNING = 30,
	LOG_LEVEL_ERROR = 40,
	LOG_LEVEL_CRITICAL = 50
};

struct logrecord {
	int level;
	int64_t at; /* wall clock ms */
	int64_t since_start; /* ms of this supervisor's life */
	pid_t pid;
	const char *message; /* control bytes in it are shown as ^X */
};

/*
 * Writes an entry as a Python format and date format say, with its newline.
 * Returns its length; cut to fit size, which must be 2 at least.
 */
size_t logformat_entry(char *buf, size_t size, const char *format,
    const char *dateformat, const struct logrecord *record);

#endif
