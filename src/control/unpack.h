#ifndef CONTROL_UNPACK_H
#define CONTROL_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A compressed file, unpacked by the command for its kind (gzip -dc), which
 * runs beside us.  Does not block.
 */

enum unpack_result {
	UNPACK_NOTHING, /* yet */
	UNPACK_DATA,
	UNPACK_END,
	UNPACK_FAILED /* cause; also when nothing came for too long */
};

struct unpack;

/* Whether a name ends as one of a kind of file that can be unpacked. */
bool unpack_knows(const char *path);

/* Takes fd, which is the file at path.  NULL with cause. */
struct unpack *unpack_new(const char *path, int fd, char **cause);
void unpack_free(struct unpack *unpack); /* ends the command */

/* Up to size bytes into buf, how many into *len. */
enum unpack_result unpack_read(
    struct unpack *unpack, char *buf, size_t size, size_t *len, char **cause);

/* What to poll, and for how long. */
int unpack_fd(const struct unpack *unpack);
int unpack_timeout(const struct unpack *unpack);

#endif
