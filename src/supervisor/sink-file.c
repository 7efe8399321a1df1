/*
 * Files as targets.
 */

#include "config.h"

#include <errno.h>

#include "supervisor/renew.h"
#include "supervisor/sink-file.h"

/* --- opening -------------------------------------------------------------- */

void
sink_file_share(struct sink *sink)
{
	if (sink->kind == &sink_file_kind)
		logfile_share(&sink->file);
}

void
sink_file_take(struct sink *sink, const struct logfile *file)
{
	logfile_close(&sink->file);
	sink->file = *file;
	sink->inside = logfile_is_inside(file);
	sink->retry = 0;
}

/* A line that has no end yet goes on in the new file. */
static int
sink_file_reopen(struct sink *sink)
{
	struct renewal renewal;
	struct logfile next;
	int error;

	if (renewal_init(&renewal, sink->path) == -1 ||
	    logfile_open(&next, sink->path) == -1)
		return -1;
	if (logfile_is_same(&next, &sink->file) ||
	    renewal_carry(&renewal, &next, &sink->file) == 0) {
		sink_file_take(sink, &next);
		return 0;
	}
	error = errno;
	logfile_close(&next);
	errno = error;
	return -1;
}

/* Nobody will see again what the deleted file has. */
static void
sink_file_renew(struct sink *sink)
{
	struct logfile next;

	if (logfile_open(&next, sink->path) == -1)
		return;
	sink_file_take(sink, &next);
	sink->news |= SINK_RENEWED;
}

void
sink_file_look(struct sink *sink)
{
	if (sink->kind != &sink_file_kind)
		return;
	if (!logfile_look(&sink->file))
		sink_file_renew(sink);
	sink->inside = logfile_is_inside(&sink->file);
}

/* --- writing -------------------------------------------------------------- */

static ssize_t
sink_file_write(struct sink *sink, const char *data, size_t len)
{
	return logfile_write(&sink->file, data, len);
}

static int
sink_file_insert(struct sink *sink, const char *lines, size_t len)
{
	sink_file_look(sink);
	return logfile_insert(&sink->file, lines, len);
}

ssize_t
sink_file_splice(struct sink *sink, int pipe, size_t most)
{
	ssize_t n;

	sink_file_look(sink);
	n = logfile_splice(&sink->file, pipe, most);
	if (n > 0) {
		sink->inside = logfile_is_inside(&sink->file);
		sink->bytes += n;
	}
	return n;
}

const struct sink_kind sink_file_kind = {
	.reopen = sink_file_reopen,
	.write = sink_file_write,
	.insert = sink_file_insert,
};

/* --- trying only ---------------------------------------------------------- */

static int
sink_dry_reopen(struct sink *sink)
{
	(void)sink;
	return 0;
}

static ssize_t
sink_dry_write(struct sink *sink, const char *data, size_t len)
{
	(void)sink;
	(void)data;
	(void)len;
	errno = EROFS;
	return -1;
}

const struct sink_kind sink_dry_kind = {
	.reopen = sink_dry_reopen,
	.write = sink_dry_write,
};
