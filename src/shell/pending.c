/*
 * Keys for whatever of libedit waits for one: mostly the line, but also a
 * search, or what asks for one more key (^V, ^X, f of vi).  What of our keys
 * would mean nothing there, or harm, does not get through.
 */
#include "config.h"

#include <wctype.h>

#include "shell/editing.h"

bool
pending_is_nested(struct editor *editor)
{
	struct view view;

	editing_view(editor, &view);
	return wmemchr(view.text, L'\n', view.length) != NULL;
}

/*
 * Whether it is a search of vi mode: no other line has a newline, and its
 * cursor always stands on a blank at the end.
 */
static bool
is_query(struct editor *editor)
{
	struct view view;

	editing_view(editor, &view);
	return view.length > 2 && view.cursor == view.length - 1 &&
	    view.text[0] == L'\n' && wcschr(L"/?", view.text[1]) != NULL;
}

/*
 * A query takes every key for a character but for those that end it, and with
 * ESC it runs the line it finds.  The only other way out is to rub out all of
 * it, which is what the keys become that lead out elsewhere.
 */
static bool
leave_query(struct editor *editor, wchar_t *key)
{
	if (editor->leaving == L'\0')
		return false;
	if (is_query(editor)) {
		*key = 0177;
		return true;
	}
	*key = editor->leaving == KEY_INTERRUPT ? KEY_INTERRUPT : L'\0';
	editor->leaving = L'\0';
	return *key != L'\0';
}

/* A key for a query; false: nothing that it could use. */
static bool
feed_query(struct editor *editor, wchar_t *key)
{
	if (*key == KEY_INTERRUPT ||
	    (!editor->keys.pasting && (*key == 033 || *key == (L'G' & 037)))) {
		editor->leaving = *key;
		return leave_query(editor, key);
	}
	if (editor->keys.pasting)
		return !iswcntrl((wint_t)*key);
	return !keys_is_ours(*key);
}

/*
 * What waits for a single key (^V, ^X, f of vi) must not swallow the one that
 * begins a paste: what follows would be keys.  It gets one that is nothing,
 * or, if it had it already, the next asks for the paste once more.
 */
static bool
guard_paste(struct editor *editor, wchar_t *key)
{
	if (*key == KEY_PASTE_END)
		return false;
	if (editor->quoting && keys_is_ours(*key)) {
		editor->held = *key;
		*key = L'\0';
	} else if (editor->keys.pasting && *key != KEY_PASTE) {
		editor->held = *key;
		*key = KEY_PASTE;
	}
	return true;
}

int
pending_key(struct editor *editor, wchar_t *key)
{
	int got;

	if (leave_query(editor, key))
		return 1;
	if (editor->held != L'\0') {
		*key = editor->held;
		editor->held = L'\0';
		return 1;
	}
	if (burst_next(&editor->burst, key))
		return 1;
	do {
		if ((got = input_key(editor, key)) != 1)
			return got;
	} while (!editor->collecting &&
	    (is_query(editor) ? !feed_query(editor, key) :
				!guard_paste(editor, key)));
	return 1;
}
