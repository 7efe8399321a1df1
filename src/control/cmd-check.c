/* check: every problem of the configuration, a line each. */

#include "config.h"

#include <stdlib.h>

#include "base/cause.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
#include "options/cmdline.h"
#include "options/load.h"
#include "options/problems.h"

static const char *const severity_names[] = {
	[SEVERITY_NOTICE] = "notice: ",
	[SEVERITY_WARNING] = "warning: ",
	[SEVERITY_ERROR] = "",
};

static void
show(const struct context *context, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->problem[i];
		char *text = problem_text(problem);

		output_line(context->output, "%s%s",
		    severity_names[problem->severity], cause_text(text));
		free(text);
	}
}

int
cmd_check(struct context *context, const struct invocation *invocation)
{
	const char *config = context->cmdline->config;
	struct problems found;
	size_t errors;

	(void)invocation;
	problems_init(&found);
	options_check(context->runner, config, true, &found);
	problems_sort(context->problems);
	show(context, context->problems);
	show(context, &found);
	errors = context->problems->errors + found.errors;
	problems_free(&found);
	if (errors > 0)
		return STATUS_USAGE;
	output_line(context->output, "%s: no errors",
	    config ? config : "the command line");
	return STATUS_DONE;
}
