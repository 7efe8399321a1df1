#ifndef SHELL_EDITOR_H
#define SHELL_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "control/complete.h"

/*
 * The line on the terminal: prompt, editing, completion, text above the line.
 * While a line is read everything registered with the loop is served.
 */

struct editor;
struct loop;
struct past;

/* Fills out with what could stand at the end of line. */
typedef void (*editor_complete)(
    void *data, const char *line, struct candidates *out);

struct editor_setup {
	struct loop *loop;
	struct past *past;
	editor_complete complete;
	void *data; /* for complete */
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

/* Reads a line behind prompt; *line is to be freed after EDITOR_LINE. */
enum editor_result editor_read(
    struct editor *editor, const char *prompt, char **line);

/*
 * The same for something that is no command: with a history of its own (the
 * line is not added to it) and nothing to complete.
 */
enum editor_result editor_query(struct editor *editor, const char *prompt,
    struct past *past, char **line);

/*
 * Queues text, whole lines, to be shown above the line at the next wait; the
 * line and its cursor stay what they are.
 */
void editor_above(struct editor *editor, const char *text);

/* Asks a question that is answered by one key: whether that is y. */
bool editor_ask(struct editor *editor, const char *question);

/* A line that is replaced in place; NULL takes it away. */
void editor_progress(struct editor *editor, const char *text);

/* Stops as ^Z asks, and comes back, outside of editor_read. */
void editor_suspend(struct editor *editor);

/* Leaves the terminal to another program, and takes it back. */
void editor_lend(struct editor *editor);
void editor_regain(struct editor *editor);

#endif
