/*
 * What could stand at the cursor.  Pure: the line is taken apart as the
 * session does it (quotes, backslashes, ; between commands), the tables say
 * what belongs there, and a provider answers for the system.
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/signame.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/complete.h"
#include "control/settings.h"
#include "control/topics.h"
#include "options/options.h"

#define BOTH (COMMAND_ONESHOT | COMMAND_SESSION)

/* --- lists of candidates ---------------------------------------------------
 */

static void
add(struct candidates *out, const char *text, const char *about, char after)
{
	struct candidate *candidate;

	for (size_t i = 0; i < out->count; i++) {
		if (strcmp(out->candidate[i].text, text) == 0)
			return;
	}
	out->candidate = xreallocarray(
	    out->candidate, out->count + 1, sizeof *out->candidate);
	candidate = &out->candidate[out->count++];
	candidate->text = xstrdup(text);
	candidate->about = about ? xstrdup(about) : NULL;
	candidate->after = after;
}

void
candidates_offer(struct candidates *out, const char *prefix, const char *text,
    const char *about, char after)
{
	if (strncmp(text, prefix, strlen(prefix)) == 0)
		add(out, text, about, after);
}

char *
candidates_common(const struct candidates *candidates)
{
	const char *first;
	size_t len;

	if (candidates->count == 0)
		return xstrdup("");
	first = candidates->candidate[0].text;
	len = strlen(first);
	for (size_t i = 1; i < candidates->count; i++) {
		const char *text = candidates->candidate[i].text;
		size_t same = 0;

		while (same < len && text[same] == first[same])
			same++;
		len = same;
	}
	/* Never the half of a character. */
	while (len > 0 && ((unsigned char)first[len] & 0xc0) == 0x80)
		len--;
	return xstrndup(first, len);
}

void
candidates_free(struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count; i++) {
		free(candidates->candidate[i].text);
		free(candidates->candidate[i].about);
	}
	free(candidates->candidate);
	free(candidates->hint);
	memset(candidates, 0, sizeof *candidates);
}

/* --- the line ---------------------------------------------------------------
 */

/* The words before the cursor, unquoted; the last one is being typed. */
struct typed {
	struct words words; /* whole words of this command */
	char *word; /* the one at the cursor, "" between words */
	size_t start; /* where it begins */
	bool to_file; /* behind a > */
	bool to_shell; /* behind a | or a leading ! */
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
		words_add(&typed->words, reader->word);
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

/* --- what belongs there -----------------------------------------------------
 */

static void
offer_commands(struct candidates *out, const char *prefix, unsigned int where)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		if (!(command->where & where) ||
		    (command->where & COMMAND_HIDDEN))
			continue;
		candidates_offer(
		    out, prefix, command->name, command->summary, ' ');
		/* Aliases for those who begin to type one. */
		for (size_t j = 0; j < COMMAND_ALIASES && command->alias[j];
		     j++) {
			if (*prefix)
				candidates_offer(out, prefix, command->alias[j],
				    command->summary, ' ');
		}
	}
}

/* By its name, with or without SIG, or by its number. */
static void
offer_signal(
    struct candidates *out, const char *prefix, const struct signame *signal)
{
	bool number = *prefix >= '0' && *prefix <= '9';
	size_t len = strlen(prefix);
	char about[120], name[32];
	const char *text = signal->name;

	if (number) {
		snprintf(about, sizeof about, "%s  %s", signal->name,
		    signal->meaning);
		snprintf(name, sizeof name, "%d", signal->number);
		candidates_offer(out, prefix, name, about, ' ');
		return;
	}
	snprintf(
	    about, sizeof about, "%2d  %s", signal->number, signal->meaning);
	snprintf(name, sizeof name, "SIG%s", signal->name);
	if (strncasecmp(text, prefix, len) != 0)
		text = name;
	if (strncasecmp(text, prefix, len) == 0)
		add(out, text, about, ' ');
}

/* Those that programs are sent most come first. */
static void
offer_signals(struct candidates *out, const char *prefix)
{
	static const int usual[] = { SIGHUP, SIGTERM, SIGINT, SIGUSR1, SIGUSR2,
		SIGQUIT, SIGKILL, SIGSTOP, SIGCONT };
	size_t count;
	const struct signame *table = signame_table(&count);

	for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
		for (size_t i = 0; i < count; i++)
			if (table[i].number == usual[k])
				offer_signal(out, prefix, &table[i]);
	/* What is there already is not added again. */
	for (size_t i = 0; i < count; i++)
		offer_signal(out, prefix, &table[i]);
}

static void
offer_topics(struct candidates *out, const char *prefix)
{
	offer_commands(out, prefix, BOTH);
	for (size_t i = 0; i < help_topic_count; i++)
		candidates_offer(out, prefix, help_topic_table[i].name,
		    help_topic_table[i].about, ' ');
	for (int i = 0; *prefix && i < SETTING__COUNT; i++)
		candidates_offer(out, prefix, setting_table[i].name,
		    setting_table[i].summary, ' ');
	for (size_t i = 0; *prefix && i < option_count; i++)
		candidates_offer(out, prefix, option_table[i].name,
		    option_table[i].summary, ' ');
}

static void
offer_show(
    struct candidates *out, const char *prefix, const struct provider *provider)
{
	for (size_t i = 0; i < show_topic_count; i++)
		candidates_offer(out, prefix, show_topic_table[i].name,
		    show_topic_table[i].about, ' ');
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_table[i];
		char *value;

		if (strcmp(row->section, "runner") != 0 ||
		    (row->where & OPTION_IGNORED))
			continue;
		value = provider->value(provider->data, row->name);
		candidates_offer(
		    out, prefix, row->name, value ? value : "not set", ' ');
		free(value);
	}
}

static void
offer_settings(
    struct candidates *out, const char *prefix, const struct provider *provider)
{
	for (int i = 0; i < SETTING__COUNT; i++) {
		char *value = provider->setting(
		    provider->data, (enum setting)i);
		char *about = xasprintf(
		    "%-5s  %s", value ? value : "", setting_table[i].summary);

		candidates_offer(
		    out, prefix, setting_table[i].name, about, ' ');
		free(about);
		free(value);
	}
}

/* The choices of the setting called name, which may be abbreviated. */
static void
offer_values(struct candidates *out, const char *prefix, const char *name)
{
	const struct setting_row *row;
	int setting = settings_find(name, NULL);

	if (setting == -1)
		return;
	row = &setting_table[setting];
	for (int i = 0; i < SETTING_CHOICES && row->choice[i]; i++)
		candidates_offer(
		    out, prefix, row->choice[i], row->about[i], ' ');
}

/* before is the word before: what it names may decide. */
static void
offer_operand(struct candidates *out, const char *prefix, enum completer kind,
    const char *before, const struct provider *provider)
{
	switch (kind) {
	case COMPLETE_NONE:
	case COMPLETE_COMMAND_LINE:
		break;
	case COMPLETE_SIGNAL:
		offer_signals(out, prefix);
		break;
	case COMPLETE_LOG:
		provider->logs(provider->data, prefix, out);
		provider->files(provider->data, prefix, out);
		break;
	case COMPLETE_TOPIC:
		offer_topics(out, prefix);
		break;
	case COMPLETE_SHOW:
		offer_show(out, prefix, provider);
		break;
	case COMPLETE_SETTING:
		offer_settings(out, prefix, provider);
		break;
	case COMPLETE_ALIAS:
		provider->aliases(provider->data, prefix, out);
		break;
	case COMPLETE_VALUE:
		offer_values(out, prefix, before);
		break;
	case COMPLETE_FILE:
	case COMPLETE_ARGUMENT:
		provider->files(provider->data, prefix, out);
		break;
	}
}

/* Whether only what is offered can stand there. */
static bool
is_closed(enum completer kind)
{
	return kind == COMPLETE_SIGNAL || kind == COMPLETE_TOPIC ||
	    kind == COMPLETE_SHOW || kind == COMPLETE_SETTING;
}

static void
offer_flags(
    struct candidates *out, const char *prefix, const struct command *command)
{
	for (size_t i = 0; i < COMMAND_FLAGS; i++) {
		const struct command_flag *flag = &command->flag[i];
		char text[40];

		if (flag->name) {
			snprintf(text, sizeof text, "--%s", flag->name);
			candidates_offer(out, prefix, text, flag->summary, ' ');
		} else if (flag->letter) {
			snprintf(text, sizeof text, "-%c", flag->letter);
			candidates_offer(out, prefix, text, flag->summary, ' ');
		}
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
	place->flags = !(command->where & COMMAND_RAW);
	for (size_t i = 1; i < words->count; i++) {
		const char *word = words->word[i];

		if (place->waiting)
			place->waiting = NULL;
		else if (!place->flags || word[0] != '-' || !word[1])
			place->operands++;
		else if (strcmp(word, "--") == 0)
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
    const struct typed *typed, const struct provider *provider)
{
	const struct command_operand *operand;
	const char *before = command->name;
	struct place place;

	find_place(&place, command, &typed->words);
	if (place.waiting) {
		out->hint = xstrdup(place.waiting->argument);
		return;
	}
	if (place.flags && typed->word[0] == '-') {
		offer_flags(out, typed->word, command);
		return;
	}
	if ((operand = operand_at(command, place.operands)) == NULL)
		return;
	out->hint = xstrdup(operand->name);
	if (typed->words.count > 1)
		before = typed->words.word[typed->words.count - 1];
	out->closed = is_closed(operand->completer);
	offer_operand(out, typed->word, operand->completer, before, provider);
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

static void
complete_typed(struct candidates *out, struct typed *typed, unsigned int where,
    const struct provider *provider)
{
	const struct command *command;
	struct typed inner = *typed;
	size_t from;

	if (typed->words.count == 0) {
		offer_commands(out, typed->word, where);
		if (where & COMMAND_SESSION)
			provider->aliases(provider->data, typed->word, out);
		return;
	}
	if (command_find(typed->words.word[0], where, &command) != LOOKUP_FOUND)
		return;
	if (!is_nested(command, &typed->words, &from)) {
		complete_words(out, command, typed, provider);
		return;
	}
	/* A number before it says how often. */
	if (typed->words.count > from &&
	    strchr("0123456789.", *typed->words.word[from]))
		from++;
	inner.words.word += from;
	inner.words.count -= from;
	complete_typed(out, &inner, where, provider);
}

void
complete_line(struct candidates *out, const char *line, size_t cursor,
    unsigned int where, const struct provider *provider)
{
	struct typed typed;

	memset(out, 0, sizeof *out);
	read_line(&typed, line, cursor);
	out->start = typed.start;
	if (typed.to_file || typed.to_shell) {
		size_t bang = typed.words.count == 0 && typed.word[0] == '!';

		out->start += bang;
		provider->files(provider->data, typed.word + bang, out);
	} else {
		complete_typed(out, &typed, where, provider);
	}
	typed_free(&typed);
}
