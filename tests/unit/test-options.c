/*
 * The option table and its setter, native printing, the handover, and the
 * documents that the table writes.
 */
#include "config.h"

#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "options/conf.h"
#include "options/document.h"
#include "options/handover.h"
#include "options/paths.h"
#include "options/print.h"
#include "options/schedule.h"

static const struct origin typed = { ORIGIN_CMDLINE, NULL, 0 };

/* --- random values ----------------------------------------------------------
 */

/* A generator of its own, so that a failure can be repeated. */
static uint32_t state = 1;

static uint32_t
roll(uint32_t sides)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % sides;
}

/* Text with much that quoting could stumble over. */
static char *
random_text(size_t low, size_t high)
{
	static const char nasty[] = "\"'\\$#{}()=+,*%~ \t\n\r";
	size_t i, len = low + roll((uint32_t)(high - low + 1));
	char *text = malloc(len + 1);

	assert_non_null(text);
	for (i = 0; i < len; i++) {
		switch (roll(4)) {
		case 0:
			text[i] = nasty[roll(sizeof(nasty) - 1)];
			break;
		case 1:
			text[i] = (char)(1 + roll(255));
			break;
		default:
			text[i] = (char)('a' + roll(26));
			break;
		}
	}
	if (len > 2 && roll(4) == 0)
		memcpy(text, "${", 2);
	text[len] = '\0';
	return text;
}

static char *
random_words(void)
{
	struct words words = { NULL, 0 };
	size_t i, count = 1 + roll(5);
	char *text;

	for (i = 0; i < count; i++) {
		text = random_text(0, 12);
		assert_int_equal(words_add(&words, text), 0);
		free(text);
	}
	text = words_quote(&words);
	words_free(&words);
	return text;
}

static char *
random_codes(void)
{
	char buf[256] = "", code[16];
	size_t i, count = roll(6);

	for (i = 0; i < count; i++) {
		snprintf(
		    code, sizeof(code), "%s%u", i == 0 ? "" : ",", roll(256));
		strcat(buf, code);
	}
	return strdup(buf);
}

static char *
random_format(void)
{
	static const char *const piece[] = { "%(message)s", "%(asctime)s",
		"%(levelno)03d", "%%", "\\n", "\n", "------", " ", "\"", "\\",
		"${", "#" };
	char buf[256] = "x";
	size_t i, count = roll(8);

	for (i = 0; i < count; i++)
		strcat(buf, piece[roll(sizeof(piece) / sizeof(piece[0]))]);
	return strdup(buf);
}

static char *
random_pairs(void)
{
	static const char name[] = "ABab09_-.'\"\\${}#|() ";
	struct words words = { NULL, 0 };
	char pair[64], *text;
	size_t i, j, count = roll(5), len;

	for (i = 0; i < count; i++) {
		len = 1 + roll(8);
		for (j = 0; j < len; j++)
			pair[j] = name[roll(sizeof(name) - 1)];
		text = random_text(0, 20);
		snprintf(pair + len, sizeof(pair) - len, "=%s", text);
		assert_int_equal(words_add(&words, pair), 0);
		free(text);
	}
	text = words_quote(&words);
	words_free(&words);
	return text;
}

static char *
random_number(const struct option_row *row)
{
	unsigned long long span = (unsigned long long)(row->high - row->low);
	char buf[32];

	snprintf(buf, sizeof(buf),
	    row->type == OPTION_OCTAL        ? "%llo" :
		row->type == OPTION_DURATION ? "%lldms" :
					       "%lld",
	    row->low +
		(long long)(((unsigned long long)roll(UINT32_MAX) << 20 |
				roll(1 << 20)) %
		    (span + 1)));
	return strdup(buf);
}

/* One of the words, in a case of its own. */
static char *
random_choice(const char *choices)
{
	struct words words;
	char *chosen;

	assert_int_equal(words_split_blank(&words, choices, NULL), 0);
	chosen = strdup(words.word[roll((unsigned int)words.count)]);
	assert_non_null(chosen);
	if (roll(2))
		chosen[0] = (char)toupper((unsigned char)chosen[0]);
	words_free(&words);
	return chosen;
}

/* Some text that a row accepts. */
static char *
random_value(const struct option_row *row)
{
	switch (row->type) {
	case OPTION_BOOL:
		return strdup(roll(2) ? "yes" : "False");
	case OPTION_NUMBER:
	case OPTION_OCTAL:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_LEVEL:
		return random_number(row);
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
		return random_text((size_t)row->low, 40);
	case OPTION_CHOICE:
		return random_choice(row->choices);
	case OPTION_RIGHTS:
		return strdup(roll(2) ? "0640" : "666");
	case OPTION_SIGNAL:
		return strdup(roll(2) ? "sigusr1" : "3");
	case OPTION_SCHEDULE:
		return strdup(roll(2) ? "TERM/1m/KILL" : "9/0.5/HUP/3");
	case OPTION_FORMAT:
		return random_format();
	case OPTION_WORDS:
		return random_words();
	case OPTION_CODES:
		return random_codes();
	case OPTION_PAIRS:
		return random_pairs();
	}
	return NULL;
}

static void
must_set(struct runner *runner, const struct option_row *row, const char *text)
{
	char *cause = NULL;

	if (option_set(runner, row, NULL, text, &typed, &cause) == -1)
		fail_msg("%s = %s: %s", row->name, text, cause);
}

/* Sets about half of the rows of runner, and those of a new target. */
static void
set_randomly(struct runner *runner, const char *section)
{
	const struct option_row *row;
	char *text;
	size_t i;

	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (section == NULL ? option_is_target(row, NULL) :
				      strcmp(row->section, section) != 0)
			continue;
		/* a log file has a path; the event log has a section */
		if (strcmp(row->name, "path") != 0 && roll(2) == 0)
			continue;
		if (strcmp(row->section, "eventlog") == 0)
			assert_int_equal(
			    option_begin(runner, "eventlog", &typed, NULL), 0);
		text = random_value(row);
		must_set(runner, row, text);
		free(text);
	}
}

static void
random_runner(struct runner *runner)
{
	static const char *const section[] = { "eventlog.logfile",
		"eventlog.syslog" };
	size_t i, count = roll(4);
	const char *name;

	assert_int_equal(runner_init(runner, NULL), 0);
	set_randomly(runner, NULL);
	for (i = 0; i < count; i++) {
		name = section[roll(2)];
		assert_int_equal(option_begin(runner, name, &typed, NULL), 0);
		set_randomly(runner, name);
	}
}

static void
same_row(const void *a, const void *b, const struct option_row *row)
{
	char *first = option_print(a, row), *second = option_print(b, row);

	if ((first == NULL) != (second == NULL) ||
	    (first != NULL && strcmp(first, second) != 0))
		fail_msg("%s.%s: '%s' became '%s'", row->section, row->name,
		    first, second);
	free(first);
	free(second);
}

/* Whether two runners are equal in what satisfies where. */
static void
same_runner(
    const struct runner *a, const struct runner *b, unsigned int without)
{
	const struct option_row *row;
	size_t i, j;

	assert_int_equal(a->eventlog.present, b->eventlog.present);
	assert_int_equal(a->eventlog.count, b->eventlog.count);
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (!option_is_target(row, NULL) && !(row->where & without))
			same_row(a, b, row);
	}
	for (j = 0; j < a->eventlog.count; j++) {
		assert_int_equal(
		    a->eventlog.target[j].kind, b->eventlog.target[j].kind);
		for (i = 0; i < option_count; i++)
			if (option_is_target(
				&option_table[i], &a->eventlog.target[j]))
				same_row(&a->eventlog.target[j],
				    &b->eventlog.target[j], &option_table[i]);
	}
}

/* --- the table ---------------------------------------------------------------
 */

static void
test_rows_are_whole(void **unused)
{
	const struct option_row *row;
	size_t i, j;

	(void)unused;
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		assert_non_null(row->section);
		assert_non_null(row->name);
		assert_non_null(row->summary);
		assert_non_null(row->help);
		assert_true(row->where & OPTION_CONF);
		assert_true(row->type == OPTION_BOOL || row->argument != NULL);
		assert_true(row->type != OPTION_CHOICE || row->choices != NULL);
		assert_true(row->low <= row->high);
		/* a sentence ends the help, none ends the summary */
		assert_int_equal(row->help[strlen(row->help) - 1], '.');
		assert_int_not_equal(
		    row->summary[strlen(row->summary) - 1], '.');
		assert_ptr_equal(option_find(row->section, row->name), row);
		for (j = 0; j < i; j++)
			assert_true(row->letter == 0 ||
			    row->letter != option_table[j].letter);
	}
	assert_null(option_find("runner", "nope"));
	assert_null(option_find("nope", "program"));
	assert_string_equal(
	    option_nearest("runner", "backof-limit"), "backoff-limit");
	assert_null(option_nearest("runner", "xyzzy"));
}

static void
test_defaults(void **unused)
{
	struct runner runner;
	char *cause = NULL;

	(void)unused;
	assert_int_equal(runner_init(&runner, &cause), 0);
	assert_null(cause);
	assert_int_equal(runner.program.count, 0);
	assert_string_equal(runner.socket_name, "zdsock");
	assert_true(runner.daemon);
	assert_null(runner.directory);
	assert_int_equal(runner.backoff_limit, 10);
	assert_false(runner.forever);
	assert_int_equal(runner.exit_codes.count, 2);
	assert_int_equal(runner.exit_codes.code[0], 0);
	assert_int_equal(runner.exit_codes.code[1], 2);
	assert_null(runner.user);
	assert_int_equal(runner.umask, 022);
	assert_false(runner.hang_around);
	assert_true(runner.default_to_interactive);
	assert_null(runner.logfile);
	assert_null(runner.transcript);
	assert_null(runner.prompt);
	assert_int_equal(runner.start_test_program.count, 0);
	assert_int_equal(runner.start_seconds, 250);
	assert_int_equal(runner.start_timeout, 300000);
	assert_int_equal(runner.stop_timeout, 300000);
	assert_int_equal(runner.kill_grace, 2000);
	assert_int_equal(runner.environment.count, 0);
	assert_false(runner.eventlog.present);
	assert_int_equal(runner.eventlog.level, 20);
	runner_free(&runner);
	runner_free(&runner);
}

static void
test_target_defaults(void **unused)
{
	struct runner runner;
	const struct logtarget *target;

	(void)unused;
	assert_int_equal(runner_init(&runner, NULL), 0);
	assert_int_equal(
	    option_begin(&runner, "eventlog.logfile", &typed, NULL), 0);
	assert_int_equal(
	    option_begin(&runner, "eventlog.syslog", &typed, NULL), 0);
	assert_true(runner.eventlog.present);
	target = &runner.eventlog.target[0];
	assert_null(target->path);
	assert_int_equal(target->level, 0);
	assert_string_equal(target->dateformat, "%Y-%m-%dT%H:%M:%S");
	assert_string_equal(target->format,
	    "------\n%(asctime)s %(levelname)s %(name)s %(message)s");
	target = &runner.eventlog.target[1];
	assert_string_equal(target->facility, "user");
	assert_string_equal(target->address, "/dev/log");
	assert_string_equal(target->format, "%(name)s %(message)s");
	runner_free(&runner);
}

/* --- the setter
 * --------------------------------------------------------------- */

/* name is SECTION/KEY; printed NULL: refused. */
struct example {
	const char *section, *name, *text, *printed;
};

static const struct example setter_example[] = {
	{ "runner", "daemon", "on", "on" },
	{ "runner", "daemon", "YES", "on" },
	{ "runner", "daemon", "True", "on" },
	{ "runner", "daemon", "off", "off" },
	{ "runner", "daemon", "no", "off" },
	{ "runner", "daemon", "FALSE", "off" },
	{ "runner", "daemon", "1", NULL },
	{ "runner", "daemon", "0", NULL },
	{ "runner", "daemon", "", NULL },
	{ "runner", "backoff-limit", "010", "10" },
	{ "runner", "backoff-limit", "-3", "-3" },
	{ "runner", "backoff-limit", "0x10", NULL },
	{ "runner", "backoff-limit", "1o", NULL },
	{ "runner", "backoff-limit", "", NULL },
	{ "runner", "backoff-limit", "4294967306", NULL },
	{ "runner", "backoff-limit", "2.5", NULL },
	{ "runner", "umask", "27", "027" },
	{ "runner", "umask", "0", "000" },
	{ "runner", "umask", "0777", "777" },
	{ "runner", "umask", "1777", NULL },
	{ "runner", "umask", "9", NULL },
	{ "runner", "umask", "rwx", NULL },
	{ "runner", "umask", "", NULL },
	{ "runner", "stop-timeout", "5m", "300" },
	{ "runner", "stop-timeout", "0.5", "0.5" },
	{ "runner", "stop-timeout", "1h30m", "5400" },
	{ "runner", "stop-timeout", "-1", NULL },
	{ "runner", "stop-timeout", "5 minutes", NULL },
	{ "runner", "stop-timeout", "99999d", NULL },
	{ "runner", "exit-codes", "0,2", "0,2" },
	{ "runner", "exit-codes", " 1 ,  3 ", "1,3" },
	{ "runner", "exit-codes", "1 3", NULL },
	{ "runner", "exit-codes", "", "" },
	{ "runner", "exit-codes", "0,,2", NULL },
	{ "runner", "exit-codes", "0,", NULL },
	{ "runner", "exit-codes", ",0", NULL },
	{ "runner", "exit-codes", "256", NULL },
	{ "runner", "exit-codes", "0,-1", "0,-1" },
	{ "runner", "exit-codes", "-2", NULL },
	{ "runner", "exit-codes", "a", NULL },
	{ "runner", "program", "sleep 100", "sleep 100" },
	{ "runner", "program", "a 'b c' \"d\\\"e\" f\\ g",
	    "a 'b c' 'd\"e' 'f g'" },
	{ "runner", "program", "", NULL },
	{ "runner", "program", "a 'b", NULL },
	{ "runner", "program", "a\\", NULL },
	{ "runner", "user", "", NULL },
	{ "runner", "prompt", "", "" },
	{ "runner", "socket-name", "", NULL },
	{ "runner", "directory", "~/x", "/home/foo/x" },
	{ "runner", "directory", "~", "/home/foo" },
	{ "runner", "directory", "~joe/x", "~joe/x" },
	{ "runner", "directory", "a~", "a~" },
	{ "eventlog", "level", "INFO", "info" },
	{ "eventlog", "level", "fatal", "critical" },
	{ "eventlog", "level", "warn", "warning" },
	{ "eventlog", "level", "0", "notset" },
	{ "eventlog", "level", "17", "17" },
	{ "eventlog", "level", "50", "critical" },
	{ "eventlog", "level", "51", NULL },
	{ "eventlog", "level", "-1", NULL },
	{ "eventlog", "level", "loud", NULL },
	{ "eventlog.logfile", "format", "%(message)s\\n", "%(message)s\n" },
	{ "eventlog.logfile", "format", "100%%", "100%%" },
	{ "eventlog.logfile", "format", "%(levelname)-8s", "%(levelname)-8s" },
	{ "eventlog.logfile", "format", "%(msecs)03.1f", "%(msecs)03.1f" },
	{ "eventlog.logfile", "format", "100%", NULL },
	{ "eventlog.logfile", "format", "%s", NULL },
	{ "eventlog.logfile", "format", "%(message)", NULL },
	{ "eventlog.logfile", "format", "%(message", NULL },
	{ "eventlog.logfile", "format", "%(nope)s", NULL },
	{ "eventlog.logfile", "format", "%(message)1000s", NULL },
	{ "eventlog.logfile", "format", "%(created).1000f", NULL },
	{ "eventlog.logfile", "format", "", NULL },
	{ "eventlog.syslog", "facility", "LOCAL7", "local7" },
	{ "eventlog.syslog", "facility", "local8", NULL },
	{ "eventlog.syslog", "facility", "local", NULL },
	{ "eventlog.syslog", "facility", "", NULL },
	{ "environment", "environment",
	    "A=b 'C D=e f' G=", "A=b 'C D=e f' G=" },
	{ "environment", "environment", "A", NULL },
	{ "environment", "environment", "=b", NULL },
};

static void
test_setter(void **unused)
{
	const struct option_row *row;
	const struct example *one;
	struct runner runner;
	char *cause, *printed;
	size_t i;
	int status;

	(void)unused;
	assert_int_equal(setenv("HOME", "/home/foo", 1), 0);
	for (i = 0; i < sizeof(setter_example) / sizeof(setter_example[0]);
	     i++) {
		one = &setter_example[i];
		row = option_find(one->section, one->name);
		assert_non_null(row);
		assert_int_equal(runner_init(&runner, NULL), 0);
		assert_int_equal(
		    option_begin(&runner, one->section, &typed, NULL), 0);
		cause = NULL;
		status = option_set(
		    &runner, row, NULL, one->text, &typed, &cause);
		if (status != (one->printed == NULL ? -1 : 0))
			fail_msg("%s = '%s': status %d, %s", one->name,
			    one->text, status, cause);
		assert_true((cause != NULL) == (status == -1));
		if (one->printed != NULL) {
			printed = option_print(option_is_target(row, NULL) ?
				(void *)runner.eventlog.target :
				(void *)&runner,
			    row);
			assert_string_equal(printed, one->printed);
			free(printed);
		}
		free(cause);
		runner_free(&runner);
	}
}

static void
test_failure_changes_nothing(void **unused)
{
	const struct option_row *row;
	struct runner runner, before;
	size_t i;

	(void)unused;
	random_runner(&before);
	assert_int_equal(runner_copy(&runner, &before, NULL), 0);
	for (i = 0; i < sizeof(setter_example) / sizeof(setter_example[0]);
	     i++) {
		if (setter_example[i].printed != NULL)
			continue;
		row = option_find(
		    setter_example[i].section, setter_example[i].name);
		if (option_is_target(row, NULL))
			continue;
		assert_int_equal(option_set(&runner, row, NULL,
				     setter_example[i].text, &typed, NULL),
		    -1);
		same_runner(&before, &runner, 0);
	}
	runner_free(&runner);
	runner_free(&before);
}

static void
test_strength(void **unused)
{
	static const struct origin conf = { ORIGIN_CONF, "f", 3 };
	static const struct origin override = { ORIGIN_OVERRIDE, NULL, 0 };
	const struct option_row *limit = option_find("runner", "backoff-limit");
	const struct option_row *variable = option_find("environment", "A");
	struct runner runner;
	char buf[32];

	(void)unused;
	assert_int_equal(runner_init(&runner, NULL), 0);
	assert_string_equal(
	    option_show_origin(option_origin(&runner, limit), buf, sizeof(buf)),
	    "default");
	assert_int_equal(option_set(&runner, limit, NULL, "5", &conf, NULL), 0);
	assert_int_equal(runner.backoff_limit, 5);
	assert_string_equal(
	    option_show_origin(option_origin(&runner, limit), buf, sizeof(buf)),
	    "f:3");
	assert_int_equal(
	    option_set(&runner, limit, NULL, "6", &override, NULL), 0);
	assert_int_equal(option_set(&runner, limit, NULL, "7", &conf, NULL), 0);
	assert_int_equal(runner.backoff_limit, 6);
	assert_string_equal(
	    option_show_origin(option_origin(&runner, limit), buf, sizeof(buf)),
	    "-X");
	assert_int_equal(
	    option_set(&runner, limit, NULL, "8", &typed, NULL), 0);
	assert_int_equal(runner.backoff_limit, 8);
	assert_string_equal(
	    option_show_origin(option_origin(&runner, limit), buf, sizeof(buf)),
	    "command line");

	assert_int_equal(
	    option_set(&runner, variable, "A", "1", &override, NULL), 0);
	assert_int_equal(
	    option_set(&runner, variable, "A", "2", &conf, NULL), 0);
	assert_int_equal(
	    option_set(&runner, variable, "B", "3", &conf, NULL), 0);
	assert_int_equal(runner.environment.count, 2);
	assert_string_equal(runner.environment.pair[0].value, "1");
	assert_string_equal(runner.environment.pair[1].value, "3");
	assert_string_equal(option_show_origin(option_origin(&runner, variable),
				buf, sizeof(buf)),
	    "-X");
	runner_free(&runner);
}

/* --- there and back
 * ------------------------------------------------------------ */

static void
test_setter_reads_what_it_prints(void **unused)
{
	struct runner first, second;
	const struct option_row *row;
	char *text;
	size_t i;
	int round;

	(void)unused;
	for (round = 0; round < 500; round++) {
		random_runner(&first);
		assert_int_equal(runner_init(&second, NULL), 0);
		for (i = 0; i < option_count; i++) {
			row = &option_table[i];
			if (option_is_target(row, NULL) ||
			    !option_is_set(&first, row))
				continue;
			text = option_print(&first, row);
			must_set(&second, row, text);
			same_row(&first, &second, row);
			free(text);
		}
		runner_free(&first);
		runner_free(&second);
	}
}

/* Reads native text that must be right into a fresh runner. */
static void
read_text(struct runner *runner, const char *text, size_t len)
{
	struct problems problems;
	char *first;

	assert_int_equal(runner_init(runner, NULL), 0);
	problems_init(&problems);
	conf_parse(runner, "printed", text, len, 0, &problems);
	first = problems_first(&problems);
	if (problems.errors != 0)
		fail_msg("%s in\n%s", first, text);
	free(first);
	problems_free(&problems);
}

static void
test_file_reads_what_it_prints(void **unused)
{
	struct runner first, second;
	char *text;
	size_t len;
	FILE *out;
	int round;

	(void)unused;
	for (round = 0; round < 500; round++) {
		random_runner(&first);
		out = open_memstream(&text, &len);
		assert_non_null(out);
		print_config(out, &first);
		fclose(out);
		read_text(&second, text, len);
		same_runner(&first, &second, 0);
		free(text);
		runner_free(&first);
		runner_free(&second);
	}
}

static void
test_copy(void **unused)
{
	static const char text[] =
	    "runner { program = a }\n"
	    "environment { A = b }\neventlog { logfile { path = STDOUT } }\n";
	const struct option_row *program = option_find("runner", "program");
	struct runner first, second;
	int round;

	(void)unused;
	for (round = 0; round < 50; round++) {
		random_runner(&first);
		assert_int_equal(runner_copy(&second, &first, NULL), 0);
		same_runner(&first, &second, 0);
		runner_free(&first);
		runner_free(&second);
	}
	/* the copy's file names outlive the original */
	read_text(&first, text, strlen(text));
	assert_int_equal(runner_copy(&second, &first, NULL), 0);
	runner_free(&first);
	assert_string_equal(
	    second.origin[program - option_table].file, "printed");
	assert_string_equal(second.environment.pair[0].origin.file, "printed");
	assert_string_equal(second.eventlog.target[0].origin.file, "printed");
	runner_free(&second);
}

static void
test_handover(void **unused)
{
	struct handover first, second;
	char *text, *cause = NULL;
	size_t len;
	int round;

	(void)unused;
	for (round = 0; round < 200; round++) {
		memset(&first, 0, sizeof(first));
		first.uid = roll(2) ? (uid_t)-1 : roll(70000);
		first.gid = first.uid == (uid_t)-1 ? (gid_t)-1 : roll(70000);
		for (first.groups = 0;
		     first.uid != (uid_t)-1 && first.groups < roll(10);
		     first.groups++)
			first.group[first.groups] = roll(70000);
		random_runner(&first.runner);
		text = handover_write(&first, &len, &cause);
		assert_non_null(text);
		if (handover_read(&second, text, len, &cause) == -1)
			fail_msg("%s", cause);
		same_runner(&first.runner, &second.runner, OPTION_CLIENT);
		assert_int_equal(first.uid, second.uid);
		assert_int_equal(first.gid, second.gid);
		assert_int_equal(first.groups, second.groups);
		assert_memory_equal(
		    first.group, second.group, sizeof(first.group));
		free(text);
		runner_free(&first.runner);
		runner_free(&second.runner);
	}
}

static void
refuse_handover(const char *text, size_t len)
{
	struct handover handover;
	char *cause = NULL;

	assert_int_equal(handover_read(&handover, text, len, &cause), -1);
	assert_non_null(cause);
	free(cause);
}

static void
test_bad_handover(void **unused)
{
	static const char head[] = "zdaemon-handover=1";
	static const char *const record[] = { "runner.umask=9", "nonsense",
		"runner.nope=1", "uid=-1", "uid=x", "=", "a=b", "." };
	char text[128];
	size_t i;

	(void)unused;
	refuse_handover("", 0);
	refuse_handover("\0", 1);
	refuse_handover(head, strlen(head));
	refuse_handover("zdaemon-handover=2", 19);
	for (i = 0; i < sizeof(record) / sizeof(record[0]); i++) {
		memcpy(text, head, sizeof(head));
		strcpy(text + sizeof(head), record[i]);
		refuse_handover(text, sizeof(head) + strlen(record[i]) + 1);
	}
}

/* --- paths
 * ---------------------------------------------------------------------- */

static void
check_path(char *path, const char *expected)
{
	if (expected == NULL)
		assert_null(path);
	else
		assert_string_equal(path, expected);
	free(path);
}

static void
set(struct runner *runner, const char *name, const char *text)
{
	must_set(runner, option_find("runner", name), text);
}

static void
test_paths(void **unused)
{
	struct runner runner;

	(void)unused;
	assert_int_equal(runner_init(&runner, NULL), 0);
	check_path(paths_socket(&runner, "/cwd"), "/cwd/zdsock");
	check_path(paths_transcript(&runner, "/cwd"), NULL);
	check_path(paths_logfile(&runner, "/cwd"), NULL);
	check_path(paths_directory(&runner, "/cwd"), NULL);
	set(&runner, "transcript", "log");
	set(&runner, "logfile", "mine");
	set(&runner, "pid-file", "pid");
	check_path(paths_transcript(&runner, "/cwd"), "/cwd/log");
	set(&runner, "directory", "run");
	check_path(paths_directory(&runner, "/cwd"), "/cwd/run");
	check_path(paths_transcript(&runner, "/cwd"), "/cwd/run/log");
	check_path(paths_logfile(&runner, "/cwd"), "/cwd/mine");
	check_path(paths_pid_file(&runner, "/cwd"), "/cwd/pid");
	check_path(paths_socket(&runner, "/cwd"), "/cwd/zdsock");
	set(&runner, "transcript", "/var/log/x");
	check_path(paths_transcript(&runner, "/cwd"), "/var/log/x");
	set(&runner, "daemon", "off");
	check_path(paths_transcript(&runner, "/cwd"), NULL);
	check_path(paths_directory(&runner, "/cwd"), NULL);
	assert_int_equal(
	    option_begin(&runner, "eventlog.logfile", &typed, NULL), 0);
	must_set(&runner, option_find("eventlog.logfile", "path"), "ev");
	check_path(
	    paths_eventlog(&runner.eventlog.target[0], "/cwd"), "/cwd/ev");
	must_set(&runner, option_find("eventlog.logfile", "path"), "STDERR");
	check_path(paths_eventlog(&runner.eventlog.target[0], "/cwd"), NULL);
	runner_free(&runner);
	check_path(paths_beside("/a b/sock", "lock"), "/a b/.sock.lock");
	check_path(paths_beside("sock", "state"), ".sock.state");
}

/* --- what the table writes
 * --------------------------------------------------------- */

typedef void print(FILE *out);

static char *
printed(print *one)
{
	char *text;
	size_t len;
	FILE *out;

	assert_non_null(out = open_memstream(&text, &len));
	one(out);
	fclose(out);
	return text;
}

static char *
contents(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(in);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, in) > 0);
	fclose(in);
	return text;
}

static void
test_sample_is_fresh(void **unused)
{
	char *text = printed(document_sample);
	char *shipped = contents(TEST_SRCDIR "/conf/zdaemon.conf");

	(void)unused;
	if (strcmp(text, shipped) != 0)
		fail_msg("conf/zdaemon.conf is stale: run make regen");
	free(shipped);
	free(text);
}

static void
test_manual_is_fresh(void **unused)
{
	char *text = printed(document_keys);
	char *shipped = contents(TEST_SRCDIR "/doc/zdaemon.conf.5");

	(void)unused;
	if (strstr(shipped, text) == NULL)
		fail_msg("doc/zdaemon.conf.5 is stale: run make regen");
	free(shipped);
	free(text);
}

/* Removes the comment signs of keys and sections, not of sentences. */
static void
uncomment(char *text)
{
	char *from = text, *to = text;

	while (*from != '\0') {
		from += strspn(from, "\t");
		if (from[0] == '#' && from[1] != ' ')
			from++;
		from += strspn(from, "\t");
		while (*from != '\0' && *from != '\n')
			*to++ = *from++;
		*to++ = '\n';
		from += *from == '\n';
	}
	*to = '\0';
}

static void
test_sample_is_right(void **unused)
{
	char *text = printed(document_sample);
	const struct option_row *row;
	struct runner plain, whole;
	size_t i;

	(void)unused;
	read_text(&plain, text, strlen(text));
	assert_int_equal(plain.program.count, 2);
	uncomment(text);
	read_text(&whole, text, strlen(text));
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (option_is_target(row, NULL) ||
		    row->where & OPTION_IGNORED || row->type == OPTION_PAIRS)
			continue;
		/* every key is there, and each default is the default */
		assert_int_equal(option_origin(&whole, row)->kind, ORIGIN_CONF);
		if (row->fallback != NULL)
			same_row(&plain, &whole, row);
	}
	assert_int_equal(whole.environment.count, 1);
	assert_int_equal(whole.eventlog.count, 2);
	runner_free(&plain);
	runner_free(&whole);
	free(text);
}

static void
test_demo_is_right(void **unused)
{
	char *text = contents(TEST_SRCDIR "/conf/demo.conf");
	struct runner runner;

	(void)unused;
	read_text(&runner, text, strlen(text));
	assert_string_equal(runner.program.word[0], "sh");
	assert_non_null(runner.transcript);
	assert_non_null(runner.prompt);
	runner_free(&runner);
	free(text);
}

static void
test_every_row_shows(void **unused)
{
	char *sample = printed(document_sample),
	     *manual = printed(document_keys);
	const struct option_row *row;
	char *shown, key[64];
	struct runner runner;
	size_t i, len;
	FILE *out;

	(void)unused;
	assert_int_equal(runner_init(&runner, NULL), 0);
	assert_non_null(out = open_memstream(&shown, &len));
	print_options(out, &runner);
	fclose(out);
	for (i = 0; i < option_count; i++) {
		row = &option_table[i];
		if (row->type == OPTION_PAIRS)
			continue;
		snprintf(key, sizeof(key), "%s = ", row->name);
		if (!(row->where & OPTION_IGNORED))
			assert_non_null(strstr(sample, key));
		if (strcmp(row->section, "runner") == 0)
			assert_non_null(strstr(shown, key));
		snprintf(key, sizeof(key),
		    row->where & OPTION_IGNORED ? " %s" : ".It Ic %s No",
		    row->name);
		assert_non_null(strstr(manual, key));
	}
	runner_free(&runner);
	free(shown);
	free(manual);
	free(sample);
}

static void
test_show(void **unused)
{
	static const char
	    text[] = "runner {\n\tprogram = \"sleep 100\"\n"
		     "umask = 27\nprompt = \"\\xff\"}\nenvironment {\nA = b }\n"
		     "eventlog { logfile {\npath = STDOUT\n} }";
	struct runner runner;
	char *shown;
	size_t len;
	FILE *out;

	(void)unused;
	read_text(&runner, text, strlen(text));
	assert_non_null(out = open_memstream(&shown, &len));
	print_options(out, &runner);
	fclose(out);
	assert_non_null(strstr(shown,
	    "program = {\"sleep\", \"100\"}               # printed:2\n"));
	assert_non_null(strstr(shown, "daemon = on "));
	assert_non_null(strstr(shown, "# default\n"));
	assert_non_null(strstr(shown, "# not set\n"));
	assert_non_null(strstr(shown, "environment.A = \"b\""));
	assert_non_null(strstr(shown, "# printed:6\n"));
	assert_non_null(strstr(shown, "eventlog.logfile.path = \"STDOUT\""));
	assert_non_null(strstr(shown, "# printed:8\n"));
	free(shown);

	runner_free(&runner);
}

/* --- the stop schedule ---------------------------------------------------- */

static void
schedule_refuses(const char *text, const char *why)
{
	struct schedule schedule;
	char *cause = NULL;

	assert_int_equal(schedule_parse(&schedule, text, &cause), -1);
	assert_non_null(cause);
	if (strstr(cause, why) == NULL)
		fail_msg("'%s': %s", text, cause);
	free(cause);
}

static void
test_schedule(void **unused)
{
	char buf[SCHEDULE_TEXT];
	struct schedule schedule;

	(void)unused;
	assert_int_equal(
	    schedule_parse(&schedule, "TERM/30/sigquit/1.5/9", NULL), 0);
	assert_int_equal(schedule.count, 3);
	assert_int_equal(schedule.step[0].signal, SIGTERM);
	assert_int_equal(schedule.step[0].wait, 30000);
	assert_int_equal(schedule.step[1].signal, SIGQUIT);
	assert_int_equal(schedule.step[1].wait, 1500);
	assert_int_equal(schedule.step[2].signal, SIGKILL);
	assert_int_equal(schedule_length(&schedule), 31500);
	assert_string_equal(schedule_print(&schedule, buf, sizeof(buf)),
	    "TERM/30/QUIT/1.5/KILL");
	assert_int_equal(schedule_parse(&schedule, "HUP/1/KILL/5", NULL), 0);
	assert_string_equal(
	    schedule_print(&schedule, buf, sizeof(buf)), "HUP/1/KILL/5");
	assert_int_equal(schedule_parse(&schedule, "KILL", NULL), 0);
	assert_int_equal(
	    schedule_parse(&schedule, "TERM/1/TERM/1/TERM/1/TERM/1/"
				      "TERM/1/TERM/1/TERM/1/TERM/1", NULL),
	    0);
	assert_int_equal(schedule.count, SCHEDULE_STEPS);

	schedule_refuses("", "a signal is missing");
	schedule_refuses("TERM", "a time is missing after SIGTERM");
	schedule_refuses("TERM/", "a time is missing after SIGTERM");
	schedule_refuses("TERM//KILL", "'' after SIGTERM is no duration");
	schedule_refuses("TERM/5/", "a signal is missing");
	schedule_refuses("/TERM/5", "a signal is missing");
	schedule_refuses("TERM/x/KILL", "'x' after SIGTERM is no duration");
	schedule_refuses("TERM/-1/KILL", "no duration");
	schedule_refuses("TERM/1000d/KILL", "no duration");
	schedule_refuses("TREM/5", "did you mean TERM?");
	schedule_refuses("99/TERM/5/KILL", "'99' is no signal");
	schedule_refuses("KILL/5/TERM", "missing after SIGTERM");
	schedule_refuses("STOP/5", "never ends a program");
	schedule_refuses("TERM/1/TERM/1/TERM/1/TERM/1/TERM/1/TERM/1/TERM/1/"
			 "TERM/1/KILL", "more than 8 signals");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_target_defaults),
		cmocka_unit_test(test_setter),
		cmocka_unit_test(test_failure_changes_nothing),
		cmocka_unit_test(test_strength),
		cmocka_unit_test(test_setter_reads_what_it_prints),
		cmocka_unit_test(test_file_reads_what_it_prints),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_handover),
		cmocka_unit_test(test_bad_handover),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_sample_is_fresh),
		cmocka_unit_test(test_manual_is_fresh),
		cmocka_unit_test(test_sample_is_right),
		cmocka_unit_test(test_demo_is_right),
		cmocka_unit_test(test_every_row_shows),
		cmocka_unit_test(test_schedule),
		cmocka_unit_test(test_show),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
