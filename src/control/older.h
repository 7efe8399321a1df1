#ifndef CONTROL_OLDER_H
#define CONTROL_OLDER_H

#include <stddef.h>
#include <stdint.h>

/*
 * The files that a log was rotated to, the oldest first, packed or not, as one
 * stream: what was written from a time on.  Does not block.
 */
struct older;

enum older_news {
	OLDER_NOTHING, /* now */
	OLDER_DATA,
	OLDER_FAILED, /* one cannot be read: older_cause; the next ones may */
	OLDER_END
};

/*
 * Rotated files of the log at path that hold lines at or after since_ms (ms
 * since 1970), read into the size bytes of buf, which nobody else may use and
 * which must outlive the object.  fd is the log itself, which may have been
 * rotated since it was opened: neither it nor what is newer is taken for older;
 * -1: none. What is found is open from now on, and may be rotated.
 */
struct older *older_new(
    const char *path, int fd, int64_t since_ms, char *buf, size_t size);
void older_free(struct older *older);

/* The next piece, in buf; good until the next call. */
enum older_news older_next(struct older *older, const char **data, size_t *len);
const char *older_cause(const struct older *older);

/* What to wait for, and how long at the most, in ms; -1: for nothing. */
int older_fd(const struct older *older);
int older_timeout(const struct older *older);

#endif
