/*
 * Connecting to a unix socket: never blocks, trusts nobody whose rights it
 * has not seen, and takes paths of any length by way of their directory.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "control/dial.h"
#include "process/descriptors.h"
#include "process/peercred.h"

/* Whose it is, as far as that can be seen: who else could be asked. */
static void
explain_refusal(const char *path, int error, char **cause)
{
	struct passwd *owner = NULL;
	struct stat st;

	if (stat(path, &st) == 0)
		owner = getpwuid(st.st_uid);
	cause_set(cause, "unable to connect to '%s': %s%s%s", path,
	    strerror(error), owner ? "; it belongs to " : "",
	    owner ? owner->pw_name : "");
}

static enum client_result
explain(const char *path, int error, char **cause)
{
	struct stat st;

	switch (error) {
	case EAGAIN:
		return CLIENT_SILENT;
	case ECONNREFUSED:
		if (stat(path, &st) == -1 || S_ISSOCK(st.st_mode)) {
			cause_set(cause, "nobody listens at '%s'", path);
			return CLIENT_NOT_RUNNING;
		}
		cause_set(cause, "'%s' is not a socket", path);
		return CLIENT_BROKEN;
	case ENOENT:
	case ENOTDIR:
		cause_set(cause, "unable to connect to '%s': %s", path,
		    strerror(error));
		return CLIENT_NOT_RUNNING;
	case EACCES:
	case EPERM:
		explain_refusal(path, error, cause);
		return CLIENT_REFUSED;
	default:
		cause_set(cause, "unable to connect to '%s': %s", path,
		    strerror(error));
		return CLIENT_BROKEN;
	}
}

static int
connect_name(int fd, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name);

	if (len >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, name, len + 1);
	return connect(fd, (const struct sockaddr *)&address, sizeof address);
}

/* From inside its directory, where the path does not fit an address. */
static int
connect_inside(int fd, const char *path)
{
	char *directory = path_directory(path);
	int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int done = -1, error;

	if (directory && back != -1 && chdir(directory) == 0) {
		done = connect_name(fd, path_base(path));
		error = errno;
		if (fchdir(back) == -1 && done == 0) {
			error = errno;
			done = -1;
		}
		errno = error;
	}
	error = errno;
	if (back != -1)
		close(back);
	free(directory);
	errno = error;
	return done;
}

static int
connect_path(int fd, const char *path)
{
	if (connect_name(fd, path) == 0)
		return 0;
	return errno == ENAMETOOLONG ? connect_inside(fd, path) : -1;
}

/* In a directory of one's own one may be behind every socket. */
static bool
owns_directory(const char *path, uid_t uid)
{
	char *directory = path_directory(path);
	struct stat st;
	bool owns = directory && stat(directory, &st) == 0 &&
	    st.st_uid == uid && !(st.st_mode & (S_IWGRP | S_IWOTH));

	free(directory);
	return owns;
}

bool
dial_trusts(const struct client *client, uid_t uid)
{
	return uid == 0 || uid == geteuid() || uid == client->user ||
	    owns_directory(client->socket, uid);
}

static enum client_result
check_peer(const struct client *client, int fd, char **cause)
{
	struct peercred peer;

	if (peercred_get(&peer, fd) == -1) {
		cause_set(cause, "unable to tell who listens at '%s': %s",
		    client->socket, strerror(errno));
		return CLIENT_REFUSED;
	}
	if (dial_trusts(client, peer.uid))
		return CLIENT_OK;
	cause_set(cause,
	    "unable to trust '%s': uid %lu listens there, who is neither "
	    "root, nor the configured user, nor we, and the directory is not "
	    "theirs",
	    client->socket, (unsigned long)peer.uid);
	return CLIENT_REFUSED;
}

static int
make_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

enum client_result
dial(const struct client *client, int *fd, char **cause)
{
	enum client_result result;
	int new = make_socket();

	if (new == -1) {
		cause_set(
		    cause, "unable to make a socket: %s", strerror(errno));
		return CLIENT_BROKEN;
	}
	if (connect_path(new, client->socket) == -1)
		result = explain(client->socket, errno, cause);
	else
		result = check_peer(client, new, cause);
	if (result == CLIENT_OK)
		*fd = new;
	else
		close(new);
	return result;
}
