/*
 * What can only be checked across keys, or against the system.
 */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "options/environment.h"
#include "options/handover.h"
#include "options/load.h"
#include "options/paths.h"
#include "options/systemlog.h"
#include "options/user.h"
#include "process/child.h"
#include "process/refusal.h"

struct check {
	const struct runner *runner;
	const char *config;
	struct problems *problems;
};

static const struct option_row *
row_of(const char *name)
{
	return option_find("runner", name);
}

/* Tells something about a key, at the line that has set it. */
static void __attribute__((format(printf, 4, 5))) tell(struct check *check,
    enum severity severity, const char *key, const char *fmt, ...)
{
	const struct origin *origin;
	va_list ap;

	origin = option_origin(check->runner, row_of(key));
	va_start(ap, fmt);
	problems_vadd(
	    check->problems, severity, origin->file, origin->line, fmt, ap);
	va_end(ap);
}

/* The same of its value. */
static void
tell_value(struct check *check, enum severity severity, const char *key,
    const char *value, const char *text)
{
	tell(check, severity, key, "%s: '%.200s' %s", key, value, text);
}

static void
check_program(struct check *check)
{
	if (check->runner->program.count > 0 || check->runner->faulty)
		return;
	problems_add(check->problems, SEVERITY_ERROR, check->config, 0,
	    "no program specified; use -p or %s",
	    check->config == NULL ? "-C" :
				    "the key program in the runner section");
}

static void
check_user(struct check *check)
{
	gid_t *group = xcalloc(HANDOVER_GROUPS, sizeof(*group)), gid;
	size_t groups = HANDOVER_GROUPS;
	char *cause = NULL;
	uid_t uid;

	if (user_resolve(
		check->runner->user, &uid, &gid, group, &groups, &cause) == -1)
		tell(check, SEVERITY_ERROR, "user", "%s", cause_text(cause));
	free(cause);
	free(group);
}

static void
check_access(struct check *check)
{
	const struct runner *runner = check->runner;
	char *cause = NULL;
	gid_t gid;

	if (user_group(runner->socket_group, &gid, &cause) == -1)
		tell(check, SEVERITY_ERROR, "socket-group", "socket-group: %s",
		    cause_text(cause));
	else if ((runner->socket_mode & 060) != 0 && gid == (gid_t)-1)
		tell(check, SEVERITY_WARNING, "socket-mode",
		    "socket-mode: %03o means a group, but there is no "
		    "socket-group",
		    runner->socket_mode);
	free(cause);
}

/* Whether path is a directory or one level of making would make it one. */
static bool
can_be_directory(const char *path)
{
	char *parent;
	bool good;

	if (path_is_directory(path))
		return true;
	if ((parent = path_directory(path)) == NULL)
		return true;
	good = path_is_directory(parent);
	free(parent);
	return good;
}

static void
check_directories(struct check *check)
{
	const struct runner *runner = check->runner;
	char *parent;

	if (runner->directory != NULL && !can_be_directory(runner->directory))
		tell_value(check, SEVERITY_ERROR, "directory",
		    runner->directory,
		    "is not an existing directory, and neither is its parent");
	if (runner->socket_name == NULL)
		return;
	parent = path_directory(runner->socket_name);
	if (parent != NULL && !can_be_directory(parent))
		tell_value(check, SEVERITY_ERROR, "socket-name",
		    runner->socket_name,
		    "is in a directory that does not exist, and whose parent "
		    "does not either");
	free(parent);
}

/* Who can write there can put a socket of his own in place of ours. */
static void
check_socket_directory(struct check *check)
{
	char *socket = paths_socket(check->runner, NULL), *parent = NULL;
	struct stat st;

	if (socket != NULL)
		parent = path_directory(socket);
	/* A sticky one, such as /tmp, keeps what is there from others. */
	if (parent != NULL && stat(parent, &st) == 0 &&
	    (st.st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
		tell_value(check, SEVERITY_WARNING, "socket-name",
		    check->runner->socket_name,
		    "is in a directory that everybody can write: they can "
		    "put another in its place");
	free(parent);
	free(socket);
}

/* A log of the system's may be started later, too. */
static void
check_systemlog(struct check *check, const char *key, const char *value)
{
	struct systemlog log;
	struct stat st;

	if (!systemlog_named(value) ||
	    systemlog_parse(&log, value, NULL, NULL) == -1 ||
	    (stat(log.socket, &st) == 0 && S_ISSOCK(st.st_mode)))
		return;
	tell(check, SEVERITY_WARNING, key,
	    "%s: '%.200s' is not listened to: there is no socket '%s'", key,
	    value, log.socket);
}

/* The file may be made later, but its directory should be there by then. */
static void
check_parent(
    struct check *check, const char *key, const char *value, char *path)
{
	char *parent = path == NULL ? NULL : path_directory(path);
	char *made;

	made = paths_directory(check->runner, NULL);
	if (parent != NULL && !path_is_directory(parent) &&
	    (made == NULL || strcmp(made, parent) != 0))
		tell_value(check, SEVERITY_WARNING, key, value,
		    "is in a directory that does not exist");
	free(made);
	free(parent);
	free(path);
}

static void
check_log(struct check *check, const struct logtarget *target)
{
	if (target->kind == LOGTARGET_SYSLOG && target->address != NULL &&
	    *target->address != '/')
		problems_add(check->problems, SEVERITY_NOTICE,
		    target->origin.file, target->origin.line,
		    "address: '%.200s' is no local socket; the local system "
		    "log is used",
		    target->address);
}

static void
check_files(struct check *check)
{
	const struct runner *runner = check->runner;
	size_t i;

	check_systemlog(check, "transcript", runner->transcript);
	check_systemlog(check, "transcript-stderr", runner->transcript_stderr);
	check_parent(
	    check, "logfile", runner->logfile, paths_logfile(runner, NULL));
	check_parent(
	    check, "pid-file", runner->pid_file, paths_pid_file(runner, NULL));
	for (i = 0; i < runner->eventlog.count; i++)
		check_log(check, &runner->eventlog.target[i]);
}

/* Keys that speak of files, where all goes to logs of the system's. */
static void
check_file_keys(struct check *check)
{
	static const char *const keys[] = { "transcript-timestamps",
		"transcript-max-size", "transcript-max-age", "transcript-keep",
		"transcript-rotate-names", "transcript-compress" };
	const struct runner *runner = check->runner;
	size_t i;

	if (!systemlog_named(runner->transcript) ||
	    (runner->transcript_stderr != NULL &&
		!systemlog_named(runner->transcript_stderr)))
		return;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (option_origin(runner, row_of(keys[i]))->kind !=
		    ORIGIN_DEFAULT)
			tell(check, SEVERITY_NOTICE, keys[i],
			    "%s: has no effect on '%.200s', which is no file",
			    keys[i], runner->transcript);
}

/* Tells of a key that needs daemon, where it is set. */
static void
check_needs_daemon(struct check *check, const char *key, const char *value)
{
	if (value != NULL)
		tell_value(check, SEVERITY_NOTICE, key, value,
		    "has no effect when daemon is off");
}

/* Keys that have no effect because of another one. */
static void
check_effects(struct check *check)
{
	const struct runner *runner = check->runner;

	if (runner->daemon) {
		check_file_keys(check);
		return;
	}
	check_needs_daemon(check, "directory", runner->directory);
	check_needs_daemon(check, "transcript", runner->transcript);
	check_needs_daemon(
	    check, "transcript-stderr", runner->transcript_stderr);
}

bool
options_check(const struct runner *runner, const char *config,
    bool need_program, struct problems *problems)
{
	struct check check = { runner, config, problems };

	if (need_program)
		check_program(&check);
	check_user(&check);
	check_access(&check);
	check_directories(&check);
	check_socket_directory(&check);
	check_files(&check);
	check_effects(&check);
	return problems->errors == 0;
}

/* --- what can be tried ------------------------------------------------------
 */

/* A command whose file start, or a rotation, will look for. */
static void
try_command(struct check *check, const char *key, const struct words *words,
    const char *path, const char *directory)
{
	char *file, why[600];
	int error;

	if (words->count == 0)
		return;
	if ((file = child_find(words->word[0], path, directory)) == NULL) {
		error = errno;
		tell(check, SEVERITY_ERROR, key,
		    "%s: unable to execute '%.200s': %s", key, words->word[0],
		    refusal_text(words->word[0], error, why, sizeof(why)));
		return;
	}
	/* There may be a handler for a format that the kernel does not know. */
	if ((error = refusal_foresee(file, why, sizeof(why))) != 0)
		tell(check,
		    error == ENOEXEC ? SEVERITY_WARNING : SEVERITY_ERROR, key,
		    "%s: unable to execute '%.200s': %s (%s)", key, file,
		    strerror(error), why);
	free(file);
}

static void
try_commands(struct check *check)
{
	const struct runner *runner = check->runner;
	char **environment = environment_make(&runner->environment);
	char *directory = paths_directory(runner, NULL);
	const char *path = environment == NULL ?
	    NULL :
	    environment_get(environment, "PATH");

	try_command(check, "program", &runner->program, path, directory);
	try_command(check, "start-test-program", &runner->start_test_program,
	    path, directory);
	try_command(check, "transcript-compress", &runner->transcript_compress,
	    getenv("PATH"), NULL);
	free(directory);
	environment_free(environment);
}

/* Why a directory cannot be used so; NULL: it can. */
static const char *
directory_fault(const char *path, int mode)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return strerror(ENOTDIR);
	if (faccessat(AT_FDCWD, path, mode, AT_EACCESS) == -1)
		return strerror(errno);
	return NULL;
}

/* Why a file cannot be made, or appended to; NULL: it can.  path is freed. */
static const char *
file_fault(const struct check *check, char *path)
{
	char *parent = path == NULL ? NULL : path_directory(path);
	char *made = paths_directory(check->runner, NULL);
	const char *fault = NULL;
	struct stat st;

	if (path != NULL && stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			fault = strerror(EISDIR);
		else if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == -1)
			fault = strerror(errno);
	} else if (path != NULL && errno != ENOENT)
		fault = strerror(errno);
	else if (parent != NULL &&
	    !(made != NULL && strcmp(made, parent) == 0 &&
		!path_is_directory(made))) /* start makes that one */
		fault = directory_fault(parent, W_OK | X_OK);
	free(made);
	free(parent);
	free(path);
	return fault;
}

static void
try_file(struct check *check, const char *key, const char *value, char *path)
{
	const char *fault = file_fault(check, path);

	if (fault != NULL)
		tell(check, SEVERITY_ERROR, key,
		    "%s: unable to open '%.200s': %s", key, value, fault);
}

static void
try_logs(struct check *check)
{
	const struct eventlog *eventlog = &check->runner->eventlog;
	const struct logtarget *target;
	const char *fault;
	size_t i;

	for (i = 0; i < eventlog->count; i++) {
		target = &eventlog->target[i];
		fault = file_fault(check, paths_eventlog(target, NULL));
		if (fault != NULL)
			problems_add(check->problems, SEVERITY_ERROR,
			    target->origin.file, target->origin.line,
			    "path: unable to open '%.200s': %s", target->path,
			    fault);
	}
}

static void
try_directory(struct check *check)
{
	char *path = paths_directory(check->runner, NULL);
	const char *fault = NULL;
	struct stat st;

	/* One that is missing is made. */
	if (path != NULL && (stat(path, &st) == 0 || errno != ENOENT))
		fault = directory_fault(path, X_OK);
	if (fault != NULL)
		tell(check, SEVERITY_ERROR, "directory",
		    "directory: unable to change into '%.200s': %s",
		    check->runner->directory, fault);
	free(path);
}

/* A socket is made beside the old one, so its directory is what counts. */
static void
try_socket(struct check *check)
{
	char *socket = paths_socket(check->runner, NULL);
	char *parent = socket == NULL ? NULL : path_directory(socket);
	const char *fault = NULL;
	struct stat st;

	if (parent != NULL && (stat(parent, &st) == 0 || errno != ENOENT))
		fault = directory_fault(parent, W_OK | X_OK);
	if (fault == NULL && socket != NULL && lstat(socket, &st) == 0 &&
	    !S_ISSOCK(st.st_mode))
		fault = "there is a file that is no socket";
	if (fault != NULL)
		tell(check, SEVERITY_ERROR, "socket-name",
		    "socket-name: unable to make '%.200s': %s",
		    check->runner->socket_name, fault);
	free(parent);
	free(socket);
}

/* It is made beside the old one, too; without it the program runs as well. */
static void
try_pid_file(struct check *check)
{
	char *path = paths_pid_file(check->runner, NULL);
	char *parent = path == NULL ? NULL : path_directory(path);
	const char *fault = NULL;
	struct stat st;

	if (parent != NULL && (stat(parent, &st) == 0 || errno != ENOENT))
		fault = directory_fault(parent, W_OK | X_OK);
	if (fault == NULL && path != NULL && path_is_directory(path))
		fault = strerror(EISDIR);
	if (fault != NULL)
		tell(check, SEVERITY_WARNING, "pid-file",
		    "pid-file: unable to write '%.200s': %s",
		    check->runner->pid_file, fault);
	free(parent);
	free(path);
}

void
options_try(const struct runner *runner, struct problems *problems)
{
	struct check check = { runner, NULL, problems };

	try_commands(&check);
	try_directory(&check);
	try_socket(&check);
	try_file(&check, "transcript", runner->transcript,
	    paths_transcript(runner, NULL));
	try_file(&check, "transcript-stderr", runner->transcript_stderr,
	    paths_transcript_stderr(runner, NULL));
	try_pid_file(&check);
	try_logs(&check);
}
