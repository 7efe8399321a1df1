#ifndef SHELL_PLAIN_H
#define SHELL_PLAIN_H

#include "shell/editor.h"

/*
 * Lines as the terminal's own driver edits them: no escape, no repainting.
 * For terminals that can do no more, and for who wants no more.
 */
struct plain;

struct plain *plain_new(struct loop *loop);
void plain_free(struct plain *plain);

/* As editor_read. */
enum editor_result plain_read(
    struct plain *plain, const char *prompt, char **line);

#endif
