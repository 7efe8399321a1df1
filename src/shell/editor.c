/*
 * The line editor: the only file, with history.c, that knows libedit.
 *
 * - libedit gets its characters from read_key, which is the event loop: it
 *   shows what is queued, waits for the terminal, signals and descriptors at
 *   once, and hands on a key.  libedit has drawn everything when it calls.
 * - Nothing is painted between two keys but from there, after an erase: the
 *   geometry says where the cursor stands, EL_REFRESH draws anew.
 * - Signals are the loop's; EL_SIGNAL is never set.  ^C and ^Z are keys here,
 *   not signals, so that they neither throw away what is typed ahead nor act
 *   out of a paste.  Prompts are wide only.
 * - A terminal that cannot move its cursor, `edit off` in editrc and --plain
 *   get plain lines from the terminal's own driver, without an escape.
 * - The terminal is in our mode only inside editor_read and editor_ask.
 */
#include "config.h"

#include <sys/ioctl.h>

#include <errno.h>
#include <histedit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "base/xmalloc.h"
#include "shell/editor.h"
#include "shell/geometry.h"
#include "shell/history.h"
#include "shell/keys.h"
#include "shell/language.h"
#include "shell/listing.h"
#include "shell/loop.h"
#include "shell/plain.h"
#include "shell/wide.h"

#define PASTE_MAX  65536 /* characters; the rest is dropped */
#define PASTE_WAIT 5000 /* ms for the rest of a paste */
#define PASTE_REST 300 /* the same when it is thrown away */

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct editor {
	EditLine *el; /* NULL: plain */
	struct plain *plain;
	struct editor_setup setup;
	struct keys keys;
	struct termios sane; /* for other programs */
	bool has_sane;
	wchar_t *prompt;
	char *above; /* queued text */
	bool reading; /* libedit has the line */
	bool raw; /* the terminal is in its mode */
	bool dropping; /* what is pasted is thrown away */
	bool cancelled; /* by ^C */
	bool gone;
	bool paste_on; /* the terminal brackets what is pasted */
	bool quoting; /* the next key is taken literally */
	bool tab_again; /* the key before was a Tab with several candidates */
	bool tab_now; /* this one is */
	bool progress; /* a line of it stands on the screen */
};

static struct editor *
editor_of(EditLine *el)
{
	void *data = NULL;

	el_get(el, EL_CLIENTDATA, &data);
	return data;
}

static void
screen_size(size_t *columns, size_t *rows)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == -1)
		memset(&size, 0, sizeof(size));
	*columns = size.ws_col > 0 ? size.ws_col : 80;
	*rows = size.ws_row > 0 ? size.ws_row : 24;
}

/* --- painting ------------------------------------------------------------ */

/* Takes the prompt and the line off the screen; the cursor is at column 0. */
static void
erase_line(struct editor *editor)
{
	const LineInfoW *info = el_wline(editor->el);
	struct geometry geometry;
	size_t columns, rows;

	screen_size(&columns, &rows);
	geometry_place(&geometry, editor->prompt, info->buffer,
	    (size_t)(info->lastchar - info->buffer),
	    (size_t)(info->cursor - info->buffer), columns);
	putchar('\r');
	if (geometry.cursor_row > 0)
		printf("\033[%zuA", geometry.cursor_row);
	fputs("\033[J", stdout);
}

static void
draw_line(struct editor *editor)
{
	el_wset(editor->el, EL_REFRESH);
}

/* Shows what is queued above the line. */
static void
show_above(struct editor *editor)
{
	if (editor->above == NULL)
		return;
	erase_line(editor);
	fputs(editor->above, stdout);
	free(editor->above);
	editor->above = NULL;
	draw_line(editor);
}

void
editor_above(struct editor *editor, const char *text)
{
	char *longer = xasprintf(
	    "%s%s", editor->above != NULL ? editor->above : "", text);

	free(editor->above);
	editor->above = longer;
}

static void
set_paste(struct editor *editor, bool on)
{
	if (editor->el == NULL || editor->paste_on == on)
		return;
	fputs(on ? PASTE_ON : PASTE_OFF, stdout);
	editor->paste_on = on;
}

/* --- signals ------------------------------------------------------------- */

static void
set_raw(struct editor *editor, bool raw)
{
	if (editor->el != NULL)
		el_wset(editor->el, EL_PREP_TERM, raw ? 1 : 0);
	editor->raw = raw;
}

/* The terminal may have been anybody's: take it and draw on a fresh row. */
static void
resume_line(struct editor *editor)
{
	/* Only a change of mode makes libedit look at the terminal again. */
	set_raw(editor, false);
	set_raw(editor, true);
	el_resize(editor->el);
	fputs("\r\033[J", stdout);
	set_paste(editor, true);
	draw_line(editor);
}

void
editor_suspend(struct editor *editor)
{
	bool raw = editor->raw, paste = editor->paste_on;

	if (editor->reading)
		erase_line(editor);
	set_paste(editor, false);
	fflush(stdout);
	if (raw)
		set_raw(editor, false);
	loop_stop(editor->setup.loop);
	if (editor->reading) {
		resume_line(editor);
		return;
	}
	if (raw)
		set_raw(editor, true);
	set_paste(editor, paste);
}

static void
resize_line(struct editor *editor)
{
	erase_line(editor);
	el_resize(editor->el);
	draw_line(editor);
}

/* Serves the signals that concern only what is on the screen. */
static void
serve_screen(struct editor *editor)
{
	struct loop *loop = editor->setup.loop;
	bool resized = loop_take(loop, SIGWINCH);
	bool stop = loop_take(loop, SIGTSTP);
	bool continued = loop_take(loop, SIGCONT);

	loop_take(loop, SIGCHLD);
	if (resized && editor->reading)
		resize_line(editor);
	if (stop)
		editor_suspend(editor);
	else if (continued && editor->reading)
		resume_line(editor);
}

/* Serves the signals while a key is awaited: 1 with a key, 0, -1 to end. */
static int
serve_signals(struct editor *editor, wchar_t *key)
{
	struct loop *loop = editor->setup.loop;

	if (loop_pending(loop, SIGTERM) || loop_pending(loop, SIGHUP)) {
		editor->gone = true;
		return -1;
	}
	serve_screen(editor);
	/* Behind ^V it would become a character of the line. */
	if (!loop_take(loop, SIGINT) || editor->quoting)
		return 0;
	*key = KEY_INTERRUPT;
	return 1;
}

static bool
is_control(const struct editor *editor, wchar_t key, int which)
{
	cc_t c = editor->sane.c_cc[which];

	return c != _POSIX_VDISABLE && key == (wchar_t)c;
}

/* The keys that are signals elsewhere: 1 with a key, 0 when served. */
static int
serve_controls(struct editor *editor, wchar_t *key)
{
	if (editor->keys.pasting || editor->quoting || !editor->has_sane)
		return 1;
	if (is_control(editor, *key, VINTR))
		*key = KEY_INTERRUPT;
	if (!is_control(editor, *key, VSUSP))
		return 1;
	editor_suspend(editor);
	return 0;
}

/*
 * Some commands of libedit's vi mode leave the cursor outside of the line ($
 * on an empty one, u), and the next one writes over memory.
 * Looked at before each key, and before each drawing, as what `.' repeats
 * is not read as keys.
 */
static void
mend_cursor(EditLine *el)
{
	const LineInfoW *info = el_wline(el);

	if (info->cursor < info->buffer)
		el_cursor(el, (int)(info->buffer - info->cursor));
	else if (info->cursor > info->lastchar)
		el_cursor(el, (int)(info->lastchar - info->cursor));
}

/* --- keys ---------------------------------------------------------------- */

/* Reads one byte: what is not ours yet may be meant for another program. */
static int
read_byte(struct editor *editor)
{
	unsigned char byte;
	ssize_t n = read(STDIN_FILENO, &byte, 1);

	if (n == 1)
		keys_feed(&editor->keys, byte);
	if (n == 1 || (n == -1 && (errno == EINTR || errno == EAGAIN)))
		return 0;
	editor->gone = true;
	return -1;
}

static int
key_timeout(const struct editor *editor, enum keys_result state)
{
	if (state == KEYS_SEQUENCE)
		return KEYS_WAIT;
	if (!editor->keys.pasting)
		return -1;
	return editor->dropping ? PASTE_REST : PASTE_WAIT;
}

/* The end of a paste did not come. */
static int
break_paste(struct editor *editor, wchar_t *key)
{
	keys_init(&editor->keys);
	*key = KEY_PASTE_END;
	return 1;
}

/* The next key, whatever else happens meanwhile: 1, or -1 to end. */
static int
next_key(struct editor *editor, wchar_t *key)
{
	struct pollfd pfd = { STDIN_FILENO, POLLIN, 0 };
	enum keys_result state;
	bool expired = false;
	int got = 0;

	while (got == 0) {
		state = keys_next(&editor->keys, expired, key);
		expired = false;
		if (state == KEYS_READY) {
			got = serve_controls(editor, key);
			continue;
		}
		if (editor->reading)
			show_above(editor);
		switch (loop_wait(
		    editor->setup.loop, &pfd, 1, key_timeout(editor, state))) {
		case LOOP_READY:
			got = read_byte(editor);
			break;
		case LOOP_TIMEOUT:
			expired = state == KEYS_SEQUENCE;
			if (!expired)
				got = break_paste(editor, key);
			break;
		case LOOP_SIGNAL:
			got = serve_signals(editor, key);
			break;
		case LOOP_SERVED:
			break;
		case LOOP_FAILED:
			editor->gone = true;
			got = -1;
			break;
		}
	}
	return got;
}

/* EL_GETCFN: libedit has drawn everything and wants a character. */
static int
read_key(EditLine *el, wchar_t *key)
{
	struct editor *editor = editor_of(el);
	int got;

	mend_cursor(el);
	editor->tab_again = editor->tab_now;
	editor->tab_now = false;
	if ((got = next_key(editor, key)) != 1)
		return got;
	editor->quoting = !editor->quoting && *key == (L'V' & 037);
	return 1;
}

/* ^C: the line stays on the screen, crossed out; a new one begins. */
static unsigned char
on_interrupt(EditLine *el, int c)
{
	struct editor *editor = editor_of(el);
	const LineInfoW *info = el_wline(el);

	(void)c;
	erase_line(editor);
	el_cursor(el, (int)(info->lastchar - info->cursor));
	draw_line(editor);
	fputs("^C\n", stdout);
	editor->cancelled = true;
	return CC_NEWLINE;
}

/*
 * Collects what is pasted; NULL when it was interrupted.  Even then its rest
 * is waited for and thrown away: it must not come out as keys.
 */
static wchar_t *
collect_paste(EditLine *el)
{
	wchar_t *text = xcalloc(PASTE_MAX + 1, sizeof(*text)), key;
	struct editor *editor = editor_of(el);
	size_t len = 0;

	editor->dropping = false;
	while (el_wgetc(el, &key) == 1 && key != KEY_PASTE_END) {
		if (key == KEY_INTERRUPT)
			editor->dropping = true;
		if (key == L'\t')
			key = L' ';
		if (len < PASTE_MAX &&
		    (key == L'\n' || key == L'\r' || !iswcntrl((wint_t)key)))
			text[len++] = key;
	}
	if (!editor->dropping)
		return text;
	free(text);
	return NULL;
}

/* A paste becomes part of the line; several lines become one: `a; b`. */
static unsigned char
on_paste(EditLine *el, int c)
{
	wchar_t *pasted = collect_paste(el), *wide;
	char *text, *joined;
	int result;

	(void)c;
	if (pasted == NULL)
		return on_interrupt(el, c);
	if (wcspbrk(pasted, L"\r\n") != NULL) {
		text = wide_to_text(pasted);
		joined = language_join(text);
		wide = wide_from_text(joined);
		free(text);
		free(joined);
		free(pasted);
		pasted = wide;
	}
	result = el_winsertstr(el, pasted);
	free(pasted);
	return result == -1 ? CC_REFRESH_BEEP : CC_REFRESH;
}

/* What stands left of the cursor; to be freed. */
static char *
line_so_far(EditLine *el)
{
	const LineInfoW *info = el_wline(el);
	size_t len = (size_t)(info->cursor - info->buffer);
	wchar_t *wide = xcalloc(len + 1, sizeof(*wide));
	char *text;

	wmemcpy(wide, info->buffer, len);
	text = wide_to_text(wide);
	free(wide);
	return text;
}

/* Puts word in place of what is typed of it; whether that changed the line. */
static bool
replace_word(
    EditLine *el, const char *line, size_t start, const char *word, char after)
{
	bool finished = after == ' ';
	char open = line[start] == '\'' || line[start] == '"' ? line[start] : 0;
	char *quoted = language_quote(word, open, finished), tail[2];
	wchar_t *typed = wide_from_text(line + start), *wide;
	char *text;
	bool changed;

	tail[0] = after;
	tail[1] = '\0';
	text = xasprintf("%s%s", quoted, tail);
	changed = strcmp(text, line + start) != 0;
	wide = wide_from_text(text);
	if (changed) {
		el_deletestr(el, (int)wcslen(typed));
		el_winsertstr(el, wide);
	}
	free(text);
	free(wide);
	free(typed);
	free(quoted);
	return changed;
}

static void
list_candidates(struct editor *editor, const struct candidates *found)
{
	size_t columns, rows;
	char *text;

	screen_size(&columns, &rows);
	text = listing_format(found, columns, rows);
	editor_above(editor, text);
	free(text);
}

static unsigned char
offer(EditLine *el, struct editor *editor, const char *line,
    const struct candidates *found)
{
	const struct candidate *only = &found->candidate[0];
	char *common;
	bool changed;

	if (found->count == 0)
		return CC_REFRESH_BEEP;
	if (found->count == 1) {
		replace_word(el, line, found->start, only->text, only->after);
		return CC_REFRESH;
	}
	common = candidates_common(found);
	changed = replace_word(el, line, found->start, common, 0);
	free(common);
	editor->tab_now = true;
	if (changed)
		return CC_REFRESH;
	if (editor->tab_again)
		list_candidates(editor, found);
	return CC_NORM;
}

static unsigned char
on_tab(EditLine *el, int c)
{
	struct editor *editor = editor_of(el);
	struct candidates found;
	char *line = line_so_far(el);
	unsigned char result;

	(void)c;
	memset(&found, 0, sizeof(found));
	editor->setup.complete(editor->setup.data, line, &found);
	result = offer(el, editor, line, &found);
	candidates_free(&found);
	free(line);
	return result;
}

/* Lists what could stand here, at once. */
static unsigned char
on_list(EditLine *el, int c)
{
	struct editor *editor = editor_of(el);
	struct candidates found;
	char *line = line_so_far(el);

	(void)c;
	memset(&found, 0, sizeof(found));
	editor->setup.complete(editor->setup.data, line, &found);
	if (found.count > 0)
		list_candidates(editor, &found);
	candidates_free(&found);
	free(line);
	return CC_NORM;
}

/* libedit's own movements stop short of the end in vi's insert mode. */
static unsigned char
on_right(EditLine *el, int c)
{
	(void)c;
	el_cursor(el, 1);
	return CC_CURSOR;
}

static unsigned char
on_end(EditLine *el, int c)
{
	const LineInfoW *info = el_wline(el);

	(void)c;
	el_cursor(el, (int)(info->lastchar - info->cursor));
	return CC_CURSOR;
}

static wchar_t *
give_prompt(EditLine *el)
{
	mend_cursor(el);
	return editor_of(el)->prompt;
}

/* --- the terminal for others --------------------------------------------- */

#define MODES_SANE (ICANON | ECHO | ISIG)

/* Takes the modes of the terminal as those for programs, if they can be. */
static bool
remember_modes(struct editor *editor)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes) == -1)
		return false;
	if ((modes.c_lflag & MODES_SANE) != MODES_SANE && editor->has_sane)
		return false;
	modes.c_lflag |= MODES_SANE;
	modes.c_iflag |= ICRNL;
	modes.c_oflag |= OPOST;
	editor->sane = modes;
	editor->has_sane = true;
	return true;
}

void
editor_lend(struct editor *editor)
{
	editor_progress(editor, NULL);
	set_paste(editor, false);
	fflush(stdout);
	if (editor->has_sane)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &editor->sane);
}

/* A program may leave the terminal changed (stty), but not unusable. */
void
editor_regain(struct editor *editor)
{
	if (!remember_modes(editor) && editor->has_sane)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &editor->sane);
}

/* --- making and ending --------------------------------------------------- */

struct binding {
	const wchar_t *key;
	const wchar_t *function;
};

/* What users may bind otherwise in their editrc. */
static const struct binding weak_bindings[] = {
	{ L"^I", L"zd-complete" },
	{ L"\\e[A", L"ed-search-prev-history" },
	{ L"\\e[B", L"ed-search-next-history" },
	{ L"\\eOA", L"ed-search-prev-history" },
	{ L"\\eOB", L"ed-search-next-history" },
	{ L"\\e[3~", L"ed-delete-next-char" },
	{ L"\\e[H", L"ed-move-to-beg" },
	{ L"\\eOH", L"ed-move-to-beg" },
	{ L"\\e[1~", L"ed-move-to-beg" },
	{ L"\\e[1;5C", L"em-next-word" },
	{ L"\\e[1;5D", L"ed-prev-word" },
	{ L"\\e[1;3C", L"em-next-word" },
	{ L"\\e[1;3D", L"ed-prev-word" },
	{ L"^W", L"ed-delete-prev-word" },
};

/* Our own keys, in both maps. */
static const struct {
	enum key key;
	const wchar_t *function;
} strong_bindings[] = {
	{ KEY_PASTE, L"zd-paste" },
	{ KEY_RIGHT, L"zd-right" },
	{ KEY_END, L"zd-end" },
	{ KEY_F1, L"zd-list" },
	{ KEY_BACKTAB, L"zd-list" },
	{ KEY_INTERRUPT, L"zd-interrupt" },
};

static void
bind_weak(EditLine *el)
{
	size_t i;

	for (i = 0; i < sizeof(weak_bindings) / sizeof(weak_bindings[0]); i++)
		el_wset(el, EL_BIND, weak_bindings[i].key,
		    weak_bindings[i].function, NULL);
}

/* Whether the keys are those of that mode. */
static bool
is_mode(EditLine *el, const wchar_t *mode)
{
	const wchar_t *now = NULL;

	return el_wget(el, EL_EDITOR, &now) == 0 && now != NULL &&
	    wcscmp(now, mode) == 0;
}

static void
bind_strong(EditLine *el)
{
	wchar_t key[2] = L"";
	size_t i;

	for (i = 0; i < sizeof(strong_bindings) / sizeof(strong_bindings[0]);
	     i++) {
		key[0] = (wchar_t)strong_bindings[i].key;
		el_wset(el, EL_BIND, key, strong_bindings[i].function, NULL);
		el_wset(
		    el, EL_BIND, L"-a", key, strong_bindings[i].function, NULL);
	}
	if (!is_mode(el, L"vi"))
		return;
	/* Whole sequences come at once, so a lone ESC need not wait. */
	el_wset(el, EL_BIND, L"^[", L"vi-command-mode", NULL);
	/* `bind -v' has taken what was bound before it. */
	el_wset(el, EL_BIND, L"^I", L"zd-complete", NULL);
}

static void
add_functions(EditLine *el)
{
	el_wset(el, EL_ADDFN, L"zd-complete", L"complete the word", on_tab);
	el_wset(el, EL_ADDFN, L"zd-list", L"list what can stand here", on_list);
	el_wset(el, EL_ADDFN, L"zd-right", L"move to the right", on_right);
	el_wset(el, EL_ADDFN, L"zd-end", L"move to the end", on_end);
	el_wset(el, EL_ADDFN, L"zd-paste", L"take what is pasted", on_paste);
	el_wset(el, EL_ADDFN, L"zd-interrupt", L"drop the line", on_interrupt);
}

/* Every key anew: ours, the user's, and those that must be ours. */
static void
bind_keys(EditLine *el, const wchar_t *mode)
{
	el_wset(el, EL_EDITOR, mode != NULL ? mode : L"emacs");
	bind_weak(el);
	el_source(el, NULL);
	/* A mode that was asked for is stronger than the user's file. */
	if (mode != NULL && !is_mode(el, mode)) {
		el_wset(el, EL_EDITOR, mode);
		bind_weak(el);
	}
	bind_strong(el);
}

void
editor_set_mode(struct editor *editor, const char *mode)
{
	wchar_t *wide = mode != NULL ? wide_from_text(mode) : NULL;

	if (editor->el != NULL)
		bind_keys(editor->el, wide);
	free(wide);
}

/* Whether the terminal can do what repainting needs, and editing is wanted. */
static bool
can_edit(EditLine *el)
{
	char *up = NULL, *clear = NULL;
	char name_up[] = "up", name_clear[] = "cd";
	int mode = 0;

	return el_get(el, EL_GETTC, name_up, &up) == 0 && up != NULL &&
	    *up != '\0' && el_get(el, EL_GETTC, name_clear, &clear) == 0 &&
	    clear != NULL && *clear != '\0' &&
	    el_get(el, EL_EDITMODE, &mode) == 0 && mode != 0;
}

static void
close_editline(struct editor *editor)
{
	/* Else what was typed ahead for our parent is thrown away. */
	el_set(editor->el, EL_EDITMODE, 0);
	el_end(editor->el);
	editor->el = NULL;
}

static bool
terminal_is_dumb(void)
{
	const char *term = getenv("TERM");

	return term == NULL || *term == '\0' || strcmp(term, "dumb") == 0 ||
	    strcmp(term, "unknown") == 0 || strcmp(term, "emacs") == 0;
}

static void
open_editline(struct editor *editor)
{
	FILE *nowhere = fopen("/dev/null", "we");
	EditLine *el;

	/* It would complain of an unknown terminal in its own words. */
	el = el_init(
	    "zdaemon", stdin, stdout, nowhere != NULL ? nowhere : stderr);
	if (el != NULL)
		el_set(el, EL_SETFP, 2, stderr);
	if (nowhere != NULL)
		fclose(nowhere);
	if (el == NULL)
		return;
	editor->el = el;
	el_set(el, EL_CLIENTDATA, editor);
	el_set(el, EL_HIST, history, history_editline(editor->setup.past));
	el_set(el, EL_SIGNAL, 0);
	el_set(el, EL_SETTY, "-d", "-isig", NULL);
	el_wset(el, EL_PROMPT_ESC, give_prompt, GEOMETRY_HIDDEN);
	el_wset(el, EL_GETCFN, read_key);
	add_functions(el);
	bind_keys(el, NULL);
	if (!can_edit(el))
		close_editline(editor);
}

struct editor *
editor_new(const struct editor_setup *setup)
{
	struct editor *editor = xcalloc(1, sizeof(*editor));

	editor->setup = *setup;
	editor->plain = plain_new(setup->loop);
	editor->prompt = wide_from_text("");
	remember_modes(editor);
	keys_init(&editor->keys);
	if (!setup->plain && !terminal_is_dumb())
		open_editline(editor);
	return editor;
}

void
editor_free(struct editor *editor)
{
	if (editor == NULL)
		return;
	editor_progress(editor, NULL);
	set_paste(editor, false);
	if (editor->el != NULL)
		close_editline(editor);
	fflush(stdout);
	free(editor->prompt);
	free(editor->above);
	plain_free(editor->plain);
	free(editor);
}

/* --- reading ------------------------------------------------------------- */

static char *
line_from(const wchar_t *wide)
{
	char *text = wide_to_text(wide);

	text[strcspn(text, "\n")] = '\0';
	return text;
}

static enum editor_result
edit_line(struct editor *editor, char **line)
{
	const wchar_t *wide;
	int count;

	keys_init(&editor->keys);
	editor->quoting = editor->tab_now = false;
	editor->cancelled = editor->gone = false;
	set_paste(editor, true);
	loop_take(editor->setup.loop, SIGWINCH);
	el_resize(editor->el);
	/* Before the prompt shows, not after, as libedit itself would. */
	set_raw(editor, true);
	editor->reading = true;
	wide = el_wgets(editor->el, &count);
	editor->reading = editor->raw = false;
	if (editor->gone)
		return EDITOR_GONE;
	if (editor->cancelled)
		return EDITOR_CANCELLED;
	if (wide == NULL || count <= 0) {
		putchar('\n');
		return EDITOR_END;
	}
	*line = line_from(wide);
	return EDITOR_LINE;
}

static enum editor_result
read_plain(struct editor *editor, const char *prompt, char **line)
{
	if (editor->above != NULL)
		fputs(editor->above, stdout);
	free(editor->above);
	editor->above = NULL;
	return plain_read(editor->plain, prompt, line);
}

enum editor_result
editor_read(struct editor *editor, const char *prompt, char **line)
{
	editor_progress(editor, NULL);
	loop_take(editor->setup.loop, SIGINT);
	if (editor->el == NULL)
		return read_plain(editor, prompt, line);
	free(editor->prompt);
	editor->prompt = wide_from_text(prompt);
	return edit_line(editor, line);
}

static void
complete_nothing(void *data, const char *line, struct candidates *out)
{
	(void)data;
	(void)line;
	(void)out;
}

enum editor_result
editor_query(struct editor *editor, const char *prompt, struct past *past,
    char **line)
{
	editor_complete complete = editor->setup.complete;
	enum editor_result result;

	editor->setup.complete = complete_nothing;
	if (editor->el != NULL)
		el_set(editor->el, EL_HIST, history, history_editline(past));
	result = editor_read(editor, prompt, line);
	if (editor->el != NULL)
		el_set(editor->el, EL_HIST, history,
		    history_editline(editor->setup.past));
	editor->setup.complete = complete;
	return result;
}

/* The answer in one key; the terminal is in our mode for that long. */
static bool
ask_key(struct editor *editor)
{
	wchar_t key = L'\0';
	bool yes;

	set_raw(editor, true);
	keys_init(&editor->keys);
	yes = next_key(editor, &key) == 1 && (key == L'y' || key == L'Y');
	set_raw(editor, false);
	puts(yes ? "yes" : "no");
	return yes;
}

bool
editor_ask(struct editor *editor, const char *question)
{
	char *prompt = xasprintf("%s [y/N] ", question), *line = NULL;
	bool yes;

	editor_progress(editor, NULL);
	if (editor->el != NULL) {
		fputs(prompt, stdout);
		yes = ask_key(editor);
	} else
		yes = plain_read(editor->plain, prompt, &line) == EDITOR_LINE &&
		    (line[0] == 'y' || line[0] == 'Y');
	free(line);
	free(prompt);
	return yes;
}

/* What is awaited, cut to the row, so that it can be replaced. */
static void
print_progress(const char *text)
{
	wchar_t *wide = wide_from_text(text);
	size_t columns, rows;
	char *cut;

	screen_size(&columns, &rows);
	wide[geometry_fit(wide, columns - 1)] = L'\0';
	cut = wide_to_text(wide);
	printf("\r%s\033[K", cut);
	free(cut);
	free(wide);
}

void
editor_progress(struct editor *editor, const char *text)
{
	if (editor->el == NULL) {
		/* Without repainting it is told once. */
		if (text != NULL && !editor->progress)
			puts(text);
	} else if (text != NULL)
		print_progress(text);
	else if (editor->progress)
		fputs("\r\033[K", stdout);
	editor->progress = text != NULL;
	fflush(stdout);
}
