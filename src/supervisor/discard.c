#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "process/descriptors.h"
#include "process/safefile.h"
#include "supervisor/discard.h"

#define DISCARD_LARGE (32 * 1024 * 1024) /* bytes; less is soon freed */

/* Keeps a file that is worth it from being freed by unlink; -1: none. */
static int
discard_hold(const char *name)
{
	static const struct safefile readable = { .how = O_RDONLY,
		.no_link = true };
	struct stat st;
	int fd = safefile_open(name, &readable, &st, NULL);

	if (fd == -1 || st.st_size >= DISCARD_LARGE)
		return fd;
	close(fd);
	return -1;
}

/*
 * The child: has nothing but the file and the gate, and leaves when our ends
 * of both are closed, so that the last close is its own.
 */
static void __attribute__((noreturn))
discard_leave(int fd, int gate)
{
	char byte;

	if (dup2(gate, 0) == 0 && dup2(fd, 1) == 1) {
		descriptors_close_from(2);
		(void)!read(0, &byte, 1);
	}
	_exit(0);
}

/* Closes fd, which is the last of its file, without waiting for that. */
static void
discard_close(struct discard *discard, int fd)
{
	int gate[2];

	if (discard->pid == 0 && descriptors_pipe(gate) == 0) {
		discard->pid = fork();
		if (discard->pid == 0)
			discard_leave(fd, gate[0]);
		if (discard->pid == -1)
			discard->pid = 0;
		close(fd);
		close(gate[0]);
		close(gate[1]);
		return;
	}
	close(fd);
}

int
discard_file(struct discard *discard, const char *name)
{
	int fd = discard_hold(name), result = unlink(name), error = errno;

	if (fd != -1)
		discard_close(discard, fd);
	errno = error;
	return result;
}

bool
discard_reaped(struct discard *discard, pid_t pid)
{
	if (discard->pid == 0 || pid != discard->pid)
		return false;
	discard->pid = 0;
	return true;
}
