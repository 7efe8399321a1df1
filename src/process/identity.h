#ifndef PROCESS_IDENTITY_H
#define PROCESS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Which process it is: a pid alone comes back after a while, a pid with its
 * start time and the boot it was seen in does not.
 */
#define IDENTITY_BOOT_SIZE 40

struct identity {
	pid_t pid;
	uint64_t start_time; /* clock ticks since boot; 0: not known here */
	char boot_id[IDENTITY_BOOT_SIZE]; /* "": not known here */
};

#define IDENTITY_NAME_SIZE 32

/* What the kernel tells of a process. */
struct identity_stat {
	char name[IDENTITY_NAME_SIZE]; /* short, and what the program likes */
	char state; /* 'R', 'S', 'D', 'T', 'Z', ... */
	pid_t parent;
	pid_t group;
	pid_t session;
	long threads;
	uint64_t start_time; /* clock ticks since boot */
	long pages; /* resident */
	int status; /* of a zombie, as wait(2) has it; 0: not told */
};

/* Reads the text of /proc/PID/stat; false if it is none. */
bool identity_parse_stat(struct identity_stat *stat, const char *text);

/* Whether nothing of it runs any more: a zombie, and not just its first
 * thread. */
bool identity_is_dead(const struct identity_stat *stat);

/* The identity of a process that is there.  0, or -1 with errno. */
int identity_read(struct identity *identity, pid_t pid);

enum identity_state {
	IDENTITY_GONE, /* another process at most has its pid */
	IDENTITY_ENDED, /* a zombie: nobody has asked yet how it ended */
	IDENTITY_RUNS
};

/*
 * What that very process does now.  Where start times are unknown, or cannot
 * be read for lack of descriptors or memory, whether its pid is in use.
 */
enum identity_state identity_look(const struct identity *identity);

/* Whether it still runs; a zombie does not. */
bool identity_alive(const struct identity *identity);

/* How long ago what began at start_time did so, in ms; -1: not known here. */
int64_t identity_age(uint64_t start_time);

/* Whether it is stopped by a signal; true where that cannot be known. */
bool identity_stopped(pid_t pid);

/*
 * A descriptor that becomes readable when that process ends and that signals
 * no other; -1 with errno: ESRCH it is gone, ENOSYS not on this system.  A
 * zombie has one, too.
 */
int identity_open(const struct identity *identity);

/* Whether the process of such a descriptor has ended; a zombie has. */
bool identity_has_ended(int fd);

/*
 * The wait status of a process that is no child of ours: as a zombie it shows
 * it to whoever might trace it, and later its descriptor (-1: none) may tell.
 * 1 with *status, 0 not yet (its parent has not taken it), -1 it will never be
 * told (the kernel does not keep it).
 */
int identity_wait(const struct identity *identity, int fd, int *status);

/* Sends a signal through such a descriptor, or to pid where it is -1. */
int identity_signal(int fd, pid_t pid, int signal);

#endif
