/*
 * Configuration files in both syntaxes: what they mean, and that everything
 * wrong is told with its file and line, once, and soon.
 */
#include "config.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "options/conf.h"
#include "options/load.h"

/* Where the program comes from. */
static const struct origin *
program_origin(const struct runner *runner)
{
	return &runner->origin[option_find("runner", "program") - option_table];
}

static struct runner runner;
static struct problems problems;

static void
parse_bytes(const char *text, size_t len, int ignore_unknown)
{
	assert_int_equal(runner_init(&runner, NULL), 0);
	problems_init(&problems);
	conf_parse(&runner, "f", text, len, ignore_unknown, &problems);
	problems_sort(&problems);
}

static void
parse(const char *text)
{
	parse_bytes(text, strlen(text), 0);
}

static void
read_file(const char *path)
{
	assert_int_equal(runner_init(&runner, NULL), 0);
	problems_init(&problems);
	conf_read(&runner, path, 0, &problems);
	problems_sort(&problems);
}

static void
done(void)
{
	runner_free(&runner);
	problems_free(&problems);
}

/* All problems, a line each; to be freed. */
static char *
all_problems(void)
{
	char *text, *line;
	size_t i, len;
	FILE *out;

	assert_non_null(out = open_memstream(&text, &len));
	for (i = 0; i < problems.count; i++) {
		assert_non_null(line = problem_text(&problems.problem[i]));
		fprintf(out, "%s\n", line);
		free(line);
	}
	fclose(out);
	return text;
}

static void
must_be_good(const char *text)
{
	char *found = all_problems();

	if (problems.errors != 0)
		fail_msg("%s\n--- in\n%s", found, text);
	free(found);
}

/* Whether each line of expected begins the problem at its place. */
static bool
are_problems(const char *expected, const char *found)
{
	size_t len;

	for (; *expected != '\0' && *found != '\0';) {
		len = strcspn(expected, "\n");
		if (strncmp(expected, found, len) != 0)
			return false;
		expected += len + (expected[len] == '\n');
		found = strchr(found, '\n') + 1;
	}
	return *expected == '\0' && *found == '\0';
}

static void
must_say(const char *expected, const char *text)
{
	char *found = all_problems();

	if (!are_problems(expected, found))
		fail_msg("expected\n%s\nbut found\n%s--- in\n%.500s", expected,
		    found, text);
	free(found);
}

/* --- what is wrong
 * ------------------------------------------------------------ */

static const struct {
	const char *text, *problems;
} wrong[] = {
	/* keys and sections */
	{ "# one\n#\n// two\n\nrunner {\n  backof-limit = 3\n}\n",
	    "f:6: unknown key 'backof-limit' in runner; did you mean "
	    "'backoff-limit'?" },
	{ "runer {\n program = a\n}\nrunner { }\n",
	    "f:1: unknown section 'runer' at top level; did you mean "
	    "'runner'?" },
	{ "runner {\n xyzzy = 1\n}\n", "f:2: unknown key 'xyzzy' in runner" },
	{ "program = a\nrunner { }\n",
	    "f:1: unknown key 'program' at top level; its place is runner" },
	{ "runner {\n environment { A = b } }\n",
	    "f:2: unknown section 'environment' in runner; its place is the "
	    "top level" },
	{ "runner {\n path = x\n}\n",
	    "f:2: unknown key 'path' in runner; its place is "
	    "eventlog.logfile" },
	{ "runner {\n program { }\n}\n",
	    "f:2: 'program' is no section here but a key" },
	{ "runner = x\n", "f:1: 'runner' is no key but a section" },
	{ "runner { program = a }\nrunner { user = b }\n",
	    "f:2: a second section 'runner'; the first is in f:1" },
	{ "runner {\n program = a\n user = b\n program = c\n}\n",
	    "f:4: 'program' is set a second time; the first is in f:2" },
	{ "environment {\n A = b\n a = c\n A = d }\nrunner { }\n",
	    "f:4: 'A' is set a second time; the first is in f:2" },
	{ "runner \"web\" { program = a }\n",
	    "f:1: runner 'web': several runners in one file are not yet "
	    "supported" },
	{ "runner { }\neventlog\n{\nlogfile {\nlevel = info\n}\n}\n",
	    "f:4: section 'logfile' has no path" },
	{ "\"runner|program\" = x\nrunner { }\n",
	    "f:1: unknown key 'runner|program' at top level" },
	/* values */
	{ "runner {\n backoff-limit = 1o\n}\n",
	    "f:2: backoff-limit: '1o' is not a whole number" },
	{ "runner {\n umask = 888\n}\n",
	    "f:2: umask: '888' is not an octal mode" },
	{ "runner {\n daemon = 1\n}\n",
	    "f:2: daemon: '1' is neither on nor off" },
	{ "runner {\n program = sleep 100\n}\n",
	    "f:2: 'program' has more than one value: quote it, as in "
	    "\"sleep 100\", or write a list, { sleep, 100 }" },
	{ "runner { program = sleep 100 }\n",
	    "f:1: 'program' has more than one value" },
	{ "runner {\n exit-codes = 0, 2\n}\n",
	    "f:2: 'exit-codes' has more than one value" },
	{ "runner {\n program = \"a\" \"b\"\n}\n",
	    "f:2: 'program' has more than one value" },
	{ "runner {\n daemon = { on }\n}\n",
	    "f:2: daemon: one value is wanted, no list" },
	{ "runner {\n exit-codes = { 0 2 }\n}\n",
	    "f:2: 'exit-codes': a comma is missing before 2" },
	{ "runner {\n program = { \"a\",\n \"b\" \"c\"\n}\n prompt = x\n}\n",
	    "f:3: 'program': a comma is missing before \"c\"" },
	{ "runner {\n exit-codes += { 3 }\n}\n", "f:2: '+=' is not supported" },
	{ "runner {\n program =\n daemon = on\n}\n",
	    "f:2: 'program' has no value" },
	{ "runner {\n program = }\n", "f:2: 'program' has no value" },
	{ "runner {\n program\n}\n", "f:2: expected '=' or '{' after 'program'" },
	{ "runner {\n = on\n}\n", "f:2: a name is missing before '='" },
	{ "runner {\n user = {}\n}\n",
	    "f:2: user: one value is wanted, no list" },
	{ "runner {\n program = {}\n}\n", "f:2: program: the value is empty" },
	/* characters that libconfuse would drop or misread */
	{ "runner {\n logfile = /a/*\n}\n",
	    "f:2: a value with * or + must be quoted" },
	{ "runner {\n prompt = a(b)\n}\n", "f:2: 'prompt' has more than" },
	{ "runner {\n logfile = a${HOME}b\n}\n",
	    "f:2: a value with ${...} inside must be quoted" },
	{ "runner {\n logfile = \"a${HOME\"\n}\n", "f:2: '${' is not closed" },
	{ "runner {\n logfile = \"a\\0b\"\n}\n",
	    "f:2: a value cannot hold a NUL byte" },
	{ "runner {\n logfile = \"a\\x00\"\n}\n",
	    "f:2: a value cannot hold a NUL byte" },
	{ "runner {\n logfile = \"\\400\"\n}\n", "f:2: logfile: " },
	/* what is not closed */
	{ "runner {\n program = a\n", "f:1: section 'runner' is not closed" },
	{ "eventlog {\n logfile { path = x\n}\nrunner { }\n",
	    "f:1: section 'eventlog' is not closed\n"
	    "f:4: unknown section 'runner' in eventlog; its place is the top "
	    "level" },
	{ "runner { }\n}\n", "f:2: there is no section for this '}' to close" },
	{ "runner { }\n/* never\n closed\n",
	    "f:2: the comment that begins here is not closed" },
	{ "runner {\n program = \"a\n user = b\n}\n",
	    "f:2: the quote is not closed on its line" },
	{ "runner {\n program = 'a\n user = b\n}\n",
	    "f:2: the quote is not closed on its line" },
	{ "runner {\n program = { \"a\", \"b\"\n umask = 9\n}\n",
	    "f:2: the list of 'program' is not closed\n"
	    "f:3: umask: '9' is not an octal mode" },
	/* the event log */
	{ "runner { }\neventlog {\n level = inf\n}\n",
	    "f:3: level: 'inf' is not a level; did you mean 'info'?" },
	{ "runner { }\neventlog {\n logfile { path = x\n"
	  "format = \"%(asctme)s\"\n} }\n",
	    "f:4: format: there is no field 'asctme'; did you mean "
	    "'asctime'?" },
	{ "runner { eventlog { level = info } }\n"
	  "eventlog {\n level = nope\n}\n",
	    "f:2: this event log is not used\n"
	    "f:3: level: 'nope' is not a level" },
	/* limits */
	{ "", "f: there is no runner section" },
	{ "include \"\"\nrunner { }\n", "f:1: unable to include ''" },
	{ "include \"http://x/y\"\nrunner { }\n",
	    "f:1: unable to include 'http://x/y': only local files" },
	{ "include \"/nonexistent/x\"\nrunner { }\n",
	    "f:1: unable to open '/nonexistent/x': No such file or" },
	{ "include\nrunner { }\n", "f:1: include names no file" },
	/* zdaemon's syntax */
	{ "<runner>\n  # x\n\n  program a\n  backof-limit 3\n</runner>\n",
	    "f:5: unknown key 'backof-limit' in runner; did you mean" },
	{ "<runner>\n backoff-limit 1o\n</runner>\n",
	    "f:2: backoff-limit: '1o' is not a whole number" },
	{ "<runner>\n program a\n</runer>\n",
	    "f:3: </runer> does not match <runner> of line 1" },
	{ "<runner>\n<eventlog>\n</runner>\n",
	    "f:3: </runner> does not match <eventlog> of line 2" },
	{ "<runner>\n program a\n", "f:1: section 'runner' is not closed" },
	{ "<runner/>\n</runner>\n",
	    "f:2: there is no section for </runner> to close" },
	{ "<runner\n</runner>\n",
	    "f:1: '<runner' does not end in >\n"
	    "f:2: there is no section for </runner> to close" },
	{ "<runner a b>\n</runner>\n",
	    "f:1: '<runner a b>' is not of the form <section>\n"
	    "f:2: there is no section for </runner> to close" },
	{ "<>\n<runner/>\n", "f:1: '<>' is not of the form <section>" },
	{ "<runner>\n program a\n Program b\n</runner>\n",
	    "f:3: 'program' is set a second time; the first is in f:2" },
	{ "<runner/>\n<runner/>\n", "f:2: a second section 'runner'" },
	{ "<runner>\n program $nope\n</runner>\n",
	    "f:2: '$nope' is not defined" },
	{ "%define home /x\n<runner>\n program $hme\n</runner>\n",
	    "f:3: '$hme' is not defined; did you mean '$home'?" },
	{ "<runner>\n program $\n</runner>\n", "f:2: '$' is not of the form" },
	{ "<runner>\n program ${a\n</runner>\n",
	    "f:2: '${a' is not of the form" },
	{ "<runner>\n program $(NO_SUCH_THING)\n</runner>\n",
	    "f:2: the environment has no variable 'NO_SUCH_THING'" },
	{ "%define a b\n%define A c\n<runner/>\n",
	    "f:2: 'A' is defined already, as 'b'" },
	{ "%define 1a b\n<runner/>\n", "f:1: '1a' cannot be defined" },
	{ "%define\n<runner/>\n", "f:1: nothing follows '%define'" },
	{ "%import x\n<runner/>\n", "f:1: %import is not supported" },
	{ "%includ x\n<runner/>\n", "f:1: '%includ' is not one of" },
	{ "%include /nonexistent/x\n<runner/>\n",
	    "f:1: unable to open '/nonexistent/x'" },
	{ "<runner>\n umask\n</runner>\n", "f:2: umask: '' is not an octal" },
	{ "<runner>\n program\n</runner>\n", "f:2: program: the value is" },
	{ "<runner>\n (x) y\n</runner>\n", "f:2: '(x) y' is not of the form" },
};

static void
test_wrong(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		parse(wrong[i].text);
		must_say(wrong[i].problems, wrong[i].text);
		done();
	}
}

static void
test_seven_faults(void **unused)
{
	static const char text[] = "# seven of them\n"
				   "runner {\n"
				   "	program = sleep 100\n"
				   "	umask = 999\n"
				   "	backof-limit = 3	// a comment\n"
				   "	transcript = \"log\n"
				   "	daemon = maybe\n"
				   "	daemon = on\n"
				   "}\n"
				   "enviroment {\n"
				   "	A = b\n"
				   "}\n";

	(void)unused;
	parse(text);
	must_say(
	    "f:3: 'program' has more than one value\n"
	    "f:4: umask: \n"
	    "f:5: unknown key 'backof-limit'\n"
	    "f:6: the quote is not closed\n"
	    "f:7: daemon: 'maybe'\n"
	    "f:8: 'daemon' is set a second time\n"
	    "f:10: unknown section 'enviroment' at top level; did you mean "
	    "'environment'?",
	    text);
	assert_int_equal(problems.errors, 7);
	done();
}

/* --- what is right
 * ------------------------------------------------------------- */

static void
check_words(const struct words *words, ...)
{
	const char *expected;
	size_t i = 0;
	va_list ap;

	va_start(ap, words);
	while ((expected = va_arg(ap, const char *)) != NULL) {
		assert_true(i < words->count);
		assert_string_equal(words->word[i++], expected);
	}
	va_end(ap);
	assert_int_equal(words->count, i);
}

static const char *
variable(const char *name)
{
	size_t i;

	for (i = 0; i < runner.environment.count; i++)
		if (strcmp(runner.environment.pair[i].name, name) == 0)
			return runner.environment.pair[i].value;
	fail_msg("no variable %s", name);
	return NULL;
}

static void
test_native(void **unused)
{
	static const char text[] =
	    "\xef\xbb\xbf/* all\n of it */ runner\n{\n"
	    "	program = {	# a list\n"
	    "		\"sh\", '-c',\n"
	    "		\"echo \\\"$X\\\" \\\n"
	    "done\",\n"
	    "	}\n"
	    "	socket-name = /tmp/a-b_c.d@e~f%g;h|i<j>k[l]m!n?o&p$q\r\n"
	    "	exit-codes = {} umask = 27 daemon = OFF\n"
	    "	start-test-program = \"test 'a b' c\\\\ d\"\n"
	    "	stop-timeout = 5m start-timeout = \"1h30m\"\n"
	    "	prompt = 'a\\'b\\\\c\\n${HOME}'\n"
	    "	logfile = ${HOME}\n"
	    "	transcript = \"${HOME}/${NO_SUCH_THING:-x}\\x41\\102\\t\"\n"
	    "	directory = a//b\n"
	    "}\n"
	    "environment { HOME = \"/x\" home = 'y' 'A B' = c#d\n"
	    "	include = z include-me = \"\" }\n"
	    "eventlog { level = DEBUG\n"
	    "	logfile { path = STDOUT level = 17\n"
	    "		dateformat = %H\n"
	    "		format = \"%(message)s\\n\" }\n"
	    "	logfile { path = b } syslog { facility = daemon } }";

	(void)unused;
	assert_int_equal(setenv("HOME", "/home/foo", 1), 0);
	parse(text);
	must_be_good(text);
	check_words(&runner.program, "sh", "-c", "echo \"$X\" done", NULL);
	assert_string_equal(
	    runner.socket_name, "/tmp/a-b_c.d@e~f%g;h|i<j>k[l]m!n?o&p$q");
	assert_int_equal(runner.exit_codes.count, 0);
	assert_int_equal(runner.umask, 027);
	assert_false(runner.daemon);
	check_words(&runner.start_test_program, "test", "a b", "c d", NULL);
	assert_int_equal(runner.stop_timeout, 300000);
	assert_int_equal(runner.start_timeout, 5400000);
	assert_string_equal(runner.prompt, "a'b\\c\\n${HOME}");
	assert_string_equal(runner.logfile, "/home/foo");
	assert_string_equal(runner.transcript, "/home/foo/xAB\t");
	assert_string_equal(runner.directory, "a//b");
	assert_int_equal(runner.environment.count, 5);
	assert_string_equal(variable("HOME"), "/x");
	assert_string_equal(variable("home"), "y");
	assert_string_equal(variable("A B"), "c");
	assert_string_equal(variable("include"), "z");
	assert_string_equal(variable("include-me"), "");
	assert_int_equal(runner.eventlog.level, 10);
	assert_int_equal(runner.eventlog.count, 3);
	assert_string_equal(runner.eventlog.target[0].path, "STDOUT");
	assert_int_equal(runner.eventlog.target[0].level, 17);
	assert_string_equal(runner.eventlog.target[0].dateformat, "%H");
	assert_string_equal(runner.eventlog.target[0].format, "%(message)s\n");
	assert_string_equal(runner.eventlog.target[1].path, "b");
	assert_int_equal(runner.eventlog.target[2].kind, LOGTARGET_SYSLOG);
	assert_string_equal(runner.eventlog.target[2].facility, "daemon");
	assert_int_equal(program_origin(&runner)->line, 4);
	done();
}

static void
test_zconfig(void **unused)
{
	static const char
	    text[] = "\xef\xbb\xbf# zdaemon\r\n\r\n"
		     "%define Home /home/foo\n"
		     "%define log ${HOME}/log\n"
		     "%define empty\n"
		     "<Runner Main>\r\n"
		     "  Program  sleep 100 it's \"q\" $$x {a=b} #c \\n \r\n"
		     "	SOCKET-NAME\t$log/so ck\n"
		     "  exit-codes\n"
		     "  # a comment\n"
		     "  umask 27\n"
		     "  daemon OFF\n"
		     "  backoff-limit 010\n"
		     "  prompt $(PROMPT)$empty>\n"
		     "</RUNNER >\n"
		     "<environment>\n"
		     "  Path /bin:$$Path#x\n"
		     "  path 'x'\n"
		     "  EMPTY\n"
		     "</environment>\n"
		     "<eventlog>\n"
		     "  level warn\n"
		     "  <logfile>\n"
		     "    path STDERR\n"
		     "    format %(levelname)s\\n%(message)s\n"
		     "    max-size 10MB\n"
		     "  </logfile>\n"
		     "  <syslog />\n"
		     "  <email-notifier>\n"
		     "    to a\n"
		     "    to b\n"
		     "  </email-notifier>\n"
		     "</eventlog>";

	(void)unused;
	assert_int_equal(setenv("PROMPT", "p'\\", 1), 0);
	parse(text);
	must_be_good(text);
	must_say("f:26: 'max-size' is accepted and ignored\n"
		 "f:29: section 'email-notifier' is ignored",
	    text);
	check_words(&runner.program, "sleep", "100", "it's", "\"q\"", "$x",
	    "{a=b}", "#c", "\\n", NULL);
	assert_string_equal(runner.socket_name, "/home/foo/log/so ck");
	assert_int_equal(runner.exit_codes.count, 0);
	assert_int_equal(runner.umask, 027);
	assert_int_equal(runner.backoff_limit, 10);
	assert_false(runner.daemon);
	assert_string_equal(runner.prompt, "p'\\>");
	assert_string_equal(variable("Path"), "/bin:$Path#x");
	assert_string_equal(variable("path"), "'x'");
	assert_string_equal(variable("EMPTY"), "");
	assert_int_equal(runner.eventlog.level, 30);
	assert_string_equal(
	    runner.eventlog.target[0].format, "%(levelname)s\n%(message)s");
	assert_int_equal(runner.eventlog.count, 2);
	assert_int_equal(program_origin(&runner)->line, 7);
	done();
}

static void
test_inner_eventlog_wins(void **unused)
{
	static const char text[] =
	    "<runner>\n<eventlog>\nlevel error\n"
	    "<logfile>\npath in\n</logfile>\n</eventlog>\n</runner>\n"
	    "<eventlog>\nlevel debug\n<logfile>\npath out\n</logfile>\n"
	    "</eventlog>\n";

	(void)unused;
	parse(text);
	must_be_good(text);
	assert_int_equal(runner.eventlog.level, 40);
	assert_int_equal(runner.eventlog.count, 1);
	assert_string_equal(runner.eventlog.target[0].path, "in");
	done();
}

static void
test_skip_unknown(void **unused)
{
	static const char
	    zconfig[] = "instancehome /x\n<zeo>\n address 1\n"
			"<deep>\n level nope\n level nope\n</deep>\n</zeo>\n"
			"<runner>\n program a\n</runner>\n";
	static const char native[] = "instance = x\nzeo \"a\" {\n b = {1, 2}\n"
				     "c { }\n}\nrunner { program = a }\n";

	(void)unused;
	parse_bytes(zconfig, strlen(zconfig), 1);
	must_say("f:1: key 'instancehome' is skipped\n"
		 "f:2: section 'zeo' is skipped",
	    zconfig);
	check_words(&runner.program, "a", NULL);
	done();
	parse_bytes(native, strlen(native), 1);
	must_say("f:1: key 'instance' is skipped\n"
		 "f:2: section 'zeo' is skipped",
	    native);
	check_words(&runner.program, "a", NULL);
	done();
	/* inside a section nothing is skipped */
	parse_bytes("runner { xyzzy = 1 }", 20, 1);
	must_say("f:1: unknown key 'xyzzy' in runner", "");
	done();
}

static void
test_unset_variable(void **unused)
{
	static const char
	    text[] = "runner {\n prompt = \"a${NO_SUCH_THING}b\"\n"
		     "}\n";

	(void)unused;
	parse(text);
	must_be_good(text);
	must_say("f:2: the environment has no variable 'NO_SUCH_THING'", text);
	assert_int_equal(problems.problem[0].severity, SEVERITY_WARNING);
	assert_string_equal(runner.prompt, "ab");
	done();
}

static void
test_good_values_stay(void **unused)
{
	(void)unused;
	parse("runner {\n program = a\n umask = 9\n nope = 1\n"
	      " backoff-limit = 3\n}\nenvironment { A = b }\n");
	assert_int_equal(problems.errors, 2);
	check_words(&runner.program, "a", NULL);
	assert_int_equal(runner.umask, 022);
	assert_int_equal(runner.backoff_limit, 3);
	assert_string_equal(variable("A"), "b");
	done();
}

/* --- bounds
 * ---------------------------------------------------------------------- */

/* before, piece count times with its number for each @, after. */
static char *
repeated(const char *before, const char *piece, size_t count, const char *after)
{
	char *text;
	const char *c;
	size_t i, len;
	FILE *out;

	assert_non_null(out = open_memstream(&text, &len));
	fputs(before, out);
	for (i = 0; i < count; i++)
		for (c = piece; *c != '\0'; c++)
			if (*c == '@')
				fprintf(out, "%zu", i);
			else
				putc(*c, out);
	fputs(after, out);
	fclose(out);
	return text;
}

/* What a text says. */
static void
check_bound(char *text, const char *expected)
{
	parse(text);
	must_say(expected, text);
	free(text);
	done();
}

static void
test_bounds(void **unused)
{
	(void)unused;
	check_bound(
	    repeated("runner { }\nenvironment {\n", "K@ = v\n", 20000, "}\n"),
	    "f:2: section 'environment' has 20000 keys; 1000 are");
	check_bound(repeated("<environment>\n", "K@ v\n", 20000,
			"</environment>\n<runner/>\n"),
	    "f:1: section 'environment' has 20000 keys; 1000 are");
	check_bound(
	    repeated("runner { }\nenvironment {\n", "K@ = v\n", 1000, "}\n"),
	    "");
	check_bound(repeated("", "runner {\n", 100000, ""),
	    "f:17: sections are nested too deeply");
	check_bound(repeated("", "<a>\n", 100000, ""),
	    "f:17: sections are nested too deeply");
	check_bound(repeated("", "a=1\n", 100000, ""),
	    "f:50001: too many keys and sections");
	check_bound(repeated("runner { prompt = \"", "x", 10000, "\" }"),
	    "f:1: prompt: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is "
	    "longer than 1023 bytes");
	check_bound(repeated("runner { prompt = \"", "x", 1000000, "\" }"),
	    "f:1: the value is longer than 65536 bytes");
	check_bound(repeated("runner { }\neventlog {\n",
			"logfile { path = x }\n", 33, "}\n"),
	    "f:35: more than 32 logs");
	check_bound(
	    repeated("<runner>\nprogram ", "a ", 4096, "\n</runner>\n"), "");
	check_bound(repeated("<runner>\nprogram ", "a ", 4097, "\n</runner>\n"),
	    "f:2: 'program' has more than 4096 words");
	check_bound(
	    repeated("runner {\nprogram = {", "a,", 4096, "}\n}\n"), "");
	check_bound(repeated("runner {\nprogram = {", "a,\n", 100000, "} }\n"),
	    "f:2: 'program' has more than 4096 words");
}

/* Each definition doubles the one before. */
static void
test_definitions_are_bounded(void **unused)
{
	char *text, *found;
	size_t i, len;
	FILE *out;

	(void)unused;
	assert_non_null(out = open_memstream(&text, &len));
	fputs("%define a0 0123456789abcdef\n", out);
	for (i = 1; i < 40; i++)
		fprintf(out, "%%define a%zu $a%zu$a%zu\n", i, i - 1, i - 1);
	fputs("<runner/>\n", out);
	fclose(out);
	parse(text);
	found = all_problems();
	assert_non_null(
	    strstr(found, "f:14: the value is longer than 65536 bytes\n"));
	free(found);
	free(text);
	done();
}

/* What is defined counts as what is set does. */
static void
test_definitions_are_bounded_together(void **unused)
{
	char *value = repeated("", "x", 60000, "");
	char *text = repeated(
	    "", "%define a@ $(ZD_TEST_LONG)\n", 100, "<runner/>\n");

	(void)unused;
	assert_int_equal(setenv("ZD_TEST_LONG", value, 1), 0);
	check_bound(text, "f:70: the values are too large together");
	assert_int_equal(unsetenv("ZD_TEST_LONG"), 0);
	free(value);
}

/* However much is wrong, there is an end to it. */
static void
test_errors_are_bounded(void **unused)
{
	char *text = repeated("runner {\n", "nope@ = 1\n", 30000, "}\n");
	(void)unused;
	parse(text);
	assert_in_range(problems.errors, 7, 101);
	done();
	free(text);
	text = repeated("", "}", 1000000, "");
	parse(text);
	assert_in_range(problems.errors, 7, 101);
	free(text);
	done();
}

static void
test_no_text(void **unused)
{
	static const char nul[] = "runner {\n prompt = \"a\0b\"\n}\n";

	(void)unused;
	parse_bytes(nul, sizeof(nul) - 1, 0);
	must_say("f:2: a NUL byte: this is no text file", nul);
	done();
	parse_bytes("\0\0\0", 3, 0);
	must_say("f:1: a NUL byte: this is no text file", "");
	done();
}

/* What is in a message comes from the file: a terminal must survive it. */
static void
test_messages_are_visible(void **unused)
{
	(void)unused;
	parse("runner {\n \"\x1b[2Jx\" = 1\n}\n");
	must_say("f:2: unknown key '^[[2Jx' in runner", "");
	done();
}

/* Random text: whatever it says, it comes back. */
static void
test_random_text(void **unused)
{
	static const char *const piece[] = { "runner", "{", "}", "=", "\n",
		"\"", "'", "program", "eventlog", "logfile", "<", ">", "/",
		"%define", "%include", "include", "$", "${", "#", "//", "/*",
		"*/", ",", "+=", "(", ")", "\\", " ", "a", "\t", "environment",
		"-", "\xff", "exit-codes", "0", "*" };
	char text[600];
	uint32_t state = 7;
	int round;
	size_t i, n;

	(void)unused;
	for (round = 0; round < 20000; round++) {
		text[0] = '\0';
		if (round % 3 == 0)
			strcpy(text, "<runner>\n");
		for (i = 0; i < (size_t)round % 40; i++) {
			state = state * 1664525 + 1013904223;
			n = (state >> 8) % (sizeof(piece) / sizeof(piece[0]));
			strcat(text, piece[n]);
		}
		parse(text);
		done();
	}
}

/* --- files
 * ---------------------------------------------------------------------- */

static void
write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static void
check_file(const char *path, const char *expected)
{
	read_file(path);
	must_say(expected, path);
	done();
}

static void
test_odd_files(void **unused)
{
	int fd;

	(void)unused;
	check_file("missing", "unable to open 'missing': No such file");
	check_file(".", "unable to open '.': it is a directory");
	check_file("/dev/zero", "unable to open '/dev/zero': it is a device");
	check_file("/dev/null", "unable to open '/dev/null': it is a device");
	check_file("http://x/y", "unable to open 'http://x/y': only local");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	check_file("fifo", "unable to open 'fifo': it is a FIFO");
	assert_true((fd = open("big", O_WRONLY | O_CREAT, 0600)) != -1);
	assert_int_equal(ftruncate(fd, 1 << 30), 0);
	close(fd);
	check_file("big", "unable to open 'big': it is larger than");
	write_file("inc",
	    "include \".\"\ninclude \"/dev/zero\"\n"
	    "include \"big\"\nrunner { }\n");
	check_file("inc",
	    "inc:1: unable to open '.': it is a directory\n"
	    "inc:2: unable to open '/dev/zero': it is a device\n"
	    "inc:3: unable to open 'big': it is larger than");
	unlink("big");
}

static void
test_file_names(void **unused)
{
	char cwd[4096], url[4200];

	(void)unused;
	write_file("a file", "runner { program = a }\n");
	check_file("a file", "");
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(url, sizeof(url), "file://%s/a file", cwd);
	check_file(url, "");
	check_file("file:a file", "");
}

static void
test_includes(void **unused)
{
	(void)unused;
	mkdir("sub", 0700);
	write_file("top",
	    "runner {\n include \"sub/one\"\n umask = 9\n}\n"
	    "include(\"sub/two\")\n");
	write_file("sub/one", "# comment\nprogram = a\ninclude \"three\"\n");
	write_file("sub/two", "environment { A = b }\n");
	write_file("sub/three", "\ndaemon = maybe\n");
	read_file("top");
	must_say("sub/three:2: daemon: 'maybe'\ntop:3: umask: '9'", "top");
	check_words(&runner.program, "a", NULL);
	assert_string_equal(program_origin(&runner)->file, "sub/one");
	assert_int_equal(program_origin(&runner)->line, 2);
	assert_string_equal(variable("A"), "b");
	done();

	write_file("ztop",
	    "%define x 1\n<runner>\n%include sub/zone\n"
	    "umask 9\n</runner>\n");
	write_file("sub/zone", "program a $x\n%define y 2\n%include ztwo\n");
	write_file("sub/ztwo", "backoff-limit $y\ndaemon maybe\n");
	read_file("ztop");
	must_say("sub/ztwo:2: daemon: 'maybe'\nztop:4: umask: '9'", "ztop");
	check_words(&runner.program, "a", "1", NULL);
	assert_int_equal(runner.backoff_limit, 2);
	done();
}

static void
test_include_bounds(void **unused)
{
	char name[16], text[64];
	int i;

	(void)unused;
	write_file("loop", "runner { }\ninclude \"loop\"\n");
	check_file("loop", "loop:2: the file includes itself");
	write_file("loop1", "<runner/>\n%include loop2\n");
	write_file("loop2", "\n\n%include loop1\n");
	check_file("loop1", "loop2:3: the file includes itself");
	for (i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "deep%d", i);
		snprintf(text, sizeof(text), "include \"deep%d\"\n", i + 1);
		write_file(name, text);
	}
	check_file("deep0", "deep10:1: too many files include each other");
	/* each file must close what it opens */
	write_file("half", "runner {\n include \"rest\"\n}\n");
	write_file("rest", "program = a\n}\neventlog {\n");
	check_file("half",
	    "rest:2: there is no section for this '}' to "
	    "close\nrest:3: section 'eventlog' is not closed");
}

static void
test_rights(void **unused)
{
	(void)unused;
	if (geteuid() != 0)
		skip();
	write_file("rights", "runner { program = a }\n");
	assert_int_equal(chmod("rights", 0602), 0);
	check_file("rights", "rights: refusing a world-writable configuration "
			    "(chmod o-w rights)");
	write_file("includes", "runner { }\ninclude \"rights\"\n");
	check_file("includes", "includes:2: rights: refusing a world-writable "
			      "configuration");
	assert_int_equal(chmod("rights", 0660), 0);
	check_file("rights", "rights: the file may be written by its group");
	assert_int_equal(chmod("rights", 0600), 0);
	assert_int_equal(chown("rights", 12345, 0), 0);
	check_file("rights", "rights: the file belongs to another user");
}

/* --- across keys, and against the system
 * ------------------------------------------- */

static void
test_check(void **unused)
{
	static const char
	    text[] = "runner {\n"
		     " directory = /no/such/place\n"
		     " socket-name = /no/such/place/sock\n"
		     " user = no-such-user\n"
		     " logfile = /no/such/log\n"
		     "}\neventlog { logfile {\n path = /no/such/log\n} }\n";

	(void)unused;
	parse(text);
	must_be_good(text);
	assert_false(options_check(&runner, "f", true, &problems));
	options_try(&runner, &problems);
	problems_sort(&problems);
	must_say(
	    "f: no program specified; use -p or the key program\n"
	    "f:2: directory: '/no/such/place' is not an existing directory\n"
	    "f:3: socket-name: '/no/such/place/sock' is in a directory\n"
	    "f:4: username 'no-such-user' not found\n"
	    "f:5: logfile: '/no/such/log' is in a directory\n"
	    "f:7: path: unable to open '/no/such/log': No such file",
	    text);
	assert_int_equal(problems.errors, 5);
	done();
}

static void
test_check_is_content(void **unused)
{
	static const char
	    text[] = "runner {\n directory = new\n"
		     " socket-name = run/sock\n transcript = log\n}\n";

	(void)unused;
	parse(text);
	assert_true(options_check(&runner, "f", false, &problems));
	must_say("", text);
	assert_false(options_check(&runner, NULL, true, &problems));
	must_say("no program specified; use -p or -C", text);
	done();
}

static void
test_check_effects(void **unused)
{
	static const char text[] = "runner {\n daemon = off\n directory = .\n"
				   " transcript = x\n}\neventlog { syslog {\n"
				   " address = \"localhost:514\"\n} }\n";

	(void)unused;
	parse(text);
	assert_true(options_check(&runner, "f", false, &problems));
	problems_sort(&problems);
	must_say("f:3: directory: '.' has no effect when daemon is off\n"
		 "f:4: transcript: 'x' has no effect when daemon is off\n"
		 "f:6: address: 'localhost:514' is no local socket",
	    text);
	done();
}

/* --- problems
 * ------------------------------------------------------------------------ */

static void
test_problems(void **unused)
{
	char *text;
	int i;

	(void)unused;
	problems_init(&problems);
	assert_null(problems_first(&problems));
	problems_add(&problems, SEVERITY_NOTICE, "b", 3, "one");
	problems_add(&problems, SEVERITY_ERROR, "b", 2, "two");
	problems_add(&problems, SEVERITY_ERROR, "a", 1, "three");
	problems_add(&problems, SEVERITY_WARNING, "b", 2, "four\n");
	problems_add(&problems, SEVERITY_ERROR, NULL, 0, "five");
	assert_int_equal(problems.errors, 3);
	problems_sort(&problems);
	must_say("b:2: two\nb:2: four^J\nb:3: one\na:1: three\nfive", "");
	assert_non_null(text = problems_first(&problems));
	assert_string_equal(text, "b:2: two");
	free(text);
	for (i = 0; i < 2000; i++)
		problems_add(&problems, SEVERITY_ERROR, NULL, 0, "more");
	assert_int_equal(problems.count, 1000);
	assert_int_equal(problems.errors, 2003);
	problems_free(&problems);
}

/* A directory of its own, with a blank in its name. */
static int
enter_scratch(void **unused)
{
	static char path[] = "/tmp/test conf XXXXXX";

	*unused = path;
	return mkdtemp(path) == NULL ? -1 : chdir(path);
}

static int
leave_scratch(void **path)
{
	static const char *const file[] = { "fifo", "inc", "a file", "top",
		"ztop", "loop", "loop1", "loop2", "half", "rest", "rights",
		"includes", "sub/one", "sub/two", "sub/three", "sub/zone",
		"sub/ztwo", "sub", "deep0", "deep1", "deep2", "deep3", "deep4",
		"deep5", "deep6", "deep7", "deep8", "deep9", "deep10",
		"deep11" };
	size_t i;

	for (i = 0; i < sizeof(file) / sizeof(file[0]); i++)
		(void)remove(file[i]);
	return chdir("/") == -1 ? -1 : rmdir(*path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_seven_faults),
		cmocka_unit_test(test_native),
		cmocka_unit_test(test_zconfig),
		cmocka_unit_test(test_inner_eventlog_wins),
		cmocka_unit_test(test_skip_unknown),
		cmocka_unit_test(test_unset_variable),
		cmocka_unit_test(test_good_values_stay),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_definitions_are_bounded),
		cmocka_unit_test(test_definitions_are_bounded_together),
		cmocka_unit_test(test_errors_are_bounded),
		cmocka_unit_test(test_no_text),
		cmocka_unit_test(test_messages_are_visible),
		cmocka_unit_test(test_random_text),
		cmocka_unit_test(test_odd_files),
		cmocka_unit_test(test_file_names),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_include_bounds),
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_is_content),
		cmocka_unit_test(test_check_effects),
		cmocka_unit_test(test_problems),
	};

	alarm(300); /* nothing may hang */
	return cmocka_run_group_tests_name(
	    "conf", tests, enter_scratch, leave_scratch);
}
