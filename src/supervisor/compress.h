#ifndef SUPERVISOR_COMPRESS_H
#define SUPERVISOR_COMPRESS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/words.h"
#include "process/helper.h"
#include "supervisor/discard.h"

/*
 * Compressing a rotated file by a command beside the program: a filter, as
 * gzip and its kind are without operands.  It gets two descriptors and no
 * names, so files may be renamed while it works; its output gets its name
 * when it is whole, and only then the original goes.
 */
struct compress {
	char *const *argv; /* NULL: nothing is compressed */
	const char *suffix;
	struct helper helper;
	int64_t limit; /* when it is ended, monotonic ms; INT64_MAX */
	char name[PATH_MAX]; /* what is being compressed, as it is named now */
	char part[PATH_MAX]; /* where to */
};

/* part_of is a path that all names begin with. */
void compress_init(struct compress *compress, const struct words *command,
    const char *part_of);

/* Ends what is under way; the original stays. */
void compress_end(struct compress *compress);

/* Ends it where its time is over: what came of it is told as ever. */
void compress_limit(struct compress *compress, int64_t now);

bool compress_is_busy(const struct compress *compress);

/* Begins.  0, or -1 with errno: it stays as it is. */
int compress_start(struct compress *compress, const char *name);

/* The file is called name now; NULL: it is no more. */
void compress_renamed(struct compress *compress, const char *name);

/* Notes a reaped child; whether it was the command. */
bool compress_reaped(struct compress *compress, pid_t pid, int status);

/*
 * What came of one that was reaped: 1 compressed, 0 nothing to be told (it
 * still works, or was killed with what the program left behind), -1 failed
 * with text.  The original goes by way of discard.
 */
int compress_finish(struct compress *compress, struct discard *discard,
    char *text, size_t size);

#endif
