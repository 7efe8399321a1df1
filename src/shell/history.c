/*
 * The history of a session.
 *
 * - The file (historyfile.c) holds a line for each command.  Each command is
 *   appended under a lock as it is run: two sessions lose nothing, and a
 *   killed one has lost nothing.
 * - The same line twice is kept once, the newer one.  A file that has grown to
 *   twice the cap is written anew beside itself and renamed.
 * - Trouble with the file never costs more than the file.
 */
#include "config.h"

#include <errno.h>
#include <histedit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "shell/history.h"
#include "shell/historyfile.h"
#include "shell/statefile.h"

struct line {
	char *text;
	size_t number;
};

struct past {
	History *editline;
	struct line *line; /* oldest first */
	size_t count;
	size_t limit; /* of count */
	size_t last; /* the number given last */
	char *file; /* NULL: kept nowhere */
};

struct past *
history_new(void)
{
	struct past *past = xcalloc(1, sizeof(*past));
	HistEvent event;

	past->limit = HISTORY_CAP;
	past->editline = history_init();
	if (past->editline != NULL)
		history(past->editline, &event, H_SETSIZE, HISTORY_CAP);
	return past;
}

void
history_free(struct past *past)
{
	size_t i;

	if (past == NULL)
		return;
	for (i = 0; i < past->count; i++)
		free(past->line[i].text);
	free(past->line);
	free(past->file);
	if (past->editline != NULL)
		history_end(past->editline);
	free(past);
}

size_t
history_count(const struct past *past)
{
	return past->count;
}

const char *
history_line(const struct past *past, size_t i)
{
	return i < 1 || i > past->count ? NULL : past->line[i - 1].text;
}

size_t
history_number(const struct past *past, size_t i)
{
	return i < 1 || i > past->count ? 0 : past->line[i - 1].number;
}

const char *
history_find(const struct past *past, long number)
{
	/* Of the least long there is no negative. */
	size_t i, back = -(size_t)number;

	if (number < 0)
		return back > past->count ? NULL :
					    past->line[past->count - back].text;
	for (i = 0; i < past->count; i++)
		if (past->line[i].number == (size_t)number)
			return past->line[i].text;
	return NULL;
}

void *
history_editline(struct past *past)
{
	return past->editline;
}

static void
forget_line(struct past *past, size_t i)
{
	free(past->line[i].text);
	past->count--;
	memmove(&past->line[i], &past->line[i + 1],
	    (past->count - i) * sizeof(*past->line));
}

/* Forgets line i, here and in the editor. */
static void
forget_everywhere(struct past *past, size_t i)
{
	const char *text = past->line[i].text;
	HistEvent event, gone;
	int more = past->editline == NULL ?
	    -1 :
	    history(past->editline, &event, H_FIRST);

	for (; more != -1; more = history(past->editline, &event, H_NEXT)) {
		if (strcmp(event.str, text) != 0)
			continue;
		/* What is deleted is handed over as a copy. */
		if (history(past->editline, &gone, H_DEL, event.num) == 0)
			free((void *)gone.str);
		break;
	}
	forget_line(past, i);
}

/* Forgets an equal line, wherever it stands. */
static void
forget_equal(struct past *past, const char *text)
{
	size_t i;

	for (i = 0; i < past->count; i++) {
		if (strcmp(past->line[i].text, text) == 0) {
			forget_everywhere(past, i);
			return;
		}
	}
}

/* Appends a line that is known to be new. */
static void
append_line(struct past *past, const char *line)
{
	HistEvent event;

	while (past->count > 0 && past->count >= past->limit)
		forget_everywhere(past, 0);
	if (past->limit == 0)
		return;
	past->line = xreallocarray(
	    past->line, past->count + 1, sizeof(*past->line));
	past->line[past->count++] = (struct line){ xstrdup(line),
		++past->last };
	if (past->editline != NULL)
		history(past->editline, &event, H_ENTER, line);
}

/* --- the file ------------------------------------------------------------ */

struct entry {
	const char *line;
	size_t number;
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->line, y->line);

	if (order != 0)
		return order;
	return x->number < y->number ? 1 : -1;
}

/* Blanks out the older ones of equal lines. */
static void
drop_duplicates(char **line, size_t count)
{
	struct entry *entry = xcalloc(count + 1, sizeof(*entry));
	size_t i;

	for (i = 0; i < count; i++)
		entry[i] = (struct entry){ line[i], i };
	qsort(entry, count, sizeof(*entry), compare_entries);
	for (i = 1; i < count; i++)
		if (strcmp(entry[i].line, entry[i - 1].line) == 0)
			line[entry[i].number] = NULL;
	free(entry);
}

/* Parts text into lines that can be shown and edited; to be freed. */
static char **
part_lines(char *text, size_t len, size_t *count)
{
	char **line = NULL, *next = text, *one;
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	*count = 0;
	while ((one = strsep(&next, "\n")) != NULL) {
		if (*one == '\0' || mbstowcs(NULL, one, 0) == (size_t)-1)
			continue;
		line = xreallocarray(line, *count + 1, sizeof(*line));
		line[(*count)++] = one;
	}
	return line;
}

/* Takes the newest lines, each once. */
static void
take_lines(struct past *past, char **line, size_t count)
{
	size_t i, kept = 0, skip;

	drop_duplicates(line, count);
	for (i = 0; i < count; i++)
		kept += line[i] != NULL;
	skip = kept > HISTORY_CAP ? kept - HISTORY_CAP : 0;
	for (i = 0; i < count; i++) {
		if (line[i] == NULL)
			continue;
		if (skip > 0)
			skip--;
		else
			append_line(past, line[i]);
	}
}

static int
write_lines(const struct past *past, int fd)
{
	FILE *out = fdopen(fd, "w");
	bool written;
	size_t i;

	if (out == NULL) {
		close(fd);
		return -1;
	}
	for (i = 0; i < past->count; i++)
		fprintf(out, "%s\n", past->line[i].text);
	written = ferror(out) == 0;
	return fclose(out) == 0 && written ? 0 : -1;
}

/* Replaces the file, which is locked, by the lines that are remembered. */
static void
compact(const struct past *past, const char *name)
{
	char *temporary = xasprintf("%s.XXXXXX", name);
	int fd = mkstemp(temporary);

	if (fd != -1 &&
	    (write_lines(past, fd) == -1 || rename(temporary, name) == -1))
		unlink(temporary);
	free(temporary);
}

/* Reads a locked file. */
static int
load(struct past *past, int fd, const char *name)
{
	char *text, **line;
	size_t len, count;

	if ((text = historyfile_read(fd, &len)) == NULL)
		return -1;
	line = part_lines(text, len, &count);
	take_lines(past, line, count);
	if (count > 2 * HISTORY_CAP || len == HISTORYFILE_MOST)
		compact(past, name);
	free(line);
	free(text);
	return 0;
}

void
history_limit(struct past *past, size_t limit)
{
	past->limit = limit > HISTORY_CAP ? HISTORY_CAP : limit;
	while (past->count > past->limit)
		forget_everywhere(past, 0);
}

/* Opens and locks the file of that name.  -1 with cause. */
static int
lock_file(const char *name, char **cause)
{
	char *why = NULL;
	int fd = historyfile_lock(name, &why);

	if (fd == -1)
		cause_set(
		    cause, "unable to open '%s': %s", name, cause_text(why));
	free(why);
	return fd;
}

int
history_open(struct past *past, const char *path, char **cause)
{
	char *name = statefile_name(path, "history", cause);
	int fd = name == NULL ? -1 : lock_file(name, cause), result;

	if (fd == -1) {
		free(name);
		return -1;
	}
	if ((result = load(past, fd, name)) == -1)
		cause_set(
		    cause, "unable to read '%s': %s", name, strerror(errno));
	close(fd);
	free(result == -1 ? name : past->file);
	if (result == 0)
		past->file = name;
	return result;
}

static int
append_file(struct past *past, const char *line, char **cause)
{
	int fd = lock_file(past->file, cause), result = -1;

	if (fd != -1 && (result = historyfile_append(fd, line)) == -1)
		cause_set(cause, "unable to write '%s': %s", past->file,
		    strerror(errno));
	if (result == -1) {
		free(past->file);
		past->file = NULL;
	}
	if (fd != -1)
		close(fd);
	return result;
}

int
history_add(struct past *past, const char *line, char **cause)
{
	if (*line == '\0' || *line == ' ' || *line == '\t' || past->limit == 0)
		return 0;
	forget_equal(past, line);
	append_line(past, line);
	return past->file == NULL ? 0 : append_file(past, line, cause);
}

int
history_clear(struct past *past, char **cause)
{
	int fd, result = -1;

	while (past->count > 0)
		forget_everywhere(past, past->count - 1);
	if (past->file == NULL)
		return 0;
	fd = lock_file(past->file, cause);
	if (fd != -1 && (result = ftruncate(fd, 0)) == -1)
		cause_set(cause, "unable to empty '%s': %s", past->file,
		    strerror(errno));
	if (fd != -1)
		close(fd);
	return result;
}
