/*
 * A buffer that outlives its process.
 *
 * The order of things, for each buffer full: a mark is written over the
 * buffer's first bytes; the note is made; the pipe is read, which removes the
 * mark; the file is written; in the end the note is taken back.  So a
 * successor knows: the mark stands, and nothing was read; or it does not, and
 * what the file has not got at the place noted is missing.
 *
 * - To read so many bytes as are known to be there does not wait and is not
 *   cut short, not even by SIGKILL: all of them, or none.  But a page that the
 *   kernel has written to the disk has to be made ours again first, where that
 *   could happen; so all of them are, each time before some are used.
 * - Memory and file are one and the same in the kernel's cache; of a crash of
 *   the machine nothing is asked, the pipe would be gone as well.
 * - We never touch the mapping ourselves: where its file has been truncated or
 *   cannot get a page, a system call says EFAULT, but we would get SIGBUS.
 */

#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "supervisor/sink-file.h"
#include "supervisor/staging.h"

#define STAGING_MAGIC  "zdaemon buffer 1"
#define STAGING_ENDING ".buffer"
#define STAGING_SIZE   65536 /* bytes of the buffer */
#define STAGING_NOTE   0 /* where the note is in its file */
#define STAGING_DATA   4096 /* where the buffer begins */
#define STAGING_BLOCK  4096 /* bytes that are compared at once */

/* Stands at the beginning of the file. */
struct staging_note {
	char magic[16];
	uint64_t dev, ino; /* of the file that gets the bytes */
	int64_t at; /* where in it */
	uint64_t len; /* how many; 0: all is done */
	unsigned char token[16]; /* which is also the mark */
};

int
staging_init(struct staging *staging, const char *fifo)
{
	memset(staging, 0, sizeof(*staging));
	staging->fd = -1;
	staging->path = malloc(strlen(fifo) + sizeof(STAGING_ENDING));
	if (staging->path == NULL)
		return -1;
	sprintf(staging->path, "%s" STAGING_ENDING, fifo);
	return 0;
}

/* --- the file ------------------------------------------------------------- */

static int
staging_open(const struct staging *staging, int how)
{
	return open(staging->path,
	    how | O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC,
	    0600);
}

/* With room for all of it: a mapped page needs no new block later. */
static int
staging_create(struct staging *staging)
{
	struct stat st;

	unlink(staging->path);
	staging->fd = staging_open(staging, O_CREAT | O_EXCL);
	if (staging->fd == -1 || fstat(staging->fd, &st) == -1)
		return -1;
	staging->dev = st.st_dev;
	staging->ino = st.st_ino;
	if (fchmod(staging->fd, 0600) == -1 ||
	    posix_fallocate(staging->fd, 0, STAGING_DATA + STAGING_SIZE) != 0)
		return -1;
	return getentropy(staging->token, sizeof(staging->token));
}

static int
staging_map(struct staging *staging)
{
	void *data;

	data = mmap(NULL, STAGING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
	    staging->fd, STAGING_DATA);
	if (data == MAP_FAILED)
		return -1;
	staging->data = data;
	return 0;
}

void
staging_remove(struct staging *staging)
{
	if (staging->data != NULL)
		munmap(staging->data, STAGING_SIZE);
	if (staging->fd != -1)
		close(staging->fd);
	if (staging->path != NULL)
		unlink(staging->path);
	staging->data = NULL;
	staging->fd = -1;
	staging->open = staging->refused = false;
}

void
staging_free(struct staging *staging)
{
	staging_remove(staging);
	free(staging->path);
	staging->path = NULL;
}

void
staging_disown(struct staging *staging)
{
	staging->fd = -1;
	staging->open = false;
	staging->refused = true;
}

/* Until it is removed, which is also forgotten then. */
static void
staging_refuse(struct staging *staging)
{
	staging_remove(staging);
	staging->refused = true;
}

bool
staging_make(struct staging *staging)
{
	if (staging->fd != -1)
		return true;
	if (staging->refused)
		return false;
	if (staging_create(staging) == 0 && staging_map(staging) == 0)
		return true;
	staging_refuse(staging);
	return false;
}

static bool
staging_is_there(const struct staging *staging)
{
	struct stat st;

	return lstat(staging->path, &st) == 0 && st.st_dev == staging->dev &&
	    st.st_ino == staging->ino;
}

void
staging_look(struct staging *staging)
{
	if (staging->fd == -1)
		return;
	if (!staging_is_there(staging))
		staging_remove(staging);
#ifdef MADV_POPULATE_WRITE
	else
		(void)madvise(staging->data, STAGING_SIZE, MADV_POPULATE_WRITE);
#endif
}

/* --- moving --------------------------------------------------------------- */

/*
 * Some bytes into the buffer's file.  They stand in one page: a killed process
 * has written all of them, or none.
 */
static int
staging_write(
    const struct staging *staging, const void *data, size_t size, off_t at)
{
	return pwrite(staging->fd, data, size, at) == (ssize_t)size ? 0 : -1;
}

/*
 * That n bytes are coming for where sink has aimed.  First the mark: without
 * it, what the last bytes have left in the buffer would be taken for them.
 */
static int
staging_announce(struct staging *staging, const struct sink *sink, size_t n)
{
	struct staging_note note = { .magic = STAGING_MAGIC };

	note.dev = (uint64_t)sink->dev;
	note.ino = (uint64_t)sink->ino;
	note.at = sink->at;
	note.len = n;
	memcpy(note.token, staging->token, sizeof(note.token));
	staging->open = true;
	if (staging_write(
		staging, note.token, sizeof(note.token), STAGING_DATA) == -1)
		return -1;
	return staging_write(staging, &note, sizeof(note), STAGING_NOTE);
}

void
staging_settle(struct staging *staging)
{
	static const struct staging_note none = { .magic = STAGING_MAGIC };

	if (!staging->open)
		return;
	staging->open = false;
	if (staging_write(staging, &none, sizeof(none), STAGING_NOTE) == -1)
		staging_refuse(staging);
}

/* The next n bytes of the pipe into the buffer; how many came. */
static size_t
staging_fill(struct staging *staging, int pipe, size_t n)
{
	ssize_t got;

	do
		got = read(pipe, staging->data, n);
	while (got == -1 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}

/* From the buffer to the file; how many of n. */
static size_t
staging_empty(const struct staging *staging, struct sink *sink, size_t n)
{
	size_t done = 0;
	ssize_t put;

	while (done < n) {
		put = sink_file_put(sink, staging->data + done, n - done);
		if (put <= 0)
			break;
		done += (size_t)put;
	}
	return done;
}

/* What the file has not taken waits, or is dropped, as with all sinks. */
static void
staging_pass_on(
    const struct staging *staging, struct sink *sink, size_t from, size_t end)
{
	struct staging_rest rest = {
		.fd = staging->fd,
		.from = STAGING_DATA + (int64_t)from,
		.len = end - from,
	};
	char block[STAGING_BLOCK];
	size_t n;

	while ((n = staging_rest_read(&rest, block, sizeof(block))) > 0)
		sink_write(sink, block, n);
	if (rest.len > 0)
		sink_lose(sink, rest.len);
}

size_t
staging_move(struct staging *staging, int pipe, struct sink *sink, size_t n)
{
	size_t got, done;

	if (n > STAGING_SIZE)
		n = STAGING_SIZE;
	if (staging_announce(staging, sink, n) == -1) {
		staging_refuse(staging);
		return 0;
	}
	got = staging_fill(staging, pipe, n);
	done = staging_empty(staging, sink, got);
	if (done < got)
		staging_pass_on(staging, sink, done, got);
	/* Somebody else reads the pipe, or takes the buffer's file from us. */
	if (got < n)
		staging_refuse(staging);
	return got;
}

/* --- what was left -------------------------------------------------------- */

/* The buffer of a supervisor before us, if it is one; -1. */
static int
staging_open_left(const struct staging *staging)
{
	struct stat st;
	int fd;

	if ((fd = staging_open(staging, 0)) == -1)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		return fd;
	close(fd);
	return -1;
}

/* What it had read and meant to write; 0: nothing. */
static size_t
staging_read_note(int fd, struct staging_note *note)
{
	unsigned char first[sizeof(note->token)];

	if (pread(fd, note, sizeof(*note), STAGING_NOTE) != sizeof(*note) ||
	    pread(fd, first, sizeof(first), STAGING_DATA) != sizeof(first) ||
	    memcmp(note->magic, STAGING_MAGIC, sizeof(note->magic)) != 0 ||
	    memcmp(first, note->token, sizeof(first)) == 0 ||
	    note->len > STAGING_SIZE || note->at < 0)
		return 0;
	return (size_t)note->len;
}

/* How many bytes at the beginning of two blocks are the same. */
static size_t
staging_common(const char *one, const char *other, size_t n)
{
	size_t i = 0;

	while (i < n && one[i] == other[i])
		i++;
	return i;
}

/* So many of the len bytes noted stand in the file where they belong. */
static size_t
staging_written(int fd, const struct staging_note *note, int file)
{
	char ours[STAGING_BLOCK], there[STAGING_BLOCK];
	size_t done = 0, same;
	ssize_t n, m;

	do {
		n = pread(fd, ours, sizeof(ours), STAGING_DATA + (off_t)done);
		m = pread(
		    file, there, sizeof(there), (off_t)note->at + (off_t)done);
		if (n <= 0 || m <= 0)
			break;
		same = staging_common(
		    ours, there, n < m ? (size_t)n : (size_t)m);
		done += same;
	} while (same == sizeof(ours));
	return done < note->len ? done : (size_t)note->len;
}

/* The file noted, if that is what name in dir leads to; -1. */
static int
staging_open_noted(int dir, const char *name, const struct staging_note *note)
{
	struct stat st;
	int fd;

	fd = openat(dir, name,
	    O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (uint64_t)st.st_dev == note->dev &&
	    (uint64_t)st.st_ino == note->ino)
		return fd;
	close(fd);
	return -1;
}

/* The file noted, which others have given another name in dir; -1. */
static int
staging_search(DIR *dir, const struct staging_note *note)
{
	struct dirent *entry;
	int fd = -1;

	while (fd == -1 && (entry = readdir(dir)) != NULL) {
		if ((uint64_t)entry->d_ino == note->ino)
			fd = staging_open_noted(
			    dirfd(dir), entry->d_name, note);
	}
	return fd;
}

/* So much of what was noted stands in the file, wherever that is now. */
static size_t
staging_done(int fd, const struct staging_note *note, const struct sink *sink)
{
	char *folder = path_directory(sink->path);
	DIR *dir = folder == NULL ? NULL : opendir(folder);
	int file = dir == NULL ? -1 : staging_search(dir, note);
	size_t done = file == -1 ? 0 : staging_written(fd, note, file);

	if (file != -1)
		close(file);
	if (dir != NULL)
		closedir(dir);
	free(folder);
	return done;
}

bool
staging_rest_open(struct staging_rest *rest, const struct staging *staging,
    const struct sink *sink)
{
	struct staging_note note;
	size_t done = 0;
	int fd;

	if ((fd = staging_open_left(staging)) == -1)
		return false;
	rest->len = staging_read_note(fd, &note);
	if (rest->len > 0)
		done = staging_done(fd, &note, sink);
	rest->len -= done;
	rest->from = STAGING_DATA + (int64_t)done;
	rest->fd = fd;
	if (rest->len > 0)
		return true;
	close(fd);
	return false;
}

size_t
staging_rest_read(struct staging_rest *rest, char *buf, size_t size)
{
	ssize_t n;

	n = pread(rest->fd, buf, rest->len < size ? rest->len : size,
	    (off_t)rest->from);
	if (n <= 0)
		return 0;
	rest->from += n;
	rest->len -= (size_t)n;
	return (size_t)n;
}

void
staging_rest_close(struct staging_rest *rest, const struct staging *staging)
{
	close(rest->fd);
	unlink(staging->path);
}
