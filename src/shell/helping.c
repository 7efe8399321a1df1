/*
 * What helps to type: the ghost of how the line may go on, the colours of its
 * words, help under it.  Knows neither libedit nor what commands there are.
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/visible.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/output.h"
#include "shell/advice.h"
#include "shell/editing.h"
#include "shell/geometry.h"
#include "shell/wide.h"

static bool
has_color(const struct editor *editor)
{
	return editor->setup.advisor.context->output->color;
}

/* --- painting ------------------------------------------------------------ */

/* The colours of the words, for each character; to be freed. */
static unsigned char *
judge_words(struct editor *editor, const struct view *view)
{
	wchar_t *line = xcalloc(view->length + 1, sizeof(*line));
	unsigned char *color = xcalloc(view->length + 1, 1), *bytes;
	char *text, one[MB_LEN_MAX];
	size_t i, at = 0;
	int len;

	wmemcpy(line, view->text, view->length);
	text = wide_to_text(line);
	bytes = xcalloc(strlen(text) + 1, 1);
	advice_judge(&editor->setup.advisor, text, bytes);
	for (i = 0; i < view->length && text[at] != '\0'; i++) {
		color[i] = bytes[at];
		len = wctomb(one, line[i]);
		at += len > 0 ? (size_t)len : 1;
	}
	free(bytes);
	free(text);
	free(line);
	return color;
}

/* How the line may go on, if the cursor is at its end. */
static void
find_ghost(struct editor *editor, const struct view *view)
{
	char *line, *text;

	free(editor->ghost);
	editor->ghost = NULL;
	if (view->length == 0 || view->cursor != view->length ||
	    editor->menu.open || wmemchr(view->text, L'\n', view->length))
		return;
	line = editing_before(editor);
	text = advice_suggest(
	    &editor->setup.advisor, line, &editor->ghost_usable);
	if (text != NULL)
		editor->ghost = wide_from_text(text);
	free(text);
	free(line);
}

void
helping_paint(struct editor *editor)
{
	struct decor decor = { .below = editor->below };
	unsigned char *color = NULL;
	char *menu = NULL;
	struct view view;

	editing_view(editor, &view);
	if (editor->menu.open)
		decor.below = menu = menu_format(
		    &editor->menu, view.columns, view.rows, has_color(editor));
	if (!editor->querying)
		find_ghost(editor, &view);
	if (has_color(editor) && !editor->querying) {
		decor.ghost = editor->ghost;
		if (paint_is_simple(&view))
			decor.color = color = judge_words(editor, &view);
	}
	paint_put(&editor->paint, &view, &decor);
	free(color);
	free(menu);
}

void
helping_take(struct editor *editor)
{
	struct view view;

	editing_view(editor, &view);
	paint_take(&editor->paint, &view);
}

void
helping_hint(struct editor *editor, const char *text)
{
	char *shown = visible_copy(text, strlen(text), 0), *cut;
	struct view view;
	wchar_t *wide;

	editing_view(editor, &view);
	wide = wide_from_text(shown != NULL ? shown : "");
	wide[geometry_fit(wide, view.columns - 1)] = L'\0';
	cut = wide_to_text(wide);
	free(editor->below);
	editor->below = xasprintf(
	    has_color(editor) ? "\033[2m%s\033[0m\n" : "%s\n", cut);
	free(cut);
	free(wide);
	free(shown);
}

/* How many lines there are that say something. */
static size_t
count_lines(const char *lines)
{
	size_t count = 0;

	while (lines[strspn(lines, " \t\r\n")] != '\0') {
		lines += strspn(lines, " \t\r\n");
		lines += strcspn(lines, "\r\n");
		count++;
	}
	return count;
}

/* Tells what Enter does with what is pasted: count lines, waiting of them. */
static void
tell_lines(struct editor *editor, size_t count, size_t waiting)
{
	char *hint = waiting == 0 ?
	    xasprintf(
		"%zu lines, Enter runs them one by one, Ctrl-C drops", count) :
	    xasprintf("%zu lines, Enter runs %zu and shows the rest, "
		      "Ctrl-C drops",
		count, count - waiting);

	helping_hint(editor, hint);
	free(hint);
}

void
helping_fold(struct editor *editor, const char *lines)
{
	size_t count = count_lines(lines);
	char *before = editing_before(editor), *joined, *waiting;
	const char *rest;

	joined = advice_join(before, lines, &rest);
	if (count > 1)
		tell_lines(editor, count, count_lines(rest));
	if (*rest != '\0') {
		waiting = xasprintf("%s\n%s", rest,
		    editor->waiting != NULL ? editor->waiting : "");
		free(editor->waiting);
		editor->waiting = waiting;
	}
	editing_replace(editor, 0, joined);
	free(joined);
	free(before);
}

void
helping_clear(struct editor *editor)
{
	menu_close(&editor->menu);
	editor->keys.arrows = false;
	free(editor->below);
	editor->below = NULL;
	free(editor->ghost);
	editor->ghost = NULL;
}

/* --- other keys ---------------------------------------------------------- */

enum helping_result
helping_explain(struct editor *editor)
{
	char *line, *text, *doubt;
	struct view view;

	if (editor->querying)
		return HELPING_BEEP;
	line = editing_before(editor);
	editing_view(editor, &view);
	text = advice_explain(
	    &editor->setup.advisor, line, view.columns, view.rows / 2);
	if (text != NULL) {
		free(editor->below);
		editor->below = text;
	} else {
		doubt = advice_doubt(&editor->setup.advisor, line);
		helping_hint(editor,
		    doubt != NULL ?
			doubt :
			"Tab lists what can stand here, Enter runs the line, "
			"help lists the commands");
		free(doubt);
	}
	free(line);
	return HELPING_NOTHING;
}

/* A blank, behind the whole name of what was abbreviated. */
enum helping_result
helping_space(struct editor *editor)
{
	char *line = editing_before(editor), *name = NULL;
	size_t start = 0;

	if (!editor->querying)
		name = advice_expand(&editor->setup.advisor, line, &start);
	if (name != NULL)
		editing_replace(editor, wide_count(line + start), name);
	free(name);
	free(line);
	editing_replace(editor, 0, " ");
	return HELPING_CHANGED;
}

/* How much of the ghost a word is, with the blanks before it. */
static size_t
word_length(const wchar_t *text)
{
	size_t len = 0;

	while (text[len] != L'\0' && !iswalnum((wint_t)text[len]))
		len++;
	while (text[len] != L'\0' && !iswspace((wint_t)text[len]))
		len++;
	return len;
}

/* Takes so much of the ghost into the line; whether there was one. */
static bool
take_ghost(struct editor *editor, bool word)
{
	wchar_t *ghost;
	struct view view;
	char *text;

	editing_view(editor, &view);
	/* Several keys may have come since one was painted. */
	if (!editor->querying)
		find_ghost(editor, &view);
	ghost = editor->ghost;
	if (ghost == NULL || !editor->ghost_usable || !has_color(editor) ||
	    view.cursor != view.length)
		return false;
	if (word)
		ghost[word_length(ghost)] = L'\0';
	text = wide_to_text(ghost);
	editing_replace(editor, 0, text);
	free(text);
	return true;
}

enum helping_result
helping_right(struct editor *editor)
{
	if (take_ghost(editor, false))
		return HELPING_CHANGED;
	editing_move(editor, 1);
	return HELPING_MOVED;
}

enum helping_result
helping_end(struct editor *editor)
{
	struct view view;

	if (take_ghost(editor, false))
		return HELPING_CHANGED;
	editing_view(editor, &view);
	editing_move(editor, (int)(view.length - view.cursor));
	return HELPING_MOVED;
}

enum helping_result
helping_word(struct editor *editor)
{
	struct view view;
	size_t at;

	if (take_ghost(editor, true))
		return HELPING_CHANGED;
	editing_view(editor, &view);
	for (at = view.cursor; at < view.length; at++)
		if (iswalnum((wint_t)view.text[at]))
			break;
	for (; at < view.length; at++)
		if (!iswalnum((wint_t)view.text[at]))
			break;
	editing_move(editor, (int)(at - view.cursor));
	return HELPING_MOVED;
}
