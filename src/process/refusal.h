#ifndef PROCESS_REFUSAL_H
#define PROCESS_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

/* Why the kernel refuses to execute a file, where errno hides the reason. */

/*
 * What is behind an errno of execve(2), such as "its interpreter '/bin/zsh' is
 * missing".  False, with buf untouched, where nothing more was found.
 */
bool refusal_explain(const char *file, int error, char *buf, size_t size);

/*
 * The same before it is tried: 0, or an errno that execve(2) of a file with
 * execute permission would set, with its reason in buf.
 */
int refusal_foresee(const char *file, char *buf, size_t size);

/* "No such file or directory (its interpreter ...)"; returns buf. */
const char *refusal_text(const char *file, int error, char *buf, size_t size);

#endif
