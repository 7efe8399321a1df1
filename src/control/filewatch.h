#ifndef CONTROL_FILEWATCH_H
#define CONTROL_FILEWATCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * When to look at files again, told by the kernel (inotify).  What is found
 * when looking decides, never what was told; but where only writing was told,
 * names need not be looked at.  Where the kernel cannot tell, fd is -1,
 * nothing can be added, and one has to look once in a while.
 */
struct filewatch {
	int fd; /* to poll; -1: none */
	unsigned int round; /* counts what is forgotten */
	bool names; /* the last round told of more than writing, or nothing */
	struct filewatch_entry *entry;
	size_t count;
};

void filewatch_open(struct filewatch *watch);
void filewatch_none(struct filewatch *watch); /* one that tells nothing */
void filewatch_close(struct filewatch *watch);

/*
 * Watches the file of that name: what is written to it, its links and its
 * name; or a directory: the names in it.  A number for filewatch_remove, -1
 * where that cannot be watched.  The same file may be added many times.
 */
int filewatch_file(struct filewatch *watch, const char *path);
int filewatch_directory(struct filewatch *watch, const char *path);
void filewatch_remove(struct filewatch *watch, int number);

/* Forgets what was told so far: before looking. */
void filewatch_drain(struct filewatch *watch);

#endif
