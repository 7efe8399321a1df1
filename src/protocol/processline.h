#ifndef PROTOCOL_PROCESSLINE_H
#define PROTOCOL_PROCESSLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * One process of a program's tree, as a line of the answer to `tree`:
 *
 *	process pid=N parent=N group=N session=N age=MS memory=BYTES
 *	    state=S [left=group|session] name=NAME command='WORDS'
 *
 * Parents come before their children.  Where not all fit, the last line is
 * "more=N".
 */
struct process_line {
	pid_t pid;
	pid_t parent;
	pid_t group;
	pid_t session;
	int64_t age; /* ms, -1: not known */
	int64_t memory; /* resident bytes, -1: not known */
	char state; /* as the kernel has it: 'R', 'S', 'T', ... */
	char left[8]; /* "group" or "session" of the program that it is no
			 longer in; "": none */
	char name[32];
	char command[200]; /* its words parted by blanks, cut; "": none */
};

/* Writes the line with its newline; 0 where it does not fit.  No allocation. */
size_t processline_format(
    char *buf, size_t size, const struct process_line *line);

/* Reads one line, without its newline; false for anything else. */
bool processline_parse(const char *text, size_t len, struct process_line *line);

/* The number of "more=N", or -1 for any other line. */
long processline_more(const char *text, size_t len);

#endif
