/*
 * libedit: the only file, with bindings.c and history.c, that knows it.
 *
 * - It gets its characters from read_key, which waits in input.c: there what
 *   is queued is shown, what belongs around the line is painted, and the
 *   terminal, signals and descriptors are awaited at once.  libedit has drawn
 *   everything when it calls.
 * - It flushes its own stream more often than once for a key, so that one
 *   ends in the buffer of standard output, which is written in one piece when
 *   there is nothing left to do.
 * - EL_SIGNAL is never set.  Prompts are wide only.
 */
#include "config.h"

#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "base/xmalloc.h"
#include "shell/bindings.h"
#include "shell/editing.h"
#include "shell/geometry.h"
#include "shell/history.h"
#include "shell/wide.h"

#define ESC          0x1b
#define LINE_LONGEST 65536 /* characters */
#define TEXT_OF(n)   #n
#define NUMBER(n)    TEXT_OF(n)
#define TOO_LONG     "a line has at most " NUMBER(LINE_LONGEST) " characters"

static struct editor *
editor_of(EditLine *el)
{
	void *data = NULL;

	el_get(el, EL_CLIENTDATA, &data);
	return data;
}

/* --- the line ------------------------------------------------------------ */

void
editing_view(struct editor *editor, struct view *view)
{
	const LineInfoW *info = el_wline(editor->el);

	view->prompt = editor->prompt;
	view->right = editor_has_right(editor) ? editor->right : L"";
	view->text = info->buffer;
	view->length = (size_t)(info->lastchar - info->buffer);
	view->cursor = (size_t)(info->cursor - info->buffer);
	editing_size(editor, &view->columns, &view->rows);
}

char *
editing_before(struct editor *editor)
{
	const LineInfoW *info = el_wline(editor->el);
	size_t len = (size_t)(info->cursor - info->buffer);
	wchar_t *wide = xcalloc(len + 1, sizeof(*wide));
	char *text;

	wmemcpy(wide, info->buffer, len);
	text = wide_to_text(wide);
	free(wide);
	return text;
}

void
editing_replace(struct editor *editor, size_t count, const char *text)
{
	wchar_t *wide = wide_from_text(text);

	if (count > 0)
		el_deletestr(editor->el, (int)count);
	if (*wide != L'\0')
		el_winsertstr(editor->el, wide);
	free(wide);
}

void
editing_move(struct editor *editor, int by)
{
	el_cursor(editor->el, by);
}

void
editing_draw(struct editor *editor)
{
	el_wset(editor->el, EL_REFRESH);
	editor->redraw = editor->erased = false;
}

void
editing_measure(struct editor *editor)
{
	editor->brim = false;
	terminal_size(&editor->columns, &editor->rows);
	el_resize(editor->el);
}

void
editing_set_raw(struct editor *editor, bool raw)
{
	if (editor->el != NULL)
		el_wset(editor->el, EL_PREP_TERM, raw ? 1 : 0);
	editor->raw = raw;
}

/* --- libedit's calls ----------------------------------------------------- */

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

/*
 * A line without a bound (what was killed yanked again and again, a count of a
 * million) would be drawn for longer and longer with each key.
 */
static void
mend_length(struct editor *editor)
{
	struct view view;

	editing_view(editor, &view);
	if (view.length <= LINE_LONGEST || pending_is_nested(editor))
		return;
	editing_erase(editor);
	el_cursor(editor->el, (int)(view.length - view.cursor));
	el_deletestr(editor->el, (int)(view.length - LINE_LONGEST));
	if (view.cursor < LINE_LONGEST)
		el_cursor(editor->el, -(int)(LINE_LONGEST - view.cursor));
	editor->redraw = true;
	editor_tell(editor, false, TOO_LONG ", the rest is dropped\n", "");
}

/* Whether the next key belongs to this one. */
static bool
is_prefix(const struct editor *editor, wchar_t key)
{
	if (editor->prefixed)
		return false;
	return key == (L'X' & 037) ||
	    (key == ESC && !bindings_is_mode(editor->el, L"vi"));
}

/* Tells libedit how many rows there are: one more than there are, or not. */
static void
set_brim(struct editor *editor, size_t rows, bool brim)
{
	char *text = xasprintf("%zu", rows + (brim ? 1 : 0));

	el_set(editor->el, EL_SETTC, "li", text, NULL);
	free(text);
	editor->brim = brim;
}

/*
 * libedit counts the rows of a line wrongly when it moves on one taller than
 * the screen, and when it replaces (r, R of vi) the last character of one that
 * ends at the edge: it may then write over memory, behind its last row.
 * Such a line is drawn anew before each key, and so is one that fills the
 * screen, which has a row to spare as well.
 */
static void
mend_rows(struct editor *editor)
{
	enum paint_fit fit;
	struct view view;

	if (editor->keys.pasting)
		return;
	editing_view(editor, &view);
	fit = paint_fits(&view);
	if (fit == PAINT_FITS && !editor->brim)
		return;
	editing_erase(editor);
	if ((fit == PAINT_BRIM) != editor->brim)
		set_brim(editor, view.rows, fit == PAINT_BRIM);
	editing_draw(editor);
}

void
editing_insert(struct editor *editor, const wchar_t *text, size_t count)
{
	wchar_t *copy = xcalloc(count + 1, sizeof(*copy));

	editing_erase(editor);
	wmemcpy(copy, text, count);
	el_winsertstr(editor->el, copy);
	free(copy);
	mend_length(editor);
	mend_rows(editor);
	if (editor->erased)
		editing_draw(editor);
}

/*
 * The keys after help or a hint: it is taken off.  ESC alone does nothing else
 * than that, except in vi's mode, where it leads into the other map.
 */
static bool
is_dismissal(struct editor *editor, wchar_t key)
{
	bool shown = editor->below != NULL;

	free(editor->below);
	editor->below = NULL;
	return shown && key == ESC && editor->keys.literal == 0 &&
	    !editor->quoting && !editor->prefixed &&
	    !bindings_is_mode(editor->el, L"vi");
}

/* A line begins: the next ones of what was pasted are put into it. */
static void
resume_paste(struct editor *editor)
{
	char *lines = editor->waiting;

	if (editor->resumed || editor->querying)
		return;
	editor->resumed = true;
	if (lines == NULL)
		return;
	editor->waiting = NULL;
	editing_erase(editor);
	helping_fold(editor, lines);
	free(lines);
	editing_draw(editor);
}

/* EL_GETCFN: libedit has drawn everything and wants a character. */
static int
read_key(EditLine *el, wchar_t *key)
{
	struct editor *editor = editor_of(el);
	struct view view;
	int got;

	mend_cursor(el);
	mend_length(editor);
	resume_paste(editor);
	mend_rows(editor);
	editor->tab_again = editor->tab_now;
	editor->tab_now = false;
	do {
		if ((got = pending_key(editor, key)) != 1)
			return got;
	} while (is_dismissal(editor, *key) ||
	    burst_take(editor, bindings_is_mode(el, L"vi"), *key));
	if (!editor->quoting && !editor->prefixed && !editor->keys.pasting &&
	    !editor->querying && !pending_is_nested(editor))
		*key = choosing_translate(editor, *key);
	/* What stands behind a newline would be lost. */
	if (editor->quoting && *key == L'\n')
		*key = L'\0';
	editor->prefixed = !editor->quoting && is_prefix(editor, *key);
	editor->quoting = !editor->quoting && *key == (L'V' & 037);
	editing_view(editor, &view);
	burst_note(&editor->burst, &view, *key);
	return 1;
}

static wchar_t *
give_prompt(EditLine *el)
{
	mend_cursor(el);
	return editor_of(el)->prompt;
}

static wchar_t *
give_right(EditLine *el)
{
	struct editor *editor = editor_of(el);
	static wchar_t none[] = L"";

	return editor_has_right(editor) ? editor->right : none;
}

/* ^C: the line stays on the screen, crossed out; a new one begins. */
static unsigned char
on_interrupt(EditLine *el, int c)
{
	struct editor *editor = editor_of(el);
	const LineInfoW *info = el_wline(el);

	(void)c;
	editing_erase(editor);
	helping_clear(editor);
	free(editor->waiting);
	editor->waiting = NULL;
	el_cursor(el, (int)(info->lastchar - info->cursor));
	editing_draw(editor);
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
	/* One more than a line has, so that it is seen to be too long. */
	wchar_t *text = xcalloc(LINE_LONGEST + 2, sizeof(*text)), key;
	struct editor *editor = editor_of(el);
	size_t len = 0;

	editor->dropping = false;
	editor->collecting = true;
	while (el_wgetc(el, &key) == 1 && key != KEY_PASTE_END) {
		if (key == KEY_INTERRUPT)
			editor->dropping = true;
		if (key == L'\t')
			key = L' ';
		if (len <= LINE_LONGEST &&
		    (key == L'\n' || key == L'\r' || !iswcntrl((wint_t)key)))
			text[len++] = key;
	}
	editor->collecting = false;
	if (!editor->dropping)
		return text;
	free(text);
	return NULL;
}

/* Whether the line can take it; a newline becomes two characters. */
static bool
has_room(struct editor *editor, const wchar_t *pasted)
{
	struct view view;
	size_t len = 0;

	editing_view(editor, &view);
	for (; *pasted != L'\0'; pasted++)
		len += *pasted == L'\n' || *pasted == L'\r' ? 2 : 1;
	return view.length + len <= LINE_LONGEST;
}

static unsigned char
on_paste(EditLine *el, int c)
{
	struct editor *editor = editor_of(el);
	wchar_t *pasted;
	char *text;

	/* `.' of vi mode plays back the key that began a paste, not its end. */
	if (!editor->keys.pasting)
		return CC_NORM;
	if ((pasted = collect_paste(el)) == NULL)
		return on_interrupt(el, c);
	if (!has_room(editor, pasted)) {
		free(pasted);
		helping_hint(editor, TOO_LONG ", nothing was pasted");
		return CC_REFRESH_BEEP;
	}
	text = wide_to_text(pasted);
	if (wcspbrk(pasted, L"\r\n") != NULL)
		helping_fold(editor, text);
	else
		editing_replace(editor, 0, text);
	free(text);
	free(pasted);
	return CC_REFRESH;
}

static unsigned char
answer(enum helping_result result)
{
	switch (result) {
	case HELPING_NOTHING:
		return CC_NORM;
	case HELPING_CHANGED:
		return CC_REFRESH;
	case HELPING_MOVED:
		return CC_CURSOR;
	case HELPING_BEEP:
		break;
	}
	return CC_REFRESH_BEEP;
}

/* Functions of libedit that only hand on to helping.c and choosing.c. */
#define HELPER(name, fn)                                    \
	static unsigned char on_##name(EditLine *el, int c) \
	{                                                   \
		(void)c;                                    \
		return answer(fn(editor_of(el)));           \
	}

HELPER(tab, choosing_tab)
HELPER(menu, choosing_menu)
HELPER(explain, helping_explain)
HELPER(space, helping_space)
HELPER(right, helping_right)
HELPER(end, helping_end)
HELPER(word, helping_word)

/* --- making and ending --------------------------------------------------- */

static const struct {
	const wchar_t *name;
	const wchar_t *about;
	unsigned char (*function)(EditLine *el, int c);
} functions[] = {
	{ L"zd-complete", L"complete the word", on_tab },
	{ L"zd-menu", L"choose from the menu", on_menu },
	{ L"zd-explain", L"explain the command", on_explain },
	{ L"zd-space", L"expand what is abbreviated", on_space },
	{ L"zd-right", L"to the right, or take the ghost", on_right },
	{ L"zd-end", L"to the end, or take the ghost", on_end },
	{ L"zd-word", L"a word on, or take one of the ghost", on_word },
	{ L"zd-paste", L"take what is pasted", on_paste },
	{ L"zd-interrupt", L"drop the line", on_interrupt },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
add_functions(EditLine *el)
{
	size_t i;

	for (i = 0; i < COUNT(functions); i++)
		el_wset(el, EL_ADDFN, functions[i].name, functions[i].about,
		    functions[i].function);
}

void
editor_set_mode(struct editor *editor, const char *mode)
{
	wchar_t *wide = mode != NULL ? wide_from_text(mode) : NULL;

	if (editor->el != NULL)
		bindings_set(editor->el, wide, editor->setup.editrc);
	burst_forget(&editor->burst);
	free(wide);
}

/*
 * What libedit prints goes elsewhere until it gets NULL.  A stream of ours is
 * not taken away from it: it would ask that for its descriptor.
 */
static void
divert(struct editor *editor, FILE *elsewhere)
{
	if (editor->out == NULL) {
		el_set(editor->el, EL_SETFP, 1,
		    elsewhere != NULL ? elsewhere : stdout);
		return;
	}
	fflush(editor->out);
	editor->diverted = elsewhere;
}

/* It answers with the name of the function. */
bool
editing_inserts(struct editor *editor, wchar_t key)
{
	wchar_t keys[] = { L'\\', key, L'\0' };
	char *answer = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&answer, &len);
	bool inserts;

	if (out == NULL)
		return false;
	divert(editor, out);
	/* A letter behind a backslash would be something else. */
	el_wset(
	    editor->el, EL_BIND, iswpunct((wint_t)key) ? keys : keys + 1, NULL);
	divert(editor, NULL);
	fclose(out);
	inserts = strstr(answer, "ed-insert\n") != NULL ||
	    strstr(answer, "ed-digit\n") != NULL ||
	    strstr(answer, "zd-space\n") != NULL;
	free(answer);
	return inserts;
}

/*
 * It is asked as a user would ask, and answers to its streams.  In vi's mode
 * the ESC is a key of its own, which leads to the other map.
 */
bool
editing_knows(void *data, const char *sequence)
{
	struct editor *editor = data;
	wchar_t keys[2 * KEYS_QUEUE + 2] = L"\\e";
	size_t len = 2;
	FILE *nowhere;
	bool known;

	if (editor->el == NULL || editor->quoting ||
	    (nowhere = fopen("/dev/null", "we")) == NULL)
		return true;
	for (; *sequence != '\0'; sequence++) {
		if (strchr("\\^", *sequence) != NULL)
			keys[len++] = L'\\';
		keys[len++] = (wchar_t)(unsigned char)*sequence;
	}
	divert(editor, nowhere);
	known = bindings_has(editor->el, keys) ||
	    (bindings_is_mode(editor->el, L"vi") &&
		bindings_has(editor->el, keys + 2));
	divert(editor, NULL);
	fclose(nowhere);
	return known;
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

void
editing_close(struct editor *editor)
{
	/* Else what was typed ahead for our parent is thrown away. */
	if (editor->el != NULL) {
		el_set(editor->el, EL_EDITMODE, 0);
		el_end(editor->el);
	}
	if (editor->out != NULL)
		fclose(editor->out);
	editor->el = NULL;
	editor->out = NULL;
}

static ssize_t
pass_on(void *data, const char *text, size_t len)
{
	const struct editor *editor = data;

	return (ssize_t)fwrite(
	    text, 1, len, editor->diverted != NULL ? editor->diverted : stdout);
}

/* A stream that ends in the buffer of standard output. */
static FILE *
open_out(struct editor *editor)
{
	cookie_io_functions_t functions_of = { .write = pass_on };
	FILE *out = fopencookie(editor, "w", functions_of);

	if (out != NULL)
		setvbuf(out, NULL, _IOFBF, BUFSIZ);
	return out;
}

void
editing_set_history(struct editor *editor, struct past *past)
{
	if (editor->el != NULL)
		el_set(editor->el, EL_HIST, history, history_editline(past));
}

/* What every terminal of today does, as termcap(5) has it. */
static const struct {
	const char *name;
	const char *value;
} xterm_capabilities[] = {
	{ "am", "yes" },
	{ "xn", "yes" },
	{ "cd", "\033[J" },
	{ "ce", "\033[K" },
	{ "cl", "\033[H\033[2J" },
	{ "ho", "\033[H" },
	{ "ch", "\033[%i%dG" },
	{ "up", "\033[A" },
	{ "nd", "\033[C" },
	{ "UP", "\033[%dA" },
	{ "DO", "\033[%dB" },
	{ "RI", "\033[%dC" },
	{ "LE", "\033[%dD" },
	{ "dc", "\033[P" },
	{ "DC", "\033[%dP" },
	{ "IC", "\033[%d@" },
};

/*
 * Whether the terminal has no entry in this system's terminfo; it is then
 * taken for one like xterm.
 */
static bool
assume_terminal(EditLine *el)
{
	size_t i;

	if (el_set(el, EL_TERMINAL, NULL) == 0)
		return false;
	for (i = 0; i < COUNT(xterm_capabilities); i++)
		el_set(el, EL_SETTC, xterm_capabilities[i].name,
		    xterm_capabilities[i].value, NULL);
	return true;
}

/* libedit itself, quiet about a terminal that it does not know. */
static EditLine *
make_editline(struct editor *editor)
{
	FILE *out = editor->out, *nowhere = fopen("/dev/null", "we");
	EditLine *el;

	el = el_init_fd("zdaemon", stdin, out != NULL ? out : stdout,
	    nowhere != NULL ? nowhere : stderr, STDIN_FILENO, STDOUT_FILENO,
	    STDERR_FILENO);
	if (el != NULL) {
		editor->assumed = assume_terminal(el);
		el_set(el, EL_SETFP, 2, stderr);
	}
	if (nowhere != NULL)
		fclose(nowhere);
	return el;
}

void
editing_open(struct editor *editor)
{
	EditLine *el;

	editor->out = open_out(editor);
	if ((el = make_editline(editor)) == NULL) {
		editing_close(editor);
		return;
	}
	editor->el = el;
	el_set(el, EL_CLIENTDATA, editor);
	editing_set_history(editor, editor->setup.past);
	el_set(el, EL_SIGNAL, 0);
	el_set(el, EL_SETTY, "-d", "-isig", "-ixon", NULL);
	el_wset(el, EL_PROMPT_ESC, give_prompt, GEOMETRY_HIDDEN);
	el_wset(el, EL_RPROMPT_ESC, give_right, GEOMETRY_HIDDEN);
	el_wset(el, EL_GETCFN, read_key);
	add_functions(el);
	bindings_set(el, NULL, editor->setup.editrc);
	if (!can_edit(el))
		editing_close(editor);
}

/* --- reading ------------------------------------------------------------- */

static char *
line_from(const wchar_t *wide)
{
	char *text = wide_to_text(wide);

	text[strcspn(text, "\n")] = '\0';
	return text;
}

bool
editing_read(struct editor *editor, char **line)
{
	const wchar_t *wide;
	int count;

	wide = el_wgets(editor->el, &count);
	if (editor->out != NULL)
		fflush(editor->out);
	if (wide == NULL || count <= 0)
		return false;
	*line = line_from(wide);
	return true;
}
