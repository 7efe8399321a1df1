#ifndef PROTOCOL_STATE_H
#define PROTOCOL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fileid.h"
#include "protocol/runstate.h"
#include "protocol/status.h"

/*
 * The state file beside the socket: what a supervisor leaves behind so that
 * the next one, or a client, knows of the program.  NAME=VALUE lines, the
 * first of them "version=1".
 */
#define STATE_VERSION  1
#define STATE_FILE_MAX 4096

struct state {
	uint64_t serial; /* each one written has a greater one */
	enum run_state state;
	bool wanted;
	pid_t manager;
	uint64_t manager_start; /* as start_time; 0: not known */
	pid_t pid; /* 0: none */
	uint64_t start_time; /* of pid, in clock ticks since boot */
	char boot_id[40]; /* in which both were seen */
	char file[FILEID_SIZE]; /* that it was written into; "": not known */
	char cookie[FILEID_SIZE]; /* what its environment is marked with;
					   "": not known */
	int64_t spawned_at; /* wall clock ms */
	unsigned long restarts;
	long backoff;
	struct last_exit last;
};

/* As status_format: the length, or 0 when it does not fit. */
size_t state_format(char *buf, size_t size, const struct state *state);

/* 0, or -1 with cause; every field is checked against its range. */
int state_parse(
    struct state *state, const char *text, size_t len, char **cause);

#endif
