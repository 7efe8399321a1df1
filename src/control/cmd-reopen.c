/* reopen_transcript, logreopen and rotate: logs begun anew. */

#include "config.h"

#include <signal.h>

#include "control/handlers.h"
#include "control/output.h"
#include "control/peer.h"
#include "control/send.h"

/*
 * The answer of one that has reopened its logs is empty; so is that of one
 * that was killed over it.  So whoever answered before has to answer after.
 */
static int
confirm(const struct context *context, pid_t manager)
{
	struct status status;
	bool same = false;

	if (client_status(&context->client, &status, NULL, NULL) == CLIENT_OK) {
		same = status.manager == manager;
		status_free(&status);
	}
	if (same)
		return STATUS_DONE;
	output_error(context->output,
	    "Error: the supervisor is gone; it may not have reopened its logs");
	return STATUS_FAILED;
}

static int
reopen(const struct context *context)
{
	struct report report;
	pid_t manager;
	int status;

	if (!peer_report(context, &report, &status))
		return status;
	manager = report.result == CLIENT_OK ? report.status.manager : 0;
	report_free(&report);
	status = peer_order_sure(context, "reopen_transcript", "");
	if (status == STATUS_DONE)
		return confirm(context, manager);
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
