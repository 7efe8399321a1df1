/* Which file it is. */

#include "config.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>

#include "base/fileid.h"

/* When it was made, as text; "" where the file system does not know. */
static void
fileid_birth(int fd, char *buf, size_t size)
{
	struct statx stx;

	buf[0] = '\0';
	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &stx) == 0 &&
	    (stx.stx_mask & STATX_BTIME) != 0)
		snprintf(buf, size, "-%llx-%x",
		    (unsigned long long)stx.stx_btime.tv_sec,
		    (unsigned int)stx.stx_btime.tv_nsec);
}

void
fileid(int fd, char *buf, size_t size)
{
	char birth[32];
	struct stat st;

	buf[0] = '\0';
	if (fstat(fd, &st) == -1)
		return;
	fileid_birth(fd, birth, sizeof(birth));
	snprintf(buf, size, "%llx-%llx%s", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino, birth);
}
