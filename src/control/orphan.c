/*
 * What is known of a program whose supervisor is lost, or does not answer.
 * The state file may be stale, another boot's, cut off or hostile: it is read
 * with bounds, and believed only of whom we would believe an answer, and only
 * where the process it names is there with the start time it names.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/dial.h"
#include "control/orphan.h"
#include "options/paths.h"
#include "process/identity.h"

static int
open_state(const struct client *client)
{
	char *path = paths_beside(client->socket, "state");
	struct stat st;
	int fd;

	if (!path)
		return -1;
	fd = open(
	    path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	free(path);
	if (fd != -1 &&
	    (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
		!dial_trusts(client, st.st_uid))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static ssize_t
read_state(const struct client *client, char *buf, size_t size)
{
	int fd = open_state(client);
	size_t len = 0;
	ssize_t n = 1;

	if (fd == -1)
		return -1;
	while (n > 0 && len < size - 1) {
		n = read(fd, buf + len, size - 1 - len);
		if (n > 0)
			len += (size_t)n;
		else if (n == -1 && errno == EINTR)
			n = 1;
	}
	close(fd);
	buf[len] = '\0';
	return n == -1 ? -1 : (ssize_t)len;
}

bool
orphan_read(struct orphan *orphan, const struct client *client)
{
	char buf[STATE_FILE_MAX + 1];
	struct identity identity;
	struct state state;
	ssize_t len = read_state(client, buf, sizeof buf);

	if (len <= 0 || state_parse(&state, buf, (size_t)len, NULL) == -1)
		return false;
	memset(&identity, 0, sizeof identity);
	identity.pid = state.pid;
	identity.start_time = state.start_time;
	snprintf(
	    identity.boot_id, sizeof identity.boot_id, "%s", state.boot_id);
	orphan->state = state;
	orphan->runs = state.pid > 0 && identity_alive(&identity);
	return true;
}

bool
orphan_find(struct orphan *orphan, const struct client *client)
{
	return orphan_read(orphan, client) && orphan->runs;
}
