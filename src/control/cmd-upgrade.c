/* upgrade: the installed zdrun takes the place of the one that runs. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "control/handlers.h"
#include "control/output.h"
#include "control/peer.h"

#define UPGRADED "Upgraded to "

static int
tell(const struct context *context, const char *reply)
{
	const struct output *output = context->output;
	size_t done = sizeof UPGRADED - 1;

	if (strncmp(reply, UPGRADED, done) == 0) {
		output_line(
		    output, "daemon manager upgraded to %s", reply + done);
		return STATUS_DONE;
	}
	if (peer_lacks(reply))
		output_error(output,
		    "Error: this supervisor is of a version that cannot be "
		    "upgraded in place; stop and start it");
	else
		output_error(output, "Error: %s", reply);
	return STATUS_FAILED;
}

/* It gave up its place, and what took it did not answer. */
static int
tell_loss(const struct context *context)
{
	struct report report;

	output_error(context->output,
	    "Error: the supervisor ended in the upgrade without an answer");
	report_ask(&report, context);
	report_line(context, &report);
	report_free(&report);
	return STATUS_FAILED;
}

int
cmd_upgrade(struct context *context, const struct invocation *invocation)
{
	char *reply = NULL;
	int status;

	(void)invocation;
	status = peer_order_once(context, "upgrade", &reply);
	if (status == STATUS_NOT_RUNNING)
		return STATUS_FAILED;
	if (status == STATUS_DONE)
		status = *reply ? tell(context, reply) : tell_loss(context);
	free(reply);
	return status;
}
