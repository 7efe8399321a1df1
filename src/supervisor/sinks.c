/*
 * All targets of one supervisor.
 */

#include "config.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "supervisor/sink-file.h"
#include "supervisor/sink-log.h"
#include "supervisor/sinks.h"

int
sinks_init(struct sinks *sinks, size_t most)
{
	sinks->count = 0;
	sinks->most = most;
	sinks->dry = false;
	sinks->sink = calloc(most, sizeof(*sinks->sink));
	return sinks->sink == NULL ? -1 : 0;
}

void
sinks_close(struct sinks *sinks)
{
	size_t i;

	for (i = 0; i < sinks->count; i++)
		sink_free(&sinks->sink[i]);
	free(sinks->sink);
	sinks->sink = NULL;
	sinks->count = sinks->most = 0;
}

static struct sink *
sinks_find(const struct sinks *sinks, const struct logfile *file)
{
	size_t i;

	for (i = 0; i < sinks->count; i++) {
		if (sinks->sink[i].kind != &sink_log_kind &&
		    logfile_is_same(&sinks->sink[i].file, file))
			return &sinks->sink[i];
	}
	return NULL;
}

struct sink *
sinks_open(struct sinks *sinks, const char *path, size_t room, const char *step,
    struct failure *failure)
{
	struct logfile file;
	struct sink *sink;

	if (logfile_open(&file, path) == -1) {
		failure_set(failure, step, errno, "%s", path);
		return NULL;
	}
	if ((sink = sinks_find(sinks, &file)) != NULL) {
		logfile_close(&file);
		sink->users++;
		return sink;
	}
	if (sinks->dry)
		logfile_close(&file);
	assert(sinks->count < sinks->most);
	sink = &sinks->sink[sinks->count];
	if (sink_init(sink, sinks->dry ? &sink_dry_kind : &sink_file_kind, path,
		room) == -1) {
		failure_set(failure, step, ENOMEM, "%s", path);
		logfile_close(&file);
		return NULL;
	}
	sink_file_take(sink, &file);
	sink->users = 1;
	sinks->count++;
	return sink;
}

struct sink *
sinks_open_log(struct sinks *sinks, const char *name, size_t room,
    const struct systemlog *log, int level, const char *step,
    struct failure *failure)
{
	struct sink *sink;

	assert(sinks->count < sinks->most);
	sink = &sinks->sink[sinks->count];
	if (sink_log_open(sink, name, room, log, level) == -1) {
		failure_set(failure, step, ENOMEM, "%s", name);
		return NULL;
	}
	sink->users = 1;
	sinks->count++;
	return sink;
}

int
sinks_reopen(struct sinks *sinks, const char *step, struct failure *failure)
{
	struct sink *sink;
	int result = 0;
	size_t i;

	for (i = 0; i < sinks->count; i++) {
		sink = &sinks->sink[i];
		if (sink->kind->reopen(sink) == -1 && result == 0)
			result = failure_set(
			    failure, step, errno, "%s", sink->path);
	}
	return result;
}

void
sinks_poll_one(struct sink *sink, struct pollset *set)
{
	sink->place = sink_wants_room(sink) ?
	    pollset_add(set, sink->file.fd, POLLOUT) :
	    -1;
	pollset_until(set, sink_retry_at(sink));
}

void
sinks_serve_one(struct sink *sink, const struct pollset *set)
{
	if (pollset_events(set, sink->place) != 0 ||
	    sink_retry_at(sink) <= clock_mono_ms())
		sink_flush(sink);
}

void
sinks_poll(struct sinks *sinks, struct pollset *set)
{
	size_t i;

	for (i = 0; i < sinks->count; i++)
		sinks_poll_one(&sinks->sink[i], set);
}

void
sinks_serve(struct sinks *sinks, const struct pollset *set)
{
	size_t i;

	for (i = 0; i < sinks->count; i++)
		sinks_serve_one(&sinks->sink[i], set);
}

void
sinks_finish(struct sinks *sinks, int patience)
{
	int64_t until = clock_mono_ms() + patience;
	struct pollset set;
	size_t i;

	for (i = 0; i < sinks->count; i++)
		sink_log_end_line(&sinks->sink[i]);
	do {
		pollset_clear(&set);
		sinks_poll(sinks, &set);
		set.deadline = until;
		if (set.count == 0 || pollset_wait(&set) == -1)
			return;
		sinks_serve(sinks, &set);
	} while (clock_mono_ms() < until);
}

struct sink *
sinks_news(struct sinks *sinks, unsigned int *news)
{
	size_t i;

	for (i = 0; i < sinks->count; i++) {
		if ((*news = sinks->sink[i].news) == 0)
			continue;
		sinks->sink[i].news = 0;
		return &sinks->sink[i];
	}
	return NULL;
}
