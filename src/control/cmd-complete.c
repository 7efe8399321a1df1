/*
 * complete: what could stand for the last of the words given, one candidate
 * in a line, its description behind a tab.  The shells' completions ask this,
 * so that no command or option is ever named in them.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "base/words.h"
#include "base/xmalloc.h"
#include "control/complete.h"
#include "control/handlers.h"
#include "control/offers.h"
#include "control/output.h"
#include "options/cmdline.h"
#include "options/load.h"
#include "options/problems.h"
#include "options/spelling.h"

/* How much of the word stands before a line of commands; -1: it has none. */
static ssize_t
find_commands(const char *before, const char *word)
{
	size_t len = strcspn(word, "=");
	struct spelling option;

	if (word[len] == '=' && spelling_find(word, len, &option) &&
	    spelling_kind(&option) == SPELLING_LINE)
		return (ssize_t)len + 1;
	if (spelling_find(before, strlen(before), &option) &&
	    spelling_kind(&option) == SPELLING_LINE)
		return 0;
	return -1;
}

/* The last word of a line of commands, with what stands before it. */
static void
complete_commands(struct candidates *out, const char *word, size_t head,
    const struct provider *provider)
{
	struct candidates found;

	complete_line(&found, word + head, strlen(word + head), COMMAND_SESSION,
	    provider);
	for (size_t i = 0; i < found.count; i++) {
		char *text = xasprintf("%.*s%s", (int)(head + found.start),
		    word, found.candidate[i].text);

		candidates_add(out, text, found.candidate[i].about, ' ');
		free(text);
	}
	candidates_free(&found);
}

/* An option, or the argument of the one before. */
static void
complete_option(struct candidates *out, const char *before, const char *word,
    const struct provider *provider)
{
	struct offer offer = { .prefix = word, .before = before };
	ssize_t head = find_commands(before, word);

	if (head != -1)
		complete_commands(out, word, (size_t)head, provider);
	else
		offers_operand(out, &offer, COMPLETE_OPTION, provider);
}

/* The first word that is no option's: an option, or a command. */
static void
complete_first(
    struct candidates *out, const char *word, const struct provider *provider)
{
	if (word[0] == '-')
		complete_option(out, "", word, provider);
	else
		complete_line(
		    out, word, strlen(word), COMMAND_ONESHOT, provider);
}

/* A word of a command: as the session would complete it. */
static void
complete_later(struct candidates *out, int count, char **word,
    const struct provider *provider)
{
	struct words words = { NULL, 0 };
	char *line, *last, *whole;

	for (int i = 0; i < count - 1; i++)
		xwords_add(&words, word[i]);
	line = xwords_quote(&words);
	last = *word[count - 1] ? words_quote_one(word[count - 1]) :
				  xstrdup("");
	whole = xasprintf("%s %s", line, last);
	complete_line(out, whole, strlen(whole), COMMAND_ONESHOT, provider);
	free(whole);
	free(last);
	free(line);
	words_free(&words);
}

/*
 * cmdline was made from the words with a command word in place of the last:
 * where that has gone tells what the last one is.
 */
static void
complete_with(struct candidates *out, const struct cmdline *cmdline, int count,
    char **word, const struct context *context)
{
	const char *before = count > 1 ? word[count - 2] : "";
	struct provider provider;

	provider_init(&provider, context);
	if (cmdline->count == 0)
		complete_option(out, before, word[count - 1], &provider);
	else if (cmdline->count == 1)
		complete_first(out, word[count - 1], &provider);
	else
		complete_later(out, cmdline->count,
		    word + count - cmdline->count, &provider);
}

static bool
is_one_line(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

/* What a line cannot hold is left out: half of it would be another name. */
static void
print(const struct output *output, const struct candidates *out)
{
	for (size_t i = 0; i < out->count; i++) {
		const struct candidate *one = &out->candidate[i];
		const char *about = one->about ? one->about : "";
		char *shown = visible_copy(about, strlen(about), 0);

		if (is_one_line(one->text))
			output_line(
			    output, "%s\t%s", one->text, shown ? shown : "");
		free(shown);
	}
}

/* A word as a shell has it, without its quotes, the last of which may be open.
 */
static char *
unquote(const char *word)
{
	char *text = xmalloc(strlen(word) + 1), *to = text, quote = 0;

	for (; *word; word++) {
		if (*word == quote)
			quote = 0;
		else if (!quote && (*word == '\'' || *word == '"'))
			quote = *word;
		else if (*word == '\\' && word[1] &&
		    (!quote || (quote == '"' && strchr("\"\\$`", word[1]))))
			*to++ = *++word;
		else
			*to++ = *word;
	}
	*to = '\0';
	return text;
}

/* The words of the invocation, to be freed. */
static void
take_words(struct words *words, const struct invocation *invocation)
{
	bool quoted = invocation_has(invocation, "q");

	for (int i = 0; i < invocation->count; i++) {
		char *word = quoted ? unquote(invocation->operand[i]) :
				      xstrdup(invocation->operand[i]);

		xwords_add(words, word);
		free(word);
	}
}

int
cmd_complete(struct context *context, const struct invocation *invocation)
{
	static char program[] = "zdaemon", stand_in[] = "x";
	int count = invocation->count;
	char **argv = xcalloc((size_t)count + 2, sizeof *argv);
	struct words words = { NULL, 0 };
	struct candidates out = { .count = 0 };
	struct context inner = *context;
	struct problems problems;
	struct cmdline cmdline;
	struct runner runner;

	take_words(&words, invocation);
	argv[0] = program;
	for (int i = 0; i < count - 1; i++)
		argv[i + 1] = words.word[i];
	argv[count] = stand_in;
	if (count > 0 && cmdline_parse(&cmdline, count + 1, argv, NULL) == 0) {
		problems_init(&problems);
		options_load(&runner, &cmdline, &problems);
		inner.runner = &runner;
		complete_with(&out, &cmdline, count, words.word, &inner);
		print(context->output, &out);
		runner_free(&runner);
		problems_free(&problems);
		cmdline_free(&cmdline);
	}
	candidates_free(&out);
	words_free(&words);
	free(argv);
	return STATUS_DONE;
}
