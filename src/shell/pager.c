/*
 * What does not fit the screen goes to a pager: the operator's own ($PAGER),
 * else less.  The text is its standard input as a file: nobody waits for a
 * reader, and one that leaves early breaks nothing.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "process/child.h"
#include "shell/pager.h"
#include "shell/paint.h"
#include "shell/session.h"
#include "shell/subshell.h"
#include "shell/terminal.h"

bool
pager_is_wanted(const struct session *session)
{
	switch (settings_choice(&session->settings, SETTING_PAGER)) {
	case SET_PAGER_OFF:
		break;
	case SET_PAGER_ON:
		return session->editor != NULL && session->output.terminal;
	default:
		return session->editor != NULL && session_can_paint(session);
	}
	return false;
}

/* Whether it leaves a row for the prompt. */
static bool
fits(const char *text)
{
	size_t columns, rows;

	terminal_size(&columns, &rows);
	return paint_rows(text, columns) < rows;
}

char *
pager_find(const struct session *session)
{
	const char *pager = getenv("PAGER");
	char *less = NULL;

	if (pager != NULL && pager[strspn(pager, " \t")] != '\0')
		return xstrdup(pager);
	if (session_can_paint(session))
		less = child_find("less", getenv("PATH"), NULL);
	if (less == NULL)
		return NULL;
	free(less);
	return xstrdup("less -RM");
}

/* Whether a shell says with this status that the pager is not there. */
static bool
is_missing(int status)
{
	return status == STATUS_NOT_FOUND || status == STATUS_NOT_EXECUTABLE;
}

/* The text as a file of no name; -1 with errno. */
static int
make_file(const char *text)
{
	FILE *file = tmpfile();
	int fd = -1;

	if (file == NULL)
		return -1;
	if (fputs(text, file) != EOF && fflush(file) == 0 &&
	    lseek(fileno(file), 0, SEEK_SET) != -1)
		fd = dup(fileno(file));
	fclose(file);
	return fd;
}

/* Whether the pager had the text. */
static bool
page(struct session *session, const char *pager, const char *text)
{
	int fd = make_file(text), status;

	if (fd == -1) {
		output_error(&session->output,
		    "unable to hand the text to the pager: %s",
		    strerror(errno));
		return false;
	}
	status = subshell_read(session, pager, fd);
	close(fd);
	/* One that is not there is told by the shell. */
	return !is_missing(status);
}

void
pager_show(struct session *session, const char *text)
{
	int64_t begun = clock_mono_ms();
	char *pager = fits(text) ? NULL : pager_find(session);

	if (pager == NULL || !page(session, pager, text))
		fputs(text, stdout);
	free(pager);
	session->looked += clock_mono_ms() - begun;
}
