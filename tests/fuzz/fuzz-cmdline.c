/*
 * Any words as a command line, a line each: refused with a cause, or taken;
 * then every text in it is one of the words, the command is their end, and
 * the same line spelled out is taken the same.
 */
#include "config.h"

#include "base/words.h"
#include "fuzz.h"
#include "options/cmdline.h"
#include "options/load.h"

static bool
is_inside(const struct words *argv, const char *text)
{
	size_t i;

	for (i = 0; i < argv->count; i++)
		if (text >= argv->word[i] &&
		    text <= argv->word[i] + strlen(argv->word[i]))
			return true;
	return false;
}

static void
check_parts(const struct cmdline *cmdline, const struct words *argv)
{
	size_t i;

	assert(cmdline->count >= 0 && (size_t)cmdline->count <= argv->count);
	assert(cmdline->word == argv->word + argv->count - cmdline->count);
	assert(cmdline->config == NULL || is_inside(argv, cmdline->config));
	assert(cmdline->schema == NULL || is_inside(argv, cmdline->schema));
	assert(cmdline->batch == NULL || is_inside(argv, cmdline->batch));
	for (i = 0; i < cmdline->values; i++)
		assert(cmdline->value[i].typed[0] == '-' &&
		    (is_inside(argv, cmdline->value[i].text) ||
			strcmp(cmdline->value[i].text, "on") == 0));
}

static void
spell_flag(struct words *argv, bool given, const char *option)
{
	if (given)
		assert(words_add(argv, option) == 0);
}

static void
spell_text(struct words *argv, const char *option, const char *text)
{
	if (text == NULL)
		return;
	assert(words_add(argv, option) == 0);
	assert(words_add(argv, text) == 0);
}

/* The command line with all spelled out. */
static struct words
spell(const struct cmdline *cmdline)
{
	static const char *const color[] = { "--color=auto", "--color",
		"--color=never" };
	const struct cmdline_value *value;
	struct words argv = { NULL, 0 };
	size_t i;

	spell_flag(&argv, true, "zdaemon");
	spell_text(&argv, "--configure", cmdline->config);
	spell_text(&argv, "--schema", cmdline->schema);
	spell_text(&argv, "-c", cmdline->batch);
	spell_flag(&argv, cmdline->interactive, "--interactive");
	spell_flag(&argv, cmdline->json, "--json");
	spell_flag(&argv, cmdline->plain, "--plain");
	spell_flag(&argv, cmdline->yes, "--yes");
	spell_flag(&argv, cmdline->keep_going, "--keep-going");
	spell_flag(&argv, true, color[cmdline->color]);
	for (i = 0; i < cmdline->values; i++) {
		value = &cmdline->value[i];
		if (value->row != NULL && value->row->argument == NULL)
			spell_flag(&argv, true, value->typed);
		else
			spell_text(&argv, value->typed, value->text);
	}
	spell_flag(&argv, true, "--");
	for (i = 0; i < (size_t)cmdline->count; i++)
		assert(words_add(&argv, cmdline->word[i]) == 0);
	return argv;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_same(const struct cmdline *a, const struct cmdline *b)
{
	int i;

	assert(same_text(a->config, b->config));
	assert(same_text(a->schema, b->schema));
	assert(same_text(a->batch, b->batch));
	assert(a->interactive == b->interactive && a->json == b->json);
	assert(a->plain == b->plain && a->yes == b->yes);
	assert(a->keep_going == b->keep_going && a->color == b->color);
	assert(a->values == b->values && a->count == b->count);
	for (i = 0; i < (int)a->values; i++)
		assert(a->value[i].row == b->value[i].row &&
		    strcmp(a->value[i].typed, b->value[i].typed) == 0 &&
		    strcmp(a->value[i].text, b->value[i].text) == 0);
	for (i = 0; i < a->count; i++)
		assert(strcmp(a->word[i], b->word[i]) == 0);
}

static void
check_again(const struct cmdline *cmdline)
{
	struct words argv = spell(cmdline);
	struct cmdline again;

	assert(cmdline_parse(&again, (int)argv.count, argv.word, NULL) == 0);
	check_same(cmdline, &again);
	cmdline_free(&again);
	words_free(&argv);
}

/* The values on their way into a runner; no file is read. */
static void
check_load(struct cmdline *cmdline)
{
	const char *config = cmdline->config;
	struct problems problems;
	struct runner runner;

	cmdline->config = config == NULL ? NULL : "/dev/null";
	problems_init(&problems);
	assert(options_load(&runner, cmdline, &problems) ==
	    (problems.errors == 0));
	problems_free(&problems);
	runner_free(&runner);
	cmdline->config = config;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words argv = { NULL, 0 }, before;
	struct cmdline cmdline;
	char *word, *cause = NULL;

	assert(words_add(&argv, "zdaemon") == 0);
	while (size > 0) {
		word = fuzz_part(&data, &size, '\n');
		assert(words_add(&argv, word) == 0);
		free(word);
	}
	assert(words_copy(&before, &argv) == 0);
	if (cmdline_parse(&cmdline, (int)argv.count, argv.word, &cause) == 0) {
		assert(cause == NULL);
		check_parts(&cmdline, &argv);
		if (!cmdline.help && !cmdline.version)
			check_again(&cmdline);
		check_load(&cmdline);
		cmdline_free(&cmdline);
	} else {
		assert(cause != NULL && *cause != '\0');
		free(cause);
	}
	assert(words_equal(&before, &argv));
	words_free(&before);
	words_free(&argv);
	return 0;
}
