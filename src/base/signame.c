/* The signals of this system by name and number. */
#include "config.h"

#include <signal.h>

#include "base/ascii.h"
#include "base/signame.h"
#include "base/units.h"

static const struct signame table[] = {
	{ SIGHUP, "HUP", "hang-up; many programs reread their files" },
	{ SIGINT, "INT", "interrupt, as Ctrl-C" },
	{ SIGQUIT, "QUIT", "quit with a core dump" },
	{ SIGILL, "ILL", "illegal instruction" },
	{ SIGTRAP, "TRAP", "trace trap" },
	{ SIGABRT, "ABRT", "abort with a core dump" },
	{ SIGBUS, "BUS", "bad memory access" },
	{ SIGFPE, "FPE", "arithmetic error" },
	{ SIGKILL, "KILL", "end at once; cannot be caught" },
	{ SIGUSR1, "USR1", "whatever the program makes of it" },
	{ SIGSEGV, "SEGV", "invalid memory reference" },
	{ SIGUSR2, "USR2", "whatever the program makes of it; logreopen" },
	{ SIGPIPE, "PIPE", "write to a pipe nobody reads" },
	{ SIGALRM, "ALRM", "alarm clock" },
	{ SIGTERM, "TERM", "ask to end" },
#ifdef SIGSTKFLT
	{ SIGSTKFLT, "STKFLT", "coprocessor stack fault" },
#endif
	{ SIGCHLD, "CHLD", "a child has changed" },
	{ SIGCONT, "CONT", "go on after a stop" },
	{ SIGSTOP, "STOP", "stop; cannot be caught" },
	{ SIGTSTP, "TSTP", "stop, as Ctrl-Z" },
	{ SIGTTIN, "TTIN", "read from the terminal in the background" },
	{ SIGTTOU, "TTOU", "write to the terminal in the background" },
	{ SIGURG, "URG", "urgent data on a socket" },
	{ SIGXCPU, "XCPU", "processor time is used up" },
	{ SIGXFSZ, "XFSZ", "file size is over its limit" },
	{ SIGVTALRM, "VTALRM", "virtual alarm clock" },
	{ SIGPROF, "PROF", "profiling timer" },
	{ SIGWINCH, "WINCH", "the window has changed its size" },
#ifdef SIGIO
	{ SIGIO, "IO", "input or output is possible" },
#endif
#ifdef SIGPWR
	{ SIGPWR, "PWR", "power failure" },
#endif
	{ SIGSYS, "SYS", "bad system call" },
};

/* Other names of the same signals. */
static const struct signame synonym[] = {
	{ SIGABRT, "IOT", NULL },
	{ SIGCHLD, "CLD", NULL },
#ifdef SIGPOLL
	{ SIGPOLL, "POLL", NULL },
#endif
};

#define TABLE_SIZE(t) (sizeof(t) / sizeof((t)[0]))

const struct signame *
signame_table(size_t *count)
{
	*count = TABLE_SIZE(table);
	return table;
}

static int
find_name(const struct signame *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ascii_same(names[i].name, name))
			return names[i].number;
	return -1;
}

int
signame_parse(const char *text)
{
	long long number;
	int found;

	if (units_parse_number(text, 1, 1000, &number))
		return signame_of((int)number) == NULL ? -1 : (int)number;
	if (ascii_same_part(text, "SIG", 3))
		text += 3;
	found = find_name(table, TABLE_SIZE(table), text);
	if (found == -1)
		found = find_name(synonym, TABLE_SIZE(synonym), text);
	return found;
}

const char *
signame_of(int number)
{
	size_t i;

	for (i = 0; i < TABLE_SIZE(table); i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}
