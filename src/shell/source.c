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
#include "process/safefile.h"
#include "shell/loop.h"
#include "shell/run.h"
#include "shell/session.h"
#include "shell/source.h"

#define SOURCE_DEPTH 8
#define SOURCE_BYTES (1 << 20)

/* --- reading ------------------------------------------------------------- */

/* The text of a file; NULL with errno and cause. */
static char *
read_file(const char *path, const struct safefile *safefile, char **cause)
{
	struct stat st;
	size_t len;
	char *text = safefile_read(
	    path, safefile, SOURCE_BYTES, &st, &len, cause);

	if (text == NULL)
		return NULL;
	if (geteuid() == 0 && (st.st_mode & S_IWOTH) != 0)
		cause_set(cause, "it can be written by everybody");
	else if (memchr(text, '\0', len) != NULL)
		cause_set(cause, "it is no text");
	else
		return text;
	errno = EINVAL;
	free(text);
	return NULL;
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
	static const struct safefile readable = { .how = O_RDONLY };
	char *text, *cause = NULL;
	int status;

	if (session->sources == SOURCE_DEPTH) {
		output_error(&session->output,
		    "Error: source: '%s': files run each other more than %d "
		    "deep",
		    path, SOURCE_DEPTH);
		return STATUS_USAGE;
	}
	text = read_file(path, &readable, &cause);
	if (text == NULL) {
		output_error(&session->output, "unable to read '%s': %s", path,
		    cause_text(cause));
		free(cause);
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
	static const struct safefile ours = { .how = O_RDONLY, .ours = true };
	char *path = startup_path(), *text, *cause = NULL;

	if (path == NULL)
		return;
	text = read_file(path, &ours, &cause);
	if (text != NULL)
		run_lines(session, path, text, true);
	else if (errno != ENOENT)
		output_error(&session->output,
		    "start-up file '%s' is not read: %s", path,
		    cause_text(cause));
	free(cause);
	free(text);
	free(path);
}
