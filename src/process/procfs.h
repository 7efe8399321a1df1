#ifndef PROCESS_PROCFS_H
#define PROCESS_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "process/identity.h"

/*
 * Processes as /proc shows them, where there is one.  A descriptor of a
 * process's directory stays with that process: what is read or signalled
 * through it is never another one that got its pid.  Nothing is allocated
 * (but by readdir, where there is no getdents64).
 */

/* /proc itself, or -1 with errno where it tells nothing of processes. */
int procfs_open(void);

/* The directory of a process, or -1 with errno. */
int procfs_open_process(int proc, pid_t pid);

/* Its stat; false if it is gone. */
bool procfs_stat(int process, struct identity_stat *stat);

/* The start of one of its files as text, NUL at the end.  -1 with errno. */
ssize_t procfs_read(int process, const char *name, char *buf, size_t size);

/* Whether "NAME=VALUE" stands in the environment it was started with. */
bool procfs_has_env(int process, const char *entry);

/* Signals it.  0, or -1 with errno. */
int procfs_signal(int process, pid_t pid, int signal);

typedef void (*procfs_visit)(void *arg, pid_t pid);

/* Visits all there are, in no order but that the newest tend to come first. */
void procfs_each(int proc, procfs_visit visit, void *arg);

/*
 * Visits the children of a process, zombies among them, those that came last
 * first.  False where the kernel keeps no such list.
 */
bool procfs_children(int process, procfs_visit visit, void *arg);

#endif
