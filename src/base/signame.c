/* The signals of this system by name and number. */
#include "config.h"

#include <signal.h>
#include <stdio.h>

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

/* By their distance from the first one, whose number is the C library's. */
#define AFTER(n) "RTMIN+" #n
static const char *const realtime[] = { "RTMIN", AFTER(1), AFTER(2), AFTER(3),
	AFTER(4), AFTER(5), AFTER(6), AFTER(7), AFTER(8), AFTER(9), AFTER(10),
	AFTER(11), AFTER(12), AFTER(13), AFTER(14), AFTER(15), AFTER(16),
	AFTER(17), AFTER(18), AFTER(19), AFTER(20), AFTER(21), AFTER(22),
	AFTER(23), AFTER(24), AFTER(25), AFTER(26), AFTER(27), AFTER(28),
	AFTER(29), AFTER(30), AFTER(31) };

const struct signame *
signame_table(size_t *count)
{
	*count = TABLE_SIZE(table);
	return table;
}

static bool
is_realtime(int number)
{
	return number >= SIGRTMIN && number <= SIGRTMAX &&
	    (size_t)(number - SIGRTMIN) < TABLE_SIZE(realtime);
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

/* RTMIN, RTMIN+N, RTMAX or RTMAX-N; else -1. */
static int
parse_realtime(const char *text)
{
	bool last = ascii_same_part(text, "RTMAX", 5);
	long long step = 0;

	if (!last && !ascii_same_part(text, "RTMIN", 5))
		return -1;
	if (text[5] != '\0' &&
	    (text[5] != (last ? '-' : '+') ||
		!units_parse_number(text + 6, 0, SIGRTMAX - SIGRTMIN, &step)))
		return -1;
	return last ? SIGRTMAX - (int)step : SIGRTMIN + (int)step;
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
	return found == -1 ? parse_realtime(text) : found;
}

bool
signame_find(int number, struct signame *found)
{
	size_t i;

	for (i = 0; i < TABLE_SIZE(table); i++) {
		if (table[i].number == number) {
			*found = table[i];
			return true;
		}
	}
	if (!is_realtime(number))
		return false;
	found->number = number;
	found->name = realtime[number - SIGRTMIN];
	found->meaning = "real-time; whatever the program makes of it";
	return true;
}

const char *
signame_of(int number)
{
	struct signame found;

	return signame_find(number, &found) ? found.name : NULL;
}

const char *
signame_show(int number, char *buf, size_t size)
{
	const char *name = signame_of(number);

	if (name != NULL)
		snprintf(buf, size, "SIG%s", name);
	else
		snprintf(buf, size, "signal %d", number);
	return buf;
}
