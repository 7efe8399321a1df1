/*
 * The line on the terminal: what is told above it, the prompts, how the
 * terminal comes and goes.
 *
 * - Nothing is painted but while a key is awaited, and after an erase: the
 *   geometry says where the cursor stands, libedit draws anew.
 * - A terminal known to be unable to move its cursor, `edit off' in editrc
 *   and --plain get plain lines from the terminal's own driver, without an
 *   escape.
 * - The terminal is in our mode only inside editor_read and editor_ask.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/xmalloc.h"
#include "shell/editing.h"
#include "shell/geometry.h"
#include "shell/loop.h"
#include "shell/plain.h"
#include "shell/wide.h"

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define RIGHT_GAP 8 /* columns for the line beside a right prompt */

/* --- the prompts --------------------------------------------------------- */

bool
editor_is_plain(const struct editor *editor)
{
	return editor->el == NULL;
}

bool
editor_is_assuming(const struct editor *editor)
{
	return editor->el != NULL && editor->assumed;
}

/* A line that is read stands on the terminal as libedit knows it. */
void
editing_size(const struct editor *editor, size_t *columns, size_t *rows)
{
	if (!editor->reading) {
		terminal_size(columns, rows);
		return;
	}
	*columns = editor->columns;
	*rows = editor->rows;
}

bool
editor_has_right(const struct editor *editor)
{
	size_t columns, rows;

	if (editor->el == NULL)
		return false;
	editing_size(editor, &columns, &rows);
	return geometry_prompt(editor->prompt) +
	    geometry_prompt(editor->right) + RIGHT_GAP <=
	    columns;
}

void
editor_set_prompts(struct editor *editor, const char *left, const char *right)
{
	wchar_t *prompt = wide_from_text(left), *side = wide_from_text(right);

	if (wcscmp(prompt, editor->prompt) == 0 &&
	    wcscmp(side, editor->right) == 0) {
		free(prompt);
		free(side);
		return;
	}
	/* It stands on the screen as it was: taken off by its own width. */
	if (editor->reading)
		editing_erase(editor);
	free(editor->prompt);
	free(editor->right);
	editor->prompt = prompt;
	editor->right = side;
	editor->redraw = true;
}

/* --- what is told -------------------------------------------------------- */

static void
erase(struct editor *editor, size_t above)
{
	struct view view;

	editing_view(editor, &view);
	/* The cursor stands where the line begins. */
	if (editor->erased) {
		view.prompt = L"";
		view.length = view.cursor = 0;
	}
	paint_erase(&editor->paint, &view, above);
	editor->painted = false;
	editor->erased = true;
}

void
editing_erase(struct editor *editor)
{
	erase(editor, 0);
}

static void
append(char **text, const char *more)
{
	char *longer = xasprintf("%s%s", *text != NULL ? *text : "", more);

	free(*text);
	*text = longer;
}

void
editor_tell(
    struct editor *editor, bool replace, const char *above, const char *tail)
{
	/* A tail that was not shown yet, or is not to be replaced, stays. */
	if (editor->tail != NULL && !replace)
		append(&editor->above, editor->tail);
	if (!replace)
		editor->tail_rows = 0;
	free(editor->tail);
	editor->tail = xstrdup(tail);
	append(&editor->above, above);
}

/* How many rows above the line are to be taken off with it. */
static size_t
rows_to_replace(struct editor *editor)
{
	struct geometry geometry;
	struct view view;

	editing_view(editor, &view);
	geometry_place(&geometry, view.prompt, view.text, view.length,
	    view.cursor, view.columns);
	/* What has scrolled away cannot be replaced. */
	return editor->tail_rows + geometry.end_row < view.rows ?
	    editor->tail_rows :
	    0;
}

static void
print_queued(struct editor *editor)
{
	size_t columns, rows;

	editing_size(editor, &columns, &rows);
	if (editor->above != NULL)
		fputs(editor->above, stdout);
	if (editor->tail != NULL)
		fputs(editor->tail, stdout);
	editor->tail_rows = editor->tail != NULL ?
	    paint_rows(editor->tail, columns) :
	    0;
	free(editor->above);
	free(editor->tail);
	editor->above = editor->tail = NULL;
}

void
editing_show(struct editor *editor)
{
	bool told = editor->above != NULL || editor->tail != NULL;

	if (!told && !editor->redraw)
		return;
	erase(editor, told ? rows_to_replace(editor) : 0);
	if (told)
		print_queued(editor);
	editing_draw(editor);
}

/* --- the terminal -------------------------------------------------------- */

void
editing_set_paste(struct editor *editor, bool on)
{
	if (editor->el == NULL || editor->paste_on == on)
		return;
	fputs(on ? PASTE_ON : PASTE_OFF, stdout);
	editor->paste_on = on;
}

void
editing_resume(struct editor *editor)
{
	/* Only a change of mode makes libedit look at the terminal again. */
	editing_set_raw(editor, false);
	editing_set_raw(editor, true);
	editing_measure(editor);
	fputs("\r\033[J", stdout);
	editor->erased = true;
	editor->tail_rows = 0;
	editor->painted = false;
	memset(&editor->paint, 0, sizeof(editor->paint));
	editing_set_paste(editor, true);
	editing_draw(editor);
}

void
editing_ask_again(struct editor *editor)
{
	editing_set_raw(editor, false);
	editing_set_raw(editor, true);
	printf("\r\033[K%s", editor->asked);
}

void
editing_resize(struct editor *editor)
{
	/* The terminal has wrapped the line at its new width by now. */
	terminal_size(&editor->columns, &editor->rows);
	editing_erase(editor);
	editor->tail_rows = 0;
	editing_measure(editor);
	editing_draw(editor);
}

void
editor_suspend(struct editor *editor, bool group)
{
	bool raw = editor->raw, paste = editor->paste_on;

	if (editor->reading)
		editing_erase(editor);
	editing_set_paste(editor, false);
	fflush(stdout);
	if (raw)
		editing_set_raw(editor, false);
	loop_stop(editor->setup.loop, group);
	if (editor->reading) {
		editing_resume(editor);
		return;
	}
	if (raw)
		editing_set_raw(editor, true);
	editing_set_paste(editor, paste);
	if (editor->asked != NULL)
		editing_ask_again(editor);
}

void
editor_lend(struct editor *editor)
{
	editor_progress(editor, NULL);
	editing_set_paste(editor, false);
	fflush(stdout);
	terminal_restore(&editor->terminal);
}

/* A program may leave the terminal changed (stty), but not unusable. */
void
editor_regain(struct editor *editor)
{
	terminal_block();
	terminal_remember(&editor->terminal);
	terminal_restore(&editor->terminal);
	if (editor->el != NULL)
		terminal_undo();
}

/* --- making and ending --------------------------------------------------- */

struct editor *
editor_new(const struct editor_setup *setup)
{
	struct editor *editor = xcalloc(1, sizeof(*editor));

	editor->setup = *setup;
	editor->plain = plain_new(setup->loop);
	editor->prompt = wide_from_text("");
	editor->right = wide_from_text("");
	terminal_block();
	terminal_remember(&editor->terminal);
	keys_init(&editor->keys, editing_knows, editor);
	if (!setup->plain && !terminal_is_dumb())
		editing_open(editor);
	return editor;
}

void
editor_free(struct editor *editor)
{
	if (editor == NULL)
		return;
	editor_progress(editor, NULL);
	editing_set_paste(editor, false);
	helping_clear(editor);
	editing_close(editor);
	fflush(stdout);
	free(editor->prompt);
	free(editor->right);
	free(editor->above);
	free(editor->tail);
	free(editor->waiting);
	free(editor->burst.ready);
	free(editor->setup.editrc);
	plain_free(editor->plain);
	free(editor);
}

/* --- reading ------------------------------------------------------------- */

bool
editor_is_reading(const struct editor *editor)
{
	return editor->reading && !editor->querying;
}

static void
begin_line(struct editor *editor)
{
	keys_init(&editor->keys, editing_knows, editor);
	editor->quoting = editor->prefixed = editor->tab_now = false;
	editor->held = editor->leaving = L'\0';
	editor->cancelled = editor->gone = false;
	editor->painted = editor->erased = editor->resumed = false;
	editor->tail_rows = 0;
	editor->redraw = false;
	memset(&editor->paint, 0, sizeof(editor->paint));
	if (!editor->querying)
		print_queued(editor);
	editing_set_paste(editor, true);
	loop_take(editor->setup.loop, SIGWINCH);
	editing_measure(editor);
	/* Before the prompt shows, not after, as libedit itself would. */
	editing_set_raw(editor, true);
	/* A ^C that came behind the last command: the terminal has shown it. */
	if (loop_take(editor->setup.loop, SIGINT))
		fputs("\r\n", stdout);
	editor->reading = true;
}

static enum editor_result
edit_line(struct editor *editor, char **line)
{
	bool got;

	begin_line(editor);
	got = editing_read(editor, line);
	editor->reading = editor->raw = false;
	helping_clear(editor);
	/* Before anybody writes to the terminal by another way. */
	fflush(stdout);
	/* libedit gives no line for an empty one without a newline. */
	if (!got)
		*line = editor->cancelled ? xstrdup("") : NULL;
	if (editor->gone) {
		free(*line);
		*line = NULL;
		return EDITOR_GONE;
	}
	if (editor->cancelled)
		return EDITOR_CANCELLED;
	if (got)
		return EDITOR_LINE;
	putchar('\n');
	return EDITOR_END;
}

static enum editor_result
read_plain(struct editor *editor, char **line)
{
	char *prompt = wide_to_text(editor->prompt);
	enum editor_result result;

	loop_take(editor->setup.loop, SIGINT);
	if (!editor->querying)
		print_queued(editor);
	result = plain_read(editor->plain, prompt, line);
	free(prompt);
	return result;
}

enum editor_result
editor_read(struct editor *editor, char **line)
{
	editor_progress(editor, NULL);
	return editor->el != NULL ? edit_line(editor, line) :
				    read_plain(editor, line);
}

enum editor_result
editor_query(
    struct editor *editor, const char *prompt, struct past *past, char **line)
{
	wchar_t *left = editor->prompt, *right = editor->right;
	enum editor_result result;

	editor->prompt = wide_from_text(prompt);
	editor->right = wide_from_text("");
	editor->querying = true;
	editing_set_history(editor, past);
	result = editor_read(editor, line);
	editing_set_history(editor, editor->setup.past);
	editor->querying = false;
	free(editor->prompt);
	free(editor->right);
	editor->prompt = left;
	editor->right = right;
	return result;
}

/* The answer in one key; the terminal is in our mode for that long. */
static bool
ask_key(struct editor *editor, const char *question)
{
	wchar_t key = L'\0';
	bool yes;

	editor->asked = question;
	fputs(question, stdout);
	editing_set_raw(editor, true);
	keys_init(&editor->keys, editing_knows, editor);
	yes = input_key(editor, &key) == 1 && (key == L'y' || key == L'Y');
	editing_set_raw(editor, false);
	editor->asked = NULL;
	puts(yes ? "yes" : "no");
	return yes;
}

bool
editor_ask(struct editor *editor, const char *question)
{
	char *prompt = xasprintf("%s [y/N] ", question), *line = NULL;
	bool yes;

	editor_progress(editor, NULL);
	if (editor->el != NULL)
		yes = ask_key(editor, prompt);
	else
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

	terminal_size(&columns, &rows);
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
