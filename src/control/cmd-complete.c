/*
 * complete: what could stand for the last of the words given, one candidate
 * in a line, its description behind a tab.  The shells' completions ask this,
 * so that no command or option is ever named in them.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "base/xmalloc.h"
#include "control/candidates.h"
#include "control/handlers.h"
#include "control/output.h"
#include "options/cmdline.h"
#include "options/load.h"
#include "options/problems.h"

/* Options of zdaemon itself that can stand for, or wait for, a word. */
struct search {
	struct candidates *out;
	const char *word; /* being typed */
	const char *before; /* the word before it */
	bool waits; /* before wants an argument, */
	bool file; /* which is a file */
};

static void
offer_option(void *data, const struct cmdline_option *option)
{
	struct search *search = data;
	char *text;

	if (option->name)
		text = xasprintf("--%s", option->name);
	else
		text = xasprintf("-%c", option->letter);
	candidates_offer(search->out, search->word, text, option->summary, ' ');
	free(text);
}

/* Whether the word before is this option and wants an argument. */
static void
match_option(void *data, const struct cmdline_option *option)
{
	struct search *search = data;
	const char *before = search->before;
	size_t len = strlen(before);

	if (!option->argument || option->argument[0] == '[')
		return;
	if (strncmp(before, "--", 2) == 0 ?
		option->name && strcmp(before + 2, option->name) == 0 :
		before[0] == '-' && option->letter &&
		    before[len - 1] == option->letter) {
		search->waits = true;
		search->file = option->file;
	}
}

/* "--name=FI": the file behind the sign, with what stands before it. */
static void
complete_joined(struct candidates *out, const char *word)
{
	const char *value = strchr(word, '=') + 1;
	struct candidates files = { .count = 0 };

	candidates_files(NULL, value, &files);
	for (size_t i = 0; i < files.count; i++) {
		char *text = xasprintf("%.*s%s", (int)(value - word), word,
		    files.candidate[i].text);

		candidates_offer(out, word, text, files.candidate[i].about,
		    files.candidate[i].after);
		free(text);
	}
	candidates_free(&files);
}

/* The first word that is no option's: an option, or a command. */
static void
complete_first(
    struct candidates *out, const char *word, const struct provider *provider)
{
	struct search search = { .out = out, .word = word };

	if (strncmp(word, "--", 2) == 0 && strchr(word, '=')) {
		complete_joined(out, word);
	} else if (word[0] == '-') {
		cmdline_each_option(offer_option, &search);
	} else {
		complete_line(
		    out, word, strlen(word), COMMAND_ONESHOT, provider);
	}
}

/* A word of a command: as the session would complete it. */
static void
complete_later(struct candidates *out, int count, char **word,
    const struct provider *provider)
{
	struct words words = { NULL, 0 };
	char *line, *last, *whole;

	for (int i = 0; i < count - 1; i++)
		words_add(&words, word[i]);
	line = words_quote(&words);
	last = *word[count - 1] ? words_quote_one(word[count - 1]) :
				  xstrdup("");
	whole = xasprintf("%s %s", line, last);
	complete_line(out, whole, strlen(whole), COMMAND_ONESHOT, provider);
	free(whole);
	free(last);
	free(line);
	words_free(&words);
}

static void
complete_argument(struct candidates *out, const char *before, const char *word)
{
	struct search search = { .word = word, .before = before };

	cmdline_each_option(match_option, &search);
	if (!search.waits || search.file)
		candidates_files(NULL, word, out);
}

/*
 * cmdline was made from the words with a command word in place of the last:
 * where that has gone tells what the last one is.
 */
static void
complete_with(struct candidates *out, const struct cmdline *cmdline, int count,
    char **word, const struct context *context)
{
	struct provider provider;

	candidates_provider(&provider, context);
	if (cmdline->count == 0)
		complete_argument(
		    out, count > 1 ? word[count - 2] : "", word[count - 1]);
	else if (cmdline->count == 1)
		complete_first(out, word[count - 1], &provider);
	else
		complete_later(out, cmdline->count,
		    word + count - cmdline->count, &provider);
}

static void
print(const struct output *output, const struct candidates *out)
{
	for (size_t i = 0; i < out->count; i++) {
		const struct candidate *one = &out->candidate[i];

		output_line(
		    output, "%s\t%s", one->text, one->about ? one->about : "");
	}
}

int
cmd_complete(struct context *context, const struct invocation *invocation)
{
	static char program[] = "zdaemon", stand_in[] = "x";
	int count = invocation->count;
	char **argv = xcalloc((size_t)count + 2, sizeof *argv);
	struct candidates out = { .count = 0 };
	struct context inner = *context;
	struct problems problems;
	struct cmdline cmdline;
	struct runner runner;

	argv[0] = program;
	for (int i = 0; i < count - 1; i++)
		argv[i + 1] = invocation->operand[i];
	argv[count] = stand_in;
	if (count > 0 && cmdline_parse(&cmdline, count + 1, argv, NULL) == 0) {
		problems_init(&problems);
		options_load(&runner, &cmdline, &problems);
		inner.runner = &runner;
		complete_with(
		    &out, &cmdline, count, invocation->operand, &inner);
		print(context->output, &out);
		runner_free(&runner);
		problems_free(&problems);
		cmdline_free(&cmdline);
	}
	candidates_free(&out);
	free(argv);
	return STATUS_DONE;
}
