#ifndef SUPERVISOR_FSM_H
#define SUPERVISOR_FSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/event.h"
#include "protocol/runstate.h"

/*
 * What a supervisor decides, without a clock, a pid, a descriptor or a log:
 * an event comes in, actions come out.  Who calls it performs the actions in
 * their order and feeds what comes of them back as later events.
 */
enum fsm_event {
	FSM_START, /* wishes of an operator */
	FSM_STOP,
	FSM_RESTART,
	FSM_SHUTDOWN, /* stop, then leave, whatever else is asked */
	FSM_SPAWNED, /* the program was executed */
	FSM_SPAWN_FAILED, /* exec failed */
	FSM_ADOPTED, /* it runs since before we did: since */
	FSM_LOST, /* it is gone and nobody knows how it ended */
	FSM_PROBE_PASSED,
	FSM_PROBE_FAILED,
	FSM_EXITED, /* code, or -1 for a signal */
	FSM_SWEPT, /* nothing is left of what it started */
	FSM_REFUSED, /* the program could not be sent a SIGNAL */
	FSM_IMMUNE, /* no KILL can be sent to what is left of its tree */
	FSM_TIMEOUT, /* the deadline has come */
	FSM__EVENTS
};

struct fsm_input {
	enum fsm_event event;
	int64_t now; /* monotonic ms */
	int64_t since; /* ADOPTED: when it was spawned, */
	long crashes; /* after how many crashes in a row, */
	bool ready; /* whether it had been up, */
	bool ending; /* and whether it had been told to end */
	int code; /* EXITED */
	bool final; /* SPAWN_FAILED: trying again is pointless; */
	bool starved; /* or there was no process to be had */
};

enum fsm_action_kind {
	FSM_SPAWN, /* answered by SPAWNED, SPAWN_FAILED, EXITED */
	FSM_PROBE, /* answered by PROBE_PASSED or PROBE_FAILED */
	FSM_END_PROBE, /* its answer is no longer wanted */
	FSM_SIGNAL, /* end the program: signal, then CONT; answered at
		       once by REFUSED where it is not permitted */
	FSM_SWEEP, /* ask, or force, all that it started; answered by
		      SWEPT once the program is gone as well, or
		      at once by IMMUNE */
	FSM_ANNOUNCE,
	FSM_QUIT /* the last one of all */
};

enum fsm_reason { /* why a program is not tried any more */
	FSM_NO_REASON,
	FSM_EXIT_CODE, /* its exit status is one that means the end */
	FSM_TOO_OFTEN,
	FSM_NO_EXEC, /* it cannot be executed */
	FSM_LOST_EXIT /* it ended unseen, and that is to be final */
};

struct fsm_action {
	enum fsm_action_kind kind;
	bool force; /* SWEEP: KILL instead of TERM */
	int signal; /* SIGNAL, */
	bool tell; /* and if it was sent, KILLED is to be announced */
	enum event_kind event; /* ANNOUNCE */
	enum run_state state; /* ANNOUNCE: when it was so */
	enum fsm_reason reason; /* with EVENT_GAVE_UP */
	int64_t delay; /* with EVENT_BACKOFF */
	int status; /* QUIT */
};

#define FSM_ACTIONS 8
#define FSM_ASKS    8

struct fsm_actions {
	size_t count;
	struct fsm_action action[FSM_ACTIONS];
};

/* One of the ways in which a program is asked to end. */
struct fsm_ask {
	int signal;
	bool kill; /* no other comes after it */
	int64_t wait; /* ms until the next one, or until KILL */
};

/* What is configured; durations in ms. */
struct fsm_config {
	long backoff_limit; /* runs, and seconds */
	bool forever;
	const int *exit_code; /* -1: death by a signal */
	size_t exit_codes;
	bool hang_around;
	bool probe; /* there is a readiness test */
	bool sweep; /* the rest of its tree is to go with it */
	bool lost_is_final; /* a LOST program is not started again */
	int64_t settle;
	int64_t probe_every;
	int64_t probe_limit; /* how long one test may take */
	struct fsm_ask ask[FSM_ASKS];
	size_t asks; /* at least one */
	int kill; /* the signal that no program survives */
	int64_t kill_grace;
};

#define FSM_KILL_AGAIN 1000 /* ms between one KILL and the next */
#define FSM_KILLS      5 /* so many for what outlives its program */
#define FSM_NEVER      INT64_MAX

struct fsm {
	const struct fsm_config *config;
	enum run_state state; /* what is */
	bool wanted; /* what was asked: up, or not */
	bool leaving; /* SHUTDOWN was asked */
	int64_t deadline; /* when TIMEOUT is due; FSM_NEVER */
	bool alive; /* a program is out, executed or not yet */
	bool executed;
	bool by_order; /* this start was asked for, not a retry */
	bool probing; /* a test is out */
	bool rest; /* something it started may be left */
	size_t asked; /* in which of the ways, up to now */
	bool killed; /* the ways are over: it got KILL, or was to */
	bool refused; /* the last signal could not be sent, */
	bool told; /* and whoever asked has heard of it */
	int kills; /* of the rest */
	int64_t started_at;
	int64_t start_at; /* in backoff: the next start */
	long backoff; /* crashes in a row */
	int status; /* to leave with, once down */
	enum fsm_reason reason;
};

void fsm_init(struct fsm *fsm, const struct fsm_config *config);

/* One step.  The actions are to be performed before the next one. */
void fsm_step(
    struct fsm *fsm, const struct fsm_input *input, struct fsm_actions *out);

#endif
