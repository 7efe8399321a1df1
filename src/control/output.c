/*
 * The only printer.  What is shown on a terminal is made visible first, since
 * much of it (names, arguments, logs, answers) was written by others; what
 * goes into a file or a pipe stays as it is.
 */

#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/visible.h"
#include "control/output.h"
#include "options/cmdline.h"

#define COLUMNS_UNKNOWN 80
#define COLUMNS_LEAST   20

#define STRONG "\033[1;31m"
#define NORMAL "\033[0m"

static int
count_columns(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == -1 || size.ws_col == 0)
		return COLUMNS_UNKNOWN;
	return size.ws_col < COLUMNS_LEAST ? COLUMNS_LEAST : size.ws_col;
}

static bool
wants_color(const struct cmdline *cmdline, bool terminal)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (cmdline->color != COLOR_AUTO)
		return cmdline->color == COLOR_ALWAYS;
	return terminal && !cmdline->plain && !(no && *no) && term && *term &&
	    strcmp(term, "dumb") != 0;
}

void
output_init(struct output *output, const struct cmdline *cmdline,
    struct output_state *state)
{
	output->out = stdout;
	output->err = stderr;
	output->json = cmdline->json;
	output->terminal = isatty(STDOUT_FILENO);
	output->error_terminal = isatty(STDERR_FILENO);
	output->color = wants_color(cmdline, output->terminal);
	output->columns = output->terminal ? count_columns(STDOUT_FILENO) :
					     COLUMNS_UNKNOWN;
	output->state = state;
}

/* Why a write failed is known right behind it alone. */
static void
note_error(const struct output *output)
{
	if (output->state->error == 0 && ferror(output->out))
		output->state->error = errno != 0 ? errno : EIO;
}

static void
print(FILE *stream, bool visible, const char *text, size_t len)
{
	char *shown = visible ? visible_copy(text, len, VISIBLE_NEWLINES) :
				NULL;

	if (shown)
		fputs(shown, stream);
	else if (!visible)
		fwrite(text, 1, len, stream);
	free(shown);
}

static void vprint(FILE *stream, bool visible, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

static void
vprint(FILE *stream, bool visible, const char *fmt, va_list ap)
{
	char *text;
	int len;

	if (!visible) {
		vfprintf(stream, fmt, ap);
		return;
	}
	if ((len = vasprintf(&text, fmt, ap)) == -1)
		return;
	print(stream, true, text, (size_t)len);
	free(text);
}

void
output_line(const struct output *output, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint(output->out, output->terminal, fmt, ap);
	va_end(ap);
	putc('\n', output->out);
	output->state->open = false;
	note_error(output);
}

void
output_part(const struct output *output, const char *fmt, ...)
{
	va_list ap;

	output->state->open = !output->terminal;
	va_start(ap, fmt);
	vprint(output->out, output->terminal, fmt, ap);
	va_end(ap);
	output_flush(output);
}

void
output_bytes(const struct output *output, const char *data, size_t len)
{
	print(output->out, output->terminal, data, len);
	note_error(output);
}

void
output_strong(const struct output *output, const char *data, size_t len)
{
	if (output->color)
		fputs(STRONG, output->out);
	output_bytes(output, data, len);
	if (output->color)
		fputs(NORMAL, output->out);
}

void
output_flush(const struct output *output)
{
	fflush(output->out);
	note_error(output);
}

/* Where both streams are one file, a line that was begun there. */
static void
end_open_line(const struct output *output)
{
	struct stat out, err;

	if (output->state->open && fstat(fileno(output->out), &out) == 0 &&
	    fstat(fileno(output->err), &err) == 0 && out.st_dev == err.st_dev &&
	    out.st_ino == err.st_ino)
		output_line(output, "%s", "");
}

static void vprint_error(FILE *stream, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Errors quote what was typed: they show it in a file as on a terminal. */
static void
vprint_error(FILE *stream, const char *fmt, va_list ap)
{
	char *text, *shown;
	int len;

	if ((len = vasprintf(&text, fmt, ap)) == -1)
		return;
	shown = visible_message(text, (size_t)len, VISIBLE_NEWLINES);
	if (shown != NULL)
		fputs(shown, stream);
	free(shown);
	free(text);
}

void
output_error(const struct output *output, const char *fmt, ...)
{
	va_list ap;

	end_open_line(output);
	output_flush(output);
	va_start(ap, fmt);
	vprint_error(output->err, fmt, ap);
	va_end(ap);
	putc('\n', output->err);
	fflush(output->err);
}

bool
output_finish(const struct output *output)
{
	output_flush(output);
	if (output->state->error == 0 || output->state->error == EPIPE ||
	    output->state->error == EINTR)
		return true;
	output_error(output, "unable to write the output: %s",
	    strerror(output->state->error));
	return false;
}

bool
output_broken(const struct output *output)
{
	return ferror(output->out);
}
