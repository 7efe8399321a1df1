/*
 * Why the kernel refuses to execute a file.  ENOENT is said of a program that
 * is there when its interpreter or its dynamic loader is not, and EACCES of a
 * whole file system: so we look at what the kernel has looked at.
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "process/refusal.h"

#define HEAD_SIZE 256 /* what the kernel reads of a file */

/* The first bytes of a file and a NUL; how many, or -1 with errno. */
static ssize_t
read_head(const char *file, char head[HEAD_SIZE + 1])
{
	ssize_t n;
	int fd;

	fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	n = read(fd, head, HEAD_SIZE);
	close(fd);
	if (n >= 0)
		head[n] = '\0';
	return n;
}

static bool __attribute__((format(printf, 3, 4)))
say(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return true;
}

/* --- what has to be there beside the file --------------------------------- */

/* The interpreter of the #! line, which is cut out of head; NULL: none. */
static char *
find_interpreter(char *head)
{
	char *at;

	if (strncmp(head, "#!", 2) != 0)
		return NULL;
	at = head + 2 + strspn(head + 2, " \t");
	at[strcspn(at, " \t\n")] = '\0';
	return *at == '\0' ? NULL : at;
}

/* Reads a piece of a file whole. */
static bool
read_at(int fd, void *piece, size_t len, uint64_t offset)
{
	return offset <= INT64_MAX - len &&
	    pread(fd, piece, len, (off_t)offset) == (ssize_t)len;
}

/* The place of the loader's name in an ELF file of either class. */
static bool
find_loader_entry(int fd, uint64_t *offset, uint64_t *len)
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr small;
		Elf64_Ehdr large;
	} head;
	union {
		Elf32_Phdr small;
		Elf64_Phdr large;
	} entry;
	bool large;
	uint64_t at;
	unsigned int i, count;
	size_t step;

	memset(&head, 0, sizeof(head));
	if (pread(fd, &head, sizeof(head), 0) < (ssize_t)sizeof(head.small))
		return false;
	large = head.ident[EI_CLASS] == ELFCLASS64;
	at = large ? head.large.e_phoff : head.small.e_phoff;
	count = large ? head.large.e_phnum : head.small.e_phnum;
	step = large ? sizeof(entry.large) : sizeof(entry.small);
	for (i = 0; i < count; i++) {
		if (!read_at(fd, &entry, step, at + i * step))
			return false;
		if ((large ? entry.large.p_type : entry.small.p_type) !=
		    PT_INTERP)
			continue;
		*offset = large ? entry.large.p_offset : entry.small.p_offset;
		*len = large ? entry.large.p_filesz : entry.small.p_filesz;
		return true;
	}
	return false;
}

/* The dynamic loader that an ELF file names; false: none. */
static bool
find_loader(const char *file, char *buf, size_t size)
{
	uint64_t offset, len;
	bool found;
	int fd;

	fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return false;
	found = find_loader_entry(fd, &offset, &len) && len > 0 && len < size &&
	    read_at(fd, buf, (size_t)len, offset);
	close(fd);
	if (found)
		buf[len] = '\0';
	return found;
}

static bool
is_missing(const char *file)
{
	return access(file, F_OK) == -1 &&
	    (errno == ENOENT || errno == ENOTDIR);
}

static bool
explain_interpreter(char *interpreter, char *buf, size_t size)
{
	size_t len = strlen(interpreter);

	if (!is_missing(interpreter))
		return false;
	if (interpreter[len - 1] != '\r')
		return say(
		    buf, size, "its interpreter '%s' is missing", interpreter);
	interpreter[len - 1] = '\0';
	return say(buf, size,
	    "its interpreter is '%s' with a carriage return at the end: the "
	    "file has the line ends of Windows",
	    interpreter);
}

static bool
explain_missing(const char *file, char *buf, size_t size)
{
	char head[HEAD_SIZE + 1], loader[PATH_MAX], *interpreter;

	if (read_head(file, head) < 4)
		return false;
	if (memcmp(head, ELFMAG, SELFMAG) == 0)
		return find_loader(file, loader, sizeof(loader)) &&
		    is_missing(loader) &&
		    say(buf, size, "its dynamic loader '%s' is missing",
			loader);
	interpreter = find_interpreter(head);
	return interpreter != NULL &&
	    explain_interpreter(interpreter, buf, size);
}

/* --- what forbids it --------------------------------------------------------
 */

/* The first directory of a path that we may not search; false: none. */
static bool
explain_search(const char *file, char *buf, size_t size)
{
	char path[PATH_MAX];
	const char *slash;

	for (slash = strchr(file, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		if (slash == file || (size_t)(slash - file) >= sizeof(path))
			continue;
		snprintf(path, sizeof(path), "%.*s", (int)(slash - file), file);
		if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == -1 &&
		    errno == EACCES)
			return say(buf, size,
			    "the directory '%s' may not be searched", path);
	}
	return false;
}

static bool
is_noexec(const char *file)
{
	struct statvfs fs;

	return statvfs(file, &fs) == 0 && (fs.f_flag & ST_NOEXEC) != 0;
}

static bool
is_denied(const char *file)
{
	return faccessat(AT_FDCWD, file, X_OK, AT_EACCESS) == -1 &&
	    errno == EACCES;
}

static bool
explain_denied(const char *file, char *buf, size_t size)
{
	char head[HEAD_SIZE + 1], *interpreter;
	struct stat st;

	if (stat(file, &st) == -1)
		return explain_search(file, buf, size);
	if (S_ISDIR(st.st_mode))
		return say(buf, size, "it is a directory");
	if (!S_ISREG(st.st_mode))
		return say(buf, size, "it is no regular file");
	/* There access(2) says no as well. */
	if (is_noexec(file))
		return say(buf, size, "its file system is mounted noexec");
	if (is_denied(file))
		return say(buf, size, "it has no execute permission");
	if (read_head(file, head) < 3 ||
	    (interpreter = find_interpreter(head)) == NULL ||
	    !is_denied(interpreter))
		return false;
	return say(
	    buf, size, "its interpreter '%s' may not be executed", interpreter);
}

/* --- what is no program ------------------------------------------------------
 */

/* Whether an ELF header is for another kind of processor than ours. */
static bool
is_foreign(const char *head)
{
	char own[HEAD_SIZE + 1];

	if (read_head("/proc/self/exe", own) < (ssize_t)sizeof(Elf32_Ehdr))
		return false;
	return memcmp(head + offsetof(Elf32_Ehdr, e_machine),
		   own + offsetof(Elf32_Ehdr, e_machine),
		   sizeof(Elf32_Half)) != 0;
}

static bool
explain_format(const char *file, char *buf, size_t size)
{
	char head[HEAD_SIZE + 1];
	ssize_t n = read_head(file, head);

	if (n == -1)
		return false;
	if (n == 0)
		return say(buf, size, "it is empty");
	if (n >= (ssize_t)sizeof(Elf32_Ehdr) &&
	    memcmp(head, ELFMAG, SELFMAG) == 0)
		return is_foreign(head) &&
		    say(buf, size, "it is made for another processor");
	if (strncmp(head, "#!", 2) == 0)
		return find_interpreter(head) == NULL &&
		    say(buf, size, "its #! line names no interpreter");
	return memchr(head, '\0', (size_t)n) == NULL &&
	    say(buf, size, "it is a text that does not begin with #!");
}

bool
refusal_explain(const char *file, int error, char *buf, size_t size)
{
	struct stat st;

	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return explain_missing(file, buf, size);
	case EACCES:
		return explain_denied(file, buf, size);
	case ENOEXEC:
		return explain_format(file, buf, size);
	case E2BIG:
		return say(buf, size,
		    "its words and its environment together are too large");
	case ELOOP: /* what can be looked at is no link that leads in circles */
		return stat(file, &st) == 0 &&
		    say(buf, size,
			"too many scripts are each other's interpreters");
	case ETXTBSY:
		return say(buf, size, "somebody has it open for writing");
	default:
		return false;
	}
}

int
refusal_foresee(const char *file, char *buf, size_t size)
{
	static const int errors[] = { EACCES, ENOENT, ENOEXEC };
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (refusal_explain(file, errors[i], buf, size))
			return errors[i];
	return 0;
}

const char *
refusal_text(const char *file, int error, char *buf, size_t size)
{
	char why[512];

	if (refusal_explain(file, error, why, sizeof(why)))
		snprintf(buf, size, "%s (%s)", strerror(error), why);
	else
		snprintf(buf, size, "%s", strerror(error));
	return buf;
}
