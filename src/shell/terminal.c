/* The terminal's own modes and size. */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shell/terminal.h"

#define MODES_SANE (ICANON | ECHO | ISIG)

bool
terminal_remember(struct terminal *terminal)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes) == -1)
		return false;
	if ((modes.c_lflag & MODES_SANE) != MODES_SANE && terminal->has_sane)
		return false;
	modes.c_lflag |= MODES_SANE;
	modes.c_iflag |= ICRNL;
	modes.c_oflag |= OPOST;
	terminal->sane = modes;
	terminal->has_sane = true;
	return true;
}

void
terminal_block(void)
{
	int fd, flags;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		flags = fcntl(fd, F_GETFL);
		if (flags != -1 && (flags & O_NONBLOCK) != 0)
			fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	}
}

void
terminal_restore(const struct terminal *terminal)
{
	if (terminal->has_sane)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->sane);
}

bool
terminal_is_control(const struct terminal *terminal, wchar_t key, int which)
{
	cc_t c = terminal->sane.c_cc[which];

	return terminal->has_sane && c != _POSIX_VDISABLE && key == (wchar_t)c;
}

void
terminal_size(size_t *columns, size_t *rows)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == -1)
		memset(&size, 0, sizeof(size));
	*columns = size.ws_col > 0 ? size.ws_col : 80;
	*rows = size.ws_row > 0 ? size.ws_row : 24;
}

bool
terminal_is_dumb(void)
{
	const char *term = getenv("TERM");

	return term == NULL || *term == '\0' || strcmp(term, "dumb") == 0 ||
	    strcmp(term, "unknown") == 0 || strcmp(term, "emacs") == 0;
}
