/*
 * Files watched by inotify.  The kernel has one watch for a file however
 * often it is added (two names of one log), so ours are counted.
 */

#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "control/filewatch.h"

struct filewatch_entry {
	int number;
	unsigned int users;
};

void
filewatch_none(struct filewatch *watch)
{
	watch->fd = -1;
	watch->round = 0;
	watch->names = true;
	watch->entry = NULL;
	watch->count = 0;
}

#define EVENT_MOST (sizeof(struct inotify_event) + NAME_MAX + 1)
#define OF_FILE    (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF)
#define OF_DIRECTORY                                           \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | \
	    IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

void
filewatch_open(struct filewatch *watch)
{
	filewatch_none(watch);
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

static int
add(struct filewatch *watch, const char *path, unsigned int what)
{
	int number = inotify_add_watch(watch->fd, path, what);

	if (number == -1)
		return -1;
	for (size_t i = 0; i < watch->count; i++) {
		if (watch->entry[i].number == number) {
			watch->entry[i].users++;
			return number;
		}
	}
	watch->entry = xreallocarray(
	    watch->entry, watch->count + 1, sizeof *watch->entry);
	watch->entry[watch->count++] = (struct filewatch_entry){ number, 1 };
	return number;
}

int
filewatch_file(struct filewatch *watch, const char *path)
{
	return watch->fd == -1 ? -1 : add(watch, path, OF_FILE);
}

int
filewatch_directory(struct filewatch *watch, const char *path)
{
	return watch->fd == -1 ? -1 : add(watch, path, OF_DIRECTORY);
}

void
filewatch_remove(struct filewatch *watch, int number)
{
	for (size_t i = 0; i < watch->count; i++) {
		if (watch->entry[i].number != number)
			continue;
		if (--watch->entry[i].users > 0)
			return;
		inotify_rm_watch(watch->fd, number);
		watch->entry[i] = watch->entry[--watch->count];
		return;
	}
}

/* Whether there are events, and all of them tell of writing. */
static bool
only_writing(const char *buf, ssize_t len)
{
	struct inotify_event event;
	bool only = len > 0;

	for (ssize_t i = 0; i < len; i += (ssize_t)(sizeof event + event.len)) {
		memcpy(&event, buf + i, sizeof event);
		only = only && event.mask == IN_MODIFY;
	}
	return only;
}

void
filewatch_drain(struct filewatch *watch)
{
	char buf[4096];
	ssize_t n;

	watch->round++;
	watch->names = watch->fd == -1;
	/* Where another one would have fitted, there is no other. */
	do {
		n = watch->fd == -1 ? 0 : read(watch->fd, buf, sizeof buf);
		watch->names = watch->names || !only_writing(buf, n);
	} while (n > (ssize_t)(sizeof buf - EVENT_MOST));
}

void
filewatch_close(struct filewatch *watch)
{
	if (watch->fd != -1)
		close(watch->fd);
	free(watch->entry);
	filewatch_none(watch);
}
