#ifndef SUPERVISOR_SINKS_H
#define SUPERVISOR_SINKS_H

#include "options/systemlog.h"
#include "supervisor/pollset.h"
#include "supervisor/sink.h"

/* All targets of one supervisor: each file once, however many names it has. */
struct sinks {
	struct sink *sink; /* room for most of them */
	size_t count, most;
	bool dry; /* opens, to see whether it can; nothing can be written */
};

/* 0, or -1 without memory. */
int sinks_init(struct sinks *sinks, size_t most);
void sinks_close(struct sinks *sinks);

/*
 * Opens path, or finds the sink that has the same file already.  room is how
 * much may wait in a new one.  NULL with failure.
 */
struct sink *sinks_open(struct sinks *sinks, const char *path, size_t room,
    const char *step, struct failure *failure);

/*
 * The same for a log of the system's that name is of, with entries of that
 * level (syslog.h).  One that nobody listens to is none the less opened.
 */
struct sink *sinks_open_log(struct sinks *sinks, const char *name, size_t room,
    const struct systemlog *log, int level, const char *step,
    struct failure *failure);

/*
 * Opens all by their names again.  0, or -1 with the first failure; one that
 * fails keeps the file it had.
 */
int sinks_reopen(
    struct sinks *sinks, const char *step, struct failure *failure);

/* One of them: waits for room or for the time to try again; and does so. */
void sinks_poll_one(struct sink *sink, struct pollset *set);
void sinks_serve_one(struct sink *sink, const struct pollset *set);

/* The same with all. */
void sinks_poll(struct sinks *sinks, struct pollset *set);
void sinks_serve(struct sinks *sinks, const struct pollset *set);

/* Writes what waits only for room, for patience (ms) at the most. */
void sinks_finish(struct sinks *sinks, int patience);

/* A sink with news, which are then the caller's; NULL: there is none. */
struct sink *sinks_news(struct sinks *sinks, unsigned int *news);

#endif
