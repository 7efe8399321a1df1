/*
 * logtail: the last lines of a log, then what is added to it, until ^C or
 * until nobody reads us any more.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/path.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/follow.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/tail.h"
#include "control/ui.h"
#include "options/options.h"
#include "options/paths.h"

#define LINES_DEFAULT 10
#define LINES_MOST    1000000000LL
#define CHARACTER     4 /* bytes of UTF-8 at the most */

struct logtail {
	struct context *context;
	struct follow follow;
	char held[CHARACTER]; /* the first bytes of a character */
	size_t holds;
	bool begun; /* the last line shown has no newline yet */
};

/* How many bytes at the end are the beginning of a character. */
static size_t
count_begun(const char *data, size_t len)
{
	for (size_t back = 1; back < CHARACTER && back <= len; back++) {
		unsigned char byte = (unsigned char)data[len - back];
		size_t need = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;

		if (byte >= 0xc0)
			return need > back ? back : 0;
		if (byte < 0x80)
			return 0;
	}
	return 0;
}

/* A terminal gets whole characters, so that they can be told from garbage. */
static void
show(struct logtail *logtail, const char *data, size_t len)
{
	const struct output *output = logtail->context->output;
	char first[CHARACTER * 2];
	size_t take, hold;

	if (len == 0)
		return;
	logtail->begun = data[len - 1] != '\n';
	if (!output->terminal) {
		output_bytes(output, data, len);
		return;
	}
	if (logtail->holds > 0) {
		take = len < CHARACTER ? len : CHARACTER;
		memcpy(first, logtail->held, logtail->holds);
		memcpy(first + logtail->holds, data, take);
		take += logtail->holds;
		hold = count_begun(first, take);
		output_bytes(output, first, take - hold);
		data += take - logtail->holds - hold;
		len -= take - logtail->holds - hold;
		logtail->holds = 0;
	}
	hold = count_begun(data, len);
	output_bytes(output, data, len - hold);
	memcpy(logtail->held, data + len - hold, hold);
	logtail->holds = hold;
}

/* The end of what there is: half a character stays one. */
static void
flush(struct logtail *logtail)
{
	if (logtail->holds > 0)
		output_bytes(
		    logtail->context->output, logtail->held, logtail->holds);
	logtail->holds = 0;
	fflush(logtail->context->output->out);
}

static void
announce(struct logtail *logtail, const char *what)
{
	flush(logtail);
	if (logtail->begun)
		output_line(logtail->context->output, "%s", "");
	logtail->begun = false;
	output_line(logtail->context->output, "==> File %s <==", what);
}

/* Shows what is new; false when there cannot be more. */
static bool
catch_up(struct logtail *logtail, bool *failed)
{
	struct follow *follow = &logtail->follow;

	for (;;) {
		switch (follow_next(follow)) {
		case FOLLOW_NOTHING:
			fflush(logtail->context->output->out);
			return !output_broken(logtail->context->output);
		case FOLLOW_DATA:
			show(logtail, follow->buf, follow->len);
			break;
		case FOLLOW_TRUNCATED:
			announce(logtail, "truncated");
			break;
		case FOLLOW_REPLACED:
			announce(logtail, "replaced");
			break;
		case FOLLOW_GONE:
			announce(logtail, "gone");
			break;
		case FOLLOW_FAILED:
			flush(logtail);
			output_error(logtail->context->output, "Error: %s",
			    cause_text(follow->cause));
			*failed = true;
			return false;
		}
		if (output_broken(logtail->context->output))
			return false;
	}
}

/* Until something may be new; false on ^C or when nobody reads us. */
static bool
wait_for_more(struct logtail *logtail)
{
	const struct ui *ui = logtail->context->ui;
	const struct output *output = logtail->context->output;
	struct pollfd pfd[2] = { { follow_fd(&logtail->follow), POLLIN, 0 },
		{ fileno(output->out), 0, 0 } };

	if (ui->wait(ui->data, pfd, 2, follow_timeout(&logtail->follow)) ==
	    -1) {
		if (errno == EINTR)
			output_line(output, "%s", "");
		return false;
	}
	return !(pfd[1].revents & (POLLERR | POLLHUP | POLLNVAL));
}

static int
run(struct logtail *logtail, bool follows)
{
	bool failed = false;

	while (catch_up(logtail, &failed) && follows && wait_for_more(logtail))
		;
	flush(logtail);
	return failed ? STATUS_FAILED : STATUS_DONE;
}

/* The file that is meant, to be freed; NULL: none is configured. */
static char *
choose_path(const struct context *context, const struct invocation *invocation)
{
	char *path;

	if (invocation->count > 0)
		return path_join(context->cwd, invocation->operand[0]);
	path = paths_logfile(context->runner, context->cwd);
	return path ? path : paths_transcript(context->runner, context->cwd);
}

static bool
read_lines(const struct context *context, const struct invocation *invocation,
    size_t *lines)
{
	const char *text = invocation_argument(invocation, "lines");
	long long number = LINES_DEFAULT;

	if (text && !units_parse_number(text, 0, LINES_MOST, &number)) {
		output_error(context->output,
		    "Error: logtail: '%s' is no number of lines", text);
		return false;
	}
	*lines = (size_t)number;
	return true;
}

int
cmd_logtail(struct context *context, const struct invocation *invocation)
{
	struct logtail *logtail;
	char *path, *cause = NULL;
	size_t lines;
	int fd, status;

	if (!read_lines(context, invocation, &lines))
		return STATUS_USAGE;
	if ((path = choose_path(context, invocation)) == NULL) {
		output_error(context->output,
		    "No default log file specified; use logtail <logfile>");
		return STATUS_FAILED;
	}
	if ((fd = tail_open(path, &cause)) == -1) {
		output_error(context->output, "Error: %s", cause_text(cause));
		free(cause);
		free(path);
		return STATUS_FAILED;
	}
	logtail = xcalloc(1, sizeof *logtail);
	logtail->context = context;
	follow_begin(
	    &logtail->follow, path, fd, tail_find(fd, tail_size(fd), lines));
	status = run(logtail, !invocation_has(invocation, "no-follow"));
	follow_end(&logtail->follow);
	free(logtail);
	free(path);
	return status;
}
