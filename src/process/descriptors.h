#ifndef PROCESS_DESCRIPTORS_H
#define PROCESS_DESCRIPTORS_H

#include <stdbool.h>

/* Descriptors as a careful process keeps them. */

/* Makes 0, 1 and 2 exist (/dev/null where one is closed).  0, or -1. */
int descriptors_stdio(void);

/* Closes every descriptor from first on. */
void descriptors_close_from(int first);

/* A pipe, both ends close-on-exec.  0, or -1 with errno. */
int descriptors_pipe(int fd[2]);

void descriptors_nonblock(int fd);
void descriptors_cloexec(int fd);

/*
 * Whether fd takes a line now (PIPE_BUF bytes at the most), so that writing
 * it does not wait.
 */
bool descriptors_take_a_line(int fd);

/* Whether we have a controlling terminal. */
bool descriptors_have_terminal(void);

#endif
