/* src/base: words, units, signals, visible text, near names, JSON, paths. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "base/ascii.h"
#include "base/cause.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/near.h"
#include "base/path.h"
#include "base/progname.h"
#include "base/ring.h"
#include "base/signame.h"
#include "base/units.h"
#include "base/visible.h"
#include "base/words.h"

/* Splits text and compares with the expected words, a NULL-ended list. */
static void
expect_words(const char *text, const char *const *expected)
{
	struct words words = { NULL, 0 };
	char *cause = NULL;
	size_t i;

	assert_int_equal(words_split(&words, text, &cause), 0);
	for (i = 0; expected[i] != NULL; i++) {
		assert_true(i < words.count);
		assert_string_equal(words.word[i], expected[i]);
	}
	assert_int_equal(words.count, i);
	if (words.count > 0)
		assert_null(words.word[words.count]);
	words_free(&words);
}

static void
words_split_as_a_shell(void **state)
{
	(void)state;
	expect_words("", (const char *[]){ NULL });
	expect_words(" \t\n ", (const char *[]){ NULL });
	expect_words("sleep 100", (const char *[]){ "sleep", "100", NULL });
	expect_words("  a\tb\n c ", (const char *[]){ "a", "b", "c", NULL });
	expect_words("'a b' \"c d\"", (const char *[]){ "a b", "c d", NULL });
	expect_words("a'b'\"c\"d", (const char *[]){ "abcd", NULL });
	expect_words("a\\ b \\'", (const char *[]){ "a b", "'", NULL });
	expect_words("\"a\\\"b\" 'a\\b'",
	    (const char *[]){ "a\"b", "a\\b", NULL });
	expect_words("\"a\\nb\"", (const char *[]){ "a\\nb", NULL });
	expect_words("'' \"\"", (const char *[]){ "", "", NULL });
	expect_words("$HOME *", (const char *[]){ "$HOME", "*", NULL });
}

static void
words_refuse_what_is_open(void **state)
{
	static const char *const bad[] = { "'a", "\"a", "a 'b c", "a\\",
		"\"a\\\"" };
	struct words words = { NULL, 7 };
	char *cause = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(words_split(&words, bad[i], &cause), -1);
		assert_non_null(cause);
		assert_int_equal(words.count, 7);
	}
	free(cause);
}

static void
words_split_at_blanks(void **state)
{
	struct words words;

	(void)state;
	assert_int_equal(words_split_blank(&words, " \"a b\"  c'd ", NULL), 0);
	assert_int_equal(words.count, 3);
	assert_string_equal(words.word[0], "\"a");
	assert_string_equal(words.word[1], "b\"");
	assert_string_equal(words.word[2], "c'd");
	words_free(&words);
}

static void
words_quote_reads_back(void **state)
{
	unsigned int seed = 20260101;
	int round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		struct words words = { NULL, 0 }, back;
		size_t i, count = (size_t)rand_r(&seed) % 5;
		char *line, *cause = NULL;

		for (i = 0; i < count; i++) {
			char word[9];
			size_t j, len = (size_t)rand_r(&seed) % 8;

			for (j = 0; j < len; j++)
				word[j] = (char)(1 + rand_r(&seed) % 255);
			word[len] = '\0';
			assert_int_equal(words_add(&words, word), 0);
		}
		line = words_quote(&words);
		assert_non_null(line);
		assert_int_equal(words_split(&back, line, &cause), 0);
		assert_true(words_equal(&words, &back));
		words_free(&words);
		words_free(&back);
		free(line);
	}
}

static void
words_quote_is_bare_where_it_can_be(void **state)
{
	char *line;

	(void)state;
	line = words_quote_one("/usr/bin/env-1");
	assert_string_equal(line, "/usr/bin/env-1");
	free(line);
	line = words_quote_one("it's");
	assert_string_equal(line, "'it'\\''s'");
	free(line);
	line = words_quote_one("");
	assert_string_equal(line, "''");
	free(line);
}

static void
numbers_are_whole_or_nothing(void **state)
{
	static const char *const bad[] = { "", "-", " 1", "1 ", "1o", "0x10",
		"+1", "1.0", "99999999999999999999", "101", "-11" };
	long long value = 77;
	size_t i;

	(void)state;
	assert_true(units_parse_number("010", -10, 100, &value));
	assert_int_equal(value, 10);
	assert_true(units_parse_number("-10", -10, 100, &value));
	assert_int_equal(value, -10);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		value = 77;
		assert_false(units_parse_number(bad[i], -10, 100, &value));
		assert_int_equal(value, 77);
	}
}

static void
octal_modes(void **state)
{
	unsigned int mode;

	(void)state;
	assert_true(units_parse_octal("022", &mode));
	assert_int_equal(mode, 18);
	assert_true(units_parse_octal("0", &mode));
	assert_int_equal(mode, 0);
	assert_true(units_parse_octal("7777", &mode));
	assert_int_equal(mode, 4095);
	assert_false(units_parse_octal("9", &mode));
	assert_false(units_parse_octal("rwx", &mode));
	assert_false(units_parse_octal("", &mode));
	assert_false(units_parse_octal("10000", &mode));
}

static void
durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{ "0", 0 },
		{ "10", 10000 },
		{ "10s", 10000 },
		{ "0.25", 250 },
		{ "1.5s", 1500 },
		{ "250ms", 250 },
		{ "5m", 300000 },
		{ "2h", 7200000 },
		{ "1d", 86400000 },
		{ "1h30m", 5400000 },
		{ "0.001", 1 },
		{ "1.0009", 1000 },
	};
	static const char *const bad[] = { "", "s", "10x", "-1", "1 s", ".5",
		"1.", "1h30m ", "9999999d", "99999999999999999999" };
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(units_parse_duration(good[i].text, &ms));
		assert_int_equal(ms, good[i].ms);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(units_parse_duration(bad[i], &ms));
}

static void
durations_and_sizes_read_back(void **state)
{
	unsigned int seed = 4711;
	int round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		int64_t value = rand_r(&seed) % 100000000, back = -1;
		char buf[32];

		units_print_duration(value, buf, sizeof(buf));
		assert_true(units_parse_duration(buf, &back));
		assert_int_equal(back, value);
		value <<= rand_r(&seed) % 30;
		units_print_size(value, buf, sizeof(buf));
		assert_true(units_parse_size(buf, &back));
		assert_int_equal(back, value);
	}
}

static void
sizes(void **state)
{
	int64_t bytes;

	(void)state;
	assert_true(units_parse_size("1500", &bytes));
	assert_int_equal(bytes, 1500);
	assert_true(units_parse_size("10M", &bytes));
	assert_int_equal(bytes, 10485760);
	assert_true(units_parse_size("1k", &bytes));
	assert_int_equal(bytes, 1024);
	assert_false(units_parse_size("10MB", &bytes));
	assert_false(units_parse_size("-1", &bytes));
	assert_false(units_parse_size("9999999999T", &bytes));
	assert_false(units_parse_size("1x", &bytes));
}

static void
ages_for_people(void **state)
{
	char buf[32];

	(void)state;
	assert_string_equal(units_show_age(0, buf, 32), "0s");
	assert_string_equal(units_show_age(59999, buf, 32), "59s");
	assert_string_equal(units_show_age(60000, buf, 32), "1m");
	assert_string_equal(units_show_age(3660000, buf, 32), "1h 1m");
	assert_string_equal(units_show_age(187200000, buf, 32), "2d 4h");
	assert_string_equal(units_show_size(999, buf, 32), "999 bytes");
	assert_string_equal(units_show_size(2100000, buf, 32), "2.1 MB");
	assert_string_equal(units_show_size(300000, buf, 32), "300 kB");
	assert_string_equal(units_show_size(999999, buf, 32), "1.0 MB");
	assert_string_equal(units_show_size(9999, buf, 32), "10 kB");
}

static void
words_of_ours_in_any_case(void **state)
{
	(void)state;
	assert_true(ascii_same("INFO", "info"));
	assert_true(ascii_same("", ""));
	assert_false(ascii_same("info", "inf"));
	assert_false(ascii_same("inf", "info"));
	/* As far apart as letters are, and no letters. */
	assert_false(ascii_same("[", "{"));
	assert_false(ascii_same("@", "`"));
	assert_false(ascii_same("\xc4", "\xe4"));
	assert_true(ascii_compare("Abc", "aBD") < 0);
	assert_true(ascii_compare("ab", "A") > 0);
	assert_true(ascii_compare("a", "\xff") < 0);
	assert_true(ascii_same_part("SIGhup", "sigTERM", 3));
	assert_false(ascii_same_part("SIGhup", "sigTERM", 4));
	assert_true(ascii_same_part("a", "A", 100));
	assert_false(ascii_same_part("a", "Ab", 100));
	assert_true(ascii_same_part("a", "b", 0));
}

static void
signals_by_name_and_number(void **state)
{
	static const char *const bad[] = { "", "0", "-1", "33", "65", "SIG",
		"_", "SIG_IGN", "USR3", "HUP ", "99999999999999999999",
		"RTMIN+", "RTMIN+31", "RTMIN-1", "RTMAX+1", "RTMAX-31",
		"RTMIN3" };
	size_t i, count;
	const struct signame *table = signame_table(&count);

	(void)state;
	assert_int_equal(signame_parse("HUP"), SIGHUP);
	assert_int_equal(signame_parse("hup"), SIGHUP);
	assert_int_equal(signame_parse("SIGHUP"), SIGHUP);
	assert_int_equal(signame_parse("SigHup"), SIGHUP);
	assert_int_equal(signame_parse("1"), SIGHUP);
	assert_int_equal(signame_parse("RTMIN"), SIGRTMIN);
	assert_int_equal(signame_parse("SIGRTMIN+3"), SIGRTMIN + 3);
	assert_int_equal(signame_parse("rtmax-1"), SIGRTMAX - 1);
	for (i = (size_t)SIGRTMIN; i <= (size_t)SIGRTMAX; i++)
		assert_int_equal(signame_parse(signame_of((int)i)), (int)i);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(signame_parse(bad[i]), -1);
	for (i = 0; i < count; i++) {
		assert_int_equal(signame_parse(table[i].name),
		    table[i].number);
		assert_string_equal(signame_of(table[i].number),
		    table[i].name);
		if (i > 0)
			assert_true(table[i].number > table[i - 1].number);
	}
}

static void
expect_message(const char *text, const char *expected)
{
	char *copy = visible_message(text, strlen(text), VISIBLE_NEWLINES);

	assert_non_null(copy);
	assert_string_equal(copy, expected);
	free(copy);
}

static void
expect_visible(const char *text, size_t len, const char *expected)
{
	char *copy = visible_copy(text, len, 0);
	char buf[64];

	assert_non_null(copy);
	assert_string_equal(copy, expected);
	free(copy);
	assert_string_equal(visible_into(buf, sizeof(buf), text, len),
	    expected);
}

static void
hostile_text_is_shown_not_sent(void **state)
{
	char *copy, small[5];

	(void)state;
	expect_visible("plain\ttext", 10, "plain\ttext");
	expect_visible("\033[2J", 4, "^[[2J");
	expect_visible("a\0b", 3, "a^@b");
	expect_visible("\177\r\n", 3, "^?^M^J");
	expect_visible("\xc3\xbc\xe2\x82\xac", 5, "\xc3\xbc\xe2\x82\xac");
	expect_visible("\xff\xc0\xaf", 3, "\\xff\\xc0\\xaf");
	expect_visible("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");
	expect_visible("\xc2\x9b", 2, "\\x9b");
	expect_visible("\xe2\x80\xae", 3, "\\u{202E}");
	expect_visible("\xe2\x82", 2, "\\xe2\\x82");
	expect_visible("a\xc2\xa0", 3, "a\xc2\xa0");
	expect_message("plain \xc3\xbc", "plain \xc3\xbc");
	expect_message(
	    "a\xc2\xa0z", "a\\u{A0}z (\\u{A0} is not a plain space)");
	expect_message("\xe2\x80\xaf\xe2\x80\x87",
	    "\\u{202F}\\u{2007} (\\u{202F} is not a plain space)");
	expect_message(
	    "\xef\xbb\xbfx\n", "\\u{FEFF}x\n (\\u{FEFF} is not a plain space)");
	copy = visible_copy("a\nb\033", 4, VISIBLE_NEWLINES);
	assert_string_equal(copy, "a\nb^[");
	free(copy);
	visible_into(small, sizeof(small), "ab\033c", 4);
	assert_string_equal(small, "ab^[");
	visible_into(small, sizeof(small), "abc\033", 4);
	assert_string_equal(small, "abc");
}

static const char *
nearest(const char *word, const char *const *names)
{
	struct near near;

	near_begin(&near, word);
	for (; *names != NULL; names++)
		near_offer(&near, *names);
	return near.best;
}

static void
near_names(void **state)
{
	static const char *const names[] = { "start", "stop", "status",
		"restart", "kill", NULL };

	(void)state;
	assert_int_equal(near_distance("abc", "abc", 9), 0);
	assert_int_equal(near_distance("abc", "acb", 9), 1);
	assert_int_equal(near_distance("abc", "axc", 9), 1);
	assert_int_equal(near_distance("kitten", "sitting", 9), 3);
	assert_int_equal(near_distance("ABC", "abc", 9), 0);
	assert_int_equal(near_distance("abc", "xyz", 1), 2);
	assert_string_equal(nearest("restrat", names), "restart");
	assert_string_equal(nearest("stpo", names), "stop");
	assert_string_equal(nearest("satus", names), "status");
	assert_null(nearest("xyzzy", names));
	assert_null(nearest("x", (const char *const[]){ "y", NULL }));
	assert_string_equal(nearest("res", names), "restart");
	assert_string_equal(nearest("sta", names), "start");
	assert_null(nearest("re", names));
}

/* What a writer function puts out for one value. */
static char *
json_text(void (*write)(struct json *json))
{
	struct json json;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	json_begin(&json, out);
	write(&json);
	fclose(out);
	return text;
}

static void
write_sample(struct json *json)
{
	json_object(json, NULL);
	json_string(json, "name", "a\"b\\\n\033\xc3\xbc");
	json_null(json, "none");
	json_bool(json, "up", true);
	json_number(json, "pid", -5);
	json_seconds(json, "delay", 250);
	json_number_known(json, "run", 3, true);
	json_number_known(json, "limit", -1, false);
	json_seconds_known(json, "age", 1500);
	json_seconds_known(json, "left", -1);
	json_array(json, "list");
	json_string(json, NULL, "x");
	json_object(json, NULL);
	json_object_end(json);
	json_array_end(json);
	json_string(json, "bad", "a\xff");
	json_object_end(json);
}

static void
json_is_well_formed(void **state)
{
	char *text = json_text(write_sample);

	(void)state;
	assert_string_equal(text,
	    "{\"name\": \"a\\\"b\\\\\\n\\u001b\xc3\xbc\", \"none\": null, "
	    "\"up\": true, \"pid\": -5, \"delay\": 0.25, "
	    "\"run\": 3, \"limit\": null, \"age\": 1.5, \"left\": null, "
	    "\"list\": [\"x\", {}], \"bad\": \"a\\ufffd\", "
	    "\"bad_base64\": \"Yf8=\"}");
	free(text);
}

static void
ring_keeps_order(void **state)
{
	char data[7], byte = 0, expected = 0;
	unsigned int seed = 99;
	struct ring ring;
	int round;

	(void)state;
	ring_init(&ring, data, sizeof(data));
	for (round = 0; round < 5000; round++) {
		char chunk[8];
		size_t i, len, n = (size_t)rand_r(&seed) % 8;
		const char *at;

		for (i = 0; i < n; i++)
			chunk[i] = (char)(byte + (char)i);
		byte = (char)(byte + (char)ring_put(&ring, chunk, n));
		at = ring_peek(&ring, &len);
		n = len == 0 ? 0 : (size_t)rand_r(&seed) % (len + 1);
		for (i = 0; i < n; i++)
			assert_int_equal(at[i], expected++);
		ring_drop(&ring, n);
		assert_true(ring.used <= sizeof(data));
	}
}

static void
expect_path(char *found, const char *expected)
{
	assert_non_null(found);
	assert_string_equal(found, expected);
	free(found);
}

static void
paths(void **state)
{
	(void)state;
	expect_path(path_join("/a", "b"), "/a/b");
	expect_path(path_join("/a/", "b"), "/a/b");
	expect_path(path_join("/a", "/b"), "/b");
	expect_path(path_join(NULL, "b"), "b");
	expect_path(path_directory("/a/b"), "/a");
	expect_path(path_directory("/b"), "/");
	expect_path(path_directory("b"), ".");
	expect_path(path_directory("a//b"), "a");
	assert_string_equal(path_base("/a/b"), "b");
	assert_string_equal(path_base("b"), "b");
}

static void
causes(void **state)
{
	char *cause = NULL;

	(void)state;
	errno = ENOENT;
	cause_set(&cause, "unable to open '%s'", "x");
	assert_int_equal(errno, ENOENT);
	cause_prefix(&cause, "conf");
	assert_string_equal(cause, "conf: unable to open 'x'");
	free(cause);
	cause_set(NULL, "nobody cares");
	assert_string_equal(cause_text(NULL), "out of memory");
}

static void
clocks(void **state)
{
	int64_t now = clock_mono_ms();

	(void)state;
	assert_int_equal(clock_poll_timeout(now - 5), 0);
	assert_true(clock_poll_timeout(now + 100000) > 90000);
	assert_true(clock_poll_timeout(INT64_MAX) > 0);
	assert_true(clock_mono_ms() >= now);
}

static void
programs_have_names(void **state)
{
	static const struct {
		const char *program, *name;
	} table[] = {
		{ "/bin/sleep 100", "sleep" },
		{ "server.py --port 80", "server.py" },
		{ "sh /srv/demo.sh", "demo" },
		{ "/bin/sh -eu /srv/demo.sh -c x", "demo" },
		{ "sh -o pipefail run", "run" },
		{ "sh -c 'exec server'", "sh" },
		{ "bash -ec 'exec server'", "bash" },
		{ "sh", "sh" },
		{ "sh -", "sh" },
		{ "/usr/bin/python3.11 -u -W ignore app.py", "app" },
		{ "python3 -m http.server 80", "http.server" },
		{ "perl -Ilib -w bin/worker.pl", "worker" },
		{ "perl -e 'sleep 9'", "perl" },
		{ "java -Xmx1g -cp a:b com.example.Main", "com.example.Main" },
		{ "java -jar /opt/app.jar", "app" },
		{ "env -u HOME A=1 B=/x nice -n 5 sh a.sh", "a" },
		{ "env A=1", "env" },
		{ "nohup /opt/x/bin/run.sh", "run.sh" },
		{ "node18 index.mjs", "index" },
		{ "shark x.sh", "shark" },
		{ "python .py", ".py" },
		{ "sh ''", "sh" },
	};
	struct words words = { NULL, 0 };
	char name[PROGNAME_MAX], *cause = NULL;
	size_t i;

	(void)state;
	assert_null(progname_of(&words, name, sizeof(name)));
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(
		    words_split(&words, table[i].program, &cause), 0);
		assert_string_equal(
		    progname_of(&words, name, sizeof(name)), table[i].name);
		words_free(&words);
	}
	words_split(&words, "abcdef", &cause);
	assert_string_equal(progname_of(&words, name, 4), "abc");
	words_free(&words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_split_as_a_shell),
		cmocka_unit_test(words_refuse_what_is_open),
		cmocka_unit_test(words_split_at_blanks),
		cmocka_unit_test(words_quote_reads_back),
		cmocka_unit_test(words_quote_is_bare_where_it_can_be),
		cmocka_unit_test(numbers_are_whole_or_nothing),
		cmocka_unit_test(octal_modes),
		cmocka_unit_test(durations),
		cmocka_unit_test(durations_and_sizes_read_back),
		cmocka_unit_test(sizes),
		cmocka_unit_test(ages_for_people),
		cmocka_unit_test(words_of_ours_in_any_case),
		cmocka_unit_test(signals_by_name_and_number),
		cmocka_unit_test(hostile_text_is_shown_not_sent),
		cmocka_unit_test(near_names),
		cmocka_unit_test(json_is_well_formed),
		cmocka_unit_test(ring_keeps_order),
		cmocka_unit_test(paths),
		cmocka_unit_test(programs_have_names),
		cmocka_unit_test(causes),
		cmocka_unit_test(clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
