#ifndef SHELL_EDITOR_H
#define SHELL_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "shell/advice.h"

/*
 * The line on the terminal: prompt, editing, completion, text above the line.
 * While a line is read everything registered with the loop is served.
 */

struct editor;
struct loop;
struct past;

struct editor_setup {
	struct loop *loop;
	struct past *past;
	struct advisor advisor; /* on half-typed lines */
	char *editrc; /* the user's, which the editor frees; NULL: none */
	bool plain; /* no escapes, no repainting */
};

/* Standard input must be a terminal. */
struct editor *editor_new(const struct editor_setup *setup);

/* Gives the terminal back as it was found. */
void editor_free(struct editor *editor);

/*
 * The keys from the next line on: "emacs" or "vi"; NULL: what the user's
 * editrc says.
 */
void editor_set_mode(struct editor *editor, const char *mode);

enum editor_result {
	EDITOR_LINE,
	EDITOR_CANCELLED, /* ^C */
	EDITOR_END, /* ^D */
	EDITOR_GONE /* told to end, or the terminal is closed */
};

/*
 * The prompts from now on, with what takes no room hidden as geometry.h has
 * it; right may be "".  They are drawn anew at the next wait if they differ.
 */
void editor_set_prompts(
    struct editor *editor, const char *left, const char *right);

/* Whether nothing is repainted: a dumb terminal, --plain. */
bool editor_is_plain(const struct editor *editor);

/*
 * Whether the system knows nothing of the terminal named by TERM, which is
 * repainted as an xterm would be.
 */
bool editor_is_assuming(const struct editor *editor);

/* Whether there is a right prompt: not on a plain or a narrow terminal. */
bool editor_has_right(const struct editor *editor);

/*
 * Reads a line; *line is to be freed after EDITOR_LINE, and after
 * EDITOR_CANCELLED, where it is what was dropped.
 */
enum editor_result editor_read(struct editor *editor, char **line);

/* Whether a line is being read, so that what is told shows at once. */
bool editor_is_reading(const struct editor *editor);

/*
 * The same for something that is no command: with a history of its own (the
 * line is not added to it) and nothing to complete.
 */
enum editor_result editor_query(
    struct editor *editor, const char *prompt, struct past *past, char **line);

/*
 * Queues text, whole lines, to be shown above the line at the next wait, or
 * before the next line; the line and its cursor stay what they are.  above is
 * to stay; tail stands below it and may be replaced: with replace, both take
 * the place of the tail before, if nothing else was shown since.
 */
void editor_tell(
    struct editor *editor, bool replace, const char *above, const char *tail);

/* Asks a question that is answered by one key: whether that is y. */
bool editor_ask(struct editor *editor, const char *question);

/* A line that is replaced in place; NULL takes it away. */
void editor_progress(struct editor *editor, const char *text);

/*
 * Stops as ^Z asks, and comes back.  With group the key was read: whoever waits
 * for us in our process group (a script, sudo) has to stop with us.  Without it
 * the signal came, to all whom it concerns.
 */
void editor_suspend(struct editor *editor, bool group);

/* Leaves the terminal to another program, and takes it back. */
void editor_lend(struct editor *editor);
void editor_regain(struct editor *editor);

#endif
