/*
 * The program's output as a whole: its streams, their files, and what the
 * supervisor has to know and to tell about them.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "supervisor/output.h"

void
output_init(struct output *output, const struct runner *runner)
{
	size_t i;

	memset(output, 0, sizeof(*output));
	output->runner = runner;
	for (i = 0; i < OUTPUT_STREAMS; i++) {
		transcript_init(&output->stream[i]);
		output->place[i] = -1;
	}
}

int
output_take(struct output *output, size_t logs)
{
	return sinks_init(&output->sinks, logs + OUTPUT_STREAMS);
}

int
output_open(struct output *output, const char *path, const char *fifo,
    struct failure *failure)
{
	const struct runner *runner = output->runner;
	struct sink *sink;

	sink = sinks_open(&output->sinks, path,
	    (size_t)runner->transcript_buffer, "transcript", failure);
	if (sink == NULL)
		return -1;
	return transcript_open(&output->stream[OUTPUT_OUT], fifo, sink,
	    stamp_parse(runner->transcript_timestamps), failure);
}

struct sink *
output_sink(const struct output *output)
{
	return output->stream[OUTPUT_OUT].sink;
}

int
output_prepare(struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (transcript_prepare(&output->stream[i]) == -1)
			return -1;
	}
	return 0;
}

void
output_poll(struct output *output, struct pollset *set)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		output->place[i] = pollset_add(
		    set, output->stream[i].in, POLLIN);
		pollset_until(set, output->stream[i].shrink_at);
	}
	sinks_poll(&output->sinks, set);
}

void
output_serve(struct output *output, const struct pollset *set)
{
	int64_t now = clock_mono_ms();
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (pollset_events(set, output->place[i]) != 0)
			transcript_pump(&output->stream[i]);
		transcript_rest(&output->stream[i], now);
	}
	sinks_serve(&output->sinks, set);
}

void
output_pump(struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++)
		transcript_pump(&output->stream[i]);
}

void
output_pause(struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++)
		transcript_pause(&output->stream[i]);
}

void
output_resume(struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++)
		transcript_resume(&output->stream[i]);
}

bool
output_is_shared(const struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output->stream[i].in != -1 &&
		    output->stream[i].sink->users > 1)
			return true;
	}
	return false;
}

int
output_reopen(struct output *output, struct failure *failure)
{
	int result;

	output_pause(output);
	result = sinks_reopen(&output->sinks, "reopen", failure);
	output_resume(output);
	return result;
}

/* --- telling -------------------------------------------------------------
 */

bool
output_news(struct output *output, struct event *event)
{
	struct sink *sink;
	unsigned int news;

	if ((sink = sinks_news(&output->sinks, &news)) == NULL)
		return false;
	/* Of two that came together the later one is what counts. */
	if (news & SINK_FAILED) {
		event_init(event, EVENT_LOG_FAILED);
		event->error = sink->error;
		snprintf(event->step, sizeof(event->step), "write");
	} else {
		event_init(event,
		    news & SINK_WORKS ? EVENT_LOG_WORKS : EVENT_LOG_RENEWED);
	}
	snprintf(event->text, sizeof(event->text), "%s", sink->path);
	return true;
}

void
output_status(const struct output *output, struct status *status)
{
	const struct sink *sink = output_sink(output);

	if (sink == NULL)
		return;
	status->transcript = sink->path;
	status->transcript_bytes = sink->bytes;
	status->transcript_dropped = sink->dropped;
	status->transcript_waiting = (int64_t)sink->wait.used;
	status->transcript_error = sink->error;
}

void
output_close(struct output *output)
{
	size_t i;

	output_pump(output);
	for (i = 0; i < OUTPUT_STREAMS; i++)
		transcript_close(&output->stream[i]);
}
