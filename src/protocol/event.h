#ifndef PROTOCOL_EVENT_H
#define PROTOCOL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol/runstate.h"

/*
 * An event: one line of the stream that the request `events` opens, and of
 * the launch channel on which a new supervisor tells its starter how it goes.
 *
 *	EVENT seq=N at=MS state=STATE [pid=N] [code=N] [signal=N] ...
 *
 * Values are quoted as words_quote does.  A field that is not set is not
 * sent; a reader passes over names it does not know.
 */
enum event_kind {
	EVENT_HELLO,		/* first line of a stream: how things stand now */
	EVENT_STARTING,		/* spawned: pid */
	EVENT_ADOPTED,		/* taken over from a lost supervisor: pid, uptime */
	EVENT_UP,		/* settled or its test passed: pid */
	EVENT_TEST_FAILED,	/* a readiness test failed: text */
	EVENT_EXITED,		/* pid, code or signal (core), uptime */
	EVENT_SPAWN_FAILED,	/* step, error, text (the path): no program */
	EVENT_BACKOFF,		/* delay until the next start, run of limit */
	EVENT_GAVE_UP,		/* will not start it again; text says why */
	EVENT_STOPPING,		/* pid */
	EVENT_KILLED,		/* stop time-out is over: pid got KILL */
	EVENT_NOT_SIGNALLED,	/* pid could not be sent signal: error */
	EVENT_REST_KILLED,	/* run of what it started had to be: text */
	EVENT_LEFT,		/* run processes could not be ended: text */
	EVENT_DOWN,		/* not running and nothing planned */
	EVENT_SIGNALLED,	/* an operator sent signal to pid: by */
	EVENT_REQUEST,		/* an operator asked: text is the word, by */
	EVENT_REFUSED,		/* by was not allowed to ask, run times */
	EVENT_REOPENED,		/* transcript and event log opened anew */
	EVENT_ROTATED,		/* text was asked to begin anew, and did */
	EVENT_UPGRADED,		/* another zdrun goes on: text is its version */
	EVENT_LOG_FAILED,	/* step, error, text: a log cannot be written */
	EVENT_LOG_WORKS,	/* text: it can be written again */
	EVENT_LOG_RENEWED,	/* text was deleted and made anew */
	EVENT_SOCKET_LOST,	/* nobody can connect: step, error, text */
	EVENT_SOCKET_BACK,	/* one can again: text is a sentence */
	EVENT_FAILED,		/* the supervisor cannot start: step, error, text */
	EVENT_BUSY,		/* another supervisor has the socket: pid */
	EVENT_BYE,		/* the supervisor leaves: code is its status */
	EVENT_MISSED,		/* run events were dropped for this slow reader */
	EVENT__COUNT
};

#define EVENT_LINE_MAX 1024	/* a whole line with its newline and a NUL */

struct event {
	enum event_kind kind;
	enum run_state state;	/* after the event */
	uint64_t seq;		/* counts from 1 in one supervisor's life */
	int64_t at;		/* wall clock, ms since 1970 */
	pid_t pid;		/* 0: none */
	int code;		/* exit status, -1: none */
	int signal;		/* 0: none */
	bool core;		/* with signal: a core was dumped */
	int64_t uptime;		/* ms, -1: none */
	int64_t delay;		/* ms, -1: none */
	long run; /* how many: crashes in a row, processes,
		     refusals, events missed; -1: none */
	long limit;		/* of how many; -1: none */
	int error;		/* errno, 0: none */
	uid_t by_uid;		/* who asked; (uid_t)-1: nobody */
	pid_t by_pid;
	char step[24];		/* what failed: "exec", "chdir", "transcript" */
	char text[400];
};

const char *event_name(enum event_kind kind);

/* An event of that kind with every other field unset. */
void event_init(struct event *event, enum event_kind kind);

/*
 * Writes the line with its newline; text is cut to fit.  Returns its length
 * without the NUL; buf must hold EVENT_LINE_MAX bytes.  No allocation.
 */
size_t event_format(char *buf, size_t size, const struct event *event);

/*
 * Reads one line (without its newline).  False, with event untouched, for
 * anything that is no event; kinds this version does not know are none.
 */
bool event_parse(const char *line, size_t len, struct event *event);

/*
 * One sentence of an event for people and the event log, without date or
 * newline: "pid 4711: exit status 1".  Cut to fit; returns buf.
 */
const char *event_sentence(const struct event *event, char *buf, size_t size);

#endif
