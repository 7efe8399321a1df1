/* Orders to the supervisor, and the answers that concern the operator. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/output.h"
#include "control/peer.h"
#include "options/options.h"
#include "protocol/pylist.h"

/* How answers begin that mean that a request was not carried out. */
static const char *const refusals[] = { CLIENT_DENIED, "Bad ", "Command ",
	"Empty command", "Failed", "unable to ", "Unable to " };

bool
peer_lacks(const char *reply)
{
	return strncmp(reply, CLIENT_UNKNOWN, strlen(CLIENT_UNKNOWN)) == 0;
}

static bool
is_refusal(const char *reply)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		if (strncmp(reply, refusals[i], strlen(refusals[i])) == 0)
			return true;
	}
	return false;
}

static int
judge(const struct context *context, const char *reply)
{
	if (strncmp(reply, CLIENT_DENIED, strlen(CLIENT_DENIED)) == 0) {
		output_error(context->output, "Error: %s", reply);
		return STATUS_UNKNOWN;
	}
	if (is_refusal(reply)) {
		output_error(context->output, "Error: %s", reply);
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}

typedef enum client_result (*asker)(const struct client *client,
    const char *request, char **reply, size_t *len, char **cause);

static int
order(
    const struct context *context, asker ask, const char *request, char **reply)
{
	enum client_result result;
	char *answer, *cause = NULL;
	int status;

	result = ask(&context->client, request, &answer, NULL, &cause);
	if (result == CLIENT_NOT_RUNNING) {
		output_line(context->output, "daemon manager not running");
		free(cause);
		return STATUS_NOT_RUNNING;
	}
	if (result != CLIENT_OK) {
		output_error(context->output, "Error: %s", cause_text(cause));
		free(cause);
		return STATUS_UNKNOWN;
	}
	answer[strcspn(answer, "\n")] = '\0';
	status = judge(context, answer);
	if (reply && status == STATUS_DONE)
		*reply = answer;
	else
		free(answer);
	return status;
}

int
peer_order(const struct context *context, const char *request, char **reply)
{
	return order(context, client_ask, request, reply);
}

int
peer_order_once(
    const struct context *context, const char *request, char **reply)
{
	return order(context, client_ask_once, request, reply);
}

int
peer_order_sure(
    const struct context *context, const char *request, const char *expected)
{
	char *reply = NULL;
	int status = order(
	    context, *expected ? client_ask : client_ask_once, request, &reply);

	if (status == STATUS_DONE &&
	    (*expected ? strncmp(reply, expected, strlen(expected)) != 0 :
			 *reply != '\0')) {
		output_error(context->output, "Error: %s",
		    *reply ? reply : "an empty answer");
		status = STATUS_FAILED;
	}
	free(reply);
	return status;
}

static void
show_words(
    const struct context *context, const char *name, const struct words *words)
{
	static const size_t size = CLIENT_REPLY_MAX * 4;
	char *text = xmalloc(size);

	if (pylist_format(text, size, words->word, words->count) == 0)
		snprintf(text, size, "(too many)");
	output_error(context->output, "%s = %s", name, text);
	free(text);
}

void
peer_warn(const struct context *context, const struct report *report)
{
	const struct words *ours = &context->runner->program;
	const struct words *theirs = &report->status.args;

	if (report->result != CLIENT_OK || ours->count == 0 ||
	    theirs->count == 0 || words_begin(theirs, ours))
		return;
	output_error(
	    context->output, "WARNING! zdrun is managing a different program!");
	show_words(context, "our program  ", ours);
	show_words(context, "daemon's args", theirs);
}

bool
peer_report(const struct context *context, struct report *report, int *status)
{
	*status = report_ask(report, context);
	if (report->result == CLIENT_OK) {
		peer_warn(context, report);
		return true;
	}
	if (report->result == CLIENT_NOT_RUNNING)
		return true;
	report_line(context, report);
	report_free(report);
	return false;
}
