#ifndef SUPERVISOR_UPGRADE_H
#define SUPERVISOR_UPGRADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "process/child.h"
#include "supervisor/carry.h"
#include "supervisor/pollset.h"

/*
 * Putting the installed zdrun in our place: the same process, the same
 * program, the same descriptors.  A dry run in a child decides whether the
 * new one can take over at all.
 */
struct upgrade {
	char *file; /* zdrun as installed; NULL: not known */
	char **argv; /* for the exec: the socket and words stay for ps */
	char number[16]; /* of the descriptor with the state, in argv */
	uint64_t dev, ino; /* of the file that runs */
	int64_t mtime;

	const char *config; /* the records that we were started with */
	size_t config_len;
	const char *cwd;

	/* a dry run that is under way */
	struct child_process process; /* pid 0: none */
	bool ended; /* reaped: */
	int status;
	int output; /* what it says; -1: none */
	int64_t deadline;
	char said[256];
	size_t said_len;
	uint64_t asker; /* the client that waits for it */
	char version[64]; /* of what passed it */
};

#define UPGRADE_TIME 4000 /* ms that a dry run may take */

/*
 * Notes what runs, and what would be executed: words are our own arguments
 * behind the options.  0, or -1 without memory.
 */
int upgrade_init(struct upgrade *upgrade, int count, char **words);
void upgrade_free(struct upgrade *upgrade);

/* Whether what is installed now is not what runs. */
bool upgrade_is_due(const struct upgrade *upgrade);

/* Starts a dry run for a client.  0, or -1 with the reason in why. */
int upgrade_begin(struct upgrade *upgrade, const struct supervisor *supervisor,
    uint64_t asker, char *why, size_t size);

/* Whether a dry run is under way, as the child process.pid. */
bool upgrade_is_trying(const struct upgrade *upgrade);

void upgrade_poll(const struct upgrade *upgrade, struct pollset *set);

/* Notes a reaped child; whether it was the dry run. */
bool upgrade_reaped(struct upgrade *upgrade, pid_t pid, int status);

enum upgrade_verdict {
	UPGRADE_WAITS, /* or none is under way */
	UPGRADE_READY, /* version is that of what will take over */
	UPGRADE_REFUSED /* why says why */
};

/* Looks how the dry run goes on. */
enum upgrade_verdict upgrade_look(
    struct upgrade *upgrade, int64_t now, char *why, size_t size);

/*
 * Puts it in our place.  Returns only on failure, with the reason in why and
 * everything as it was.
 */
void upgrade_exec(struct upgrade *upgrade, const struct supervisor *supervisor,
    char *why, size_t size);

#endif
