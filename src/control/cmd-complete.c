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
#include "control/complete.h"
#include "control/handlers.h"
#include "control/offers.h"
#include "control/output.h"
#include "options/cmdline.h"
#include "options/load.h"
#include "options/problems.h"

/* The first word that is no option's: an option, or a command. */
static void
complete_first(
    struct candidates *out, const char *word, const struct provider *provider)
{
	struct offer offer = { .prefix = word, .before = "" };

	if (word[0] == '-')
		offers_operand(out, &offer, COMPLETE_OPTION, provider);
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

static void
complete_argument(struct candidates *out, const char *before, const char *word,
    const struct provider *provider)
{
	struct offer offer = { .prefix = word, .before = before };

	/* A shell may part "--configure=FI" into three words. */
	if (strcmp(before, "=") == 0)
		provider_files(NULL, word, out);
	else
		offers_operand(out, &offer, COMPLETE_OPTION, provider);
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

	provider_init(&provider, context);
	if (cmdline->count == 0)
		complete_argument(out, count > 1 ? word[count - 2] : "",
		    word[count - 1], &provider);
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
