/*
 * Completion: a first Tab extends the word, a second opens the menu under the
 * line, which has keys of its own.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "shell/advice.h"
#include "shell/editing.h"
#include "shell/language.h"
#include "shell/wide.h"

#define ESC 0x1b

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

/* Puts word in place of what is typed of it; whether that changed the line. */
static bool
replace_word(struct editor *editor, const char *line,
    const struct candidates *found, const char *word, char after)
{
	size_t start = found->start;
	char *text = spell(found, line, start, word, after);
	bool changed = strcmp(text, line + start) != 0;

	if (changed)
		editing_replace(editor, wide_count(line + start), text);
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
choosing_tab(struct editor *editor)
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
		editing_replace(editor, wide_count(word), text);
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

	editing_replace(editor, wide_count(menu_word(editor, line)),
	    editor->menu.typed);
	free(line);
}

enum helping_result
choosing_menu(struct editor *editor)
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
choosing_translate(struct editor *editor, wchar_t key)
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
