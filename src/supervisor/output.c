/*
 * The program's output as a whole: its streams, their files, and what the
 * supervisor has to know and to tell about them.
 */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "options/systemlog.h"
#include "supervisor/linger.h"
#include "supervisor/output.h"
#include "supervisor/renew.h"
#include "supervisor/sink-file.h"
#include "supervisor/sink-log.h"

#define OUTPUT_LAST 1000 /* ms for the last words to be taken */

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
output_take(struct output *output, size_t logs, bool dry)
{
	int result = sinks_init(&output->sinks, logs + OUTPUT_STREAMS);

	output->sinks.dry = dry;
	return result;
}

/* A log of the system's; NULL with failure. */
static struct sink *
output_open_log(struct output *output, int which, const char *target,
    struct failure *failure)
{
	const struct runner *runner = output->runner;
	struct systemlog log;
	char *cause = NULL;

	if (systemlog_parse(&log, target, runner->program.word[0], &cause) ==
	    -1) {
		failure_set(failure, "transcript", 0, "%s", cause_text(cause));
		free(cause);
		return NULL;
	}
	return sinks_open_log(&output->sinks, target,
	    (size_t)runner->transcript_buffer, &log,
	    which == OUTPUT_ERR ? LOG_WARNING : LOG_INFO, "transcript",
	    failure);
}

/* A file, in which one before us may have left something half done. */
static struct sink *
output_open_file(
    struct output *output, const char *path, struct failure *failure)
{
	struct renewal renewal;

	if (renewal_init(&renewal, path) == -1) {
		failure_set(failure, "transcript", errno, "%s", path);
		return NULL;
	}
	if (!output->sinks.dry)
		renewal_recover(&renewal);
	return sinks_open(&output->sinks, path,
	    (size_t)output->runner->transcript_buffer, "transcript", failure);
}

/* How its lines are to be stamped; a log of the system's does it itself. */
static enum stamp_kind
output_stamps(const struct output *output, const struct sink *sink)
{
	if (sink->kind == &sink_log_kind)
		return STAMP_OFF;
	return stamp_named(output->runner->transcript_timestamps);
}

int
output_open(struct output *output, int which, const char *target,
    const char *fifo, struct failure *failure)
{
	const struct runner *runner = output->runner;
	struct sink *sink;

	if (systemlog_named(target))
		sink = output_open_log(output, which, target, failure);
	else
		sink = output_open_file(output, target, failure);
	if (sink == NULL)
		return -1;
	if (sink == output_sink(output)) {
		sink->users--;
		return 0;
	}
	if (!output->sinks.dry &&
	    rotate_init(&output->rotate[which], runner, sink) == -1)
		return failure_set(failure, "transcript", errno, "%s", target);
	return transcript_open(&output->stream[which], fifo, sink,
	    &output->rotate[which], output_stamps(output, sink), failure);
}

const char *
output_fifo(const struct output *output, int which)
{
	return output->stream[which].fifo.path;
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
		    set, output->stream[i].fifo.in, POLLIN);
		pollset_until(set, output->stream[i].fifo.shrink_at);
		pollset_until(set, rotate_deadline(&output->rotate[i]));
	}
	sinks_poll(&output->sinks, set);
}

/* 0, or -1 with errno. */
static int
output_rotate_one(struct output *output, size_t which)
{
	if (output->rotate[which].sink == NULL)
		return 0;
	transcript_drain(&output->stream[which]);
	return rotate_now(&output->rotate[which]);
}

void
output_serve(struct output *output, const struct pollset *set)
{
	int64_t now = clock_mono_ms();
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (pollset_events(set, output->place[i]) != 0)
			transcript_pump(&output->stream[i]);
		fifo_rest(&output->stream[i].fifo, now);
		if (rotate_is_old(&output->rotate[i], now))
			output_rotate_one(output, i);
		rotate_serve(&output->rotate[i], now);
	}
	sinks_serve(&output->sinks, set);
}

void
output_drain(struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++)
		transcript_drain(&output->stream[i]);
}

void
output_begins(struct output *output, pid_t pid)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output->stream[i].fifo.in != -1)
			sink_log_speaker(output->stream[i].sink, pid);
	}
}

void
output_adopt(struct output *output, pid_t pid)
{
	transcript_adopt(&output->stream[OUTPUT_OUT], pid, STDOUT_FILENO);
	transcript_adopt(&output->stream[OUTPUT_ERR], pid, STDERR_FILENO);
	output_begins(output, pid);
}

void
output_ends(struct output *output)
{
	size_t i;

	output_drain(output);
	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output->stream[i].fifo.in != -1)
			sink_log_end_line(output->stream[i].sink);
	}
}

bool
output_is_shared(const struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output->stream[i].fifo.in != -1 &&
		    output->stream[i].sink->users > 1)
			return true;
	}
	return false;
}

int
output_reopen(struct output *output, struct failure *failure)
{
	output_drain(output);
	return sinks_reopen(&output->sinks, "reopen", failure);
}

/* Whether the target of a stream is a file below `directory`. */
static bool
output_is_relative(const struct output *output, size_t which)
{
	const char *target = which == OUTPUT_OUT ?
	    output->runner->transcript :
	    output->runner->transcript_stderr;
	const struct sink *sink = output->stream[which].sink;

	return target != NULL && sink != NULL && *target != '/' &&
	    sink->kind == &sink_file_kind;
}

static int
output_follow_one(struct output *output, size_t which, struct failure *failure)
{
	struct sink *sink = output->stream[which].sink;

	if (!output_is_relative(output, which))
		return 0;
	transcript_drain(&output->stream[which]);
	if (sink->kind->reopen(sink) == 0 &&
	    rotate_follow(&output->rotate[which]) == 0)
		return 0;
	return failure_set(failure, "reopen", errno, "%s", sink->path);
}

int
output_follow(struct output *output, struct failure *failure)
{
	size_t i;

	output->astray = false;
	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output_follow_one(output, i, failure) == -1)
			output->astray = true;
	}
	return output->astray ? -1 : 0;
}

bool
output_can_rotate(const struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output->rotate[i].sink != NULL)
			return true;
	}
	return false;
}

int
output_rotate(struct output *output, struct failure *failure)
{
	int result = 0;
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output_rotate_one(output, i) == -1 && result == 0)
			result = failure_set(failure, "rotate", errno, "%s",
			    output->rotate[i].sink->path);
	}
	return result;
}

void
output_mark(struct output *output, const char *text)
{
	struct transcript *transcript = &output->stream[OUTPUT_OUT];

	if (transcript->fifo.in == -1 || !output->runner->transcript_marks)
		return;
	transcript_drain(transcript);
	sink_mark(transcript->sink, text);
}

size_t
output_helpers(const struct output *output, pid_t helper[OUTPUT_HELPERS])
{
	const struct compress *compress;
	size_t i, count = 0;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		compress = &output->rotate[i].compress;
		if (helper_is_busy(&compress->helper))
			helper[count++] = compress->helper.process.pid;
		if (output->rotate[i].discard.pid != 0)
			helper[count++] = output->rotate[i].discard.pid;
	}
	return count;
}

bool
output_reaped(struct output *output, pid_t pid, int status)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (compress_reaped(&output->rotate[i].compress, pid, status) ||
		    discard_reaped(&output->rotate[i].discard, pid))
			return true;
	}
	return false;
}

/* --- telling -------------------------------------------------------------- */

/* What went wrong with the rotation of a stream. */
static bool
output_rotate_news(struct rotate *rotate, struct event *event)
{
	if (rotate->error != 0) {
		event_init(event, EVENT_LOG_FAILED);
		event->error = rotate->error;
		rotate->error = 0;
		snprintf(event->step, sizeof(event->step), "rotate");
		snprintf(
		    event->text, sizeof(event->text), "%s", rotate->sink->path);
		return true;
	}
	if (rotate->compress_text[0] == '\0')
		return false;
	event_init(event, EVENT_LOG_FAILED);
	snprintf(event->step, sizeof(event->step), "compress");
	snprintf(event->text, sizeof(event->text), "%s", rotate->compress_text);
	rotate->compress_text[0] = '\0';
	return true;
}

bool
output_news(struct output *output, struct event *event)
{
	struct sink *sink;
	unsigned int news;
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		if (output_rotate_news(&output->rotate[i], event))
			return true;
	}
	if ((sink = sinks_news(&output->sinks, &news)) == NULL)
		return false;
	/* Of two that came together the later one is what counts. */
	if (news & SINK_FAILED) {
		event_init(event, EVENT_LOG_FAILED);
		/* One that is only full for the moment, but for too long. */
		event->error = sink->error != 0 ? sink->error : EAGAIN;
		snprintf(event->step, sizeof(event->step), "write");
	} else {
		event_init(event,
		    news & SINK_WORKS ? EVENT_LOG_WORKS : EVENT_LOG_RENEWED);
	}
	snprintf(event->text, sizeof(event->text), "%s", sink->path);
	return true;
}

static void
output_status_one(const struct sink *sink, struct status_stream *told)
{
	if (sink == NULL)
		return;
	told->path = sink->path;
	told->bytes = sink->bytes;
	told->dropped = sink->dropped;
	told->waiting = (int64_t)sink->wait.used;
	told->error = sink->error;
}

void
output_status(const struct output *output, struct status *status)
{
	output_status_one(output->stream[OUTPUT_OUT].sink, &status->transcript);
	output_status_one(
	    output->stream[OUTPUT_ERR].sink, &status->transcript_stderr);
}

void
output_tell(
    const struct output *output, struct output_state state[OUTPUT_STREAMS])
{
	const struct transcript *stream;
	size_t i;

	memset(state, 0, OUTPUT_STREAMS * sizeof(*state));
	for (i = 0; i < OUTPUT_STREAMS; i++) {
		stream = &output->stream[i];
		state[i].in = stream->fifo.in;
		state[i].keep = stream->fifo.keep;
		if (stream->sink == NULL)
			continue;
		state[i].bytes = stream->sink->bytes;
		state[i].dropped = stream->sink->dropped;
		state[i].held = sink_log_held(stream->sink, &state[i].held_len);
	}
}

void
output_end_work(struct output *output)
{
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++)
		compress_end(&output->rotate[i].compress);
}

void
output_inherit(
    struct output *output, const struct output_state state[OUTPUT_STREAMS])
{
	struct transcript *stream;
	size_t i;

	for (i = 0; i < OUTPUT_STREAMS; i++) {
		stream = &output->stream[i];
		if (stream->sink == NULL)
			continue;
		transcript_inherit(stream, state[i].in, state[i].keep);
		if (state[i].held != NULL)
			sink_write(
			    stream->sink, state[i].held, state[i].held_len);
		stream->sink->bytes = state[i].bytes;
		stream->sink->dropped = state[i].dropped;
	}
}

void
output_close(struct output *output)
{
	size_t i;

	output_drain(output);
	sinks_finish(&output->sinks, OUTPUT_LAST);
	linger_stay(output->stream, OUTPUT_STREAMS);
	for (i = 0; i < OUTPUT_STREAMS; i++) {
		transcript_close(&output->stream[i]);
		rotate_free(&output->rotate[i]);
	}
}
