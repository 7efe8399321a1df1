#ifndef CONTROL_NOTICE_H
#define CONTROL_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol/event.h"

/*
 * Events as an operator is told of them: one dated line each, with a mark that
 * reads without colour.
 */

enum notice_mark {
	NOTICE_UP = '+',
	NOTICE_TROUBLE = '!',
	NOTICE_DOWN = '-',
	NOTICE_LOG = '~', /* rotated, opened anew */
	NOTICE_OPERATOR = '*' /* somebody has done something */
};

#define NOTICE_MAX 640 /* bytes of a text with its NUL */

struct notice {
	int64_t at; /* ms since 1970, of the newest */
	char mark;
	unsigned int count; /* how many equal ones */
	enum event_kind kind;
	/* Equal ones have the same kind and key, and the same text from here
	   on: what stands before it, a pid, makes no other event. */
	int key;
	size_t same;
	uid_t by_uid;
	pid_t by_pid; /* who has done it; 0: nobody */
	char text[NOTICE_MAX]; /* as it came: not visible yet */
};

/* What has to be remembered from one event to the next. */
struct notice_maker {
	const char *name; /* of the program; must stay */
	bool stopping; /* its end is awaited */
	bool ended; /* and has come */
	int64_t started_at;
};

enum notice_made {
	NOTICE_NONE, /* the event is not worth a line */
	NOTICE_QUIET, /* notice is filled, for the list of all events alone */
	NOTICE_NEW, /* notice is filled */
	NOTICE_MORE /* text of notice, the one made last, has grown */
};

/* The notice of an event; *notice is the one made last, or all zero. */
enum notice_made notice_make(struct notice_maker *maker,
    const struct event *event, struct notice *notice);

/* "14:02:11 ! app exited ... (x3)", with its date if that is not today's. */
const char *notice_line(
    const struct notice *notice, int64_t now, char *buf, size_t size);

/* The same with its newline, fit for a terminal; to be freed. */
char *notice_show(const struct notice *notice, int64_t now, bool color);

#endif
