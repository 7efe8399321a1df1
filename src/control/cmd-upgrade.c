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
		output_error(output, "Error: %s",
		    *reply ? reply : "the supervisor did not come back");
	return STATUS_FAILED;
}

int
cmd_upgrade(struct context *context, const struct invocation *invocation)
{
	char *reply = NULL;
	int status;

	(void)invocation;
	status = peer_order(context, "upgrade", &reply);
	if (status == STATUS_NOT_RUNNING)
		return STATUS_FAILED;
	if (status == STATUS_DONE)
		status = tell(context, reply);
	free(reply);
	return status;
}
