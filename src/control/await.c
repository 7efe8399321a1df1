/* Waiting for events with an operator looking on. */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "control/await.h"
#include "control/output.h"
#include "control/ui.h"

#define SECOND 1000

void
await_begin(struct await *await, struct context *context, const char *what,
    int64_t limit)
{
	memset(await, 0, sizeof *await);
	await->context = context;
	await->what = what;
	await->begun = clock_mono_ms();
	await->deadline = limit < 0 ? -1 : await->begun + limit;
}

/* Before the first second is over nothing is painted: most is over by then. */
static void
paint(struct await *await)
{
	const struct ui *ui = await->context->ui;
	char text[240];

	if (!await->context->output->terminal || await->seconds == 0)
		return;
	snprintf(text, sizeof text, "%s%s%s ... %ld s", await->what,
	    await->news[0] ? ": " : "", await->news, await->seconds);
	ui->progress(ui->data, text);
}

void
await_news(struct await *await, const char *news)
{
	snprintf(await->news, sizeof await->news, "%s", news);
	paint(await);
}

static void
count_seconds(struct await *await)
{
	long seconds = (long)((clock_mono_ms() - await->begun) / SECOND);

	if (seconds <= await->seconds)
		return;
	while (await->seconds < seconds) {
		if (!await->context->output->terminal)
			output_part(await->context->output, ". ");
		await->seconds++;
	}
	paint(await);
}

bool
await_over(const struct await *await)
{
	return await->deadline != -1 && clock_mono_ms() >= await->deadline;
}

/* The next moment at which there is something to do, within own (-1: any). */
static int
next_timeout(const struct await *await, int own)
{
	int64_t at = await->begun + (await->seconds + 1) * SECOND;
	int timeout;

	if (await->deadline != -1 && await->deadline < at)
		at = await->deadline;
	timeout = clock_poll_timeout(at);
	return own != -1 && own < timeout ? own : timeout;
}

/* The terminal has shown the key, and a live line has gone with it. */
static void
tell_interrupt(struct await *await)
{
	const struct output *output = await->context->output;

	await_end(await);
	output_line(
	    output, "%s", output->terminal && await->seconds == 0 ? "" : "^C");
}

static enum await_result
wait_once(struct await *await, int fd, int own)
{
	const struct ui *ui = await->context->ui;
	struct pollfd pfd = { fd, POLLIN, 0 };
	int ready;

	ready = ui->wait(ui->data, &pfd, 1, next_timeout(await, own));
	if (ready == -1 && errno == EINTR) {
		tell_interrupt(await);
		return AWAIT_INTERRUPTED;
	}
	count_seconds(await);
	return await_over(await) ? AWAIT_TIMEOUT : AWAIT_EVENT;
}

enum await_result
await_next(
    struct await *await, struct client_stream *stream, struct event *event)
{
	enum await_result result;
	int found;

	while ((found = client_next(stream, event)) == 0) {
		result = wait_once(await, client_stream_fd(stream),
		    client_stream_timeout(stream));
		if (result != AWAIT_EVENT)
			return result;
	}
	return found == 1 ? AWAIT_EVENT : AWAIT_ENDED;
}

/* One that still answers stays. */
static bool
stays(const struct await *await)
{
	struct status status;
	bool staying;

	if (client_status(&await->context->client, &status, NULL, NULL) !=
	    CLIENT_OK)
		return false;
	staying = status.state != RUN_DONE;
	status_free(&status);
	return staying;
}

bool
await_leaving(struct await *await, struct client_stream *stream, int64_t limit)
{
	enum await_result result = AWAIT_EVENT;
	struct event event;

	if (stays(await))
		return false;
	await->deadline = clock_mono_ms() + limit;
	while (result == AWAIT_EVENT)
		result = await_next(await, stream, &event);
	return true;
}

enum await_result
await_pause(struct await *await, int ms)
{
	int64_t until = clock_mono_ms() + ms;
	enum await_result result = AWAIT_EVENT;

	while (result == AWAIT_EVENT && clock_mono_ms() < until)
		result = wait_once(await, -1, clock_poll_timeout(until));
	return result == AWAIT_EVENT ? AWAIT_TIMEOUT : result;
}

void
await_end(struct await *await)
{
	const struct ui *ui = await->context->ui;

	if (await->context->output->terminal)
		ui->progress(ui->data, NULL);
	/* Unless it was ended for a line on the other stream. */
	else if (await->seconds == 0 || await->context->output->state->open)
		output_line(await->context->output, "%s", "");
}
