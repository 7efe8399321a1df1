/*
 * zdshell with the other way to draw what happens: no geometry of ours.
 *
 * A key of its own makes libedit clear the rows of the line and draw it anew;
 * while it does, and stands in the first column, it asks for the right prompt,
 * and that is when the notice is written.  test_screens.py compares the screen
 * with that of zdshell, which computes where the line stands.
 *
 * Linked with --wrap: the functions below stand in for those of zdshell.
 */
#include "config.h"

#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "shell/editing.h"
#include "shell/geometry.h"
#include "shell/loop.h"
#include "shell/paint.h"
#include "shell/wide.h"

#define KEY_SHOW 0x9f

enum loop_result __real_loop_wait(struct loop *loop, struct pollfd *pfd,
    size_t count, int timeout);
enum loop_result __wrap_loop_wait(struct loop *loop, struct pollfd *pfd,
    size_t count, int timeout);
int __real_input_key(struct editor *editor, wchar_t *key);
int __wrap_input_key(struct editor *editor, wchar_t *key);
wchar_t __real_choosing_translate(struct editor *editor, wchar_t key);
wchar_t __wrap_choosing_translate(struct editor *editor, wchar_t key);
void __real_editing_show(struct editor *editor);
void __wrap_editing_show(struct editor *editor);
void __real_editing_open(struct editor *editor);
void __wrap_editing_open(struct editor *editor);
void __wrap_editor_set_prompts(
    struct editor *editor, const char *left, const char *right);

static struct {
	bool wanted; /* the wait is to end with the key */
	bool drawing; /* the key was pressed */
	char *below; /* what no key was to take away */
} state;

/* Notes that there is something to be shown. */
void
__wrap_editing_show(struct editor *editor)
{
	/* A search would end with the key. */
	if (pending_is_nested(editor))
		__real_editing_show(editor);
	else if (editor->above != NULL || editor->tail != NULL ||
	    editor->redraw)
		state.wanted = true;
}

enum loop_result
__wrap_loop_wait(
    struct loop *loop, struct pollfd *pfd, size_t count, int timeout)
{
	return state.wanted ? LOOP_FAILED :
			      __real_loop_wait(loop, pfd, count, timeout);
}

int
__wrap_input_key(struct editor *editor, wchar_t *key)
{
	int got;

	if (state.below != NULL) {
		editor->below = state.below;
		state.below = NULL;
	}
	got = __real_input_key(editor, key);
	if (!state.wanted)
		return got;
	editor->gone = state.wanted = false;
	state.drawing = true;
	state.below = editor->below;
	editor->below = NULL;
	*key = KEY_SHOW;
	return 1;
}

/* The key is nobody else's. */
wchar_t
__wrap_choosing_translate(struct editor *editor, wchar_t key)
{
	return key == KEY_SHOW ? key : __real_choosing_translate(editor, key);
}

/* The old prompt stays until all is drawn anew. */
void
__wrap_editor_set_prompts(
    struct editor *editor, const char *left, const char *right)
{
	wchar_t *prompt = wide_from_text(left), *side = wide_from_text(right);

	if (wcscmp(prompt, editor->prompt) != 0 ||
	    wcscmp(side, editor->right) != 0)
		editor->redraw = true;
	free(editor->prompt);
	free(editor->right);
	editor->prompt = prompt;
	editor->right = side;
}

static unsigned char
on_show(EditLine *el, int c)
{
	(void)el;
	(void)c;
	return CC_REDISPLAY;
}

static void
print_queued(struct editor *editor)
{
	size_t columns, rows;

	/* What libedit has written so far. */
	fflush(editor->out);
	if (editor->tail_rows > 0)
		printf("\033[%zuA\033[J", editor->tail_rows);
	printf("%s%s", editor->above != NULL ? editor->above : "",
	    editor->tail != NULL ? editor->tail : "");
	terminal_size(&columns, &rows);
	editor->tail_rows =
	    editor->tail != NULL ? paint_rows(editor->tail, columns) : 0;
	free(editor->above);
	free(editor->tail);
	editor->above = editor->tail = NULL;
}

static wchar_t *
give_right(EditLine *el)
{
	static wchar_t none[] = L"";
	struct editor *editor;
	void *data = NULL;

	el_get(el, EL_CLIENTDATA, &data);
	editor = data;
	if (state.drawing && (editor->above != NULL || editor->tail != NULL))
		print_queued(editor);
	if (state.drawing)
		editor->redraw = false;
	state.drawing = false;
	return editor_has_right(editor) ? editor->right : none;
}

void
__wrap_editing_open(struct editor *editor)
{
	wchar_t key[2] = { KEY_SHOW, L'\0' };
	EditLine *el;

	__real_editing_open(editor);
	if ((el = editor->el) == NULL)
		return;
	el_wset(el, EL_RPROMPT_ESC, give_right, GEOMETRY_HIDDEN);
	el_wset(el, EL_ADDFN, L"by-key", L"show what happens", on_show);
	el_wset(el, EL_BIND, key, L"by-key", NULL);
}
