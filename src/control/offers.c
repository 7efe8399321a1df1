/*
 * What can stand at a place of a line.  What was typed before is offered
 * first: of several it is the likeliest.
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/signame.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/offers.h"
#include "control/settings.h"
#include "control/topics.h"
#include "options/options.h"
#include "options/spelling.h"

#define BOTH      (COMMAND_ONESHOT | COMMAND_SESSION)
#define PAST_MOST 30 /* lines or words of the past that are offered */

/* --- what was typed before ------------------------------------------------ */

static const char *
past_line(const struct provider *provider, size_t i, size_t *number)
{
	return provider->past ? provider->past(provider->past_data, i, number) :
				NULL;
}

/*
 * The words of line i of the past, none if it is not one of the command alone;
 * false behind the oldest.
 */
static bool
read_past(struct words *words, const struct offer *offer, size_t i,
    const struct provider *provider)
{
	const char *line;
	const struct command *command;
	size_t number;

	*words = (struct words){ NULL, 0 };
	if ((line = past_line(provider, i, &number)) == NULL)
		return false;
	if (strpbrk(line, ";|>#!") || words_split(words, line, NULL) == -1 ||
	    words->count == 0)
		return true;
	if (command_find(words->word[0], COMMAND_SESSION, &command) !=
		LOOKUP_FOUND ||
	    command != offer->command)
		words_free(words);
	return true;
}

/* What stood at this place before. */
static void
offer_past(struct candidates *out, const struct offer *offer,
    const struct provider *provider)
{
	struct words words;

	for (size_t i = 0;
	     out->count < PAST_MOST && read_past(&words, offer, i, provider);
	     i++) {
		if (words.count > (size_t)offer->at + 1)
			candidates_offer(out, offer->prefix,
			    words.word[offer->at + 1], "typed before", ' ');
		words_free(&words);
	}
}

/* Any word of the lines typed before. */
static void
offer_past_words(
    struct candidates *out, const char *prefix, const struct provider *provider)
{
	struct words words = { NULL, 0 };
	const char *line;
	size_t number;

	for (size_t i = 0; out->count < PAST_MOST &&
	     (line = past_line(provider, i, &number)) != NULL;
	     i++) {
		if (words_split(&words, line, NULL) == -1)
			continue;
		for (size_t j = 0; j < words.count; j++)
			candidates_offer(out, prefix, words.word[j], NULL, ' ');
		words_free(&words);
	}
}

bool
offers_recalled(
    struct candidates *out, const char *word, const struct provider *provider)
{
	bool back = strncmp(word, "!-", 2) == 0;
	const char *line;
	char text[32];
	size_t number;

	if (!provider->past || word[0] != '!' ||
	    (!back && (word[1] < '0' || word[1] > '9')))
		return false;
	out->literal = true;
	for (size_t i = 0; out->count < PAST_MOST &&
	     (line = past_line(provider, i, &number)) != NULL;
	     i++) {
		if (back)
			snprintf(text, sizeof text, "!-%zu", i + 1);
		else
			snprintf(text, sizeof text, "!%zu", number);
		candidates_offer(out, word, text, line, ' ');
	}
	return true;
}

/* --- what the tables know ------------------------------------------------- */

void
offers_commands(struct candidates *out, const char *prefix, unsigned int where,
    unsigned int only)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		if (!(command->where & where) ||
		    (command->where & COMMAND_HIDDEN) ||
		    (only && !(command->where & only)))
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
	if (!ascii_same_part(text, prefix, len))
		text = name;
	if (ascii_same_part(text, prefix, len))
		candidates_add(out, text, about, ' ');
}

/* Those that were sent before come first, then those that mostly are. */
static void
offer_signals(struct candidates *out, const struct offer *offer,
    const struct provider *provider)
{
	static const int usual[] = { SIGHUP, SIGTERM, SIGINT, SIGUSR1, SIGUSR2,
		SIGQUIT, SIGKILL, SIGSTOP, SIGCONT };
	size_t count;
	const struct signame *table = signame_table(&count);
	struct signame one;
	const char *prefix = offer->prefix;
	struct words words;

	for (size_t i = 0; read_past(&words, offer, i, provider); i++) {
		if (words.count > (size_t)offer->at + 1 &&
		    signame_find(
			signame_parse(words.word[offer->at + 1]), &one))
			offer_signal(out, prefix, &one);
		words_free(&words);
	}
	for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
		for (size_t i = 0; i < count; i++)
			if (table[i].number == usual[k])
				offer_signal(out, prefix, &table[i]);
	/* What is there already is not added again. */
	for (size_t i = 0; i < count; i++)
		offer_signal(out, prefix, &table[i]);
	/* The many real-time ones only for who has begun to type one. */
	for (int n = SIGRTMIN; *prefix && n <= SIGRTMAX; n++)
		if (signame_find(n, &one))
			offer_signal(out, prefix, &one);
}

static void
offer_topics(struct candidates *out, const char *prefix)
{
	offers_commands(out, prefix, BOTH, 0);
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

/* --- zdaemon's own options ------------------------------------------------ */

struct search {
	struct candidates *out;
	const char *prefix;
};

static void
offer_option(void *data, const struct spelling *option)
{
	struct search *search = data;
	char *text;

	if (option->name)
		text = xasprintf("--%s", option->name);
	else
		text = xasprintf("-%c", option->letter);
	candidates_offer(
	    search->out, search->prefix, text, option->summary, ' ');
	free(text);
}

static void
offer_choices(struct candidates *out, const char *prefix, const char *choices)
{
	while (*choices) {
		size_t len = strcspn(choices, " ");
		char *choice = xstrndup(choices, len);

		candidates_offer(out, prefix, choice, NULL, ' ');
		free(choice);
		choices += len + strspn(choices + len, " ");
	}
}

/* Adds what was found, with what stands before it in the same word. */
static void
offer_behind(struct candidates *out, const char *word, size_t head,
    const struct candidates *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct candidate *one = &found->candidate[i];
		char *text = xasprintf("%.*s%s", (int)head, word, one->text);

		candidates_add(out, text, one->about, one->after);
		free(text);
	}
}

static void
offer_directories(
    struct candidates *out, const char *prefix, const struct provider *provider)
{
	struct candidates found = { .count = 0 };

	provider->files(provider->data, prefix, &found);
	for (size_t i = 0; i < found.count; i++) {
		if (found.candidate[i].after == '\0')
			candidates_add(
			    out, found.candidate[i].text, NULL, '\0');
	}
	candidates_free(&found);
}

/* A program of $PATH, or a file; behind it, files as its arguments. */
static void
offer_program(
    struct candidates *out, const char *prefix, const struct provider *provider)
{
	const char *blank = strrchr(prefix, ' ');
	size_t head = blank ? (size_t)(blank + 1 - prefix) : 0;
	struct candidates found = { .count = 0 };

	if (head == 0 && !strchr(prefix, '/')) {
		if (*prefix && provider->programs)
			provider->programs(provider->data, prefix, out);
		return;
	}
	provider->files(provider->data, prefix + head, &found);
	offer_behind(out, prefix, head, &found);
	candidates_free(&found);
}

static void offer_override(struct candidates *out, const char *prefix,
    const struct provider *provider);

static void
offer_argument(struct candidates *out, const char *prefix,
    const struct spelling *option, const struct provider *provider)
{
	struct offer offer = { .prefix = prefix, .before = "" };
	enum spelling_kind kind = spelling_kind(option);

	switch (kind) {
	case SPELLING_FREE:
	case SPELLING_LINE: /* see cmd-complete.c */
		break;
	case SPELLING_FILE:
		provider->files(provider->data, prefix, out);
		break;
	case SPELLING_DIRECTORY:
		offer_directories(out, prefix, provider);
		break;
	case SPELLING_PROGRAM:
		offer_program(out, prefix, provider);
		break;
	case SPELLING_USER:
	case SPELLING_GROUP:
		if (provider->names)
			provider->names(provider->data, kind == SPELLING_GROUP,
			    prefix, out);
		break;
	case SPELLING_SIGNAL:
		offer_signals(out, &offer, provider);
		break;
	case SPELLING_CHOICE:
		offer_choices(out, prefix, option->choices);
		break;
	case SPELLING_KEY:
		offer_override(out, prefix, provider);
		break;
	}
}

/* The keys of a file that -X can override. */
static void
offer_keys(struct candidates *out, const char *prefix)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_table[i];
		char *text;

		if (strcmp(row->section, "runner") != 0 ||
		    (row->where & OPTION_IGNORED))
			continue;
		text = xasprintf("%s/%s=", row->section, row->name);
		candidates_offer(out, prefix, text, row->summary, '\0');
		free(text);
	}
}

/* "runner/stop-signal=HU": the key, then its value. */
static void
offer_override(
    struct candidates *out, const char *prefix, const struct provider *provider)
{
	const char *sign = strchr(prefix, '='), *slash = strchr(prefix, '/');
	const struct option_row *row;
	struct candidates found = { .count = 0 };
	struct spelling option;
	char *key;

	if (!sign) {
		offer_keys(out, prefix);
		return;
	}
	key = slash && slash < sign ?
	    xstrndup(slash + 1, (size_t)(sign - slash - 1)) :
	    xstrndup(prefix, (size_t)(sign - prefix));
	if ((row = option_find("runner", key)) != NULL) {
		option = spelling_of_row(row);
		offer_argument(&found, sign + 1, &option, provider);
		offer_behind(out, prefix, (size_t)(sign + 1 - prefix), &found);
	}
	candidates_free(&found);
	free(key);
}

/* "--name=FI": the argument behind the sign. */
static void
offer_joined(
    struct candidates *out, const char *word, const struct provider *provider)
{
	size_t len = strcspn(word, "=");
	struct candidates found = { .count = 0 };
	struct spelling option;

	if (spelling_find(word, len, &option))
		offer_argument(&found, word + len + 1, &option, provider);
	offer_behind(out, word, len + 1, &found);
	candidates_free(&found);
}

static void
offer_options(struct candidates *out, const struct offer *offer,
    const struct provider *provider)
{
	struct search search = { out, offer->prefix };
	struct spelling option;

	/* "[=WHEN]" is no word of its own. */
	if (spelling_find(offer->before, strlen(offer->before), &option) &&
	    option.argument[0] != '[') {
		free(out->hint);
		out->hint = xstrdup(option.argument);
		offer_argument(out, offer->prefix, &option, provider);
	} else if (strncmp(offer->prefix, "--", 2) == 0 &&
	    strchr(offer->prefix, '='))
		offer_joined(out, offer->prefix, provider);
	else
		spelling_each(offer_option, &search);
}

/* --- the kinds of operands ------------------------------------------------ */

static void
offer_times(struct candidates *out, const char *prefix)
{
	static const struct {
		const char *text, *about;
	} time[] = {
		{ "10m", "from ten minutes ago" },
		{ "1h", "from an hour ago" },
		{ "1d", "from a day ago" },
		{ "today", "from midnight" },
		{ "yesterday", "from the midnight before" },
	};

	for (size_t i = 0; i < sizeof time / sizeof time[0]; i++)
		candidates_offer(out, prefix, time[i].text, time[i].about, ' ');
}

/* Whether only what is offered can stand there. */
static bool
is_closed(enum completer kind)
{
	return kind == COMPLETE_SIGNAL || kind == COMPLETE_TOPIC ||
	    kind == COMPLETE_SHOW || kind == COMPLETE_SETTING ||
	    kind == COMPLETE_ALIAS;
}

void
offers_operand(struct candidates *out, const struct offer *offer,
    enum completer kind, const struct provider *provider)
{
	const char *prefix = offer->prefix;

	out->closed = is_closed(kind);
	switch (kind) {
	case COMPLETE_NONE:
	case COMPLETE_COMMAND_LINE:
		break;
	case COMPLETE_SIGNAL:
		offer_signals(out, offer, provider);
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
	case COMPLETE_NEW_ALIAS:
		provider->aliases(provider->data, prefix, out);
		break;
	case COMPLETE_VALUE:
		offer_values(out, prefix,
		    offer->at > 0 ? offer->before : offer->command->name);
		break;
	case COMPLETE_OPTION:
		offer_options(out, offer, provider);
		break;
	case COMPLETE_TIME:
		offer_times(out, prefix);
		break;
	case COMPLETE_PAST:
		offer_past_words(out, prefix, provider);
		break;
	case COMPLETE_ARGUMENT:
		offer_past(out, offer, provider);
		provider->files(provider->data, prefix, out);
		break;
	case COMPLETE_FILE:
		provider->files(provider->data, prefix, out);
		break;
	}
}
