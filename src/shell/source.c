/*
 * Lines from a file: `source` and the start-up file.
 *
 * - The whole file is read before its first line runs: what the lines do
 *   cannot change what is run.
 * - Files may run files, so deep and no deeper.
 */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "shell/loop.h"
#include "shell/run.h"
#include "shell/session.h"
#include "shell/source.h"

#define SOURCE_DEPTH 8
#define SOURCE_BYTES (1 << 20)

/* --- reading ------------------------------------------------------------- */

/* Whether only the user, or root, can have written what is in the file. */
static int
check_owner(const struct stat *st, char **cause)
{
	if (st->st_uid != geteuid() && st->st_uid != 0) {
		cause_set(cause, "it belongs to another user");
		return -1;
	}
	if ((st->st_mode & S_IWOTH) != 0) {
		cause_set(cause, "everybody may write to it");
		return -1;
	}
	return 0;
}

static int
check_file(int fd, bool trusted, char **cause)
{
	struct stat st;

	if (fstat(fd, &st) == -1) {
		cause_set(cause, "%s", strerror(errno));
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		cause_set(cause, "%s", strerror(EISDIR));
		return -1;
	}
	return trusted && S_ISREG(st.st_mode) ? check_owner(&st, cause) : 0;
}

/* All of a file, as text; NULL with cause. */
static char *
read_all(int fd, char **cause)
{
	char *text = xmalloc(SOURCE_BYTES + 1);
	size_t len = 0;
	ssize_t n;

	/* Interrupted by what asks for an end: a FIFO may have none. */
	while ((n = read(fd, text + len, SOURCE_BYTES + 1 - len)) > 0)
		len += (size_t)n;
	if (n == -1)
		cause_set(cause, "%s", strerror(errno));
	else if (len > SOURCE_BYTES)
		cause_set(cause, "it is larger than %d bytes", SOURCE_BYTES);
	else if (memchr(text, '\0', len) != NULL)
		cause_set(cause, "it is no text");
	else {
		text[len] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

/* The text of a file; NULL with cause, or without if it is not there. */
static char *
read_file(const char *path, bool trusted, char **cause)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text = NULL;

	if (fd == -1) {
		if (errno != ENOENT || !trusted)
			cause_set(cause, "%s", strerror(errno));
		return NULL;
	}
	if (check_file(fd, trusted, cause) == 0)
		text = read_all(fd, cause);
	close(fd);
	return text;
}

/* --- running ------------------------------------------------------------- */

/* Runs one line, known to all as origin; whether the file goes on. */
static bool
run_one(struct session *session, const char *line, const char *origin,
    bool keep_going, struct tally *tally)
{
	bool failed;
	int status;

	session->context.origin = origin;
	status = run_line(session, line);
	failed = run_count(session, status, tally);
	if (failed)
		output_error(&session->output, "%s: exit status %d: %s", origin,
		    status, line + strspn(line, " \t"));
	return !session->quit && !session->interrupted &&
	    !loop_pending(session->loop, SIGTERM) &&
	    !loop_pending(session->loop, SIGHUP) &&
	    !output_broken(&session->output) && (!failed || keep_going);
}

static int
run_lines(
    struct session *session, const char *path, char *text, bool keep_going)
{
	const char *above = session->context.origin;
	struct tally tally = { STATUS_DONE, STATUS_DONE };
	bool more = true;
	int number = 0;
	char *line, *origin;

	session->sources++;
	while (more && (line = strsep(&text, "\n")) != NULL) {
		line[strcspn(line, "\r")] = '\0';
		origin = xasprintf("%s:%d", path, ++number);
		more = run_one(session, line, origin, keep_going, &tally);
		session->context.origin = above;
		free(origin);
	}
	session->sources--;
	return run_total(session, &tally);
}

int
source_file(struct session *session, const char *path)
{
	char *text, *cause = NULL;
	int status;

	if (session->sources == SOURCE_DEPTH) {
		output_error(&session->output,
		    "Error: source: '%s': files run each other more than %d "
		    "deep",
		    path, SOURCE_DEPTH);
		return STATUS_USAGE;
	}
	text = read_file(path, false, &cause);
	if (text == NULL) {
		output_error(&session->output, "unable to read '%s': %s", path,
		    cause_text(cause));
		free(cause);
		session->interrupted |= loop_take(session->loop, SIGINT);
		return STATUS_FAILED;
	}
	status = run_lines(session, path, text, session->cmdline.keep_going);
	free(text);
	return status;
}

/* Where the start-up file would be; NULL: nowhere. */
static char *
startup_path(void)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config != NULL && config[0] == '/')
		return xasprintf("%s/zdaemon/rc", config);
	if (home != NULL && home[0] == '/')
		return xasprintf("%s/.config/zdaemon/rc", home);
	return NULL;
}

void
source_startup(struct session *session)
{
	char *path = startup_path(), *text, *cause = NULL;

	if (path == NULL)
		return;
	text = read_file(path, true, &cause);
	if (text != NULL)
		run_lines(session, path, text, true);
	else if (cause != NULL)
		output_error(&session->output,
		    "start-up file '%s' is not read: %s", path, cause);
	free(cause);
	free(text);
	free(path);
}
