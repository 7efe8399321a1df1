#ifndef SHELL_EDITING_H
#define SHELL_EDITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

#include "shell/burst.h"
#include "shell/editor.h"
#include "shell/keys.h"
#include "shell/menu.h"
#include "shell/paint.h"
#include "shell/terminal.h"

/*
 * What the parts of the editor share: editor.c, editline.c (libedit), input.c
 * (waiting for a key), pending.c (what in libedit waits for it), helping.c
 * (what helps to type), choosing.c (completion and its menu).
 */

struct editline; /* an EditLine of histedit.h */
struct plain;

struct editor {
	struct editline *el; /* NULL: plain */
	bool assumed; /* nothing is known of the terminal: taken for an xterm */
	FILE *out; /* libedit's, see editline.c */
	FILE *diverted; /* what it writes there goes here; NULL: the screen */
	struct plain *plain;
	struct editor_setup setup;
	struct terminal terminal;
	struct keys keys;
	struct burst burst;
	wchar_t *prompt, *right;

	/* what is to be shown at the next wait */
	char *above; /* lines that are to stay; NULL: none */
	char *tail; /* lines directly above the line, kept to be replaced */
	size_t tail_rows; /* of it, on the screen */
	bool redraw; /* a prompt has changed */

	/* what helps to type */
	struct paint paint;
	struct menu menu;
	char *below; /* a hint, or help, until the next key; NULL: none */
	wchar_t *ghost;
	bool ghost_usable;
	wchar_t menu_key; /* what KEY_MENU stands for */
	bool tab_again; /* the key before was a Tab that could do no more */
	bool tab_now; /* this one is */
	bool painted; /* around the line, now */

	size_t columns, rows; /* of the terminal, while a line is read */
	bool brim; /* libedit has been told of a row more than there is */
	bool erased; /* the line is off the screen: draw it */
	bool querying; /* the line is no command: nothing is known of it */
	bool reading; /* libedit has the line */
	bool raw; /* the terminal is in its mode */
	int64_t heard_at; /* monotonic ms: when the last byte came */
	bool collecting; /* what is pasted */
	char *waiting; /* pasted lines for the lines to come; NULL: none */
	bool resumed; /* the next of them has been put into this line */
	bool dropping; /* it is thrown away */
	wchar_t held; /* the next key, read before its turn; 0: none */
	wchar_t leaving; /* the key that a query is left with; 0: none */
	bool cancelled; /* by ^C */
	bool gone;
	const char *asked; /* what one key is to answer; NULL: nothing */
	bool paste_on; /* the terminal brackets what is pasted */
	bool quoting; /* the next key is taken literally */
	bool prefixed; /* the next key belongs to the one before */
	bool progress; /* a line of it stands on the screen */
};

/* --- editline.c: the line, as libedit has it ----------------------------- */

void editing_view(struct editor *editor, struct view *view);

/* What stands left of the cursor; to be freed. */
char *editing_before(struct editor *editor);

/* Puts text in place of so many characters left of the cursor. */
void editing_replace(struct editor *editor, size_t count, const char *text);

/* Puts count characters into the line, and draws it. */
void editing_insert(struct editor *editor, const wchar_t *text, size_t count);

/* Whether a character below 256 only puts itself into the line. */
bool editing_inserts(struct editor *editor, wchar_t key);

/* Whether libedit has a use for the sequence behind an ESC: keys_known. */
bool editing_knows(void *data, const char *sequence);

/* Moves the cursor by so many characters. */
void editing_move(struct editor *editor, int by);

/* Lets libedit draw prompt and line on a free row. */
void editing_draw(struct editor *editor);

/* Looks at the size of the terminal anew. */
void editing_measure(struct editor *editor);

/* Puts the terminal in libedit's mode, and back. */
void editing_set_raw(struct editor *editor, bool raw);

/* Opens libedit, if the terminal and its editrc allow: editor->el. */
void editing_open(struct editor *editor);
void editing_close(struct editor *editor);

/* Whose lines Up, Down and ^R find from now on. */
void editing_set_history(struct editor *editor, struct past *past);

/* Reads a line, to be freed; false at its end, or when told to end. */
bool editing_read(struct editor *editor, char **line);

/* --- editor.c ------------------------------------------------------------ */

/* Takes the line off the screen; the cursor is at the beginning of its row. */
void editing_erase(struct editor *editor);

/* The size of the terminal; while a line is read, as it was measured last. */
void editing_size(const struct editor *editor, size_t *columns, size_t *rows);

/* Draws anew on a terminal that may have been anybody's. */
void editing_resume(struct editor *editor);

/* The same while a question is to be answered. */
void editing_ask_again(struct editor *editor);

/* Draws anew on a terminal of another size. */
void editing_resize(struct editor *editor);

void editing_set_paste(struct editor *editor, bool on);

/* Draws what is queued above the line, and the prompts if they changed. */
void editing_show(struct editor *editor);

/* --- input.c ------------------------------------------------------------- */

/* The next key, whatever else happens meanwhile: 1, or -1 to end. */
int input_key(struct editor *editor, wchar_t *key);

/* --- pending.c ----------------------------------------------------------- */

/* The next key that libedit can make sense of, where it is: 1, or -1. */
int pending_key(struct editor *editor, wchar_t *key);

/* Whether libedit reads for something else than the line: a search. */
bool pending_is_nested(struct editor *editor);

/* --- helping.c ----------------------------------------------------------- */

enum helping_result {
	HELPING_NOTHING, /* the line is as it was */
	HELPING_CHANGED,
	HELPING_MOVED, /* only the cursor has */
	HELPING_BEEP
};

/* Paints around the line before a key is awaited, and takes it off after. */
void helping_paint(struct editor *editor);
void helping_take(struct editor *editor);

enum helping_result helping_explain(struct editor *editor);
enum helping_result helping_space(struct editor *editor);
enum helping_result helping_right(struct editor *editor);
enum helping_result helping_end(struct editor *editor);
enum helping_result helping_word(struct editor *editor);

/* Says something under the line until the next key. */
void helping_hint(struct editor *editor, const char *text);

/*
 * Puts pasted lines into the line, as one that means the same, and tells about
 * it below.  What cannot be a part of it waits for the next line.
 */
void helping_fold(struct editor *editor, const char *lines);

/* Forgets menu, hint and ghost. */
void helping_clear(struct editor *editor);

/* --- choosing.c ---------------------------------------------------------- */

/* What a key means while there is a menu, or where help may be asked for. */
wchar_t choosing_translate(struct editor *editor, wchar_t key);

enum helping_result choosing_tab(struct editor *editor);

/* The key editor->menu_key, of a menu that is open. */
enum helping_result choosing_menu(struct editor *editor);

#endif
