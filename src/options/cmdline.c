/*
 * The command line, with zdaemon's rules: it ends at the first word that is
 * no option, long names may be shortened, an option may be repeated with the
 * same value.  A prefix that was unique in zdaemon stays so, whatever names
 * of ours begin alike: it is entered as an exact name.
 */
#include "config.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/xmalloc.h"
#include "options/cmdline.h"
#include "options/spelling.h"

#define LONG_BASE 1000 /* what getopt_long returns for spelling[0] */

struct parser {
	struct cmdline *cmdline;
	struct spelling spelling[SPELLINGS_MAX];
	size_t count;
	char letters[2 * SPELLINGS_MAX + 3];
	struct option *option;
	size_t options;
	char **prefix; /* names that option points to */
	size_t prefixes;
};

static int
argument_kind(const struct spelling *spelling)
{
	if (spelling->argument == NULL)
		return no_argument;
	return spelling->argument[0] == '[' ? optional_argument :
					      required_argument;
}

static void
add_option(struct parser *parser, const char *name, size_t index)
{
	struct option *option;

	parser->option = xreallocarray(
	    parser->option, parser->options + 2, sizeof(*parser->option));
	option = &parser->option[parser->options++];
	memset(option, 0, 2 * sizeof(*option));
	option->name = name;
	option->has_arg = argument_kind(&parser->spelling[index]);
	option->val = LONG_BASE + (int)index;
}

/* How many names begin with the len bytes of name. */
static size_t
count_matches(const struct parser *parser, const char *name, size_t len,
    bool classic_only)
{
	const struct spelling *spelling;
	size_t i, count = 0;

	for (i = 0; i < parser->count; i++) {
		spelling = &parser->spelling[i];
		if (spelling->name != NULL &&
		    (spelling->classic || !classic_only) &&
		    strncmp(spelling->name, name, len) == 0)
			count++;
	}
	return count;
}

/* Enters the prefixes that only our own names would make ambiguous. */
static void
keep_prefixes(struct parser *parser, size_t index)
{
	const char *name = parser->spelling[index].name;
	size_t len;

	/* once a prefix is unique among all names, longer ones are too */
	for (len = 1;
	     len < strlen(name) && count_matches(parser, name, len, false) > 1;
	     len++) {
		if (count_matches(parser, name, len, true) != 1)
			continue;
		parser->prefix = xreallocarray(parser->prefix,
		    parser->prefixes + 1, sizeof(*parser->prefix));
		parser->prefix[parser->prefixes] = xstrndup(name, len);
		add_option(parser, parser->prefix[parser->prefixes++], index);
	}
}

static void
build_letters(struct parser *parser)
{
	char *to = parser->letters;
	size_t i;

	*to++ = '+';
	*to++ = ':';
	for (i = 0; i < parser->count; i++) {
		if (parser->spelling[i].letter == 0)
			continue;
		*to++ = parser->spelling[i].letter;
		if (parser->spelling[i].argument != NULL)
			*to++ = ':';
	}
	*to = '\0';
}

static void
parser_init(struct parser *parser, struct cmdline *cmdline)
{
	size_t i;

	memset(parser, 0, sizeof(*parser));
	parser->cmdline = cmdline;
	parser->count = spelling_collect(parser->spelling);
	for (i = 0; i < parser->count; i++)
		if (parser->spelling[i].name != NULL)
			add_option(parser, parser->spelling[i].name, i);
	for (i = 0; i < parser->count; i++)
		if (parser->spelling[i].classic &&
		    parser->spelling[i].name != NULL)
			keep_prefixes(parser, i);
	build_letters(parser);
}

static void
parser_free(struct parser *parser)
{
	size_t i;

	for (i = 0; i < parser->prefixes; i++)
		free(parser->prefix[i]);
	free(parser->prefix);
	free(parser->option);
}

/* The spelling that getopt_long's result stands for, or NULL. */
static const struct spelling *
spelling_of(const struct parser *parser, int result)
{
	size_t i;

	if (result >= LONG_BASE && result < LONG_BASE + (int)parser->count)
		return &parser->spelling[result - LONG_BASE];
	for (i = 0; result != 0 && i < parser->count; i++)
		if (parser->spelling[i].letter == result)
			return &parser->spelling[i];
	return NULL;
}

/* "-b" or "--backoff-limit", as it was typed but for being shortened. */
static char *
typed_as(const struct spelling *spelling, int result)
{
	if (result >= LONG_BASE)
		return xasprintf("--%s", spelling->name);
	return xasprintf("-%c", result);
}

/* A long option that is none, or one of several. */
static void
unknown_long(const struct parser *parser, const char *word, char **cause)
{
	struct near near;
	char *name;
	size_t i;

	word += strspn(word, "-");
	name = xstrndup(word, strcspn(word, "="));
	near_begin(&near, name);
	for (i = 0; i < parser->count; i++)
		if (parser->spelling[i].name != NULL)
			near_offer(&near, parser->spelling[i].name);
	if (count_matches(parser, name, strlen(name), false) > 1)
		cause_set(cause, "option --%.100s not a unique prefix", name);
	else if (near.best != NULL)
		cause_set(cause,
		    "option --%.100s not recognized; did you "
		    "mean --%s?",
		    name, near.best);
	else
		cause_set(cause, "option --%.100s not recognized", name);
	free(name);
}

/* What getopt_long objects to: result is '?' or ':'. */
static void
explain(const struct parser *parser, int result, char **argv, char **cause)
{
	const struct spelling *spelling = spelling_of(parser, optopt);
	char *typed;

	if (spelling == NULL && optopt == 0) {
		unknown_long(parser, argv[optind - 1], cause);
		return;
	}
	if (spelling == NULL) {
		cause_set(cause, "option -%c not recognized", optopt);
		return;
	}
	typed = typed_as(spelling, optopt);
	if (result == ':')
		cause_set(cause, "option %s requires argument", typed);
	else
		cause_set(cause, "option %s must not have an argument", typed);
	free(typed);
}

/* A value's text after the setter, so that 10 and 010 are the same. */
static char *
canonical(const struct option_row *row, const char *text)
{
	static const struct origin origin = { ORIGIN_CMDLINE, NULL, 0 };
	struct runner *scratch = xcalloc(1, sizeof(*scratch));
	char *printed = NULL;

	if (option_set(scratch, row, NULL, text, &origin, NULL) == 0)
		printed = option_print(scratch, row);
	runner_free(scratch);
	free(scratch);
	return printed == NULL ? xstrdup(text) : printed;
}

static bool
same_value(const struct option_row *row, const char *a, const char *b)
{
	char *first = canonical(row, a), *second = canonical(row, b);
	bool same = strcmp(first, second) == 0;

	free(first);
	free(second);
	return same;
}

static int
conflict(const char *typed, char **cause)
{
	cause_set(cause, "conflicting command line option '%s'", typed);
	return -1;
}

/* Keeps a named option or an override; -1 with cause on a conflict. */
static int
take_value(struct cmdline *cmdline, const struct option_row *row,
    const char *typed, const char *text, char **cause)
{
	struct cmdline_value *value;
	size_t i;

	for (i = 0; row != NULL && i < cmdline->values; i++) {
		if (cmdline->value[i].row != row)
			continue;
		return same_value(row, cmdline->value[i].text, text) ?
		    0 :
		    conflict(typed, cause);
	}
	cmdline->value = xreallocarray(
	    cmdline->value, cmdline->values + 1, sizeof(*cmdline->value));
	value = &cmdline->value[cmdline->values++];
	value->row = row;
	value->typed = xstrdup(typed);
	value->text = text;
	return 0;
}

static int
take_text(const char **field, const char *typed, const char *text, char **cause)
{
	if (*field != NULL && strcmp(*field, text) != 0)
		return conflict(typed, cause);
	*field = text;
	return 0;
}

static int
take_color(enum color *color, const char *text, char **cause)
{
	static const char *const when[] = { "auto", "always", "never" };
	size_t i;

	if (text == NULL)
		text = "always";
	for (i = 0; i < sizeof(when) / sizeof(when[0]); i++)
		if (strcmp(text, when[i]) == 0) {
			*color = (enum color)i;
			return 0;
		}
	cause_set(cause,
	    "invalid value for --color '%.100s': it is auto, "
	    "always or never",
	    text);
	return -1;
}

static int
take_fixed(struct cmdline *cmdline, enum spelling_fixed fixed,
    const char *typed, const char *text, char **cause)
{
	switch (fixed) {
	case FIXED_CONFIGURE:
		return take_text(&cmdline->config, typed, text, cause);
	case FIXED_OVERRIDE:
		return take_value(cmdline, NULL, typed, text, cause);
	case FIXED_SCHEMA:
		return take_text(&cmdline->schema, typed, text, cause);
	case FIXED_HELP:
		cmdline->help = true;
		return 0;
	case FIXED_VERSION:
		cmdline->version = true;
		return 0;
	case FIXED_INTERACTIVE:
		cmdline->interactive = true;
		return 0;
	case FIXED_COMMAND:
		return take_text(&cmdline->batch, typed, text, cause);
	case FIXED_KEEP_GOING:
		cmdline->keep_going = true;
		return 0;
	case FIXED_YES:
		cmdline->yes = true;
		return 0;
	case FIXED_JSON:
		cmdline->json = true;
		return 0;
	case FIXED_PLAIN:
		cmdline->plain = true;
		return 0;
	case FIXED_COLOR:
		return take_color(&cmdline->color, text, cause);
	case FIXED__COUNT:
		break;
	}
	return -1;
}

static int
take_option(struct parser *parser, int result, char **cause)
{
	const struct spelling *spelling = spelling_of(parser, result);
	const char *text = optarg;
	char *typed;
	int status;

	/* getopt_long returns what it was told of, or '?' and ':'. */
	assert(spelling != NULL);
	typed = typed_as(spelling, result);
	if (spelling->row != NULL)
		status = take_value(parser->cmdline, spelling->row, typed,
		    text == NULL ? "on" : text, cause);
	else
		status = take_fixed(parser->cmdline,
		    (enum spelling_fixed)(spelling - parser->spelling), typed,
		    text, cause);
	free(typed);
	return status;
}

static int
parse_options(struct parser *parser, int argc, char **argv, char **cause)
{
	int result;

	opterr = 0;
	optind = 0; /* begin anew, in glibc as in musl */
	while ((result = getopt_long(
		    argc, argv, parser->letters, parser->option, NULL)) != -1) {
		if (result == '?' || result == ':') {
			explain(parser, result, argv, cause);
			return -1;
		}
		if (take_option(parser, result, cause) == -1)
			return -1;
		if (parser->cmdline->help || parser->cmdline->version)
			break; /* nothing behind these matters */
	}
	parser->cmdline->count = argc - optind;
	parser->cmdline->word = argv + optind;
	return 0;
}

int
cmdline_parse(struct cmdline *cmdline, int argc, char **argv, char **cause)
{
	struct parser parser;
	int status;

	memset(cmdline, 0, sizeof(*cmdline));
	/* Often there is no option, and then nothing to prepare for one. */
	if (argc < 2 || argv[1][0] != '-') {
		cmdline->count = argc > 0 ? argc - 1 : 0;
		cmdline->word = argv + argc - cmdline->count;
		return 0;
	}
	parser_init(&parser, cmdline);
	status = parse_options(&parser, argc, argv, cause);
	parser_free(&parser);
	if (status == -1)
		cmdline_free(cmdline);
	return status;
}

void
cmdline_free(struct cmdline *cmdline)
{
	size_t i;

	for (i = 0; i < cmdline->values; i++)
		free(cmdline->value[i].typed);
	free(cmdline->value);
	memset(cmdline, 0, sizeof(*cmdline));
}
