/* The terminal's own modes and size. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shell/terminal.h"

#define MODES_SANE (ICANON | ECHO | ISIG)

void
terminal_remember(struct terminal *terminal)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes) == -1)
		return;
	if ((modes.c_lflag & MODES_SANE) != MODES_SANE && terminal->has_sane)
		return;
	modes.c_lflag |= MODES_SANE;
	modes.c_iflag |= ICRNL;
	modes.c_iflag &= ~(tcflag_t)(INLCR | IGNCR);
	modes.c_oflag |= OPOST | ONLCR;
	terminal->sane = modes;
	terminal->has_sane = true;
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

/*
 * Each sequence means nothing to a terminal on which it has nothing to undo.
 * Leaving the alternate screen restores a cursor, and the scroll region's end
 * moves it: so it is saved first, for each screen anew.
 */
void
terminal_undo(void)
{
	static const char screen[] =
	    "\033[m\017\033(B\033)B" /* colours, character sets */
	    "\0337\033[?1049l" /* alternate screen */
	    "\0337\033[?6l\033[r\0338" /* origin mode, scroll region */
	    "\033[4l\033[?7h\033[?25h"; /* insert mode, wrap, cursor */
	static const char input[] =
	    "\033[?1l\033>" /* cursor keys, keypad */
	    "\033[?9l\033[?1000l\033[?1001l\033[?1002l\033[?1003l" /* mouse */
	    "\033[?1005l\033[?1006l\033[?1015l\033[?1016l"
	    "\033[?1004l\033[?2004l"; /* focus, paste */
	/* The protocols of kitty and xterm. */
	static const char keyboard[] = "\033[<99u\033[=0u\033[>4m\033[m";
	const char *term = getenv("TERM");

	fputs(screen, stdout);
	fputs(input, stdout);
	/* The console of an older kernel would print these. */
	if (term == NULL || strcmp(term, "linux") != 0)
		fputs(keyboard, stdout);
	fflush(stdout);
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
