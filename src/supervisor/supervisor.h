#ifndef SUPERVISOR_SUPERVISOR_H
#define SUPERVISOR_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "options/options.h"
#include "process/cgroup.h"
#include "process/identity.h"
#include "protocol/event.h"
#include "supervisor/clients.h"
#include "supervisor/eventlog.h"
#include "supervisor/fsm.h"
#include "supervisor/history.h"
#include "supervisor/life.h"
#include "supervisor/output.h"
#include "supervisor/pollset.h"
#include "supervisor/program.h"
#include "supervisor/upgrade.h"

/* A supervisor and all it has, taken once at its start. */
struct supervisor {
	const struct runner *runner;
	struct identity self;
	struct fsm_config config;
	struct fsm fsm;
	struct program program;
	struct life life;
	struct cgroup cgroup; /* of the program, where there can be one */
	struct output output;
	struct logs logs;
	struct history history;
	struct clients clients;
	struct upgrade upgrade;
	struct pollset set;
	uint64_t seq; /* of the last event */
	bool subreaper; /* orphans below come to us */
	pid_t leader; /* of the program's session; 0: none yet */
	bool foreign; /* it was born under another supervisor */
	bool test_failed; /* the test could not even be started */
	bool refused; /* for the machine: its signal was, */
	bool immune; /* and so was each KILL for the rest of the tree */
	bool deaf; /* poll(2) fails, which was told */
	bool tell_stderr; /* nobody else hears why it fails */
	bool hangs_up; /* HUP means that our terminal is gone */
	long refusals; /* that were not told yet */
	int64_t refused_at; /* when one was told last; 0: never */
	int pid_file_error; /* why it is not as it should be; 0: it is */
	bool done;
	int status; /* what to leave with */
	char why[400]; /* why the program is down; "": as asked */
	char test_text[200]; /* how the last test failed */
};

/* Sets up what needs no system: the machine, the tables. */
void supervisor_init(
    struct supervisor *supervisor, const struct runner *runner);

/*
 * Runs until the program is down for good.  The status to exit with.  starter
 * is a descriptor that listens from the first event on; -1: none.
 */
int supervisor_run(struct supervisor *supervisor, int starter);

/* As supervisor_run, in the place of one that was upgraded. */
int supervisor_resume(struct supervisor *supervisor);

/* --- for requests --------------------------------------------------------- */

/* Begins a new transcript.  0, or -1 with failure. */
int supervisor_rotate(struct supervisor *supervisor, struct failure *failure);

/* Opens transcript and event logs anew.  0, or -1 with failure. */
int supervisor_reopen(struct supervisor *supervisor, struct failure *failure);

#endif
