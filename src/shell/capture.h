#ifndef SHELL_CAPTURE_H
#define SHELL_CAPTURE_H

#include <stdio.h>

struct session;

/*
 * Everything that is printed, by us and by what we start, goes into a file
 * of no name instead of the terminal, and nothing is read from it.
 */
struct capture {
	struct session *session;
	struct editor *editor;
	FILE *file;
	int fd[3]; /* the terminal's, kept */
};

/* 0, or -1 with errno and nothing changed. */
int capture_begin(struct capture *capture, struct session *session);

/* Ends it; what was printed, the first megabyte, to be freed. */
char *capture_end(struct capture *capture);

#endif
