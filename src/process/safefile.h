#ifndef PROCESS_SAFEFILE_H
#define PROCESS_SAFEFILE_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>

/* How a file is opened, and which one is good enough. */
struct safefile {
	int how; /* flags of open(2), without O_TRUNC: look first, then cut */
	mode_t mode; /* of a file that is made */
	bool ours; /* only we and root can have put it there and written it */
	bool make; /* missing directories are made; with ours */
	bool no_link; /* the path itself is no link, whoever made it */
	bool one_name; /* the file has no second name */
	bool any; /* devices and FIFOs as well */
};

/*
 * Opens a regular file on the way to which nobody can lead us astray (see
 * walk.h), without waiting for a FIFO and without waking a device.  With
 * root's rights a file in a directory that others can write to must not be a
 * second name of somebody else's file.
 *
 * The descriptor, close-on-exec, and its status in st if that is not NULL; -1
 * with errno and cause: a reason without the path.
 */
int safefile_open(const char *path, const struct safefile *safefile,
    struct stat *st, char **cause);

/* The same for a name in a directory that is open; a link is refused. */
int safefile_open_at(int dir, const char *name, const struct safefile *safefile,
    struct stat *st, char **cause);

/*
 * Opens a file for reading and returns what is in it, at most limit bytes: len
 * of them and a NUL, to be freed; its status in st.  NULL with errno and cause.
 */
char *safefile_read(const char *path, const struct safefile *safefile,
    size_t limit, struct stat *st, size_t *len, char **cause);

/*
 * Whether a failure with that errno says that there is no file, as far as we
 * can see; else there is one that was refused.
 */
bool safefile_is_missing(int error);

#endif
