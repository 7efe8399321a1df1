/*
 * The program and its readiness test as processes.  The environment is made
 * when the supervisor starts.  The directory and the files are looked up by
 * name at each start: what a link leads to may have changed since.
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "options/environment.h"
#include "process/refusal.h"
#include "supervisor/program.h"

/* --- what it is made of --------------------------------------------------- */

int
program_init(
    struct program *program, const struct runner *runner, const char *directory)
{
	memset(program, 0, sizeof(*program));
	program->runner = runner;
	program->argv = runner->program.word;
	program->directory = directory;
	program->process.report = program->process.hold = -1;
	program->watch = -1;
	program->last.code = -1;
	helper_init(&program->test);
	program->envp = environment_make(&runner->environment);
	return program->envp == NULL ? -1 : 0;
}

void
program_mark(struct program *program, const char *value)
{
	snprintf(program->cookie, sizeof(program->cookie), PROGRAM_COOKIE "%s",
	    value);
	/* Without memory for it there are other ways to find what we start. */
	environment_set(&program->envp, PROGRAM_COOKIE_NAME, value);
}

const char *
program_marked(const struct program *program)
{
	size_t len = sizeof(PROGRAM_COOKIE) - 1;

	return strncmp(program->cookie, PROGRAM_COOKIE, len) == 0 ?
	    program->cookie + len :
	    "";
}

void
program_free(struct program *program)
{
	if (program->watch != -1)
		close(program->watch);
	child_forget(&program->process);
	environment_free(program->envp);
	free(program->file);
}

/* --- starting ------------------------------------------------------------ */

void
program_set_error(struct program *program, const char *step, int error)
{
	snprintf(program->error.step, sizeof(program->error.step), "%s", step);
	program->error.error = error;
}

static void
program_child(const struct program *program, struct child *child)
{
	memset(child, 0, sizeof(*child));
	child->envp = program->envp;
	child->in = child->out = child->err = -1;
	child->out_path = program->output;
	child->err_path = program->errors;
	child->umask = -1;
}

/* The file that a word names now; NULL with errno. */
static char *
program_find(const struct program *program, const char *word)
{
	return child_find(
	    word, environment_get(program->envp, "PATH"), program->directory);
}

int
program_enter(const struct program *program)
{
	struct stat before, now;
	bool known;

	if (program->directory == NULL)
		return 0;
	known = stat(".", &before) == 0;
	if (chdir(program->directory) == -1 || stat(".", &now) == -1)
		return -1;
	return !known || before.st_dev != now.st_dev ||
	    before.st_ino != now.st_ino;
}

static int
program_fork(struct program *program)
{
	struct child child;

	program_child(program, &child);
	child.argv = program->argv;
	child.file = program->file;
	child.session = program->runner->daemon;
	child.apart = program->apart;
	child.hold = true;
	if (child_spawn(&program->process, &child) == 0)
		return 0;
	program_set_error(program, "fork", errno);
	return -1;
}

int
program_spawn(struct program *program)
{
	program->ended = program->failed = program->adopted = false;
	program->spawned_at = clock_mono_ms();
	program->spawned_wall = clock_wall_ms();
	free(program->file);
	program->file = program_find(program, program->argv[0]);
	if (program->file == NULL) {
		program_set_error(program, "exec", errno);
		return -1;
	}
	if (program_fork(program) == -1)
		return -1;
	program->spawns++;
	if (identity_read(&program->identity, program->process.pid) == -1)
		memset(&program->identity, 0, sizeof(program->identity));
	return 0;
}

void
program_release(struct program *program)
{
	child_release(&program->process);
}

int
program_adopt(struct program *program, const struct identity *identity,
    int64_t spawned_wall)
{
	int64_t age = identity_age(identity->start_time);

	if (identity_look(identity) == IDENTITY_GONE)
		return -1;
	program->watch = identity_open(identity);
	if (program->watch == -1 && errno == ESRCH)
		return -1;
	if (age == -1 && (age = clock_wall_ms() - spawned_wall) < 0)
		age = 0;
	program->identity = *identity;
	program->process.pid = identity->pid;
	program->adopted = true;
	program->patience = 0;
	program->spawned_wall = spawned_wall;
	program->spawned_at = clock_mono_ms() - age;
	return 0;
}

/* It is a zombie of somebody else's, whose status the kernel tells only when
 * its parent has taken it: not waited for for ever. */
static bool
program_is_patient(struct program *program, int64_t now)
{
	if (program->patience == 0)
		program->patience = now + PROGRAM_PATIENCE;
	return now < program->patience;
}

/* Asked at every turn: of the descriptor where there is one, of no file. */
static bool
program_runs(const struct program *program)
{
	return program->watch != -1 ? !identity_has_ended(program->watch) :
				      identity_alive(&program->identity);
}

bool
program_has_gone(struct program *program, int64_t now)
{
	int told;

	if (!program->adopted || program_runs(program))
		return false;
	told = identity_wait(
	    &program->identity, program->watch, &program->wait_status);
	if (told == 0 && program_is_patient(program, now))
		return false;
	program->ended = told == 1;
	return true;
}

/* --- signals -------------------------------------------------------------- */

int
program_signal(const struct program *program, int signal)
{
	if (program->process.pid <= 0) {
		errno = ESRCH;
		return -1;
	}
	/* Unreaped, or known by its start time: the pid is still its own. */
	if (program->adopted && program->watch == -1 &&
	    !identity_alive(&program->identity)) {
		errno = ESRCH;
		return -1;
	}
	return identity_signal(program->watch, program->process.pid, signal);
}

int
program_ask(const struct program *program, int signal)
{
	if (program_signal(program, signal) == -1)
		return -1;
	/* Who may send the one may send the other. */
	if (identity_stopped(program->process.pid))
		program_signal(program, SIGCONT);
	return 0;
}

/* --- how it ended --------------------------------------------------------- */

bool
program_reaped(struct program *program, pid_t pid, int status)
{
	if (pid == program->process.pid && !program->adopted) {
		program->ended = true;
		program->wait_status = status;
		return true;
	}
	return helper_reaped(&program->test, pid, status);
}

void
program_note_end(struct program *program)
{
	struct last_exit *last = &program->last;
	int status = program->wait_status;

	last->known = true;
	last->pid = program->process.pid;
	last->code = -1;
	last->signal = 0;
	last->core = false;
	last->at = clock_wall_ms();
	last->uptime = clock_mono_ms() - program->spawned_at;
	if (program->ended && WIFEXITED(status)) {
		last->code = WEXITSTATUS(status);
	} else if (program->ended && WIFSIGNALED(status)) {
		last->signal = WTERMSIG(status);
		last->core = WCOREDUMP(status) != 0;
	}
	if (program->watch != -1)
		close(program->watch);
	program->watch = -1;
	child_forget(&program->process);
	program->process.pid = 0;
	program->ended = program->adopted = false;
	program->patience = 0;
}

bool
program_error_is_final(int error)
{
	switch (error) {
	case ENOENT:
	case EACCES:
	case ENOEXEC:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case EISDIR:
	case EINVAL:
	case EPERM:
	case E2BIG:
	case ELIBBAD:
		return true;
	default:
		return false;
	}
}

bool
program_error_is_shortage(const struct child_error *error)
{
	return strcmp(error->step, "fork") == 0 &&
	    (error->error == EAGAIN || error->error == ENOMEM);
}

/* What could not be opened, entered or executed. */
static const char *
program_failed_name(const struct program *program)
{
	const char *step = program->error.step;

	if (strcmp(step, "chdir") == 0)
		return program->directory;
	if (strcmp(step, "open") == 0 && program->output != NULL)
		return program->output;
	if (strcmp(step, "open") == 0 && program->errors != NULL)
		return program->errors;
	return program->file != NULL ? program->file : program->argv[0];
}

void
program_fill_failure(const struct program *program, struct event *event)
{
	const char *name = program_failed_name(program);
	int error = program->error.error;
	char why[300];

	memcpy(event->step, program->error.step, sizeof(event->step));
	if (strcmp(event->step, "exec") == 0 &&
	    refusal_explain(name, error, why, sizeof(why))) {
		snprintf(event->text, sizeof(event->text),
		    "unable to execute '%s': %s (%s)", name, strerror(error),
		    why);
		return;
	}
	event->error = error;
	snprintf(event->text, sizeof(event->text), "%s", name);
}

/* --- the readiness test --------------------------------------------------- */

int
program_test(struct program *program)
{
	const struct words *words = &program->runner->start_test_program;
	struct child child;
	char *file;
	int result, error;

	program->test_unwanted = false;
	program_child(program, &child);
	child.argv = words->word;
	if ((file = program_find(program, words->word[0])) == NULL)
		return -1;
	child.file = file;
	result = helper_start(&program->test, &child);
	error = errno;
	free(file);
	errno = error;
	return result;
}

void
program_end_test(struct program *program)
{
	program->test_unwanted = true;
	helper_end(&program->test);
}

bool
program_take_test(struct program *program, char *text, size_t size)
{
	char reason[100];

	if (helper_finish(&program->test, reason, sizeof(reason)) == 0)
		return true;
	snprintf(text, size, "%s: %s",
	    program->runner->start_test_program.word[0], reason);
	return false;
}
