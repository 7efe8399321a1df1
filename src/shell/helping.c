/*
 * What helps to type: completion with its menu, the ghost of how the line may
 * go on, the colours of its words, help under it.  Knows neither libedit nor
 * what commands there are.
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
#include "shell/language.h"
#include "shell/wide.h"

#define ESC 0x1b

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
		decor.below = menu = menu_format(&editor->menu, view.columns,
		    view.rows, has_color(editor));
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

char *
helping_fold(struct editor *editor, const char *lines)
{
	size_t count = count_lines(lines);
	char *hint;

	if (count > 1) {
		hint = xasprintf("%zu lines, Enter runs them one by one, "
				 "Ctrl-C drops",
		    count);
		helping_hint(editor, hint);
		free(hint);
	}
	return language_join(lines);
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

/* --- completion ---------------------------------------------------------- */

/* What line holds of the word at start would be typed as this. */
static char *
spell(const struct candidates *found, const char *line, size_t start,
    const char *word, char after)
{
	char open = line[start] == '\'' || line[start] == '"' ? line[start] : 0;
	char *quoted, *text, tail[2] = { after, '\0' };

	quoted = found->literal ? xstrdup(word) :
				  language_quote(word, open, after == ' ');
	text = xasprintf("%s%s", quoted, tail);
	free(quoted);
	return text;
}

static size_t
count_characters(const char *text)
{
	wchar_t *wide = wide_from_text(text);
	size_t count = wcslen(wide);

	free(wide);
	return count;
}

/* Puts word in place of what is typed of it; whether that changed the line. */
static bool
replace_word(struct editor *editor, const char *line,
    const struct candidates *found, const char *word, char after)
{
	size_t start = found->start;
	char *text = spell(found, line, start, word, after);
	bool changed = strcmp(text, line + start) != 0;

	if (changed)
		editing_replace(
		    editor, count_characters(line + start), text);
	free(text);
	return changed;
}

static enum helping_result
tell_nothing(
    struct editor *editor, const char *line, const struct candidates *found)
{
	char *text;

	if (found->hint == NULL) {
		if ((text = advice_doubt(
			 &editor->setup.advisor, line)) == NULL)
			text = xstrdup("nothing more fits here");
	} else if (found->closed)
		text = xasprintf("no %s fits", found->hint);
	else
		text = xasprintf("%s: whatever you like", found->hint);
	helping_hint(editor, text);
	free(text);
	editor->tab_now = true;
	return editor->tab_again ? HELPING_NOTHING : HELPING_BEEP;
}

static enum helping_result
offer(struct editor *editor, const char *line, struct candidates *found)
{
	const struct candidate *only = &found->candidate[0];
	char *common;
	bool changed;

	if (found->count == 0)
		return tell_nothing(editor, line, found);
	if (found->count == 1) {
		replace_word(editor, line, found, only->text, only->after);
		return HELPING_CHANGED;
	}
	common = candidates_common(found);
	changed = *common != '\0' &&
	    replace_word(editor, line, found, common, 0);
	free(common);
	if (changed || !editor->tab_again) {
		editor->tab_now = true;
		return changed ? HELPING_CHANGED : HELPING_NOTHING;
	}
	menu_open(&editor->menu, found, line + found->start);
	editor->keys.arrows = true;
	return HELPING_NOTHING;
}

enum helping_result
helping_tab(struct editor *editor)
{
	struct candidates found;
	enum helping_result result;
	char *line;

	if (editor->querying)
		return HELPING_BEEP;
	line = editing_before(editor);
	memset(&found, 0, sizeof(found));
	advice_complete(&editor->setup.advisor, line, &found);
	result = offer(editor, line, &found);
	candidates_free(&found);
	free(line);
	return result;
}

/* --- the menu ------------------------------------------------------------ */

/* The word of the menu, as it stands on the line now. */
static const char *
menu_word(const struct editor *editor, const char *line)
{
	size_t start = editor->menu.found.start;

	return start <= strlen(line) ? line + start : line + strlen(line);
}

/* Puts the one chosen on the line. */
static void
follow_menu(struct editor *editor, bool accept)
{
	const struct candidate *chosen = menu_chosen(&editor->menu);
	char *line = editing_before(editor), *text;
	const char *word = menu_word(editor, line);

	if (chosen != NULL) {
		text = spell(&editor->menu.found, editor->menu.typed, 0,
		    chosen->text, accept ? chosen->after : 0);
		editing_replace(editor, count_characters(word), text);
		free(text);
	}
	free(line);
}

static void
leave_menu(struct editor *editor)
{
	menu_close(&editor->menu);
	editor->keys.arrows = false;
}

static void
restore_typed(struct editor *editor)
{
	char *line = editing_before(editor);

	editing_replace(editor, count_characters(menu_word(editor, line)),
	    editor->menu.typed);
	free(line);
}

enum helping_result
helping_menu(struct editor *editor)
{
	switch (editor->menu_key) {
	case ESC:
		restore_typed(editor);
		leave_menu(editor);
		return HELPING_CHANGED;
	case L'\r':
	case L'\n':
	case L' ':
		follow_menu(editor, true);
		leave_menu(editor);
		return HELPING_CHANGED;
	case KEY_UP:
	case KEY_BACKTAB:
		menu_step(&editor->menu, MENU_BEFORE);
		break;
	case KEY_LEFT:
		menu_step(&editor->menu, MENU_LEFT);
		break;
	case KEY_RIGHT:
		menu_step(&editor->menu, MENU_RIGHT);
		break;
	default:
		menu_step(&editor->menu, MENU_NEXT);
		break;
	}
	follow_menu(editor, false);
	return HELPING_CHANGED;
}

/* Whether a key is the menu's. */
static bool
is_menu_key(const struct editor *editor, wchar_t key)
{
	switch (key) {
	case L'\t':
	case KEY_BACKTAB:
	case KEY_UP:
	case KEY_DOWN:
		return true;
	case ESC: /* alone: the rest of a sequence would be waiting */
		return editor->keys.literal == 0;
	case L'\r':
	case L'\n':
	case L' ':
	case KEY_LEFT:
	case KEY_RIGHT:
		return menu_chosen(&editor->menu) != NULL;
	default:
		return false;
	}
}

/* Whether an operand may begin at the cursor, so that `?' asks for help. */
static bool
is_operand_place(struct editor *editor)
{
	char *line = editing_before(editor), *help;
	size_t len = strlen(line);
	bool place = false;

	if (len > 0 && line[len - 1] == ' ' &&
	    strpbrk(line, "|>!'\"\\#") == NULL) {
		help = advice_explain(&editor->setup.advisor, line, 80, 3);
		place = help != NULL;
		free(help);
	}
	free(line);
	return place;
}

wchar_t
helping_translate(struct editor *editor, wchar_t key)
{
	if (editor->menu.open) {
		if (is_menu_key(editor, key)) {
			editor->menu_key = key;
			return KEY_MENU;
		}
		leave_menu(editor);
	}
	if (key == L'?' && is_operand_place(editor))
		return KEY_F1;
	return key;
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
		helping_hint(editor, doubt != NULL ? doubt :
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
		name = advice_expand(
		    &editor->setup.advisor, line, &start);
	if (name != NULL)
		editing_replace(editor, count_characters(line + start), name);
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
	wchar_t *ghost = editor->ghost;
	struct view view;
	char *text;

	editing_view(editor, &view);
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
