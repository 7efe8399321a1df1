/*
 * Many characters at once: a paste from a terminal that does not bracket it,
 * or what was typed while nobody read.  libedit would draw after each of them;
 * put into the line together they are drawn once.
 *
 * - Only characters that would put themselves into the line, and only after
 *   one was seen to do so: vi's mode has commands for them, and libedit does
 *   not tell which of its maps it is in.
 * - Byte by byte: what stands behind an Enter may be meant for a program.
 */
#include "config.h"

#include <sys/ioctl.h>

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wctype.h>

#include "base/xmalloc.h"
#include "shell/burst.h"
#include "shell/editing.h"

#define LEAST    64 /* characters: nobody types that fast */
#define LEAST_VI 1024 /* `.' of vi does not repeat them */
#define MOST     65536 /* characters at a time */

/* Commands of vi's mode that may put a copy of their own key into the line. */
#define VI_COPIERS L"pPuU.@_#"

void
burst_note(struct burst *burst, const struct view *view, wchar_t key)
{
	burst->key = key;
	burst->length = view->length;
	burst->cursor = view->cursor;
}

void
burst_forget(struct burst *burst)
{
	memset(burst->judged, 0, sizeof(burst->judged));
}

bool
burst_next(struct burst *burst, wchar_t *key)
{
	if (burst->at == burst->count)
		return false;
	*key = burst->ready[burst->at++];
	return true;
}

/* Whether the last key put itself into the line, and did nothing else. */
static bool
is_inserting(const struct editor *editor, const struct view *view, bool vi)
{
	const struct burst *burst = &editor->burst;

	return iswprint((wint_t)burst->key) &&
	    (!vi || wcschr(VI_COPIERS, burst->key) == NULL) &&
	    view->length == burst->length + 1 &&
	    view->cursor == burst->cursor + 1 &&
	    view->text[burst->cursor] == burst->key;
}

/* Whether it would put itself into the line, too. */
static bool
inserts_itself(struct editor *editor, wchar_t key)
{
	unsigned char *judged;

	if (!iswprint((wint_t)key) ||
	    terminal_is_control(&editor->terminal, key, VINTR) ||
	    terminal_is_control(&editor->terminal, key, VSUSP))
		return false;
	/* libedit's maps end there. */
	if ((size_t)key >= sizeof(editor->burst.judged))
		return true;
	judged = &editor->burst.judged[key];
	if (*judged == BURST_UNJUDGED)
		*judged = editing_inserts(editor, key) ? BURST_INSERTS :
							 BURST_COMMAND;
	return *judged == BURST_INSERTS;
}

/* The next byte, if one lies ready; *ready counts those known to. */
static bool
feed_ready(struct editor *editor, int *ready)
{
	unsigned char byte;

	if (*ready == 0 && ioctl(STDIN_FILENO, FIONREAD, ready) == -1)
		*ready = 0;
	if (*ready <= 0 || read(STDIN_FILENO, &byte, 1) != 1)
		return false;
	--*ready;
	keys_feed(&editor->keys, byte);
	return true;
}

/* Gathers what lies ready behind first; the last key may not belong to it. */
static void
gather(struct editor *editor, wchar_t first)
{
	struct burst *burst = &editor->burst;
	int ready = 0;
	wchar_t key;

	burst->at = burst->count = 0;
	burst->ready = xreallocarray(burst->ready, MOST, sizeof(*burst->ready));
	burst->ready[burst->count++] = first;
	while (burst->count < MOST) {
		if (keys_next(&editor->keys, false, &key) != KEYS_READY) {
			if (!feed_ready(editor, &ready))
				return;
			continue;
		}
		if (!inserts_itself(editor, key)) {
			keys_return(&editor->keys, key);
			return;
		}
		burst->ready[burst->count++] = key;
	}
}

/* Whether the key may begin a burst. */
static bool
may_begin(struct editor *editor, const struct view *view, bool vi, wchar_t key)
{
	return !editor->menu.open && !editor->quoting && !editor->prefixed &&
	    !editor->keys.pasting && is_inserting(editor, view, vi) &&
	    inserts_itself(editor, key);
}

/* How many characters make one; the second has the first's reasons. */
static size_t
least(const struct burst *burst, bool vi)
{
	if (burst->going)
		return 2;
	return vi ? LEAST_VI : LEAST;
}

bool
burst_take(struct editor *editor, bool vi, wchar_t key)
{
	struct burst *burst = &editor->burst;
	struct view view;

	if (burst->at < burst->count)
		return false;
	editing_view(editor, &view);
	if (!may_begin(editor, &view, vi, key)) {
		burst->going = false;
		return false;
	}
	gather(editor, key);
	if (burst->count < least(burst, vi)) {
		burst->at = 1;
		return false;
	}
	editing_insert(editor, burst->ready, burst->count);
	editing_view(editor, &view);
	burst->key = burst->ready[burst->count - 1];
	burst->length = view.length - 1;
	burst->cursor = view.cursor - 1;
	burst->at = burst->count;
	burst->going = true;
	return true;
}
