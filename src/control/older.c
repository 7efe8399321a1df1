/*
 * Rotated files as one stream.
 *
 * - Each passes a gate of its own, which is closed until its first line of
 *   that time comes.
 * - All are opened before any is read: a rotation that comes meanwhile gives
 *   them other names, and their names to others.
 */

#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/xmalloc.h"
#include "control/logs.h"
#include "control/older.h"
#include "control/since.h"
#include "control/tail.h"
#include "control/unpack.h"

#define AHEAD 64 /* files, the newest, that are opened before they are read */
#define TRIES 8 /* while names are being moved */

struct older {
	int64_t since;
	char *buf;
	size_t size;
	struct logs logs; /* still to be read: from next up to end */
	size_t next, end;
	int *file; /* each of them, if it is open; -1 */
	struct unpack *unpack; /* of the one being read, */
	int fd; /* or it as it is; -1 */
	off_t offset;
	struct since_gate gate;
	size_t kept; /* bytes in buf that the gate will see again */
	char *cause;
};

/* --- which there are ------------------------------------------------------ */

/* One that cannot be opened is tried again, and told, in its turn. */
static void
open_ahead(struct older *older)
{
	const struct logs *logs = &older->logs;

	older->file = xcalloc(logs->count + 1, sizeof *older->file);
	for (size_t i = 0; i < logs->count; i++)
		older->file[i] = logs->count - i > AHEAD ?
		    -1 :
		    tail_open(logs->log[i].path, NULL);
}

/* Forgets which there are. */
static void
close_ahead(struct older *older)
{
	for (size_t i = 0; i < older->logs.count; i++)
		if (older->file[i] != -1)
			close(older->file[i]);
	free(older->file);
	older->file = NULL;
	logs_free(&older->logs);
}

/* Lists and opens them; whether no name was moved meanwhile. */
static bool
gather_once(struct older *older, const char *path)
{
	struct logs after;
	bool same;

	close_ahead(older);
	logs_rotated(&older->logs, path, older->since);
	open_ahead(older);
	logs_rotated(&after, path, older->since);
	same = logs_are_same(&older->logs, &after);
	logs_free(&after);
	return same;
}

/* Leaves out the log itself, which was rotated, and what came after it. */
static void
leave_out(struct older *older, int fd)
{
	struct logs *logs = &older->logs;
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1)
		return;
	for (size_t i = 0; i < logs->count; i++)
		if (logs->log[i].dev == st.st_dev &&
		    logs->log[i].ino == st.st_ino)
			older->end = i;
}

struct older *
older_new(const char *path, int fd, int64_t since_ms, char *buf, size_t size)
{
	struct older *older = xcalloc(1, sizeof *older);

	older->since = since_ms;
	older->buf = buf;
	older->size = size;
	older->fd = -1;
	for (int i = 0; i < TRIES && !gather_once(older, path); i++)
		;
	older->end = older->logs.count;
	leave_out(older, fd);
	return older;
}

/* --- reading them --------------------------------------------------------- */

static bool
is_open(const struct older *older)
{
	return older->unpack || older->fd != -1;
}

static void
close_one(struct older *older)
{
	unpack_free(older->unpack);
	older->unpack = NULL;
	if (older->fd != -1)
		close(older->fd);
	older->fd = -1;
	older->kept = 0;
}

void
older_free(struct older *older)
{
	if (!older)
		return;
	close_one(older);
	close_ahead(older);
	free(older->cause);
	free(older);
}

const char *
older_cause(const struct older *older)
{
	return cause_text(older->cause);
}

int
older_fd(const struct older *older)
{
	return older->unpack ? unpack_fd(older->unpack) : -1;
}

int
older_timeout(const struct older *older)
{
	return older->unpack ? unpack_timeout(older->unpack) : -1;
}

static void
open_next(struct older *older)
{
	const char *path = older->logs.log[older->next].path;
	int fd = older->file[older->next];

	older->file[older->next++] = -1;
	older->gate = (struct since_gate){ .since = older->since,
		.now = clock_wall_ms() };
	older->offset = 0;
	if (fd == -1 && (fd = tail_open(path, &older->cause)) == -1)
		return;
	if (unpack_knows(path))
		older->unpack = unpack_new(path, fd, &older->cause);
	else
		older->fd = fd;
}

/* Behind what the gate will see again. */
static enum unpack_result
read_one(struct older *older, size_t *len)
{
	char *buf = older->buf + older->kept;
	size_t room = older->size - older->kept;
	ssize_t n;

	if (!is_open(older))
		return UNPACK_FAILED;
	if (older->unpack)
		return unpack_read(
		    older->unpack, buf, room, len, &older->cause);
	n = pread(older->fd, buf, room, older->offset);
	if (n == -1) {
		cause_set(&older->cause, "unable to read '%s': %s",
		    older->logs.log[older->next - 1].path, strerror(errno));
		return UNPACK_FAILED;
	}
	older->offset += n;
	*len = (size_t)n;
	return n == 0 ? UNPACK_END : UNPACK_DATA;
}

/* Hands on what is left behind the gate; whether that is anything. */
static bool
pass_gate(
    struct older *older, size_t read, bool last, const char **data, size_t *len)
{
	size_t have = older->kept + read, passed;

	passed = since_pass(&older->gate, older->buf, have, last);
	older->kept = 0;
	if (older->gate.open && passed < have) {
		*data = older->buf + passed;
		*len = have - passed;
		return true;
	}
	older->kept = have - passed;
	memmove(older->buf, older->buf + passed, older->kept);
	return false;
}

enum older_news
older_next(struct older *older, const char **data, size_t *len)
{
	enum unpack_result result;
	size_t read;
	bool found;

	while (is_open(older) || older->next < older->end) {
		if (!is_open(older))
			open_next(older);
		read = 0;
		result = read_one(older, &read);
		if (result == UNPACK_NOTHING)
			return OLDER_NOTHING;
		if (result == UNPACK_FAILED) {
			close_one(older);
			return OLDER_FAILED;
		}
		found = pass_gate(older, read, result == UNPACK_END, data, len);
		if (result == UNPACK_END)
			close_one(older);
		if (found)
			return OLDER_DATA;
	}
	return OLDER_END;
}
