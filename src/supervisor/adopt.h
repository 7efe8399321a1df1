#ifndef SUPERVISOR_ADOPT_H
#define SUPERVISOR_ADOPT_H

#include "protocol/state.h"
#include "supervisor/program.h"

enum adopt_result {
	ADOPT_NOTHING, /* there was no program */
	ADOPT_RUNS, /* it is ours now */
	ADOPT_ENDED /* it ended unseen: program->last says what is known */
};

/*
 * Goes on from the state that a lost supervisor left: its counts, its last
 * exit, and its program.  A zombie is waited for, PROGRAM_PATIENCE at the
 * most.
 */
enum adopt_result adopt_program(
    struct program *program, const struct state *state);

#endif
