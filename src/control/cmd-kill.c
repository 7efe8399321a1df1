/*
 * kill: a signal for the program, sent by the supervisor, who alone knows for
 * sure which process it is.
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/near.h"
#include "base/signame.h"
#include "control/confirm.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/peer.h"
#include "control/send.h"

/* What was most likely meant: a name misspelt, or -9 as for kill(1). */
static const char *
guess(const char *text)
{
	const struct signame *table;
	struct near near;
	size_t count;
	int number = text[0] == '-' ? signame_parse(text + 1) : -1;

	if (number != -1)
		return signame_of(number);
	table = signame_table(&count);
	near_begin(&near, ascii_same_part(text, "SIG", 3) ? text + 3 : text);
	for (size_t i = 0; i < count; i++)
		near_offer(&near, table[i].name);
	/* The names are short: with two edits any leads to any. */
	return near.distance <= 1 ? near.best : NULL;
}

static int
refuse(const struct context *context, const char *text)
{
	const char *meant = guess(text);

	output_error(context->output, "invalid signal '%s'", text);
	if (meant)
		output_error(context->output, "did you mean %s (%d)?", meant,
		    signame_parse(meant));
	return STATUS_USAGE;
}

int
send_signal(struct context *context, int number)
{
	struct report report;
	char request[32];
	int status;
	pid_t pid;

	if (!peer_report(context, &report, &status))
		return status;
	pid = report.result == CLIENT_OK ? report.status.application : 0;
	if (pid == 0) {
		if (report.orphaned)
			report_line(context, &report);
		else
			output_line(
			    context->output, "daemon process not running");
		report_free(&report);
		return STATUS_FAILED;
	}
	if (number == SIGKILL && !confirm_harm(context, &report, "kill")) {
		report_free(&report);
		return STATUS_FAILED;
	}
	report_free(&report);
	output_line(context->output, "kill(%ld, %d)", (long)pid, number);
	snprintf(request, sizeof request, "kill %d", number);
	status = peer_order_sure(context, request, "Signal ");
	if (status == STATUS_NOT_RUNNING)
		status = STATUS_FAILED;
	if (status == STATUS_DONE)
		output_line(context->output, "signal SIG%s sent to process %ld",
		    signame_of(number), (long)pid);
	return status;
}

int
cmd_kill(struct context *context, const struct invocation *invocation)
{
	int number = SIGTERM;

	if (invocation->count > 0)
		number = signame_parse(invocation->operand[0]);
	if (number == -1)
		return refuse(context, invocation->operand[0]);
	return send_signal(context, number);
}
