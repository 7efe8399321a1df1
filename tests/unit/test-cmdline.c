/*
 * The command line by zdaemon's rules, and how it joins with defaults, file
 * and overrides.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "options/load.h"
#include "options/spelling.h"

#define ARGS_MAX 16

static struct cmdline cmdline;
static char *cause;

/* Parses "zdaemon" and these words, up to a NULL. */
static int
parse_words(const char *const *words)
{
	static char *argv[ARGS_MAX];
	int argc;

	for (argc = 0; words[argc] != NULL; argc++) {
		assert_true(argc + 1 < ARGS_MAX);
		argv[argc] = (char *)words[argc];
	}
	argv[argc] = NULL;
	free(cause);
	cause = NULL;
	return cmdline_parse(&cmdline, argc, argv, &cause);
}

#define ARGV(...) ((const char *const[]){ "zdaemon", __VA_ARGS__, NULL })

static void
must_parse(const char *const *words)
{
	if (parse_words(words) == -1)
		fail_msg("%s: %s", words[1], cause);
}

static void
must_refuse(const char *const *words, const char *expected)
{
	if (parse_words(words) == 0)
		fail_msg("%s was accepted", words[1]);
	if (strncmp(cause, expected, strlen(expected)) != 0)
		fail_msg("expected '%s' but found '%s'", expected, cause);
}

/* The text of the only value, which must be that of the option. */
static const char *
only_value(const char *option)
{
	assert_int_equal(cmdline.values, 1);
	assert_non_null(cmdline.value[0].row);
	assert_string_equal(cmdline.value[0].row->name, option);
	return cmdline.value[0].text;
}

/* --- spelling ---------------------------------------------------------------
 */

/* Every prefix that was unique in zdaemon, and what it means. */
static const struct {
	const char *prefix, *option;
} unique[] = {
	{ "b", "backoff-limit" },
	{ "backoff", "backoff-limit" },
	{ "c", "configure" },
	{ "co", "configure" },
	{ "con", "configure" },
	{ "configur", "configure" },
	{ "da", "daemon" },
	{ "daemo", "daemon" },
	{ "di", "directory" },
	{ "f", "forever" },
	{ "e", "exit-codes" },
	{ "h", "help" },
	{ "hel", "help" },
	{ "i", "interactive" },
	{ "in", "interactive" },
	{ "l", "logfile" },
	{ "p", "program" },
	{ "pr", "program" },
	{ "sc", "schema" },
	{ "so", "socket-name" },
	{ "st", "start-timeout" },
	{ "t", "transcript" },
	{ "us", "user" },
	{ "um", "umask" },
	{ "v", "version" },
	{ "ver", "version" },
	/* and ours */
	{ "j", "json" },
	{ "pl", "plain" },
	{ "col", "color" },
	{ "com", "command" },
	{ "k", "keep-going" },
	{ "y", "yes" },
};

/* Whether the word is taken as the option. */
static bool
means(const char *option)
{
	const char *const fixed[] = { "configure", "schema", "help", "version",
		"interactive", "json", "plain", "color", "command",
		"keep-going", "yes" };
	const bool given[] = { cmdline.config != NULL, cmdline.schema != NULL,
		cmdline.help, cmdline.version, cmdline.interactive,
		cmdline.json, cmdline.plain, cmdline.color == COLOR_ALWAYS,
		cmdline.batch != NULL, cmdline.keep_going, cmdline.yes };
	size_t i;

	for (i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		if (strcmp(option, fixed[i]) == 0)
			return given[i];
	return cmdline.values == 1 && cmdline.value[0].row != NULL &&
	    strcmp(cmdline.value[0].row->name, option) == 0;
}

static void
test_prefixes(void **unused)
{
	char word[64];
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(unique) / sizeof(unique[0]); i++) {
		snprintf(word, sizeof(word), "--%s", unique[i].prefix);
		must_parse(ARGV(word, "7"));
		if (!means(unique[i].option))
			fail_msg("%s is not %s", word, unique[i].option);
		cmdline_free(&cmdline);
	}
}

static void
test_ambiguous(void **unused)
{
	static const char *const word[] = { "--s", "--d", "--u" };
	char expected[64], copy[16];
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		snprintf(copy, sizeof(copy), "%s", word[i]);
		snprintf(expected, sizeof(expected),
		    "option %s not a unique prefix", word[i]);
		must_refuse(ARGV(copy, "x"), expected);
	}
}

static void
test_forms(void **unused)
{
	(void)unused;
	must_parse(ARGV("-Cconf", "start"));
	assert_string_equal(cmdline.config, "conf");
	assert_int_equal(cmdline.count, 1);
	assert_string_equal(cmdline.word[0], "start");
	cmdline_free(&cmdline);
	must_parse(ARGV("-C", "conf"));
	assert_string_equal(cmdline.config, "conf");
	assert_int_equal(cmdline.count, 0);
	cmdline_free(&cmdline);
	must_parse(ARGV("--configure=conf"));
	assert_string_equal(cmdline.config, "conf");
	cmdline_free(&cmdline);
	must_parse(ARGV("--c", "conf"));
	assert_string_equal(cmdline.config, "conf");
	cmdline_free(&cmdline);
	must_parse(ARGV("--co=conf"));
	assert_string_equal(cmdline.config, "conf");
	cmdline_free(&cmdline);
	must_parse(ARGV("-dfCconf", "status", "-l"));
	assert_string_equal(cmdline.config, "conf");
	assert_int_equal(cmdline.values, 2);
	assert_string_equal(cmdline.value[0].row->name, "daemon");
	assert_string_equal(cmdline.value[0].text, "on");
	assert_string_equal(cmdline.value[0].typed, "-d");
	assert_string_equal(cmdline.value[1].row->name, "forever");
	assert_int_equal(cmdline.count, 2);
	assert_string_equal(cmdline.word[1], "-l");
	cmdline_free(&cmdline);
	must_parse(ARGV("-x", ""));
	assert_string_equal(only_value("exit-codes"), "");
	cmdline_free(&cmdline);
	must_parse(ARGV("--umask=0"));
	assert_string_equal(only_value("umask"), "0");
	assert_string_equal(cmdline.value[0].typed, "--umask");
	cmdline_free(&cmdline);
	must_parse(ARGV("-b", "-3"));
	assert_string_equal(only_value("backoff-limit"), "-3");
	cmdline_free(&cmdline);
}

static void
test_ends_at_the_first_word(void **unused)
{
	(void)unused;
	must_parse(ARGV("kill", "-234", "-h", "--nope"));
	assert_int_equal(cmdline.count, 4);
	assert_string_equal(cmdline.word[1], "-234");
	assert_false(cmdline.help);
	cmdline_free(&cmdline);
	must_parse(ARGV("-f", "--", "-h", "x"));
	assert_int_equal(cmdline.count, 2);
	assert_string_equal(cmdline.word[0], "-h");
	cmdline_free(&cmdline);
	must_parse(ARGV("", "x"));
	assert_int_equal(cmdline.count, 2);
	assert_string_equal(cmdline.word[0], "");
	cmdline_free(&cmdline);
	must_parse(ARGV("-"));
	assert_int_equal(cmdline.count, 1);
	cmdline_free(&cmdline);
}

static void
test_own_options(void **unused)
{
	(void)unused;
	must_parse(
	    ARGV("-iky", "-c", "a; b", "--json", "--plain", "--color=never"));
	assert_true(cmdline.interactive);
	assert_true(cmdline.keep_going);
	assert_true(cmdline.yes);
	assert_true(cmdline.json);
	assert_true(cmdline.plain);
	assert_string_equal(cmdline.batch, "a; b");
	assert_int_equal(cmdline.color, COLOR_NEVER);
	cmdline_free(&cmdline);
	must_parse(ARGV("--color", "status"));
	assert_int_equal(cmdline.color, COLOR_ALWAYS);
	assert_int_equal(cmdline.count, 1);
	cmdline_free(&cmdline);
	must_refuse(ARGV("--color=red"), "invalid value for --color 'red'");
	must_parse(ARGV("-S", "x.xml"));
	assert_string_equal(cmdline.schema, "x.xml");
	cmdline_free(&cmdline);
	/* help ends it all */
	must_parse(ARGV("-h", "--nope", "-b"));
	assert_true(cmdline.help);
	cmdline_free(&cmdline);
	must_parse(ARGV("--version", "-b"));
	assert_true(cmdline.version);
	cmdline_free(&cmdline);
}

static void
test_refused(void **unused)
{
	(void)unused;
	must_refuse(ARGV("-q"), "option -q not recognized");
	must_refuse(ARGV("-fq"), "option -q not recognized");
	must_refuse(ARGV("--nope"), "option --nope not recognized");
	must_refuse(ARGV("--progam=x"),
	    "option --progam not recognized; did you mean --program?");
	must_refuse(ARGV("-C"), "option -C requires argument");
	must_refuse(ARGV("-fC"), "option -C requires argument");
	must_refuse(
	    ARGV("--configure"), "option --configure requires argument");
	must_refuse(ARGV("--c"), "option --configure requires argument");
	must_refuse(
	    ARGV("--daemon=on"), "option --daemon must not have an argument");
	must_refuse(
	    ARGV("--help=x"), "option --help must not have an argument");
}

static void
test_repeated(void **unused)
{
	(void)unused;
	must_parse(ARGV("-b", "10", "--backoff-limit=010"));
	assert_string_equal(only_value("backoff-limit"), "10");
	cmdline_free(&cmdline);
	must_parse(ARGV("-p", "sleep  100", "-p", "sleep 100"));
	assert_string_equal(only_value("program"), "sleep  100");
	cmdline_free(&cmdline);
	must_parse(ARGV("-C", "a", "--configure=a", "-f", "-f"));
	assert_int_equal(cmdline.values, 1);
	cmdline_free(&cmdline);
	must_refuse(ARGV("-b", "10", "--backoff-limit", "9"),
	    "conflicting command line option '--backoff-limit'");
	must_refuse(
	    ARGV("-p", "a", "-p", "b"), "conflicting command line option '-p'");
	must_refuse(
	    ARGV("-C", "a", "-C", "b"), "conflicting command line option '-C'");
	must_refuse(
	    ARGV("-s", "a", "-s", "b"), "conflicting command line option '-s'");
	/* values that are wrong are told when they are set */
	must_parse(ARGV("-b", "x", "-b", "x"));
	assert_string_equal(only_value("backoff-limit"), "x");
	cmdline_free(&cmdline);
	/* overrides may stand any number of times */
	must_parse(ARGV("-Xa=1", "-X", "b=2"));
	assert_int_equal(cmdline.values, 2);
	assert_null(cmdline.value[0].row);
	assert_string_equal(cmdline.value[1].text, "b=2");
	cmdline_free(&cmdline);
}

/* A session parses again and again. */
static void
test_parses_again(void **unused)
{
	int i;

	(void)unused;
	for (i = 0; i < 3; i++) {
		must_parse(ARGV("-fb", "3", "x"));
		assert_int_equal(cmdline.values, 2);
		assert_int_equal(cmdline.count, 1);
		cmdline_free(&cmdline);
		must_refuse(ARGV("-fq", "3", "x"), "option -q");
	}
}

static void
test_manual_shows_all(void **unused)
{
	const struct option_row *row;
	char *manual, name[64];
	size_t i, len;
	FILE *out;

	(void)unused;
	assert_non_null(out = open_memstream(&manual, &len));
	spelling_manual(out);
	fclose(out);
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (!(row->where & OPTION_CMDLINE))
			continue;
		snprintf(name, sizeof(name), ".It Fl %c , Fl -%s", row->letter,
		    row->name);
		assert_non_null(strstr(manual, name));
	}
	assert_non_null(strstr(manual, ".It Fl X Ar SECTION/KEY=VALUE\n"));
	assert_non_null(strstr(manual, ".It Fl -color Ns Op = Ns Ar WHEN\n"));
	free(manual);
}

/* --- with the file
 * ------------------------------------------------------------- */

static struct runner runner;
static struct problems problems;

static bool
load(const char *const *words)
{
	bool good;

	must_parse(words);
	problems_init(&problems);
	good = options_load(&runner, &cmdline, &problems);
	assert_true(good == (problems.errors == 0));
	problems_sort(&problems);
	return good;
}

static void
unload(void)
{
	runner_free(&runner);
	problems_free(&problems);
	cmdline_free(&cmdline);
}

static void
must_load(const char *const *words)
{
	char *first;

	if (load(words))
		return;
	first = problems_first(&problems);
	fail_msg("%s", first);
}

static void
must_not_load(const char *const *words, const char *expected)
{
	char *first;

	assert_false(load(words));
	first = problems_first(&problems);
	if (strncmp(first, expected, strlen(expected)) != 0)
		fail_msg("expected '%s' but found '%s'", expected, first);
	free(first);
	unload();
}

static void
check_origin(const char *section, const char *name, const char *expected)
{
	char buf[64];

	assert_string_equal(option_show_origin(option_origin(&runner,
						   option_find(section, name)),
				buf, sizeof(buf)),
	    expected);
}

static void
test_strengths(void **unused)
{
	(void)unused;
	must_load(ARGV("-C", "conf", "-X", "runner/umask=70", "-X",
	    "backoff-limit=6", "-b", "7", "-X", "environment/A=x", "-X",
	    "eventlog/level=debug", "-X", "EVENTLOG/Logfile/Path=STDERR"));
	assert_int_equal(runner.umask, 070);
	check_origin("runner", "umask", "-X");
	assert_int_equal(runner.backoff_limit, 7);
	check_origin("runner", "backoff-limit", "command line");
	assert_true(runner.forever);
	check_origin("runner", "forever", "conf:5");
	assert_int_equal(runner.stop_timeout, 300000);
	check_origin("runner", "stop-timeout", "default");
	assert_int_equal(runner.environment.count, 2);
	assert_string_equal(runner.environment.pair[0].name, "A");
	assert_string_equal(runner.environment.pair[0].value, "x");
	assert_string_equal(runner.environment.pair[1].name, "a");
	assert_int_equal(runner.eventlog.level, 10);
	assert_string_equal(runner.eventlog.target[0].path, "STDERR");
	unload();
}

static void
test_bad_values(void **unused)
{
	(void)unused;
	must_not_load(ARGV("-b", "1o"),
	    "invalid value for -b '1o': '1o' is not a whole number");
	must_not_load(ARGV("--umask", "9"), "invalid value for --umask '9': ");
	must_not_load(ARGV("-p", ""), "invalid value for -p '': ");
	must_not_load(ARGV("-p", "a 'b"), "invalid value for -p 'a 'b': ");
	must_not_load(ARGV("-C", "missing"), "unable to open 'missing': ");
	must_not_load(ARGV("-C", ""), "unable to open '': ");
}

static void
test_bad_overrides(void **unused)
{
	(void)unused;
	must_not_load(ARGV("-X", "umask=7"),
	    "configuration overrides (-X) "
	    "cannot be used without a configuration file");
	must_not_load(ARGV("-C", "conf", "-X", "umask"),
	    "-X umask: it is not of the form SECTION/KEY=VALUE");
	must_not_load(ARGV("-C", "conf", "-X", "runner//umask=7"),
	    "-X runner//umask=7: a name is missing in 'runner//umask'");
	must_not_load(ARGV("-C", "conf", "-X", "=7"), "-X =7: a name is");
	must_not_load(ARGV("-C", "conf", "-X", "/a=7"), "-X /a=7: a name is");
	must_not_load(ARGV("-C", "conf", "-X", "umsk=7"),
	    "-X umsk=7: unknown key 'umsk' in runner; did you mean 'umask'?");
	must_not_load(ARGV("-C", "conf", "-X", "runer/umask=7"),
	    "-X runer/umask=7: unknown section 'runer'");
	must_not_load(ARGV("-C", "conf", "-X", "umask=9"),
	    "-X umask=9: '9' is not an octal mode");
	must_not_load(
	    ARGV("-C", "conf", "-X", "umask=7", "-X", "runner/umask=7"),
	    "-X runner/umask=7: 'umask' is set twice");
	must_not_load(ARGV("-C", "conf", "-X", "eventlog/syslog/level=info"),
	    "-X eventlog/syslog/level=info: the file has no section "
	    "eventlog.syslog");
	must_load(ARGV(
	    "-C", "conf", "-X", "environment/B=1", "-X", "environment/C=2"));
	unload();
}

/* Where a program was given but wrong, it is not said to be missing too. */
static void
test_program_is_told_once(void **unused)
{
	(void)unused;
	assert_false(load(ARGV("-p", "a 'b")));
	assert_false(options_check(&runner, NULL, true, &problems));
	assert_int_equal(problems.count, 1);
	unload();
	assert_true(load(ARGV("-f")));
	assert_false(options_check(&runner, NULL, true, &problems));
	assert_int_equal(problems.count, 1);
	unload();
}

static void
test_schema(void **unused)
{
	(void)unused;
	must_load(ARGV("-S", "x.xml"));
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.problem[0].severity, SEVERITY_NOTICE);
	unload();
}

static int
enter_scratch(void **path)
{
	static char scratch[] = "/tmp/test cmdline XXXXXX";
	FILE *out;

	*path = scratch;
	if (mkdtemp(scratch) == NULL || chdir(scratch) == -1 ||
	    (out = fopen("conf", "w")) == NULL)
		return -1;
	fputs("runner {\n\tprogram = a\n\tumask = 27\n\tbackoff-limit = 5\n"
	      "\tforever = on\n}\nenvironment { A = b a = c }\n"
	      "eventlog { logfile { path = x } }\n",
	    out);
	return fclose(out);
}

static int
leave_scratch(void **path)
{
	free(cause);
	(void)remove("conf");
	return chdir("/") == -1 ? -1 : rmdir(*path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_ends_at_the_first_word),
		cmocka_unit_test(test_own_options),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_parses_again),
		cmocka_unit_test(test_manual_shows_all),
		cmocka_unit_test(test_strengths),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_bad_overrides),
		cmocka_unit_test(test_program_is_told_once),
		cmocka_unit_test(test_schema),
	};

	return cmocka_run_group_tests_name(
	    "cmdline", tests, enter_scratch, leave_scratch);
}
