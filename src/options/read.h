#ifndef OPTIONS_READ_H
#define OPTIONS_READ_H

#include <stddef.h>
#include <sys/types.h>

/* A configuration file in memory. */
struct input {
	char *text; /* len bytes, then a NUL */
	size_t len;
	dev_t device;
	ino_t inode;
	const char *warning; /* about its owner or mode; NULL: none */
};

/*
 * Reads a regular file of at most limit bytes.  Root follows no link of others
 * to it (safefile.h), and refuses one that everybody can write.  0 with
 * input->text to be freed, or -1 with cause.
 */
int read_input(
    struct input *input, const char *path, size_t limit, char **cause);

#endif
