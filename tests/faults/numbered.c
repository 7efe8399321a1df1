/*
 * A program that shows what becomes of its output.  It writes numbered lines,
 * each in two parts, a moment apart: whatever happens to the transcript, half
 * of the time it happens within a line.
 *
 *	numbered [both]		both: to standard error as well
 *
 * The file "number" has the number of the last whole line, and outlives the
 * process.  The lock on the file "lock" tells of a second copy, which leaves a
 * file "copies".  It ends at the end of a line, with 0 on SIGTERM and 3 on
 * SIGUSR1.
 */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CREATE (O_RDWR | O_CREAT | O_CLOEXEC)

static volatile sig_atomic_t leave; /* the signal to leave for */

static void
on_signal(int number)
{
	leave = number;
}

static void
be_alone(void)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int lock = open("lock", CREATE, 0644);

	if (fcntl(lock, F_SETLK, &all) == -1)
		close(open("copies", CREATE, 0644));
}

static long
last_number(int file)
{
	char text[32] = "";

	if (pread(file, text, sizeof(text) - 1, 0) == -1)
		exit(1);
	return strtol(text, NULL, 10);
}

static void
note_number(int file, long number)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld\n", number);

	if (pwrite(file, text, (size_t)len, 0) != len)
		exit(1);
}

static void
say(const char *text, bool both)
{
	const struct timespec moment = { 0, 10000000 };
	int stream;

	for (stream = STDOUT_FILENO; stream <= (both ? 2 : 1); stream++) {
		if (write(stream, text, strlen(text)) == -1)
			exit(1);
	}
	nanosleep(&moment, NULL);
}

int
main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = SA_RESTART };
	bool both = argc > 1 && strcmp(argv[1], "both") == 0;
	int file = open("number", O_RDWR | O_CLOEXEC);
	long number = last_number(file);
	char text[32];

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	be_alone();
	while (leave == 0) {
		snprintf(text, sizeof(text), "line %07ld ", ++number);
		say(text, both);
		snprintf(text, sizeof(text), "%07ld\n", (long)getpid());
		say(text, both);
		note_number(file, number);
	}
	return leave == SIGTERM ? 0 : 3;
}
