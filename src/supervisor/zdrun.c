/*
 * zdrun: the supervisor of one program.
 *
 *	zdrun -c FD [-r FD] [SOCKET WORD...]
 *	zdrun -u FD [-n] [SOCKET WORD...]
 *
 * -c is a file with the whole configuration as records (options/handover.h),
 * -r a socket on which it tells its starter what happens, as event lines.
 * -u is the state of a supervisor whose place it takes (supervisor/carry.h);
 * with -n it only tries and says whether it could.
 * SOCKET and WORDs are for the eyes of those who list processes.
 *
 * It links the C library alone: no parser, no editor, no name services.  All
 * it needs is taken before the loop, so that months change nothing.
 */

#include "config.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/path.h"
#include "base/units.h"
#include "options/handover.h"
#include "options/paths.h"
#include "options/systemlog.h"
#include "process/descriptors.h"
#include "process/privs.h"
#include "process/tree.h"
#include "supervisor/logformat.h"
#include "supervisor/signals.h"
#include "supervisor/supervisor.h"
#include "supervisor/sweep.h"

#define ZDRUN_HANDOVER (64 * 1024 * 1024) /* bytes, at the most */
#define ZDRUN_STARTER  3 /* where the starter's socket goes */
#define ZDRUN_USAGE \
	"usage: zdrun -c FD [-r FD] [SOCKET WORD...]; zdaemon starts it"

struct zdrun {
	int config; /* -c */
	int starter; /* -r; -1: none */
	int state; /* -u; -1: none */
	bool dry; /* -n */
	char **words; /* behind the options */
	int count;
	char *text; /* the configuration, or the state; kept */
	size_t text_len;
	struct carry carry;
	struct handover handover;
	const struct runner *runner;
	char *cwd;
	char *socket;
	char *directory;
	char *transcript;
	char *transcript_stderr;
	char *pid_file;
	struct supervisor *supervisor;
};

/* --- failing ------------------------------------------------------------- */

/* Tells the starter, or stderr where there is none, and leaves. */
static void __attribute__((noreturn))
zdrun_end(const struct zdrun *zdrun, struct event *event)
{
	char line[EVENT_LINE_MAX], sentence[EVENT_LINE_MAX];
	size_t len;

	event->seq = 1;
	event->at = clock_wall_ms();
	event->state = RUN_DONE;
	if (zdrun->starter == -1)
		fatalx(
		    1, "%s", event_sentence(event, sentence, sizeof(sentence)));
	len = event_format(line, sizeof(line), event);
	if (send(zdrun->starter, line, len, MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
		exit(2);
	exit(1);
}

static void __attribute__((noreturn))
zdrun_fail(const struct zdrun *zdrun, const struct failure *failure)
{
	struct event event;

	event_init(&event, EVENT_FAILED);
	memcpy(event.step, failure->step, sizeof(event.step));
	memcpy(event.text, failure->text, sizeof(event.text));
	event.error = failure->error;
	zdrun_end(zdrun, &event);
}

static void __attribute__((noreturn))
zdrun_fail_at(const struct zdrun *zdrun, const char *step, const char *text)
{
	struct failure failure;

	failure_set(&failure, step, errno, "%s", text);
	zdrun_fail(zdrun, &failure);
}

static void __attribute__((noreturn))
zdrun_fail_cause(const struct zdrun *zdrun, const char *step, const char *cause)
{
	struct failure failure;

	failure_set(
	    &failure, step, 0, "%s", cause != NULL ? cause : "out of memory");
	zdrun_fail(zdrun, &failure);
}

/* --- arguments and descriptors -------------------------------------------- */

static int
zdrun_descriptor(const char *text)
{
	long long fd;

	if (!units_parse_number(text, 0, INT_MAX, &fd) ||
	    fcntl((int)fd, F_GETFD) == -1)
		fatalx(2, "'%s' is no open descriptor", text);
	return (int)fd;
}

static void
zdrun_arguments(struct zdrun *zdrun, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+c:nr:u:")) != -1) {
		switch (option) {
		case 'c':
			zdrun->config = zdrun_descriptor(optarg);
			break;
		case 'n':
			zdrun->dry = true;
			break;
		case 'r':
			zdrun->starter = zdrun_descriptor(optarg);
			break;
		case 'u':
			zdrun->state = zdrun_descriptor(optarg);
			break;
		default:
			fatalx(2, ZDRUN_USAGE);
		}
	}
	if ((zdrun->config == -1) == (zdrun->state == -1))
		fatalx(2, ZDRUN_USAGE);
	zdrun->words = argv + optind;
	zdrun->count = argc - optind;
}

/* Nothing stays open but 0, 1, 2 and the starter's socket. */
static void
zdrun_descriptors(struct zdrun *zdrun)
{
	close(zdrun->config);
	zdrun->config = -1;
	if (zdrun->starter == -1) {
		descriptors_close_from(ZDRUN_STARTER);
		return;
	}
	if (zdrun->starter != ZDRUN_STARTER &&
	    dup2(zdrun->starter, ZDRUN_STARTER) == -1)
		exit(1);
	zdrun->starter = ZDRUN_STARTER;
	descriptors_cloexec(ZDRUN_STARTER);
	descriptors_close_from(ZDRUN_STARTER + 1);
}

/* --- configuration -------------------------------------------------------- */

/* All of the file, from its start; NULL with errno. */
static char *
zdrun_slurp(int fd, size_t *len)
{
	struct stat st;
	char *text;
	size_t at = 0;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return NULL;
	if (!S_ISREG(st.st_mode) || st.st_size > ZDRUN_HANDOVER) {
		errno = EINVAL;
		return NULL;
	}
	if ((text = malloc((size_t)st.st_size + 1)) == NULL)
		return NULL;
	while (at < (size_t)st.st_size) {
		n = pread(fd, text + at, (size_t)st.st_size - at, (off_t)at);
		if (n == 0 || (n == -1 && errno != EINTR))
			break;
		if (n > 0)
			at += (size_t)n;
	}
	text[at] = '\0';
	*len = at;
	return text;
}

static void
zdrun_read_config(struct zdrun *zdrun)
{
	zdrun->text = zdrun_slurp(zdrun->config, &zdrun->text_len);
	if (zdrun->text == NULL)
		zdrun_fail_at(zdrun, "configuration", "the memory file");
	zdrun->carry.config = zdrun->text;
	zdrun->carry.config_len = zdrun->text_len;
}

static void
zdrun_configure(struct zdrun *zdrun)
{
	char *cause = NULL;

	if (handover_read(&zdrun->handover, zdrun->carry.config,
		zdrun->carry.config_len, &cause) == -1)
		zdrun_fail_cause(zdrun, "configuration", cause);
	zdrun->runner = &zdrun->handover.runner;
	if (zdrun->runner->program.count == 0)
		zdrun_fail_cause(zdrun, "configuration", "no program");
}

static void
zdrun_drop_privileges(struct zdrun *zdrun)
{
	const struct handover *handover = &zdrun->handover;
	char *cause = NULL;

	if (handover->uid != (uid_t)-1 &&
	    privs_drop(handover->uid, handover->gid, handover->group,
		handover->groups, &cause) == -1)
		zdrun_fail_cause(zdrun, "user", cause);
}

/* Where a stream goes: to a path, or to a log of the system's. */
static char *
zdrun_target(const struct zdrun *zdrun, const char *value,
    char *(*path)(const struct runner *, const char *))
{
	if (zdrun->runner->daemon && systemlog_named(value))
		return strdup(value);
	return path(zdrun->runner, zdrun->cwd);
}

static void
zdrun_name_paths(struct zdrun *zdrun)
{
	const struct runner *runner = zdrun->runner;

	zdrun->socket = paths_socket(runner, zdrun->cwd);
	if (zdrun->socket == NULL || zdrun->socket[0] != '/')
		zdrun_fail_at(zdrun, "directory", "the current directory");
	zdrun->directory = paths_directory(runner, zdrun->cwd);
	zdrun->transcript = zdrun_target(
	    zdrun, runner->transcript, paths_transcript);
	zdrun->transcript_stderr = zdrun_target(
	    zdrun, runner->transcript_stderr, paths_transcript_stderr);
	zdrun->pid_file = paths_pid_file(runner, zdrun->cwd);
}

static void
zdrun_set_up(struct zdrun *zdrun)
{
	struct supervisor *supervisor;

	supervisor = calloc(1, sizeof(*supervisor));
	if (supervisor == NULL)
		zdrun_fail_at(zdrun, "memory", "the supervisor");
	zdrun->supervisor = supervisor;
	supervisor_init(supervisor, zdrun->runner);
	supervisor->tell_stderr = zdrun->starter == -1;
	if (program_init(
		&supervisor->program, zdrun->runner, zdrun->directory) == -1)
		zdrun_fail_at(zdrun, "memory", "the environment");
	if (upgrade_init(&supervisor->upgrade, zdrun->count, zdrun->words) ==
	    -1)
		zdrun_fail_at(zdrun, "memory", "the arguments");
	supervisor->upgrade.config = zdrun->carry.config;
	supervisor->upgrade.config_len = zdrun->carry.config_len;
	supervisor->upgrade.cwd = zdrun->cwd;
}

/* --- becoming the supervisor ---------------------------------------------- */

/* Takes the lock, or tells who has it. */
static void
zdrun_take_life(struct zdrun *zdrun)
{
	struct failure failure;
	struct event event;
	pid_t holder;

	if (life_init(&zdrun->supervisor->life, zdrun->socket, zdrun->pid_file,
		&failure) == -1)
		zdrun_fail(zdrun, &failure);
	switch (life_take(&zdrun->supervisor->life, &holder, &failure)) {
	case LIFE_OURS:
		break;
	case LIFE_BUSY:
		event_init(&event, EVENT_BUSY);
		event.pid = holder;
		zdrun_end(zdrun, &event);
	case LIFE_FAILED:
		zdrun_fail(zdrun, &failure);
	}
}

/* Who may connect, and who of them may do what. */
static void
zdrun_share(struct zdrun *zdrun)
{
	struct supervisor *supervisor = zdrun->supervisor;
	struct access *access = &supervisor->clients.access;

	access->group = zdrun->handover.socket_group;
	access->mode = zdrun->runner->socket_mode;
	supervisor->life.mode = access_socket_mode(access);
	supervisor->life.group = access->group;
}

/* By that mark a later supervisor knows what was started here. */
static void
zdrun_mark(struct zdrun *zdrun)
{
	struct supervisor *supervisor = zdrun->supervisor;
	char mark[FILEID_SIZE];

	snprintf(
	    mark, sizeof(mark), "%s", program_marked(&supervisor->program));
	if (mark[0] == '\0')
		life_cookie(&supervisor->life, mark, sizeof(mark));
	sweep_mark(supervisor, mark);
}

/* Leaves our parent, its session and its directory behind. */
static void
zdrun_daemonize(struct zdrun *zdrun)
{
	if (!zdrun->runner->daemon)
		return;
	switch (fork()) {
	case -1:
		zdrun_fail_at(zdrun, "fork", "the supervisor");
	case 0:
		break;
	default:
		_exit(0);
	}
	setsid();
	if (zdrun->directory != NULL && chdir(zdrun->directory) == -1)
		zdrun_fail_at(zdrun, "chdir", zdrun->directory);
	umask((mode_t)zdrun->runner->umask);
}

/*
 * A program that will be taken over may write into a FIFO though there is
 * no transcript any more: it must not wait there for a reader.
 */
static bool
zdrun_left_fifo(const char *fifo)
{
	struct stat st;

	return lstat(fifo, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* The FIFO that the program is to open for a stream; NULL: none. */
static const char *
zdrun_open_stream(
    struct zdrun *zdrun, int which, const char *path, const char *fifo)
{
	struct output *output = &zdrun->supervisor->output;
	bool left = path == NULL && zdrun_left_fifo(fifo);
	struct failure failure;

	if (path == NULL && !left)
		return NULL;
	if (output_open(
		output, which, left ? "/dev/null" : path, fifo, &failure) == -1)
		zdrun_fail(zdrun, &failure);
	return left ? NULL : output_fifo(output, which);
}

static void
zdrun_open_streams(struct zdrun *zdrun)
{
	struct supervisor *supervisor = zdrun->supervisor;
	struct program *program = &supervisor->program;
	const struct life *life = &supervisor->life;

	program->output = zdrun_open_stream(
	    zdrun, OUTPUT_OUT, zdrun->transcript, life->fifo);
	program->errors = zdrun_open_stream(
	    zdrun, OUTPUT_ERR, zdrun->transcript_stderr, life->fifo_err);
}

static void
zdrun_open_logs(struct zdrun *zdrun)
{
	const struct eventlog *eventlog = &zdrun->runner->eventlog;
	struct supervisor *supervisor = zdrun->supervisor;
	struct failure failure;

	if (output_take(&supervisor->output, eventlog->count, zdrun->dry) == -1)
		zdrun_fail_at(zdrun, "memory", "the logs");
	zdrun_open_streams(zdrun);
	if (logs_open(&supervisor->logs, eventlog, &supervisor->output.sinks,
		output_sink(&supervisor->output), zdrun->cwd,
		zdrun->runner->daemon, &failure) == -1)
		zdrun_fail(zdrun, &failure);
}

static void
zdrun_listen(struct zdrun *zdrun)
{
	struct failure failure;

	life_sign(&zdrun->supervisor->life);
	if (life_listen(&zdrun->supervisor->life, &failure) == -1)
		zdrun_fail(zdrun, &failure);
}

/* A daemon's own 0, 1 and 2 lead nowhere, and so do those of its program. */
static void
zdrun_detach(struct zdrun *zdrun)
{
	int fd, i;

	if (!zdrun->runner->daemon)
		return;
	if ((fd = open("/dev/null", O_RDWR)) == -1)
		zdrun_fail_at(zdrun, "open", "/dev/null");
	for (i = 0; i <= 2; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static void
zdrun_log_begin(struct zdrun *zdrun)
{
	char text[PATH_MAX + 32];

	if (zdrun->supervisor->life.stale) {
		snprintf(text, sizeof(text), "replaced stale socket '%s'",
		    zdrun->socket);
		logs_write(&zdrun->supervisor->logs, LOG_LEVEL_WARNING, text);
	}
	if (!zdrun->runner->daemon)
		return;
	logs_write(&zdrun->supervisor->logs, LOG_LEVEL_INFO,
	    "daemonizing the process");
	if (zdrun->directory == NULL)
		return;
	snprintf(text, sizeof(text), "set current directory: '%s'",
	    zdrun->directory);
	logs_write(&zdrun->supervisor->logs, LOG_LEVEL_INFO, text);
}

static void
zdrun_free(struct zdrun *zdrun)
{
	free(zdrun->supervisor);
	runner_free(&zdrun->handover.runner);
	free(zdrun->text);
	free(zdrun->cwd);
	free(zdrun->socket);
	free(zdrun->directory);
	free(zdrun->transcript);
	free(zdrun->transcript_stderr);
	free(zdrun->pid_file);
}

/*
 * A program beside us has a terminal to share with us, or is not to get what
 * is sent to our group: we pass it on.
 */
static void
zdrun_look_at_terminal(struct zdrun *zdrun)
{
	struct supervisor *supervisor = zdrun->supervisor;
	bool terminal = descriptors_have_terminal();

	if (zdrun->runner->daemon)
		return;
	supervisor->program.apart = !terminal;
	supervisor->hangs_up = terminal;
}

static int
zdrun_begin(struct zdrun *zdrun)
{
	zdrun_read_config(zdrun);
	zdrun_configure(zdrun);
	zdrun_descriptors(zdrun);
	if (signals_init() == -1)
		zdrun_fail_at(zdrun, "signals", "pipe");
	zdrun_drop_privileges(zdrun);
	if ((zdrun->cwd = path_here()) == NULL)
		zdrun_fail_at(zdrun, "memory", "the current directory");
	zdrun_name_paths(zdrun);
	zdrun_set_up(zdrun);
	zdrun_look_at_terminal(zdrun);
	zdrun_take_life(zdrun);
	zdrun_share(zdrun);
	zdrun_mark(zdrun);
	zdrun_daemonize(zdrun);
	zdrun_open_logs(zdrun);
	zdrun_listen(zdrun);
	zdrun_detach(zdrun);
	zdrun_log_begin(zdrun);
	zdrun->supervisor->subreaper = tree_adopt_orphans();
	return supervisor_run(zdrun->supervisor, zdrun->starter);
}

/* --- taking the place of one that was upgraded ---------------------------- */

static void
zdrun_read_state(struct zdrun *zdrun)
{
	char *cause = NULL;

	zdrun->text = zdrun_slurp(zdrun->state, &zdrun->text_len);
	if (zdrun->text == NULL)
		zdrun_fail_at(zdrun, "memory", "the state");
	if (carry_begin(&zdrun->carry, zdrun->text, zdrun->text_len, &cause) ==
	    -1)
		zdrun_fail_cause(zdrun, "upgrade", cause);
	close(zdrun->state);
	zdrun->state = -1;
}

/* What it had, but for the names, which are found as they were then. */
static void
zdrun_inherit(struct zdrun *zdrun)
{
	struct supervisor *supervisor = zdrun->supervisor;
	struct failure failure;
	char *cause = NULL;

	if (life_init(&supervisor->life, zdrun->socket, zdrun->pid_file,
		&failure) == -1)
		zdrun_fail(zdrun, &failure);
	if (carry_read(&zdrun->carry, supervisor, zdrun->text, zdrun->text_len,
		&cause) == -1)
		zdrun_fail_cause(zdrun, "upgrade", cause);
	if (zdrun->carry.file != NULL)
		supervisor->program.file = strdup(zdrun->carry.file);
}

/* All is read and can be opened: that much can be known before. */
static void __attribute__((noreturn)) zdrun_end_dry_run(void)
{
	printf("ready %s\n", PACKAGE_VERSION);
	fflush(stdout);
	_exit(0);
}

static int
zdrun_go_on(struct zdrun *zdrun)
{
	int64_t started_at;

	zdrun_read_state(zdrun);
	zdrun_configure(zdrun);
	zdrun->cwd = strdup(zdrun->carry.cwd);
	zdrun_name_paths(zdrun);
	zdrun_set_up(zdrun);
	zdrun_inherit(zdrun);
	zdrun_share(zdrun);
	started_at = zdrun->supervisor->logs.started_at;
	zdrun_open_logs(zdrun);
	zdrun->supervisor->logs.started_at = started_at;
	if (zdrun->dry)
		zdrun_end_dry_run();
	zdrun_mark(zdrun);
	output_inherit(&zdrun->supervisor->output, zdrun->carry.stream);
	carry_keep(zdrun->supervisor, false);
	life_resume(&zdrun->supervisor->life);
	if (signals_init() == -1)
		zdrun_fail_at(zdrun, "signals", "pipe");
	zdrun->supervisor->subreaper = tree_adopt_orphans();
	return supervisor_resume(zdrun->supervisor);
}

int
main(int argc, char **argv)
{
	struct zdrun zdrun = { .config = -1, .starter = -1, .state = -1 };
	int status;

	log_name("zdrun");
	if (descriptors_stdio() == -1)
		return 1;
	if (privs_are_borrowed())
		fatalx(2, "not to be installed setuid or setgid");
	zdrun_arguments(&zdrun, argc, argv);
	status = zdrun.state != -1 ? zdrun_go_on(&zdrun) : zdrun_begin(&zdrun);
	zdrun_free(&zdrun);
	return status;
}
