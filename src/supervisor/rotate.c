/*
 * Rotation.
 *
 * - The new file is there, with the beginning of the line that has no end yet,
 *   before anything is renamed (renew.c).
 * - Files are renamed from the oldest on up to the first number that is free.
 *   Where one cannot be renamed, all stay as they are; only after a rotation
 *   is the oldest removed.
 * - Where the name does not lead to our file any more (somebody renamed it
 *   before us), it is only opened anew.
 */

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "supervisor/rotate.h"
#include "supervisor/rotname.h"
#include "supervisor/sink-file.h"

#define ROTATE_OVER (1 << 20) /* bytes behind the limit for a line to end */
#define ROTATE_HOLD 60000 /* ms between two tries at what fails */
#define ROTATE_AGAIN \
	10000 /* ms until a compressor that was killed runs again */

/* --- beginning ------------------------------------------------------------ */

/* How long the file has been there, ms; 0 where the system does not know. */
static int64_t
rotate_age(const struct sink *sink)
{
	struct statx stx;
	int64_t age;

	if (statx(sink->file.fd, "", AT_EMPTY_PATH, STATX_BTIME, &stx) == 0 &&
	    (stx.stx_mask & STATX_BTIME) != 0) {
		age = clock_wall_ms() - stx.stx_btime.tv_sec * 1000;
		return age > 0 ? age : 0;
	}
	return 0;
}

/* Dated names can only be told apart by looking. */
static int
rotate_open_directory(struct rotate *rotate)
{
	char *path;
	DIR *dir;

	if ((path = path_directory(rotate->sink->path)) == NULL)
		return -1;
	dir = opendir(path);
	free(path);
	if (dir == NULL)
		return -1;
	if (rotate->dir != NULL)
		closedir(rotate->dir);
	rotate->dir = dir;
	return 0;
}

/* With the file that the sink has now.  0, or -1 with errno. */
static int
rotate_begin(struct rotate *rotate)
{
	const struct sink *sink = rotate->sink;

	rotate->age_at = INT64_MAX;
	if (rotate->max_age > 0 && sink->file.end > 0)
		rotate->age_at = clock_mono_ms() + rotate->max_age -
		    rotate_age(sink);
	/* What one before us did not come to. */
	rotate->again = 0;
	return rotate->dated ? rotate_open_directory(rotate) : 0;
}

int
rotate_init(
    struct rotate *rotate, const struct runner *runner, struct sink *sink)
{
	memset(rotate, 0, sizeof(*rotate));
	if (sink->kind != &sink_file_kind || !sink->file.regular)
		return 0;
	compress_init(
	    &rotate->compress, &runner->transcript_compress, sink->path);
	if (renewal_init(&rotate->renewal, sink->path) == -1)
		return -1;
	rotate->sink = sink;
	rotate->max_size = runner->transcript_max_size;
	rotate->max_age = runner->transcript_max_age;
	rotate->keep = (unsigned int)runner->transcript_keep;
	rotate->dated = strcmp(runner->transcript_rotate_names, "dated") == 0;
	rotate->marks = runner->transcript_marks;
	return rotate_begin(rotate);
}

int
rotate_follow(struct rotate *rotate)
{
	if (rotate->sink == NULL)
		return 0;
	/* The names of what it works on lead elsewhere now. */
	compress_end(&rotate->compress);
	rotate->empty = rotate->hold = 0;
	rotate->failed = false;
	return rotate_begin(rotate);
}

void
rotate_free(struct rotate *rotate)
{
	compress_end(&rotate->compress);
	if (rotate->dir != NULL)
		closedir(rotate->dir);
	rotate->dir = NULL;
	rotate->sink = NULL;
}

/* --- when ----------------------------------------------------------------- */

int64_t
rotate_room(const struct rotate *rotate)
{
	const struct sink *sink = rotate->sink;

	if (sink == NULL || rotate->max_size == 0 || !sink_is_clear(sink))
		return INT64_MAX;
	if (rotate->hold > 0 && clock_mono_ms() < rotate->hold)
		return INT64_MAX;
	return sink->file.end < rotate->max_size ?
	    rotate->max_size - sink->file.end :
	    0;
}

/* Where the old file is to end; -1: only behind its last byte. */
static int64_t
rotate_place(const struct sink *sink)
{
	return sink->inside ? logfile_line(&sink->file) : sink->file.end;
}

bool
rotate_is_due(const struct rotate *rotate)
{
	return rotate_room(rotate) == 0 &&
	    (rotate_place(rotate->sink) > rotate->empty ||
		rotate->sink->file.end >= rotate->max_size + ROTATE_OVER);
}

int64_t
rotate_deadline(struct rotate *rotate)
{
	int64_t deadline = rotate->age_at;

	if (rotate->sink == NULL)
		return INT64_MAX;
	/* An empty file does not grow old. */
	if (rotate->max_age > 0 && deadline == INT64_MAX &&
	    rotate->sink->file.end > rotate->empty)
		rotate->age_at = deadline = clock_mono_ms() + rotate->max_age;
	if (rotate->again < deadline)
		deadline = rotate->again;
	if (rotate->compress.limit < deadline)
		deadline = rotate->compress.limit;
	return deadline;
}

bool
rotate_is_old(const struct rotate *rotate, int64_t now)
{
	return rotate->sink != NULL && now >= rotate->age_at;
}

/* --- names ---------------------------------------------------------------- */

/* The name of a numbered file, in old; whether there is one. */
static bool
rotate_find_numbered(
    struct rotate *rotate, unsigned int number, const char *suffix)
{
	struct stat st;

	return rotname_numbered(rotate->old, sizeof(rotate->old),
		   rotate->sink->path, number, suffix) &&
	    lstat(rotate->old, &st) == 0;
}

/* Removes a file of ours; whether it was there. */
static bool
rotate_remove(struct rotate *rotate, const char *name)
{
	if (compress_is_busy(&rotate->compress) &&
	    strcmp(rotate->compress.name, name) == 0)
		compress_renamed(&rotate->compress, NULL);
	return discard_file(&rotate->discard, name) == 0;
}

/* Whether what is in old was compressed, but not removed any more. */
static bool
rotate_is_compressed(struct rotate *rotate)
{
	int n = snprintf(rotate->new, sizeof(rotate->new), "%s%s", rotate->old,
	    rotate->compress.suffix);

	return *rotate->compress.suffix != '\0' && n > 0 &&
	    (size_t)n < sizeof(rotate->new) && access(rotate->new, F_OK) == 0;
}

/* Whether there is a file of that number. */
static bool
rotate_is_taken(struct rotate *rotate, unsigned int number)
{
	return rotate_find_numbered(rotate, number, "") ||
	    rotate_find_numbered(rotate, number, rotate->compress.suffix);
}

/* Gives one of the numbered files the next number.  0, or -1 with errno. */
static int
rotate_move(struct rotate *rotate, unsigned int number, const char *suffix)
{
	const char *path = rotate->sink->path;

	if (!rotate_find_numbered(rotate, number, suffix))
		return 0;
	/* Two of a number would be two of a content. */
	if (*suffix == '\0' && rotate_is_compressed(rotate))
		return unlink(rotate->old);
	if (!rotname_numbered(
		rotate->new, sizeof(rotate->new), path, number + 1, suffix)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (rename(rotate->old, rotate->new) == -1)
		return -1;
	if (compress_is_busy(&rotate->compress) &&
	    strcmp(rotate->compress.name, rotate->old) == 0)
		compress_renamed(&rotate->compress, rotate->new);
	return 0;
}

/* Makes number 1 free, and puts its name in new. */
static int
rotate_shift(struct rotate *rotate)
{
	const char *suffix = rotate->compress.suffix;
	unsigned int number = 1;

	while (rotate_is_taken(rotate, number))
		number++;
	while (--number > 0) {
		if (rotate_move(rotate, number, "") == -1 ||
		    (*suffix != '\0' &&
			rotate_move(rotate, number, suffix) == -1))
			return -1;
	}
	if (rotname_numbered(
		rotate->new, sizeof(rotate->new), rotate->sink->path, 1, ""))
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

/* Also those that were kept when more were to be kept. */
static void
rotate_prune_numbered(struct rotate *rotate)
{
	const char *suffix = rotate->compress.suffix;
	unsigned int number = rotate->keep;
	bool more = true;

	while (more) {
		number++;
		more = rotate_find_numbered(rotate, number, "") &&
		    rotate_remove(rotate, rotate->old);
		if (*suffix != '\0' &&
		    rotate_find_numbered(rotate, number, suffix) &&
		    rotate_remove(rotate, rotate->old))
			more = true;
	}
}

/* A name of this moment that nothing has, in new. */
static int
rotate_date(struct rotate *rotate)
{
	const char *suffix = rotate->compress.suffix;
	int64_t now = clock_wall_ms(), at;

	for (at = now; at < now + 100; at++) {
		if (!rotname_dated(rotate->new, sizeof(rotate->new),
			rotate->sink->path, at, "") ||
		    !rotname_dated(rotate->old, sizeof(rotate->old),
			rotate->sink->path, at, suffix)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		if (access(rotate->new, F_OK) == -1 &&
		    access(rotate->old, F_OK) == -1)
			return 0;
	}
	errno = EEXIST;
	return -1;
}

/*
 * The dated file that comes first by its name, in old, of those that are not
 * compressed only if plain; how many there are.
 */
static unsigned int
rotate_first_dated(struct rotate *rotate, bool plain)
{
	const char *base = path_base(rotate->sink->path);
	int dir = (int)(base - rotate->sink->path);
	const char *suffix = plain ? "" : rotate->compress.suffix, *first;
	unsigned int count = 0;
	struct dirent *entry;

	first = rotate->old + dir;
	rewinddir(rotate->dir);
	while ((entry = readdir(rotate->dir)) != NULL) {
		if (!rotname_is_dated(entry->d_name, base, suffix))
			continue;
		if (count++ == 0 || strcmp(entry->d_name, first) < 0)
			snprintf(rotate->old, sizeof(rotate->old), "%.*s%s",
			    dir, rotate->sink->path, entry->d_name);
	}
	return count;
}

static void
rotate_prune_dated(struct rotate *rotate)
{
	while (rotate_first_dated(rotate, false) > rotate->keep) {
		if (!rotate_remove(rotate, rotate->old))
			return;
	}
}

/* --- rotating ------------------------------------------------------------- */

static bool
rotate_is_ours(const struct sink *sink, const struct stat *st)
{
	return st->st_dev == sink->file.dev && st->st_ino == sink->file.ino;
}

/*
 * Whether our file still has its name: 1, 0 it has not, -1 that is a link to
 * it, with errno: renaming it would leave the file where it is.
 */
static int
rotate_has_name(const struct sink *sink)
{
	struct stat st;

	if (lstat(sink->path, &st) == -1)
		return 0;
	if (!S_ISLNK(st.st_mode))
		return rotate_is_ours(sink, &st);
	if (stat(sink->path, &st) == -1 || !rotate_is_ours(sink, &st))
		return 0;
	errno = ELOOP;
	return -1;
}

/* What has failed is not tried again at every turn. */
static int
rotate_failed(struct rotate *rotate)
{
	int error = errno;

	rotate->hold = clock_mono_ms() + ROTATE_HOLD;
	if (rotate->max_age > 0)
		rotate->age_at = rotate->hold;
	if (!rotate->failed)
		rotate->error = error;
	rotate->failed = true;
	errno = error;
	return -1;
}

/* Somebody renamed our file: goes on with that of its name. */
static int
rotate_go_on(struct rotate *rotate)
{
	if (rotate->sink->kind->reopen(rotate->sink) == -1)
		return rotate_failed(rotate);
	rotate->empty = 0;
	return 0;
}

/* A line of ours about the rotation, if there are to be any; its length. */
static size_t
rotate_mark(
    const struct rotate *rotate, char *line, size_t size, const char *text)
{
	if (!rotate->marks)
		return 0;
	return stamp_mark(line, size, rotate->sink->stamps, clock_wall_ms(),
	    clock_mono_ms(), text);
}

/* Ends the old file with one, if it takes it. */
static void
rotate_end_file(const struct rotate *rotate)
{
	struct logfile *file = &rotate->sink->file;
	int64_t end = file->end;
	char line[STAMP_MARK_MAX];
	size_t len;

	len = rotate_mark(
	    rotate, line, sizeof(line), "goes on in the next file");
	if (len == 0 || logfile_is_inside(file))
		return;
	if (logfile_write(file, line, len) == (ssize_t)len)
		rotate->sink->bytes += (int64_t)len;
	else
		logfile_cut(file, end);
}

/* The file gets another name, and a new one has its name.  0, or -1. */
static int
rotate_swap(struct rotate *rotate, int64_t place)
{
	struct sink *sink = rotate->sink;
	char head[STAMP_MARK_MAX];
	struct logfile next;
	size_t len = rotate_mark(
	    rotate, head, sizeof(head), "continues the file before");

	if (renewal_begin(
		&rotate->renewal, &next, &sink->file, place, head, len) == -1)
		return -1;
	if ((rotate->dated ? rotate_date(rotate) : rotate_shift(rotate)) ==
		-1 ||
	    renewal_swap(&rotate->renewal, &sink->file, place, rotate->new) ==
		-1) {
		renewal_drop(&rotate->renewal);
		logfile_close(&next);
		return -1;
	}
	rotate_end_file(rotate);
	sink_file_take(sink, &next);
	sink->bytes += (int64_t)len;
	rotate->empty = (int64_t)len;
	return 0;
}

int
rotate_now(struct rotate *rotate)
{
	struct sink *sink = rotate->sink;
	int64_t place;

	sink_file_look(sink);
	/* Whatever file it has after this is young. */
	rotate->age_at = INT64_MAX;
	switch (rotate_has_name(sink)) {
	case 1:
		break;
	case 0:
		return rotate_go_on(rotate);
	default:
		return rotate_failed(rotate);
	}
	/* One that is too long, or not ours alone, is left where it is. */
	if ((place = rotate_place(sink)) == -1)
		place = sink->file.end;
	if (place <= rotate->empty)
		return 0;
	if (rotate_swap(rotate, place) == -1)
		return rotate_failed(rotate);
	if (rotate->dated)
		rotate_prune_dated(rotate);
	else
		rotate_prune_numbered(rotate);
	rotate->failed = false;
	rotate->hold = 0;
	rotate->again = 0;
	return 0;
}

/* --- compressing ---------------------------------------------------------- */

/* The oldest file that is not compressed, in old; false: there is none. */
static bool
rotate_find_plain(struct rotate *rotate)
{
	const char *path = rotate->sink->path;
	unsigned int number;

	if (rotate->dated)
		return rotate_first_dated(rotate, true) > 0;
	for (number = rotate->keep; number > 0; number--) {
		if (rotname_numbered(
			rotate->old, sizeof(rotate->old), path, number, "") &&
		    access(rotate->old, F_OK) == 0)
			return true;
	}
	return false;
}

static void
rotate_compress(struct rotate *rotate)
{
	struct compress *compress = &rotate->compress;

	rotate->again = INT64_MAX;
	if (compress->argv == NULL || compress_is_busy(compress))
		return;
	while (rotate_find_plain(rotate)) {
		if (rotate_is_compressed(rotate)) {
			if (unlink(rotate->old) == -1)
				return;
			continue;
		}
		if (compress_start(compress, rotate->old) == -1)
			snprintf(rotate->compress_text,
			    sizeof(rotate->compress_text), "%s of '%.200s': %s",
			    compress->argv[0], rotate->old, strerror(errno));
		return;
	}
}

void
rotate_serve(struct rotate *rotate, int64_t now)
{
	struct compress *compress = &rotate->compress;

	if (rotate->sink == NULL)
		return;
	compress_limit(compress, now);
	if (compress->helper.ended)
		switch (compress_finish(compress, &rotate->discard,
		    rotate->compress_text, sizeof(rotate->compress_text))) {
		case 1:
			rotate->again = 0;
			break;
		case 0:
			rotate->again = now + ROTATE_AGAIN;
			break;
		default:
			break;
		}
	if (now >= rotate->again)
		rotate_compress(rotate);
}
