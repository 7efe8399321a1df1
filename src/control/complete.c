/*
 * What could stand at the cursor.  Pure: the line is taken apart as the
 * session does it (quotes, backslashes, ; between commands), the tables say
 * what belongs there, and a provider answers for the system.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/complete.h"
#include "control/offers.h"

/* --- the line ------------------------------------------------------------ */

/* The words before the cursor, unquoted; the last one is being typed. */
struct typed {
	struct words words; /* whole words of this command */
	char *word; /* the one at the cursor, "" between words */
	size_t start; /* where it begins */
	bool to_file; /* behind a > */
	bool to_shell; /* behind a | or a leading ! */
	unsigned int only; /* commands that have this bit; 0: all */
	size_t shell; /* how many words are before the shell's */
};

struct reader {
	const char *line;
	size_t cursor;
	size_t at;
	char *word; /* room for the whole line */
	size_t len;
	bool open; /* a word has begun */
};

static void
keep(struct reader *reader)
{
	reader->word[reader->len++] = reader->line[reader->at++];
}

/* A quoted part, up to the closing quote or the cursor. */
static void
read_quoted(struct reader *reader)
{
	char quote = reader->line[reader->at++];

	while (
	    reader->at < reader->cursor && reader->line[reader->at] != quote) {
		if (quote == '"' && reader->line[reader->at] == '\\' &&
		    reader->at + 1 < reader->cursor)
			reader->at++;
		keep(reader);
	}
	if (reader->at < reader->cursor)
		reader->at++;
}

static void
end_word(struct typed *typed, struct reader *reader)
{
	if (!reader->open)
		return;
	reader->word[reader->len] = '\0';
	if (!typed->to_file)
		xwords_add(&typed->words, reader->word);
	typed->to_file = false;
	reader->len = 0;
	reader->open = false;
}

/* What parts commands, and commands from where their output goes. */
static void
take_operator(struct typed *typed, char operator)
{
	if (operator== ';') {
		words_free(&typed->words);
		typed->to_file = typed->to_shell = false;
	} else if (operator== '|') {
		typed->to_shell = true;
		typed->shell = typed->words.count;
	} else {
		typed->to_file = true;
	}
}

static void
read_char(struct typed *typed, struct reader *reader)
{
	char c = reader->line[reader->at];

	if (!reader->open && strchr(" \t;|>", c) == NULL) {
		reader->open = true;
		typed->start = reader->at;
	}
	if (c == '\'' || c == '"') {
		read_quoted(reader);
	} else if (c == '\\' && reader->at + 1 < reader->cursor) {
		reader->at++;
		keep(reader);
	} else if (strchr(" \t;|>", c) != NULL) {
		end_word(typed, reader);
		if (c != ' ' && c != '\t')
			take_operator(typed, c);
		reader->at++;
	} else {
		keep(reader);
	}
}

static void
read_line(struct typed *typed, const char *line, size_t cursor)
{
	struct reader reader = {
		.line = line, .cursor = cursor, .word = xmalloc(cursor + 1)
	};

	memset(typed, 0, sizeof *typed);
	while (reader.at < cursor)
		read_char(typed, &reader);
	if (!reader.open)
		typed->start = cursor;
	reader.word[reader.len] = '\0';
	typed->word = reader.word;
	if (typed->words.count == 0 && typed->word[0] == '!')
		typed->to_shell = true;
}

static void
typed_free(struct typed *typed)
{
	words_free(&typed->words);
	free(typed->word);
}

/* --- what belongs there -------------------------------------------------- */

/* Whether a word of the line is the flag. */
static bool
is_given(const struct words *words, const char *text)
{
	for (size_t i = 1; i < words->count; i++) {
		if (strcmp(words->word[i], text) == 0)
			return true;
	}
	return false;
}

/* A question is not left out by a Tab: -y has to be begun. */
static void
offer_flags(struct candidates *out, const char *prefix,
    const struct command *command, const struct words *words)
{
	for (size_t i = 0; i < COMMAND_FLAGS; i++) {
		const struct command_flag *flag = &command->flag[i];
		char text[40];

		if (flag->name)
			snprintf(text, sizeof text, "--%s", flag->name);
		else if (flag->letter && (*prefix || flag->letter != 'y'))
			snprintf(text, sizeof text, "-%c", flag->letter);
		else
			continue;
		if (!is_given(words, text))
			candidates_offer(out, prefix, text, flag->summary, ' ');
	}
}

/* The flag that word spells and whose argument is the next word, or NULL. */
static const struct command_flag *
flag_waiting(const struct command *command, const char *word)
{
	for (size_t i = 0; i < COMMAND_FLAGS; i++) {
		const struct command_flag *flag = &command->flag[i];

		if (!flag->argument)
			continue;
		if (flag->name && strncmp(word, "--", 2) == 0 &&
		    strcmp(word + 2, flag->name) == 0)
			return flag;
		if (flag->letter && word[0] == '-' && word[1] != '-' &&
		    word[1] && word[strlen(word) - 1] == flag->letter)
			return flag;
	}
	return NULL;
}

/* How many operands stand before the cursor, and what the word there is. */
struct place {
	int operands;
	bool flags; /* a flag can stand here */
	const struct command_flag *waiting;
};

static void
find_place(struct place *place, const struct command *command,
    const struct words *words)
{
	memset(place, 0, sizeof *place);
	place->flags = !(command->where & COMMAND_RAW) ||
	    command->flag[0].summary;
	for (size_t i = 1; i < words->count; i++) {
		const char *word = words->word[i];

		if (place->waiting)
			place->waiting = NULL;
		else if (!place->flags || word[0] != '-' || !word[1]) {
			place->operands++;
			if (command->where & COMMAND_RAW)
				place->flags = false;
		} else if (strcmp(word, "--") == 0)
			place->flags = false;
		else
			place->waiting = flag_waiting(command, word);
	}
}

static const struct command_operand *
operand_at(const struct command *command, int at)
{
	int last = 0;

	if (!command->operand[0].name ||
	    (command->max != -1 && at >= command->max))
		return NULL;
	while (last + 1 < COMMAND_OPERANDS && command->operand[last + 1].name)
		last++;
	return &command->operand[at < last ? at : last];
}

static void
complete_words(struct candidates *out, const struct command *command,
    const struct typed *typed, unsigned int where,
    const struct provider *provider)
{
	const struct command_operand *operand;
	struct place place;
	struct offer offer = { .prefix = typed->word, .command = command };

	find_place(&place, command, &typed->words);
	offer.at = place.operands;
	offer.before = typed->words.word[typed->words.count - 1];
	if (place.waiting) {
		out->hint = xstrdup(place.waiting->argument);
		offers_operand(out, &offer, place.waiting->completer, provider);
		return;
	}
	if (place.flags && typed->word[0] == '-') {
		offer_flags(out, typed->word, command, &typed->words);
		return;
	}
	operand = operand_at(command, place.operands);
	if (operand) {
		out->hint = xstrdup(operand->name);
		offers_operand(out, &offer, operand->completer, provider);
	}
	/* Where nothing is typed yet, they are worth knowing of. */
	if (place.flags && place.operands == 0 && *typed->word == '\0' &&
	    where == COMMAND_SESSION)
		offer_flags(out, "", command, &typed->words);
}

/* Whether the operands of a command are a command line of their own. */
static bool
is_nested(
    const struct command *command, const struct words *words, size_t *from)
{
	for (*from = 1; *from < words->count + 1; (*from)++) {
		const struct command_operand *operand = operand_at(
		    command, (int)*from - 1);

		if (operand && operand->completer == COMPLETE_COMMAND_LINE)
			return true;
	}
	return false;
}

/* "?stop": the operand that is glued to the name. */
static void
complete_glued(struct candidates *out, const struct typed *typed,
    const struct provider *provider)
{
	struct offer offer = { .prefix = typed->word + 1, .before = "" };

	out->start++;
	offers_operand(out, &offer, COMPLETE_TOPIC, provider);
}

static void
complete_typed(struct candidates *out, struct typed *typed, unsigned int where,
    const struct provider *provider)
{
	const struct command *command;
	struct typed inner = *typed;
	size_t from;

	/* -y before a command is no word of it. */
	if (typed->words.count > 0 && (where & COMMAND_SESSION) &&
	    strcmp(typed->words.word[0], "-y") == 0) {
		inner.words.word++;
		inner.words.count--;
		complete_typed(out, &inner, where, provider);
		return;
	}
	if (typed->words.count == 0 && typed->word[0] == '?' &&
	    typed->word[1]) {
		complete_glued(out, typed, provider);
		return;
	}
	if (typed->words.count == 0) {
		offers_commands(out, typed->word, where, typed->only);
		if (where & COMMAND_SESSION)
			provider->aliases(provider->data, typed->word, out);
		return;
	}
	if (command_find(typed->words.word[0], where, &command) != LOOKUP_FOUND)
		return;
	if (!is_nested(command, &typed->words, &from)) {
		complete_words(out, command, typed, where, provider);
		return;
	}
	/* A number before it says how often. */
	if (typed->words.count > from &&
	    strchr("0123456789.", *typed->words.word[from]))
		from++;
	inner.only = COMMAND_READS;
	inner.words.word += from;
	inner.words.count -= from;
	complete_typed(out, &inner, where, provider);
}

/*
 * What a shell would complete: a program where a command begins, of which there
 * are too many to list them all, and files.
 */
static void
complete_shell(struct candidates *out, const struct typed *typed,
    const struct provider *provider)
{
	size_t bang = typed->words.count == 0 && typed->word[0] == '!';
	const char *word = typed->word + bang;

	out->start += bang;
	if (typed->to_file || typed->words.count > typed->shell ||
	    strchr(word, '/') || !provider->programs)
		provider->files(provider->data, word, out);
	else if (*word)
		provider->programs(provider->data, word, out);
	else
		out->hint = xstrdup("COMMAND");
}

void
complete_line(struct candidates *out, const char *line, size_t cursor,
    unsigned int where, const struct provider *provider)
{
	struct typed typed;

	memset(out, 0, sizeof *out);
	read_line(&typed, line, cursor);
	out->start = typed.start;
	if (where == COMMAND_SESSION && typed.words.count == 0 &&
	    offers_recalled(out, typed.word, provider))
		;
	else if (typed.to_file || typed.to_shell) {
		complete_shell(out, &typed, provider);
	} else {
		complete_typed(out, &typed, where, provider);
	}
	typed_free(&typed);
}
