/* reopen_transcript, logreopen and rotate: logs begun anew. */

#include "config.h"

#include <signal.h>

#include "control/handlers.h"
#include "control/peer.h"
#include "control/send.h"

/* An empty answer is all there is to go by, so first: who answers there? */
static int
reopen(const struct context *context)
{
	struct report report;
	int status;

	if (!peer_report(context, &report, &status))
		return status;
	report_free(&report);
	status = peer_order_sure(context, "reopen_transcript", "");
	return status == STATUS_NOT_RUNNING ? STATUS_FAILED : status;
}

int
cmd_reopen_transcript(
    struct context *context, const struct invocation *invocation)
{
	(void)invocation;
	return reopen(context);
}

int
cmd_logreopen(struct context *context, const struct invocation *invocation)
{
	int status = reopen(context);

	(void)invocation;
	return status == STATUS_DONE ? send_signal(context, SIGUSR2) : status;
}

int
cmd_rotate(struct context *context, const struct invocation *invocation)
{
	struct report report;
	int status;

	(void)invocation;
	if (!peer_report(context, &report, &status))
		return status;
	report_free(&report);
	status = peer_order_sure(context, "rotate", "Transcript rotated");
	return status == STATUS_NOT_RUNNING ? STATUS_FAILED : status;
}
