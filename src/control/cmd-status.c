/* status: whether the program runs, in zdaemon's line, in more, or as JSON. */

#include "config.h"

#include <string.h>

#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/peer.h"

int
cmd_status(struct context *context, const struct invocation *invocation)
{
	const struct output *output = context->output;
	bool more = invocation_has(invocation, "l");
	struct report report;
	int status = report_ask(&report, context);

	if (output->json || invocation_has(invocation, "json")) {
		report_json(context, &report);
	} else {
		peer_warn(context, &report);
		report_line(context, &report);
		if (more && report.raw) {
			output_bytes(output, report.raw, strlen(report.raw));
			output_line(output, "%s", "");
		} else if (output->terminal || (more && report.left)) {
			report_more(context, &report);
		}
	}
	report_free(&report);
	return status;
}
