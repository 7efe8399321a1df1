#ifndef TESTS_FUZZ_CARRYING_H
#define TESTS_FUZZ_CARRYING_H

#include <stdlib.h>

#include "supervisor/supervisor.h"

/* A supervisor to be carried over as text, and to be read into. */

static inline struct supervisor *
carrying_make(struct runner *runner)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));

	if (supervisor == NULL || runner_init(runner, NULL) == -1)
		abort();
	supervisor_init(supervisor, runner);
	if (program_init(&supervisor->program, runner, NULL) == -1)
		abort();
	return supervisor;
}

static inline void
carrying_free(struct supervisor *supervisor, struct runner *runner)
{
	struct program *program = &supervisor->program;
	size_t i;

	/* Descriptors that were read are only numbers here. */
	program->watch = program->process.report = program->process.hold = -1;
	for (i = 0; i < CLIENTS_MAX; i++)
		supervisor->clients.client[i].phase = CLIENT_FREE;
	clients_close(&supervisor->clients);
	program_free(program);
	free(supervisor);
	runner_free(runner);
}

#endif
