/*
 * Starting programs, knowing them again, ending all that they started.
 */

#include "config.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/prctl.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/clock.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "process/helper.h"
#include "process/identity.h"
#include "process/place.h"
#include "process/privs.h"
#include "process/tree.h"
#include "tests/unit/check.h"

#define PATIENCE 10000 /* ms for what takes none */

/* A program, or a script for the shell; both are copied by the fork. */
static void
child_of(struct child *child, const char *file, const char *script)
{
	static char path[] = "PATH=/usr/bin:/bin", option[] = "-c";
	static char word[2][512];
	static char *const no_env[] = { path, NULL };
	static char *argv[4];

	memset(child, 0, sizeof(*child));
	snprintf(word[0], sizeof(word[0]), "%s", file);
	argv[0] = word[0];
	argv[1] = NULL;
	if (script != NULL) {
		assert_true(strlen(script) < sizeof(word[1]));
		snprintf(word[1], sizeof(word[1]), "%s", script);
		argv[1] = option;
		argv[2] = word[1];
	}
	child->argv = argv;
	child->file = argv[0];
	child->envp = no_env;
	child->in = child->out = child->err = -1;
	child->umask = -1;
}

#define SHELL "/bin/sh"

/* What child_outcome says in the end. */
static int
await_outcome(struct child_process *process, struct child_error *error)
{
	struct pollfd ready = { process->report, POLLIN, 0 };

	if (ready.fd != -1)
		assert_int_equal(poll(&ready, 1, PATIENCE), 1);
	return child_outcome(process, error);
}

static int
await_exit(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Runs argv with its output caught; the text is cut to size. */
static void
run_caught(struct child *child, char *text, size_t size)
{
	struct child_process process;
	struct child_error error;
	int out[2];
	size_t len = 0;
	ssize_t n;

	assert_int_equal(descriptors_pipe(out), 0);
	child->out = out[1];
	assert_int_equal(child_spawn(&process, child), 0);
	close(out[1]);
	assert_int_equal(await_outcome(&process, &error), 1);
	while ((n = read(out[0], text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(out[0]);
	assert_int_equal(await_exit(process.pid), 0);
}

/* --- child ---------------------------------------------------------------- */

static void
test_child_tells_success(void **state)
{
	struct child_process process;
	struct child_error error;
	struct child child;

	(void)state;
	child_of(&child, SHELL, "exit 7");
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(await_outcome(&process, &error), 1);
	assert_int_equal(process.report, -1);
	assert_int_equal(WEXITSTATUS(await_exit(process.pid)), 7);
}

static void
test_child_tells_what_failed(void **state)
{
	struct child_process process;
	struct child_error error;
	struct child child;

	(void)state;
	child_of(&child, "/nonexistent/program", NULL);
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(await_outcome(&process, &error), -1);
	assert_string_equal(error.step, "exec");
	assert_int_equal(error.error, ENOENT);
	assert_int_equal(WEXITSTATUS(await_exit(process.pid)), 127);

	child_of(&child, "/", NULL);
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(await_outcome(&process, &error), -1);
	assert_int_equal(error.error, EACCES);
	assert_int_equal(WEXITSTATUS(await_exit(process.pid)), 126);

	child_of(&child, SHELL, ":");
	child.directory = "/nonexistent";
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(await_outcome(&process, &error), -1);
	assert_string_equal(error.step, "chdir");
	assert_int_equal(error.error, ENOENT);
	await_exit(process.pid);

	child_of(&child, SHELL, ":");
	child.out_path = "/dev/null"; /* no FIFO */
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(await_outcome(&process, &error), -1);
	assert_string_equal(error.step, "open");
	assert_int_equal(error.error, EPERM);
	await_exit(process.pid);
}

#ifdef __linux__
/* Nothing but 0, 1, 2, whatever we have open, and where we have it. */
static void
test_child_descriptors(void **state)
{
	static const int foreign[] = { 4, 5, 6, 20, 150, 250 };
	struct child child;
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_int_equal(dup2(1, foreign[i]), foreign[i]);
	child_of(&child, SHELL, "ls /proc/$$/fd; :");
	run_caught(&child, text, sizeof(text));
	assert_string_equal(text, "0\n1\n2\n");
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		close(foreign[i]);
}
#endif

/* The numbers wanted may be those that others have now. */
static void
test_child_swaps_descriptors(void **state)
{
	struct child_process process;
	struct child_error error;
	struct child child;
	int in[2], out[2], err[2];
	char text[32] = "";

	(void)state;
	assert_int_equal(descriptors_pipe(in), 0);
	assert_int_equal(descriptors_pipe(out), 0);
	assert_int_equal(descriptors_pipe(err), 0);
	child_of(&child, SHELL, "cat; echo err >&2; echo out");
	child.in = in[0];
	child.out = out[1];
	child.err = err[1];
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(write(in[1], "in\n", 3), 3);
	close(in[1]);
	assert_int_equal(await_outcome(&process, &error), 1);
	await_exit(process.pid);
	assert_int_equal(read(out[0], text, sizeof(text)), 7);
	assert_memory_equal(text, "in\nout\n", 7);
	assert_int_equal(read(err[0], text, sizeof(text)), 4);
	assert_memory_equal(text, "err\n", 4);
	close(in[0]);
	close(out[0]);
	close(out[1]);
	close(err[0]);
	close(err[1]);
}

#ifdef __linux__
/* Ignored and blocked by us, default and open in the program. */
static void
test_child_signals(void **state)
{
	struct child child;
	sigset_t all, old;
	char text[128];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGRTMAX, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	child_of(&child, SHELL,
	    "while read name value; do case $name in "
	    "SigBlk:|SigIgn:) echo $value;; esac; done </proc/$$/status");
	run_caught(&child, text, sizeof(text));
	sigprocmask(SIG_SETMASK, &old, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGRTMAX, SIG_DFL);
	assert_string_equal(text, "0000000000000000\n0000000000000000\n");
}
#endif

static void
test_child_surroundings(void **state)
{
	char only[] = "ONLY=one";
	char *const envp[] = { only, NULL };
	struct child child;
	char text[128];

	(void)state;
	setenv("HOME", "/somewhere", 1);
	child_of(&child, SHELL, "pwd; umask; echo $ONLY:$HOME");
	child.envp = envp;
	child.directory = "/";
	child.umask = 027;
	run_caught(&child, text, sizeof(text));
	assert_string_equal(text, "/\n0027\none:\n");
}

/* It waits for our word; without us it ends and has done nothing. */
static void
test_child_hold(void **state)
{
	struct child_process process;
	struct child_error error;
	struct pollfd ready;
	struct child child;

	(void)state;
	child_of(&child, SHELL, "exit 3");
	child.hold = true;
	assert_int_equal(child_spawn(&process, &child), 0);
	ready.fd = process.report;
	ready.events = POLLIN;
	assert_int_equal(poll(&ready, 1, 50), 0);
	assert_int_equal(child_outcome(&process, &error), 0);
	child_release(&process);
	assert_int_equal(await_outcome(&process, &error), 1);
	assert_int_equal(WEXITSTATUS(await_exit(process.pid)), 3);

	assert_int_equal(child_spawn(&process, &child), 0);
	child_forget(&process);
	assert_int_equal(WEXITSTATUS(await_exit(process.pid)), 126);
}

/* A FIFO is opened read-write: the program may write before anybody reads. */
static void
test_child_fifo(void **state)
{
	char dir[] = "/tmp/zd unit XXXXXX", path[64], text[32];
	struct child_process process;
	struct child_error error;
	struct child child;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	/* Held by us, as its bytes go with its last descriptor. */
	fd = open(path, O_RDWR | O_NONBLOCK);
	assert_true(fd != -1);
	child_of(&child, SHELL, "echo out; echo err >&2");
	child.out_path = path;
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(await_outcome(&process, &error), 1);
	assert_int_equal(await_exit(process.pid), 0);
	assert_int_equal(read(fd, text, sizeof(text)), 8);
	assert_memory_equal(text, "out\nerr\n", 8);
	close(fd);
	unlink(path);
	rmdir(dir);
}

static void
make_file(const char *dir, const char *name, mode_t mode)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT, mode);
	assert_true(fd != -1);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
test_child_find(void **state)
{
	char dir[] = "/tmp/zd unit XXXXXX", path[64], command[64];
	char *file;

	(void)state;
	assert_non_null(mkdtemp(dir));
	make_file(dir, "good", 0755);
	make_file(dir, "plain", 0644);
	snprintf(path, sizeof(path), "/nonexistent:%s:/bin", dir);

	file = child_find("good", path, NULL);
	assert_non_null(file);
	assert_string_equal(file + strlen(dir), "/good");
	free(file);
	file = child_find("./good", "/nonexistent", dir);
	assert_non_null(file);
	free(file);
	assert_null(child_find("good", "/bin", NULL));
	assert_int_equal(errno, ENOENT);
	assert_null(child_find("plain", path, NULL));
	assert_int_equal(errno, EACCES);
	assert_null(child_find("./plain", NULL, dir));
	assert_int_equal(errno, EACCES);
	assert_null(child_find("", path, NULL));
	assert_int_equal(errno, ENOENT);
	assert_null(child_find("/", path, NULL));
	assert_int_equal(errno, EACCES);
	file = child_find("sh", NULL, NULL);
	assert_non_null(file);
	free(file);
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	assert_int_equal(system(command), 0);
}

/* --- helper --------------------------------------------------------------- */

/* What came of it, as text. */
static void
expect_outcome(struct helper *helper, const char *expected)
{
	pid_t pid = helper->process.pid;
	int status = await_exit(pid);
	char text[100] = "";

	assert_true(helper_is_busy(helper));
	assert_false(helper_reaped(helper, pid + 1, 0));
	assert_true(helper_reaped(helper, pid, status));
	assert_false(helper_is_busy(helper));
	assert_int_equal(helper_finish(helper, text, sizeof(text)),
	    *expected == '\0' ? 0 : -1);
	assert_string_equal(text, expected);
	assert_int_equal(helper->process.pid, 0);
	assert_false(helper_reaped(helper, 0, 0));
}

static void
test_helper_is_ended_with_all_of_it(void **state)
{
	struct child_error error;
	struct helper helper;
	struct child child;
	pid_t pid;

	(void)state;
	helper_init(&helper);
	helper_end(&helper);
	child_of(&child, SHELL, "sleep 1000 & wait");
	assert_int_equal(helper_start(&helper, &child), 0);
	pid = helper.process.pid;
	assert_int_equal(await_outcome(&helper.process, &error), 1);
	assert_int_equal(getpgid(pid), pid);
	helper_end(&helper);
	expect_outcome(&helper, "terminated by SIGKILL");
}

static void
test_helper_that_ends(void **state)
{
	struct helper helper;
	struct child child;

	(void)state;
	helper_init(&helper);
	child_of(&child, SHELL, "exit 3");
	assert_int_equal(helper_start(&helper, &child), 0);
	expect_outcome(&helper, "exit status 3");
	child_of(&child, SHELL, "exit 0");
	assert_int_equal(helper_start(&helper, &child), 0);
	expect_outcome(&helper, "");
	child_of(&child, "/nonexistent/test", NULL);
	assert_int_equal(helper_start(&helper, &child), 0);
	expect_outcome(&helper, "No such file or directory");
}

/* Its number may have been given to somebody else since. */
static void
test_helper_that_was_reaped_is_not_killed(void **state)
{
	struct helper first, other;
	struct child child;

	(void)state;
	helper_init(&first);
	helper_init(&other);
	child_of(&child, SHELL, "sleep 0.1; exit 5");
	assert_int_equal(helper_start(&other, &child), 0);
	first.process.pid = other.process.pid;
	assert_true(helper_reaped(&first, first.process.pid, 0));
	helper_end(&first);
	expect_outcome(&other, "exit status 5");
}

/* --- identity ------------------------------------------------------------- */

static void
test_identity_parse(void **state)
{
	struct identity_stat stat;

	(void)state;
	assert_true(identity_parse_stat(&stat,
	    "812 (odd) name) S) T 7 8 9 0 "
	    "-1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456789 1 2 3\n"));
	assert_int_equal(stat.state, 'T');
	assert_int_equal(stat.parent, 7);
	assert_int_equal(stat.group, 8);
	assert_int_equal(stat.session, 9);
	assert_int_equal(stat.start_time, 123456789);
	assert_string_equal(stat.name, "odd) name) S");
	assert_int_equal(stat.threads, 1);
	assert_int_equal(stat.pages, 2);
	assert_int_equal(stat.status, 0);
	assert_true(identity_parse_stat(&stat,
	    "812 (sh) Z 7 8 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 9 0 0 "
	    "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 "
	    "0 0 0 0 0 0 0 768\n"));
	assert_int_equal(stat.status, 768);
	assert_false(identity_parse_stat(&stat, ""));
	assert_false(identity_parse_stat(&stat, "812 (sh) S 1 2"));
	assert_false(identity_parse_stat(&stat, "812 no name at all"));
}

static void
test_identity_of_a_process(void **state)
{
	struct identity identity, other;
	struct pollfd ended;
	int status, told;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(identity_read(&identity, pid), 0);
	assert_int_equal(identity.pid, pid);
	assert_in_range(identity_age(identity.start_time) + 1, 0, 60000);
	assert_true(identity_alive(&identity));
	/* The same number is not the same process. */
	other = identity;
	other.start_time++;
	other.boot_id[0] = other.boot_id[0] == 'x' ? 'y' : 'x';
	assert_false(identity_alive(&other));
	ended.fd = identity_open(&identity);
	ended.events = POLLIN;
	assert_int_equal(identity_signal(ended.fd, pid, SIGKILL), 0);
	if (ended.fd != -1)
		assert_int_equal(poll(&ended, 1, PATIENCE), 1);
#ifdef __linux__
	/* A zombie has ended, though its pid is taken. */
	while (waitid(P_PID, (id_t)pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT) ==
		-1 &&
	    errno == EINTR)
		;
	assert_false(identity_alive(&identity));
	assert_int_equal(identity_look(&identity), IDENTITY_ENDED);
	/* It is ours, so how it ended can be seen. */
	assert_int_equal(identity_wait(&identity, ended.fd, &status), 1);
	assert_int_equal(status, SIGKILL);
#endif
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(identity_look(&identity), IDENTITY_GONE);
	/* Whoever can tell it at all tells what the parent got. */
	told = status;
	if (identity_wait(&identity, ended.fd, &told) == 1)
		assert_int_equal(told, status);
	assert_int_equal(identity_open(&identity), -1);
	assert_int_equal(identity_read(&identity, pid), -1);
	assert_int_equal(errno, ESRCH);
	if (ended.fd != -1)
		close(ended.fd);
	memset(&identity, 0, sizeof(identity));
	assert_false(identity_alive(&identity));
}

/* What cannot be looked at for now is not taken for gone. */
static void
test_identity_without_descriptors(void **state)
{
	struct rlimit limit, none;
	struct identity own, other;

	(void)state;
	assert_int_equal(identity_read(&own, getpid()), 0);
	other = own;
	other.pid = INT32_MAX;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_true(identity_alive(&own));
	assert_int_equal(identity_look(&other), IDENTITY_GONE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void
test_identity_stopped(void **state)
{
	int64_t end = clock_mono_ms() + PATIENCE;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		pause();
		_exit(0);
	}
#ifdef __linux__
	assert_false(identity_stopped(pid));
#endif
	kill(pid, SIGSTOP);
	while (!identity_stopped(pid))
		assert_true(clock_mono_ms() < end);
	kill(pid, SIGKILL);
	await_exit(pid);
}

/* --- tree ----------------------------------------------------------------- */

/* Reaps until there is no child left; false when that takes too long. */
static bool
reap_all(void)
{
	const struct timespec moment = { 0, 1000000 };
	int64_t end = clock_mono_ms() + PATIENCE;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) != -1) {
		if (clock_mono_ms() > end)
			return false;
		if (pid == 0)
			nanosleep(&moment, NULL);
	}
	return errno == ECHILD;
}

static struct tree
own_tree(void)
{
	return (struct tree){ .root = getpid() };
}

/* A tree that does not want to go, born under a process of its own. */
static void
tree_body(int ready)
{
	struct tree tree = own_tree();
	struct tree_process process[16];
	struct tree_result result;
	struct child_process program;
	struct child child;
	size_t count, i;
	char text[8];

	if (!tree_adopt_orphans())
		_exit(77);
	child_of(&child, SHELL,
	    "trap '' TERM\n"
	    "(trap '' TERM; exec sleep 1000) &\n"
	    "setsid sh -c 'sleep 1000 & sleep 1000' </dev/null &\n"
	    "(sleep 1000 &)\n"
	    "sleep 0.1; echo ready; wait");
	child.session = true;
	child.out = ready;
	if (child_spawn(&program, &child) == -1)
		_exit(1);
	if (read(ready, text, sizeof(text)) != 6 || !tree_there(&tree))
		_exit(2);
	count = tree_list(&tree, process, 16);
	for (i = 0; i < count; i++) {
		if (process[i].pid == program.pid &&
		    process[i].stat.parent != getpid())
			_exit(6);
	}
	if (count < 5 || tree_list(&tree, NULL, 0) != count)
		_exit(7);
	tree_signal(&tree, SIGTERM, &result);
	if (result.found < 5 || result.refused != 0)
		_exit(3);
	if (kill(program.pid, 0) == -1 || !tree_there(&tree))
		_exit(4);
	tree_kill(&tree, &result);
	if (!reap_all() || tree_there(&tree))
		_exit(5);
	_exit(0);
}

static void
test_tree_is_ended_whole(void **state)
{
	char dir[] = "/tmp/zd unit XXXXXX", path[64];
	int fd, status;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR);
	assert_true(fd != -1);
	if ((pid = fork()) == 0)
		tree_body(fd);
	status = await_exit(pid);
	close(fd);
	unlink(path);
	rmdir(dir);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define RELAY_LIFE 60000 /* ms after which a relay ends by itself */

static void
take_statuses(void *arg)
{
	(void)arg;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/*
 * Forks and exits every 200 us; the last one of them, which nobody caught,
 * says so.
 */
static void
tree_relay(int uncaught)
{
	const struct timespec moment = { 0, 200000 };
	int64_t end = clock_mono_ms() + RELAY_LIFE;

	while (clock_mono_ms() < end) {
		if (fork() != 0)
			_exit(0);
		nanosleep(&moment, NULL);
	}
	_exit(write(uncaught, "x", 1) == 1 ? 0 : 1);
}

/* Several calls, as the supervisor does; how many it took is no matter. */
static void
tree_chase(int uncaught)
{
	struct tree tree = own_tree();
	struct tree_result result;
	pid_t pid;

	tree.reap = take_statuses;
	if (!tree_adopt_orphans())
		_exit(77);
	if ((pid = fork()) == 0)
		tree_relay(uncaught);
	waitpid(pid, NULL, 0);
	do {
		tree_kill(&tree, &result);
		take_statuses(NULL);
	} while (tree_there(&tree));
	_exit(reap_all() ? 0 : 1);
}

static void
test_tree_catches_what_runs_away(void **state)
{
	int uncaught[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(descriptors_pipe(uncaught), 0);
	if ((pid = fork()) == 0)
		tree_chase(uncaught[1]);
	close(uncaught[1]);
	status = await_exit(pid);
	assert_true(WIFEXITED(status));
	/* Nobody has the pipe any more, and nobody has written into it. */
	assert_int_equal(read(uncaught[0], &byte, 1), 0);
	close(uncaught[0]);
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

#ifdef __linux__
/* Another supervisor's program: by its session, or by its cookie. */
static void
test_tree_that_was_not_born_here(void **state)
{
	char cookie[] = "COOKIE=unit-1", other[] = "COOKIE=unit-11";
	char *const envp[] = { other, cookie, NULL };
	struct child_process process;
	struct child_error error;
	struct tree tree = { .root = 1 << 30 };
	struct tree_result result;
	struct child child;

	(void)state;
	child_of(&child, SHELL, "kill -STOP $$");
	child.envp = envp;
	child.session = true;
	assert_int_equal(child_spawn(&process, &child), 0);
	assert_int_equal(await_outcome(&process, &error), 1);
	assert_false(tree_there(&tree));
	tree.leader = process.pid;
	assert_true(tree_there(&tree));
	tree.leader = 0;
	tree.cookie = "COOKIE=unit-2";
	assert_false(tree_there(&tree));
	tree.cookie = "COOKIE=unit-";
	assert_false(tree_there(&tree));
	tree.cookie = cookie;
	assert_int_equal(tree_list(&tree, NULL, 0), 1);
	tree_kill(&tree, &result);
	assert_int_equal(result.found, 1);
	assert_int_equal(result.one[0].pid, process.pid);
	assert_string_equal(result.one[0].stat.name, "sh");
	assert_int_equal(WTERMSIG(await_exit(process.pid)), SIGKILL);
	assert_false(tree_there(&tree));
}

static void *
sleep_on(void *arg)
{
	pause();
	return arg;
}

/* Its first thread has ended, it has not. */
static void
test_tree_sees_threads(void **state)
{
	int64_t end = clock_mono_ms() + PATIENCE;
	struct identity identity;
	struct tree tree = own_tree();
	struct tree_process process;
	pthread_t thread;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		if (pthread_create(&thread, NULL, sleep_on, NULL) != 0)
			_exit(1);
		pthread_exit(NULL);
	}
	do {
		assert_int_equal(tree_list(&tree, &process, 1), 1);
		assert_true(clock_mono_ms() < end);
	} while (process.stat.state != 'Z');
	assert_int_equal(process.pid, pid);
	assert_int_equal(identity_read(&identity, pid), 0);
	assert_true(identity_alive(&identity));
	kill(pid, SIGKILL);
	await_exit(pid);
	assert_false(tree_there(&tree));
}
#endif

/* --- privileges, places --------------------------------------------------- */

static void
test_privs_only_root_may_change(void **state)
{
	char *cause = NULL;
	int status;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		if (geteuid() == 0 &&
		    privs_drop(65534, 65534, NULL, 0, &cause) == -1)
			_exit(1);
		if (getuid() == 0 || getgroups(0, NULL) > 1 || setuid(0) != -1)
			_exit(2);
		/* To stay who we are is fine, to change once more is not. */
		if (privs_drop(getuid(), getgid(), NULL, 0, &cause) == -1)
			_exit(3);
		if (privs_drop(12345, 12345, NULL, 0, &cause) != -1 ||
		    cause == NULL)
			_exit(4);
		_exit(0);
	}
	status = await_exit(pid);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_place_knows_only_ours(void **state)
{
	char *cause = NULL, *path;

	(void)state;
	assert_null(place_find("sh", &cause));
	assert_non_null(cause);
	free(cause);
	cause = NULL;
	/* There or not, it is a whole path that is told. */
	if ((path = place_find("zdrun", &cause)) != NULL)
		assert_int_equal(path[0], '/');
	else
		assert_non_null(strstr(cause, "zdrun"));
	free(path);
	free(cause);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_child_tells_success),
		cmocka_unit_test(test_child_tells_what_failed),
		cmocka_unit_test(test_child_swaps_descriptors),
#ifdef __linux__
		cmocka_unit_test(test_child_descriptors),
		cmocka_unit_test(test_child_signals),
#endif
		cmocka_unit_test(test_child_surroundings),
		cmocka_unit_test(test_child_hold),
		cmocka_unit_test(test_child_fifo),
		cmocka_unit_test(test_child_find),
		cmocka_unit_test(test_helper_is_ended_with_all_of_it),
		cmocka_unit_test(test_helper_that_ends),
		cmocka_unit_test(test_helper_that_was_reaped_is_not_killed),
		cmocka_unit_test(test_identity_parse),
		cmocka_unit_test(test_identity_of_a_process),
		cmocka_unit_test(test_identity_without_descriptors),
		cmocka_unit_test(test_identity_stopped),
		cmocka_unit_test(test_tree_is_ended_whole),
		cmocka_unit_test(test_tree_catches_what_runs_away),
#ifdef __linux__
		cmocka_unit_test(test_tree_that_was_not_born_here),
		cmocka_unit_test(test_tree_sees_threads),
#endif
		cmocka_unit_test(test_privs_only_root_may_change),
		cmocka_unit_test(test_place_knows_only_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
