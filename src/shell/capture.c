/*
 * The screen's place is taken by a file: descriptors 0, 1 and 2 themselves, so
 * that it holds for whatever is started meanwhile.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "shell/capture.h"
#include "shell/session.h"

#define CAPTURE_MOST (1 << 20) /* bytes that are read back */

static void
put_back(struct capture *capture, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		dup2(capture->fd[i], i);
		close(capture->fd[i]);
	}
}

/* Puts with in the place of descriptor i, which is kept. */
static int
replace(struct capture *capture, int i, int with)
{
	capture->fd[i] = fcntl(i, F_DUPFD_CLOEXEC, 3);
	if (capture->fd[i] == -1)
		return -1;
	if (dup2(with, i) != -1)
		return 0;
	close(capture->fd[i]);
	return -1;
}

int
capture_begin(struct capture *capture, struct session *session)
{
	int with[3], i;

	fflush(stdout);
	capture->session = session;
	if ((capture->file = tmpfile()) == NULL)
		return -1;
	with[1] = with[2] = fileno(capture->file);
	if ((with[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) == -1) {
		fclose(capture->file);
		return -1;
	}
	for (i = 0; i < 3 && replace(capture, i, with[i]) == 0; i++)
		;
	close(with[0]);
	if (i < 3) {
		put_back(capture, i);
		fclose(capture->file);
		return -1;
	}
	/* Nobody edits a line there, and nobody is given the terminal. */
	capture->editor = session->editor;
	session->editor = session->foreground.editor = NULL;
	session->foreground.terminal = false;
	return 0;
}

static char *
read_back(FILE *file)
{
	char *text = xmalloc(CAPTURE_MOST + 1);
	size_t len;

	rewind(file);
	len = fread(text, 1, CAPTURE_MOST, file);
	text[len] = '\0';
	return text;
}

char *
capture_end(struct capture *capture)
{
	struct session *session = capture->session;
	char *text;

	fflush(stdout);
	put_back(capture, 3);
	session->editor = session->foreground.editor = capture->editor;
	session->foreground.terminal = capture->editor != NULL;
	text = read_back(capture->file);
	fclose(capture->file);
	return text;
}
