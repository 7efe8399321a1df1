/*
 * What is known of a program whose supervisor is lost, or does not answer.
 * What it wrote down may be stale, another boot's, cut off or hostile: it is
 * read with bounds, and believed only of whom we would believe an answer, and
 * only where the process it names is there with the start time it names.
 */

#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/dial.h"
#include "control/orphan.h"
#include "options/paths.h"
#include "process/named.h"
#include "process/safefile.h"
#include "protocol/keptstate.h"

/* A file beside the socket, of one whom we trust; -1: there is none. */
static int
open_beside(const struct client *client, const char *suffix)
{
	static const struct safefile readable = { .how = O_RDONLY,
		.no_link = true };
	char *path = paths_beside(client->socket, suffix);
	struct stat st;
	int fd;

	if (!path)
		return -1;
	fd = safefile_open(path, &readable, &st, NULL);
	free(path);
	if (fd != -1 && !dial_trusts(client, st.st_uid)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool
read_state(const struct client *client, struct state *state)
{
	int file = open_beside(client, "state");
	int lock = open_beside(client, "lock");
	int found = keptstate_read(state, file, lock, NULL);

	if (file != -1)
		close(file);
	if (lock != -1)
		close(lock);
	return found == 1;
}

bool
orphan_read(struct orphan *orphan, const struct client *client)
{
	struct identity identity;
	struct state state;

	if (!read_state(client, &state))
		return false;
	named_program(&identity, &state);
	orphan->state = state;
	orphan->runs = identity_alive(&identity);
	orphan->managed = named_manager_runs(&state);
	return true;
}

bool
orphan_find(struct orphan *orphan, const struct client *client)
{
	return orphan_read(orphan, client) && orphan->runs;
}
