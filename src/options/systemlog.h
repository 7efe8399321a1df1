#ifndef OPTIONS_SYSTEMLOG_H
#define OPTIONS_SYSTEMLOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A log of the system's as the target of a transcript, in place of a file:
 *
 *	syslog:[FACILITY][/TAG][@SOCKET]
 *	journal:[TAG][@SOCKET]
 *
 * SOCKET is an absolute path.
 */
#define SYSTEMLOG_TAG    48 /* bytes of a tag, at the most */
#define SYSTEMLOG_SOCKET 108 /* bytes of a socket's path with its NUL */

enum systemlog_kind {
	SYSTEMLOG_SYSLOG,
	SYSTEMLOG_JOURNAL
};

struct systemlog {
	enum systemlog_kind kind;
	int facility; /* as syslog.h has it */
	char tag[SYSTEMLOG_TAG + 1];
	char socket[SYSTEMLOG_SOCKET]; /* where it listens */
};

/* Whether value, which may be NULL, is of that form and names no file. */
bool systemlog_named(const char *value);

/*
 * Reads a value that systemlog_named knows.  program gives the tag where
 * there is none in it; NULL: that stays empty.  0, or -1 with cause.
 */
int systemlog_parse(struct systemlog *log, const char *value,
    const char *program, char **cause);

/* The facility of that name; -1: there is none. */
int systemlog_facility(const char *name);

#endif
