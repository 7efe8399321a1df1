/*
 * Advice on a half-typed line.  Asked for with each key, so it looks at
 * nothing but tables, unless files are to be completed.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/complete.h"
#include "control/help.h"
#include "control/output.h"
#include "shell/advice.h"
#include "shell/history.h"
#include "shell/language.h"
#include "shell/paint.h"
#include "shell/run.h"

#define BLANKS      " \t"
#define BREAKS      " \t;|>"
#define PATTERN_MAX 12 /* candidates in a pattern */

/* --- parts of a line ----------------------------------------------------- */

/* How long "-y " is, which can stand before a command. */
static size_t
skip_option(const char *line)
{
	return strncmp(line, "-y", 2) == 0 && strchr(BLANKS, line[2]) != NULL &&
		line[2] != '\0' ?
	    2 + strspn(line + 2, BLANKS) :
	    0;
}

/* Where the command begins that the line ends in. */
static size_t
command_start(const char *line)
{
	size_t start = 0, i;
	char quote = 0;

	for (i = 0; line[i] != '\0'; i++) {
		if (quote != 0) {
			if (line[i] == quote)
				quote = 0;
		} else if (line[i] == '\'' || line[i] == '"')
			quote = line[i];
		else if (line[i] == '\\' && line[i + 1] != '\0')
			i++;
		else if (line[i] == ';')
			start = i + 1;
	}
	start += strspn(line + start, BLANKS);
	return start + skip_option(line + start);
}

/* The command that a word names; NULL if it names none, or several. */
static const struct command *
find(const char *word, size_t len)
{
	const struct command *command;
	char *name = xstrndup(word, len);
	bool found = len > 0 &&
	    command_find(name, COMMAND_SESSION, &command) == LOOKUP_FOUND;

	free(name);
	return found ? command : NULL;
}

static const char *
tell_past(const void *past_data, size_t i, size_t *number)
{
	const struct past *past = past_data;
	size_t count = history_count(past);

	if (i >= count)
		return NULL;
	*number = history_number(past, count - i);
	return history_line(past, count - i);
}

static void
provide(const struct advisor *advisor, struct provider *provider)
{
	provider_init(provider, advisor->context);
	provider->past = tell_past;
	provider->past_data = advisor->past;
}

/* Whether the operator has given something of their own that name. */
static bool
is_alias(const struct advisor *advisor, const char *name)
{
	struct provider provider;
	struct candidates found;
	bool is = false;
	size_t i;

	memset(&found, 0, sizeof(found));
	provide(advisor, &provider);
	provider.aliases(provider.data, name, &found);
	for (i = 0; i < found.count; i++)
		is |= strcmp(found.candidate[i].text, name) == 0;
	candidates_free(&found);
	return is;
}

/* --- completing ---------------------------------------------------------- */

void
advice_complete(
    const struct advisor *advisor, const char *line, struct candidates *out)
{
	struct provider provider;

	provide(advisor, &provider);
	complete_line(out, line, strlen(line), COMMAND_SESSION, &provider);
}

/* --- how it goes on ------------------------------------------------------ */

/* Nothing here reads directories or asks for names: it is asked with each key.
 */
static void
no_files(void *data, const char *prefix, struct candidates *out)
{
	(void)data;
	(void)prefix;
	(void)out;
}

static void
complete_quickly(
    const struct advisor *advisor, const char *line, struct candidates *out)
{
	struct provider provider;

	provider_init(&provider, advisor->context);
	provider.files = provider.programs = provider.logs = no_files;
	provider.names = NULL;
	complete_line(out, line, strlen(line), COMMAND_SESSION, &provider);
}

static char *
suggest_from_history(const struct past *past, const char *line)
{
	size_t i, len = strlen(line);
	const char *one;

	for (i = history_count(past); i > 0; i--) {
		one = history_line(past, i);
		if (strncmp(one, line, len) == 0 && one[len] != '\0')
			return xstrdup(one + len);
	}
	return NULL;
}

/* "SIGNAL   HUP TERM INT ..." */
static char *
pattern(const struct candidates *found)
{
	char *text = xstrdup(found->hint), *longer;
	size_t i;

	for (i = 0; i < found->count && i < PATTERN_MAX; i++) {
		longer = xasprintf("%s%s%s", text, i == 0 ? "   " : " ",
		    found->candidate[i].text);
		free(text);
		text = longer;
	}
	if (i == found->count)
		return text;
	longer = xasprintf("%s ...", text);
	free(text);
	return longer;
}

/* The rest of the only candidate, or what belongs to an empty place. */
static char *
suggest_from_tables(
    const struct advisor *advisor, const char *line, bool *usable)
{
	struct candidates found;
	const char *typed;
	char *text = NULL;

	memset(&found, 0, sizeof(found));
	complete_quickly(advisor, line, &found);
	typed = line + found.start;
	if (*typed == '\0' && found.hint != NULL) {
		*usable = false;
		text = pattern(&found);
	} else if (*typed != '\0' && found.count == 1 &&
	    strncmp(found.candidate[0].text, typed, strlen(typed)) == 0)
		text = xstrdup(found.candidate[0].text + strlen(typed));
	candidates_free(&found);
	return text;
}

char *
advice_suggest(const struct advisor *advisor, const char *line, bool *usable)
{
	char *text;

	*usable = true;
	if (line[strspn(line, BLANKS)] == '\0')
		return NULL;
	if ((text = suggest_from_history(advisor->past, line)) != NULL)
		return text;
	return suggest_from_tables(advisor, line, usable);
}

/* --- what it stands for -------------------------------------------------- */

char *
advice_expand(const struct advisor *advisor, const char *line, size_t *start)
{
	const struct command *command;
	const char *word;
	size_t len;

	*start = command_start(line);
	word = line + *start;
	len = strlen(word);
	if (len == 0 || strcspn(word, BREAKS) != len ||
	    (command = find(word, len)) == NULL ||
	    strncmp(command->name, word, len) != 0 ||
	    command->name[len] == '\0' || is_alias(advisor, word))
		return NULL;
	return xstrdup(command->name);
}

/* Cuts text to so many rows, the last of them telling what is missing. */
static char *
cut_rows(char *text, size_t rows, const char *name)
{
	size_t count = 0, i, left = 0;
	char *at = text, *cut;

	for (i = 0; text[i] != '\0'; i++)
		count += text[i] == '\n';
	if (count <= rows || rows < 2)
		return text;
	left = count - (rows - 1);
	for (i = 0; i < rows - 1; i++)
		at = strchr(at, '\n') + 1;
	*at = '\0';
	cut = xasprintf("%s... %zu more, see help %s\n", text, left, name);
	free(text);
	return cut;
}

char *
advice_explain(const struct advisor *advisor, const char *line, size_t columns,
    size_t rows)
{
	const char *word = line + command_start(line);
	const struct command *command = find(word, strcspn(word, BREAKS));
	struct output output = *advisor->context->output;
	char *text = NULL;
	size_t size;

	if (command == NULL)
		return NULL;
	if ((output.out = open_memstream(&text, &size)) == NULL)
		return NULL;
	output.columns = (int)columns - 1;
	output.terminal = true;
	output.color = false;
	help_command(&output, command);
	fclose(output.out);
	return cut_rows(text, rows, command->name);
}

static char *
doubt(const char *word)
{
	const struct command *command;
	char *reason = command_doubt(word, COMMAND_SESSION), *text;

	if (command_find(word, COMMAND_SESSION, &command) != LOOKUP_UNKNOWN)
		return reason;
	text = xasprintf("no command '%s'%s%s", word,
	    reason != NULL ? "; " : "", reason != NULL ? reason : "");
	free(reason);
	return text;
}

char *
advice_doubt(const struct advisor *advisor, const char *line)
{
	const char *start = line + command_start(line);
	size_t len = strcspn(start, BREAKS);
	char *word, *text = NULL;

	/* Neither a shell's command nor a quoted word is looked at. */
	if (len == 0 || strcspn(start, "!'\"\\$") < len)
		return NULL;
	word = xstrndup(start, len);
	if (!is_alias(advisor, word))
		text = doubt(word);
	free(word);
	return text;
}

/* --- what its words are -------------------------------------------------- */

static enum paint_color
judge_command(const struct advisor *advisor, const char *word, size_t len)
{
	const struct command *command;
	char *name = xstrndup(word, len);
	enum command_lookup lookup;
	bool alias = is_alias(advisor, name);

	lookup = command_find(name, COMMAND_SESSION, &command);
	free(name);
	if (alias)
		return PAINT_KNOWN;
	switch (lookup) {
	case LOOKUP_FOUND:
	case LOOKUP_SHORT:
	case LOOKUP_AMBIGUOUS:
		break;
	case LOOKUP_UNKNOWN:
		return PAINT_UNKNOWN;
	}
	if (lookup == LOOKUP_FOUND &&
	    (strlen(command->name) == len ||
		strncmp(command->name, word, len) != 0))
		return PAINT_KNOWN;
	return PAINT_PREFIX;
}

/* An operand, the last word of line, where only known words can stand. */
static enum paint_color
judge_operand(
    const struct advisor *advisor, const char *line, size_t start, size_t end)
{
	char *part = xstrndup(line, end);
	enum paint_color color = PAINT_PLAIN;
	struct candidates found;
	size_t i;

	memset(&found, 0, sizeof(found));
	complete_quickly(advisor, part, &found);
	if (found.closed && found.start == start) {
		color = found.count > 0 ? PAINT_PREFIX : PAINT_UNKNOWN;
		for (i = 0; i < found.count; i++)
			if (ascii_same(found.candidate[i].text, part + start))
				color = PAINT_KNOWN;
	}
	candidates_free(&found);
	free(part);
	return color;
}

/* The operands of a command up to its end; where that is. */
static size_t
judge_operands(const struct advisor *advisor, const char *line, size_t at,
    unsigned char *color)
{
	size_t len;

	for (;;) {
		at += strspn(line + at, BLANKS);
		len = strcspn(line + at, BREAKS "'\"\\");
		if (len == 0 || strchr("'\"\\", line[at + len]) == NULL ||
		    line[at + len] == '\0') {
			if (len == 0)
				return at;
			memset(color + at,
			    judge_operand(advisor, line, at, at + len), len);
			at += len;
			continue;
		}
		return at + len;
	}
}

void
advice_judge(
    const struct advisor *advisor, const char *line, unsigned char *color)
{
	size_t at = 0, len;
	char *name;
	bool verbatim;

	memset(color, PAINT_PLAIN, strlen(line));
	for (;;) {
		at += strspn(line + at, BLANKS);
		at += skip_option(line + at);
		len = strcspn(line + at, BREAKS "'\"\\#!");
		if (len == 0)
			return;
		memset(color + at, judge_command(advisor, line + at, len), len);
		name = xstrndup(line + at, len);
		verbatim = run_is_verbatim(name);
		free(name);
		if (verbatim)
			return;
		at = judge_operands(advisor, line, at + len, color);
		if (line[at] != ';')
			return;
		at++;
	}
}

char *
advice_join(const char *before, const char *lines, const char **rest)
{
	return language_join(before, lines, run_is_verbatim, rest);
}
