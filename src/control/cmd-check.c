/* check: every problem of the configuration, a line each. */

#include "config.h"

#include <stdlib.h>

#include "base/cause.h"
#include "base/json.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
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
print_json(
    const struct context *context, const struct problems *found, size_t errors)
{
	struct json json;

	json_begin(&json, context->output->out);
	json_object(&json, NULL);
	json_string(&json, "config", context->cmdline->config);
	json_number(&json, "errors", (int64_t)errors);
	json_array(&json, "problems");
	put(&json, context->problems);
	put(&json, found);
	json_array_end(&json);
	json_object_end(&json);
	output_line(context->output, "%s", "");
}

int
cmd_check(struct context *context, const struct invocation *invocation)
{
	const char *config = context->cmdline->config;
	struct problems found;
	size_t errors;

	problems_init(&found);
	options_check(context->runner, config, true, &found);
	problems_sort(context->problems);
	errors = context->problems->errors + found.errors;
	if (context->output->json || invocation_has(invocation, "json")) {
		print_json(context, &found, errors);
	} else {
		show(context, context->problems);
		show(context, &found);
		if (errors == 0)
			output_line(context->output, "%s: no errors",
			    config ? config : "the command line");
	}
	problems_free(&found);
	return errors > 0 ? STATUS_USAGE : STATUS_DONE;
}
