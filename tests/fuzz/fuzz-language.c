/*
 * Any line of the session: its commands stand in it one after the other and
 * are whole; any word survives being quoted; lines that are joined mean what
 * they meant one by one.
 */
#include "config.h"

#include <stdio.h>

#include "fuzz.h"
#include "shell/language.h"

static bool
is_verbatim(const char *word)
{
	return strcmp(word, "shell") == 0;
}

static int
parse(struct script *script, const char *line)
{
	char *cause = NULL;
	int result = language_parse(script, line, 7, is_verbatim, &cause);

	assert((result == 0) == (cause == NULL));
	free(cause);
	return result;
}

static void
check_script(const struct script *script, const char *line)
{
	const struct segment *segment;
	size_t i, at = 0;

	for (i = 0; i < script->count; i++) {
		segment = &script->segment[i];
		assert(segment->start >= at && segment->end >= segment->start);
		at = segment->end;
		assert(segment->words.count > 0);
		assert(segment->named <= segment->end);
		assert(segment->words.word[segment->words.count] == NULL);
		assert(segment->pipe == NULL || segment->file == NULL);
		assert(segment->pipe == NULL || *segment->pipe != '\0');
		assert(segment->file == NULL || *segment->file != '\0');
		assert(!segment->append || segment->file != NULL);
	}
	assert(at <= strlen(line));
}

static void
check_quoted(const char *word, char open)
{
	char *whole = language_quote(word, open, true), *line;
	char *half = language_quote(word, open, false);
	struct script script;

	assert(strncmp(whole, half, strlen(half)) == 0);
	assert(strlen(whole) == strlen(half) + (open != 0));
	assert(asprintf(&line, "x %s", whole) != -1);
	assert(parse(&script, line) == 0);
	assert(script.count == 1 && script.segment[0].words.count == 2);
	assert(strcmp(script.segment[0].words.word[1], word) == 0);
	assert(script.segment[0].pipe == NULL);
	assert(script.segment[0].file == NULL);
	script_free(&script);
	free(line);
	free(half);
	free(whole);
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_same(const struct segment *a, const struct segment *b)
{
	assert(words_equal(&a->words, &b->words));
	assert(same_text(a->pipe, b->pipe));
	assert(same_text(a->file, b->file));
	assert(a->append == b->append);
}

/* Whether the last command takes the rest of its line as it is. */
static bool
takes_all(const struct script *script)
{
	const char *first;

	if (script->count == 0)
		return false;
	first = script->segment[script->count - 1].words.word[0];
	return strcmp(first, "!") == 0 || is_verbatim(first);
}

/*
 * Compares line by line with what they are together.  A line that is wrong,
 * or that takes everything behind it, has no meaning to compare.
 */
static void
check_lines(const struct script *together, char *lines)
{
	struct script script;
	size_t i, at = 0;
	char *line;

	while ((line = strtok_r(lines, "\r\n", &lines)) != NULL) {
		assert(parse(&script, line) == 0);
		assert(at + script.count <= together->count);
		for (i = 0; i < script.count; i++)
			check_same(
			    &script.segment[i], &together->segment[at++]);
		script_free(&script);
	}
	assert(at == together->count);
}

static bool
can_join(char *lines)
{
	struct script script;
	bool good = true;
	char *line;

	while (good && (line = strtok_r(lines, "\r\n", &lines)) != NULL) {
		if (parse(&script, line) == -1)
			return false;
		good = !takes_all(&script);
		script_free(&script);
	}
	return good;
}

static void
check_join(const char *text)
{
	const char *rest;
	char *joined = language_join("", text, is_verbatim, &rest);
	char *copy = strdup(text);
	struct script script;

	assert(copy != NULL && strpbrk(joined, "\r\n") == NULL);
	if (can_join(copy)) {
		assert(*rest == '\0');
		strcpy(copy, text);
		assert(parse(&script, joined) == 0);
		check_lines(&script, copy);
		script_free(&script);
	}
	free(copy);
	free(joined);
}

static const char *
give_past(void *data, long number)
{
	(void)data;
	return number < 0 ? "status 'a ; b' | cat" : NULL;
}

/* Either a line is recalled, or a cause is given, or nothing is. */
static void
check_recall(const char *line)
{
	char *recalled = NULL, *cause = NULL;
	int result = language_recall(
	    line, is_verbatim, give_past, NULL, &recalled, &cause);

	assert((result == -1) == (cause != NULL));
	assert((result == 1) == (recalled != NULL));
	if (result == 1)
		assert(strstr(recalled, "status 'a ; b' | cat") != NULL);
	free(recalled);
	free(cause);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct script script;

	if (parse(&script, text) == 0) {
		check_script(&script, text);
		script_free(&script);
	}
	check_quoted(text, '\'');
	check_quoted(text, '"');
	if (*text != '\0')
		check_quoted(text, 0);
	check_join(text);
	check_recall(text);
	free(text);
	return 0;
}
