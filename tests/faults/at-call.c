/*
 * Kills a process, or has a call of it fail, at one system call of all that
 * it makes.  strace counts the calls of each name by themselves; this counts
 * all, so that number k is one place in the life of the process.
 *
 *	at-call PID			lists every call
 *	at-call PID WHO K kill		SIGKILL at the entry of call K
 *	at-call PID WHO K NAME=ERRNO	that call fails and does nothing
 *	at-call PID WHO K NAME=ERRNO+	so does each later one of its name
 *
 * PID and all that it forks are followed while they run a program of ours
 * (its name begins with "zd"); what executes another program is let go.  WHO
 * is "0" for PID, "0.2" for its second child, "0.2.1" for that one's first.
 * What fails is the first call from K on that has this name, as no two runs
 * are quite alike; read and write are told apart by what they are about, such
 * as "read:pipe" and "write:file".  Prints "ready" once PID is held, and a line
 *for each call: WHO, K, name, program and pid; where a call is to be hit, for
 *that one alone. Ends after the hit, with its last process, or when it is told
 *to.
 */

#include "config.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc and the kernel each have a header for this, and they collide. */
#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif

#define UNSUPPORTED 77 /* the exit status where it cannot be done */
#define TRACEES     64
#define WHO         64

#define OPTIONS                                                            \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | \
	    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

struct tracee {
	pid_t pid; /* 0: the place is free */
	char who[WHO]; /* "": its parent has not told of it yet */
	bool ours; /* it runs a program of ours */
	bool waits; /* stopped until its parent tells of it */
	unsigned int calls;
	unsigned int children;
	int fails_with; /* what the call it is in returns; 0: what it likes */
};

static const struct {
	const char *name;
	int number;
} call_table[] = {
#include "tests/faults/calls.h"
};

struct tracer {
	struct tracee tracee[TRACEES];
	const char *who; /* NULL: lists all */
	unsigned int call;
	const char *name; /* what fails */
	int error; /* how; 0: SIGKILL instead */
	bool lasts;
	bool has_hit;
};

/* --- what depends on the machine ------------------------------------------ */

#if defined(__x86_64__)

static void
skip_call(pid_t pid)
{
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.orig_rax), -1L);
}

static void
set_result(pid_t pid, long result)
{
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.rax), result);
}

#elif defined(__aarch64__)

#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif

static void
skip_call(pid_t pid)
{
	int none = -1;
	struct iovec iov = { &none, sizeof(none) };

	ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &iov);
}

static void
set_result(pid_t pid, long result)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof(regs) };

	ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov);
	regs.regs[0] = (unsigned long)result;
	ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &iov);
}

#else
#define UNKNOWN_MACHINE

static void
skip_call(pid_t pid)
{
	(void)pid;
}

static void
set_result(pid_t pid, long result)
{
	(void)pid;
	(void)result;
}

#endif

/* --- tracees ------------------------------------------------------------- */

static struct tracee *
find(struct tracer *tracer, pid_t pid)
{
	size_t i;

	for (i = 0; i < TRACEES; i++) {
		if (tracer->tracee[i].pid == pid)
			return &tracer->tracee[i];
	}
	return NULL;
}

static struct tracee *
add(struct tracer *tracer, pid_t pid)
{
	struct tracee *tracee = find(tracer, 0);

	if (tracee == NULL) {
		fprintf(stderr, "at-call: too many processes\n");
		exit(1);
	}
	memset(tracee, 0, sizeof(*tracee));
	tracee->pid = pid;
	return tracee;
}

/* The base name of what a process executes; "" where it has none. */
static const char *
program(pid_t pid, char *buf, size_t size)
{
	char link[64];
	const char *slash;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%ld/exe", (long)pid);
	n = readlink(link, buf, size - 1);
	buf[n > 0 ? n : 0] = '\0';
	slash = strrchr(buf, '/');
	return slash != NULL ? slash + 1 : buf;
}

static bool
runs_ours(pid_t pid)
{
	char path[PATH_MAX];

	return strncmp(program(pid, path, sizeof(path)), "zd", 2) == 0;
}

/* Lets it go on, to its next call if that is of interest. */
static void
resume(const struct tracer *tracer, const struct tracee *tracee, int sig)
{
	bool counts = tracee->ours &&
	    (tracer->who == NULL || strcmp(tracer->who, tracee->who) == 0);

	ptrace(counts ? PTRACE_SYSCALL : PTRACE_CONT, tracee->pid, NULL,
	    (long)sig);
}

/* --- calls --------------------------------------------------------------- */

static const char *
call_name(uint64_t number)
{
	size_t i;

	for (i = 0; i < sizeof(call_table) / sizeof(call_table[0]); i++) {
		if ((uint64_t)call_table[i].number == number)
			return call_table[i].name;
	}
	return "unknown";
}

/* What a descriptor is open on: "pipe", "socket" and the like, or "file". */
static void
find_kind(pid_t pid, uint64_t fd, char *buf, size_t size)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%ld/fd/%d", (long)pid, (int)fd);
	n = readlink(link, buf, size - 1);
	buf[n > 0 ? n : 0] = '\0';
	if (n <= 0 || buf[0] == '/')
		snprintf(buf, size, "file");
	else
		buf[strcspn(buf, ":")] = '\0';
}

/* The name of a call; of read and write with what it is about, as that
 * decides how they can fail. */
static void
describe(const struct tracee *tracee, const struct __ptrace_syscall_info *info,
    char *buf, size_t size)
{
	char kind[PATH_MAX];

	snprintf(buf, size, "%s", call_name(info->entry.nr));
	if (info->entry.nr != SYS_read && info->entry.nr != SYS_write)
		return;
	find_kind(tracee->pid, info->entry.args[0], kind, sizeof(kind));
	snprintf(buf, size, "%s:%.20s", call_name(info->entry.nr), kind);
}

static void
tell(const struct tracee *tracee, const char *name)
{
	char path[PATH_MAX];

	printf("%s %u %s %s %ld\n", tracee->who, tracee->calls, name,
	    program(tracee->pid, path, sizeof(path)), (long)tracee->pid);
}

static bool
is_due(
    const struct tracer *tracer, const struct tracee *tracee, const char *name)
{
	if (tracer->error == 0)
		return tracee->calls == tracer->call;
	return tracee->calls >= tracer->call && strcmp(name, tracer->name) == 0;
}

/* close(2) has closed even where it tells of an error. */
static void
hit(struct tracer *tracer, struct tracee *tracee, const char *name)
{
	if (!tracer->has_hit)
		tell(tracee, name);
	tracer->has_hit = true;
	if (tracer->error == 0) {
		kill(tracee->pid, SIGKILL);
		exit(0);
	}
	tracee->fails_with = tracer->error;
	if (strcmp(name, "close") != 0)
		skip_call(tracee->pid);
}

static void
on_entry(struct tracer *tracer, struct tracee *tracee,
    const struct __ptrace_syscall_info *info)
{
	char name[64];

	tracee->calls++;
	describe(tracee, info, name, sizeof(name));
	if (tracer->who == NULL)
		tell(tracee, name);
	else if (is_due(tracer, tracee, name))
		hit(tracer, tracee, name);
}

static void
on_exit_of_call(const struct tracer *tracer, struct tracee *tracee)
{
	if (tracee->fails_with == 0)
		return;
	set_result(tracee->pid, -tracee->fails_with);
	tracee->fails_with = 0;
	if (!tracer->lasts)
		exit(0);
}

static void
on_call(struct tracer *tracer, struct tracee *tracee)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->pid, sizeof(info), &info) <=
	    0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		on_entry(tracer, tracee, &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		on_exit_of_call(tracer, tracee);
}

/* --- what happens -------------------------------------------------------- */

/* A child of tracee, which may have been seen before this was told. */
static void
on_fork(struct tracer *tracer, struct tracee *tracee)
{
	unsigned long pid = 0;
	struct tracee *child;

	ptrace(PTRACE_GETEVENTMSG, tracee->pid, NULL, &pid);
	if ((child = find(tracer, (pid_t)pid)) == NULL)
		child = add(tracer, (pid_t)pid);
	if (snprintf(child->who, sizeof(child->who), "%s.%u", tracee->who,
		++tracee->children) >= (int)sizeof(child->who))
		exit(1);
	child->ours = tracee->ours;
	if (child->waits)
		resume(tracer, child, 0);
	child->waits = false;
}

/* True if it is no longer ours to follow. */
static bool
on_exec(struct tracee *tracee)
{
	bool was = tracee->ours;

	tracee->ours = runs_ours(tracee->pid);
	if (was && !tracee->ours) {
		ptrace(PTRACE_DETACH, tracee->pid, NULL, NULL);
		tracee->pid = 0;
		return true;
	}
	return false;
}

static void
on_stop(struct tracer *tracer, struct tracee *tracee, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16;

	switch (event) {
	case 0:
		if (sig == (SIGTRAP | 0x80)) {
			on_call(tracer, tracee);
			sig = 0;
		}
		break;
	case PTRACE_EVENT_STOP:
		if (sig != SIGTRAP) { /* SIGSTOP and its like */
			ptrace(PTRACE_LISTEN, tracee->pid, NULL, NULL);
			return;
		}
		if ((tracee->waits = tracee->who[0] == '\0'))
			return;
		sig = 0;
		break;
	case PTRACE_EVENT_EXEC:
		if (on_exec(tracee))
			return;
		sig = 0;
		break;
	default:
		on_fork(tracer, tracee);
		sig = 0;
		break;
	}
	resume(tracer, tracee, sig);
}

static void
follow(struct tracer *tracer)
{
	struct tracee *tracee;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) != -1) {
		if ((tracee = find(tracer, pid)) == NULL) {
			if (!WIFSTOPPED(status))
				continue;
			tracee = add(tracer, pid);
		}
		if (WIFSTOPPED(status))
			on_stop(tracer, tracee, status);
		else
			tracee->pid = 0;
	}
}

static void
hold(struct tracer *tracer, pid_t pid)
{
	struct tracee *tracee;

	if (ptrace(PTRACE_SEIZE, pid, NULL, (long)OPTIONS) == -1 ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == -1) {
		fprintf(stderr, "at-call: ptrace: %s\n", strerror(errno));
		exit(errno == EPERM || errno == ENOSYS ? UNSUPPORTED : 1);
	}
	tracee = add(tracer, pid);
	snprintf(tracee->who, sizeof(tracee->who), "0");
	tracee->ours = runs_ours(pid);
}

static void
aim(struct tracer *tracer, char **argv)
{
	char *error, *end;

	tracer->who = argv[0];
	tracer->call = (unsigned int)strtoul(argv[1], NULL, 10);
	if ((error = strchr(argv[2], '=')) == NULL)
		return;
	*error++ = '\0';
	tracer->name = argv[2];
	tracer->error = (int)strtol(error, &end, 10);
	tracer->lasts = *end == '+';
}

int
main(int argc, char **argv)
{
	static struct tracer tracer;

	if (argc != 2 && argc != 5) {
		fprintf(
		    stderr, "usage: at-call PID [WHO K kill|NAME=ERRNO[+]]\n");
		return 2;
	}
#ifdef UNKNOWN_MACHINE
	return UNSUPPORTED;
#endif
	if (argc == 5)
		aim(&tracer, argv + 2);
	setvbuf(stdout, NULL, _IOLBF, 0);
	hold(&tracer, (pid_t)strtol(argv[1], NULL, 10));
	printf("ready\n");
	follow(&tracer);
	return 0;
}
