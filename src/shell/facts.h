#ifndef SHELL_FACTS_H
#define SHELL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/client.h"
#include "protocol/event.h"

/*
 * How the program stands at this moment, as the session has heard it.  Pure:
 * times are handed in, ms since 1970.
 */

enum facts_tone {
	TONE_IDLE, /* down, as it should be */
	TONE_GOOD,
	TONE_WAIT, /* on its way */
	TONE_BAD
};

struct facts {
	bool known; /* something was heard at all */
	enum client_result reach; /* CLIENT_OK: a supervisor is heard */
	enum run_state state; /* of its program */
	bool cut_off; /* it is heard, but nobody can connect to it any more */
	bool orphan; /* it runs without a supervisor */
	bool gave_up; /* it is down because the supervisor gave up, */
	bool ended; /* or because it had done its work (exit-codes) */
	pid_t pid; /* 0: not running */
	int64_t since; /* when it was spawned; 0: not known */
	int64_t retry_at; /* of the next start; 0: none */
	unsigned long restarts; /* since the session has listened */
};

/* A supervisor has told something. */
void facts_hear(struct facts *facts, const struct event *event);

/* There is none, for that reason; orphan is the pid of what it left, or 0. */
void facts_lose(struct facts *facts, enum client_result reach, pid_t orphan);

/* "up", "down", "orphan", "unknown": what %s of the prompt is. */
const char *facts_state(const struct facts *facts);

/* ms since the spawn; -1: not running, or not known. */
int64_t facts_uptime(const struct facts *facts, int64_t now);

/* "running 2d 4h", "retry in 3s", "down"; returns buf. */
const char *facts_words(
    const struct facts *facts, int64_t now, char *buf, size_t size);

enum facts_tone facts_tone(const struct facts *facts);

/* In how many ms the words will be others by themselves; -1: never. */
int facts_tick(const struct facts *facts, int64_t now);

#endif
