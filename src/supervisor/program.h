#ifndef SUPERVISOR_PROGRAM_H
#define SUPERVISOR_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "options/options.h"
#include "process/child.h"
#include "process/helper.h"
#include "process/identity.h"
#include "protocol/event.h"
#include "protocol/state.h"
#include "protocol/status.h"

#define PROGRAM_COOKIE_NAME "ZDAEMON_COOKIE"
#define PROGRAM_COOKIE      PROGRAM_COOKIE_NAME "="
#define PROGRAM_COOKIE_SIZE (sizeof(PROGRAM_COOKIE) - 1 + FILEID_SIZE)

/*
 * The program and its readiness test as processes: how they are started,
 * signalled and how they ended.
 */
struct program {
	const struct runner *runner;
	char *const *argv;
	char **envp; /* our environment and that of the section */
	char cookie[PROGRAM_COOKIE_SIZE]; /* NAME=VALUE in envp; "": none */
	bool apart; /* in our session, but in a group of its own */
	const char *directory; /* where it runs; NULL: where we are */
	char *file; /* what was executed last; NULL: not found */
	const char *output; /* the FIFO; NULL: our own 1 and 2 */
	const char *errors; /* the FIFO for 2; NULL: as 1 */

	struct child_process process; /* pid 0: none */
	struct identity identity;
	int watch; /* an adopted one: tells its end; -1 */
	bool adopted; /* not our child: no wait status */
	int64_t patience; /* adopted and ended: how long to wait for its
			     status; 0: it runs */
	bool ended; /* reaped; wait_status is valid */
	int wait_status;
	int asked; /* the last signal meant to end it; 0: none */
	int refusal; /* why that could not be sent: errno; 0: it was */
	bool failed; /* it could not be executed; error says why */
	struct child_error error;
	int64_t spawned_at; /* monotonic ms */
	int64_t spawned_wall;
	unsigned long spawns;
	struct last_exit last;

	struct helper test;
	bool test_unwanted; /* what it says does not matter any more */
};

/* 0, or -1 without memory. */
int program_init(struct program *program, const struct runner *runner,
    const char *directory);
void program_free(struct program *program);

/* Marks the environment of all runs from now on. */
void program_mark(struct program *program, const char *value);

/* What it is marked with; "": nothing. */
const char *program_marked(const struct program *program);

/*
 * Goes into the directory, by its name.  1 where that leads to another one
 * than before, 0 where not, or -1 with errno.
 */
int program_enter(const struct program *program);

/* Why it could not be started. */
void program_set_error(struct program *program, const char *step, int error);

/*
 * Forks the program, held until program_release.  0, or -1 with program->error
 * filled.
 */
int program_spawn(struct program *program);
void program_release(struct program *program);

/*
 * Takes over one that another supervisor started, a zombie as well.  0, or -1:
 * it is gone.
 */
int program_adopt(struct program *program, const struct identity *identity,
    int64_t spawned_wall);

/*
 * Whether an adopted one has ended; ended is set where it is known how.  What
 * its parent has not taken yet is given PROGRAM_PATIENCE from now.
 */
bool program_has_gone(struct program *program, int64_t now);

#define PROGRAM_PATIENCE 3000 /* ms */

/* A signal, for program_ask with CONT where it is stopped.  0, or -1, errno. */
int program_ask(const struct program *program, int signal);
int program_signal(const struct program *program, int signal);

/* Notes a reaped child; whether it was the program or its test. */
bool program_reaped(struct program *program, pid_t pid, int status);

/* It has ended: fills in last and forgets the process. */
void program_note_end(struct program *program);

/* Whether an error of exec is for good, so that trying again is of no use. */
bool program_error_is_final(int error);

/* Whether the system had no process for us: no fault of the program's. */
bool program_error_is_shortage(const struct child_error *error);

/*
 * The event's part of program->error: step, error and the file; or without
 * error the whole sentence, where there is more to say than errno does.
 */
void program_fill_failure(const struct program *program, struct event *event);

/* The readiness test.  0, or -1 with errno. */
int program_test(struct program *program);
void program_end_test(struct program *program);

/*
 * The test has ended: whether the program is ready; text says how it failed.
 */
bool program_take_test(struct program *program, char *text, size_t size);

#endif
