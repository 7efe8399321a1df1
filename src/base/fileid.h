#ifndef BASE_FILEID_H
#define BASE_FILEID_H

#include <stddef.h>

/*
 * Which file it is: device, inode and, where the file system knows it, the time of
 * birth.  A rename keeps all three; a copy has others, and so has a file that
 * got the inode of one that was removed.
 */
#define FILEID_SIZE 64

/*
 * The identity of an open file, in hexadecimal digits and dashes; "" with
 * errno where it cannot be told.
 */
void fileid(int fd, char *buf, size_t size);

#endif
