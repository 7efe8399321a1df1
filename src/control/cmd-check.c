/* check: every problem of the configuration, a line each. */

#include "config.h"

#include <stdlib.h>

#include "base/cause.h"
#include "base/json.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/rights.h"
#include "options/cmdline.h"
#include "options/load.h"
#include "options/problems.h"

static const char *const severity_names[] = {
	[SEVERITY_NOTICE] = "notice",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

static void
show(const struct context *context, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->problem[i];
		bool error = problem->severity == SEVERITY_ERROR;
		char *text = problem_text(problem);

		output_line(context->output, "%s%s%s",
		    error ? "" : severity_names[problem->severity],
		    error ? "" : ": ", cause_text(text));
		free(text);
	}
}

static void
put(struct json *json, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->problem[i];

		json_object(json, NULL);
		json_string(
		    json, "severity", severity_names[problem->severity]);
		json_string(json, "file", problem->file);
		json_number_known(
		    json, "line", problem->line, problem->line != 0);
		json_string(json, "text", problem->text);
		json_object_end(json);
	}
}

static void
print_json(const struct context *context, const struct problems *found)
{
	struct json json;

	json_begin(&json, context->output->out);
	json_object(&json, NULL);
	json_string(&json, "config", context->cmdline->config);
	json_number(&json, "errors", (int64_t)found->errors);
	json_array(&json, "problems");
	put(&json, found);
	json_array_end(&json);
	json_object_end(&json);
	output_line(context->output, "%s", "");
}

/* Looks at the system as the user of the program would. */
static void
try_as_user(const struct runner *runner, struct problems *found)
{
	struct rights rights, own;
	char *cause = NULL;

	/* A user that there is not has been told already. */
	if (rights_find(&rights, runner, &cause) == 0 &&
	    rights_lend(&rights, &own) == 0) {
		options_try(runner, found);
		rights_regain(&rights, &own);
	}
	free(cause);
}

static int
check(struct context *context, const struct invocation *invocation,
    const struct runner *runner, struct problems *found)
{
	const char *config = context->cmdline->config;

	options_check(runner, config, true, found);
	try_as_user(runner, found);
	problems_sort(found);
	if (context->output->json || invocation_has(invocation, "json")) {
		print_json(context, found);
	} else {
		show(context, found);
		if (found->errors == 0)
			output_line(context->output, "%s: no errors",
			    config ? config : "the command line");
	}
	return found->errors > 0 ? STATUS_USAGE : STATUS_DONE;
}

/* A session may have read the file long ago; a one-shot has just done so. */
int
cmd_check(struct context *context, const struct invocation *invocation)
{
	struct problems found;
	struct runner runner;
	int status;

	if (!context->session)
		return check(
		    context, invocation, context->runner, context->problems);
	problems_init(&found);
	options_load(&runner, context->cmdline, &found);
	status = check(context, invocation, &runner, &found);
	runner_free(&runner);
	problems_free(&found);
	return status;
}
