#ifndef SUPERVISOR_ROTATE_H
#define SUPERVISOR_ROTATE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options/options.h"
#include "supervisor/compress.h"
#include "supervisor/discard.h"
#include "supervisor/renew.h"
#include "supervisor/sink.h"

/*
 * Changing the file of a sink for a new one: the old one is renamed (and
 * those before it), the name begins anew, the oldest goes.  At the end of a
 * line, except that a line may not be longer than a megabyte behind the
 * limit.
 */
struct rotate {
	struct sink *sink; /* NULL: there is nothing to rotate */
	int64_t max_size; /* bytes; 0: of no matter */
	int64_t max_age; /* ms; 0: of no matter */
	unsigned int keep;
	bool dated;
	bool marks;
	DIR *dir; /* for dated names: where they are */
	struct renewal renewal;
	struct compress compress;
	struct discard discard;
	int64_t empty; /* so large is a file with nothing but our mark */
	int64_t age_at; /* when it is too old, monotonic ms; INT64_MAX */
	int64_t hold; /* it failed: not before; monotonic ms */
	int64_t again; /* when to look for what is not compressed */
	bool failed; /* and that was told */
	int error; /* to be told; 0: nothing */
	char compress_text[400]; /* to be told; "": nothing */
	char old[PATH_MAX], new[PATH_MAX]; /* names at work */
};

/* 0, or -1 with errno. */
int rotate_init(
    struct rotate *rotate, const struct runner *runner, struct sink *sink);
void rotate_free(struct rotate *rotate);

/*
 * The sink has got its file in another directory: goes on there.  0, or -1
 * with errno.
 */
int rotate_follow(struct rotate *rotate);

/* How many bytes may come until a rotation is due; INT64_MAX: any number. */
int64_t rotate_room(const struct rotate *rotate);

/* Whether the file is large enough and ends with a line. */
bool rotate_is_due(const struct rotate *rotate);

/* Does it; an empty file stays.  0, or -1 with errno: all is as before. */
int rotate_now(struct rotate *rotate);

/* Deadlines; whether the file has become too old. */
int64_t rotate_deadline(struct rotate *rotate);
bool rotate_is_old(const struct rotate *rotate, int64_t now);

/* Looks after the compressing. */
void rotate_serve(struct rotate *rotate, int64_t now);

#endif
