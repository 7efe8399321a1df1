/* src/shell/language: lines into commands, quotes, pasted lines. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "shell/language.h"

static bool
is_shell(const char *word)
{
	return strcmp(word, "shell") == 0;
}

/*
 * A script in one line: words in brackets, then |TEXT, >FILE or >>FILE, a
 * slash between commands; or "error: CAUSE".
 */
static const char *
show(const char *line)
{
	static char text[1024];
	struct script script;
	char *cause = NULL;
	size_t i, k, len = 0;

	text[0] = '\0';
	if (language_parse(&script, line, 7, is_shell, &cause) == -1) {
		snprintf(text, sizeof(text), "error: %s", cause);
		free(cause);
		return text;
	}
	for (i = 0; i < script.count; i++) {
		const struct segment *segment = &script.segment[i];

		len += (size_t)sprintf(text + len, "%s", i > 0 ? " / " : "");
		for (k = 0; k < segment->words.count; k++)
			len += (size_t)sprintf(
			    text + len, "[%s]", segment->words.word[k]);
		if (segment->pipe != NULL)
			len += (size_t)sprintf(
			    text + len, "|%s", segment->pipe);
		if (segment->file != NULL)
			len += (size_t)sprintf(text + len, "%s%s",
			    segment->append ? ">>" : ">", segment->file);
	}
	script_free(&script);
	return text;
}

static void
words_and_quotes(void **state)
{
	(void)state;
	assert_string_equal(show("status"), "[status]");
	assert_string_equal(show("  kill   HUP  "), "[kill][HUP]");
	assert_string_equal(
	    show("start 'a b' \"c d\" e\\ f"), "[start][a b][c d][e f]");
	assert_string_equal(show("start a'b'\"c\"d ''"), "[start][abcd][]");
	assert_string_equal(
	    show("start \"a\\\"b\\\\c\\n\""), "[start][a\"b\\c\\n]");
	assert_string_equal(show("start '\\;|>#!'"), "[start][\\;|>#!]");
	assert_string_equal(
	    show("start \\; \\| \\> \\#"), "[start][;][|][>][#]");
}

static void
chains(void **state)
{
	(void)state;
	assert_string_equal(show("stop ; start"), "[stop] / [start]");
	assert_string_equal(show("stop;start;"), "[stop] / [start]");
	assert_string_equal(show(";; stop ;;"), "[stop]");
	assert_string_equal(show(""), "");
	assert_string_equal(show("   "), "");
}

static void
comments(void **state)
{
	(void)state;
	assert_string_equal(show("# nothing"), "");
	assert_string_equal(show("status # ; stop"), "[status]");
	assert_string_equal(show("start a#b"), "[start][a#b]");
}

static void
pipes(void **state)
{
	(void)state;
	assert_string_equal(show("status | grep 'a;b' | wc -l ; stop"),
	    "[status]|grep 'a;b' | wc -l / [stop]");
	assert_string_equal(show("status|cat > x"), "[status]|cat > x");
	assert_string_equal(
	    show("status | sed s/\\;/x/"), "[status]|sed s/\\;/x/");
}

static void
files(void **state)
{
	(void)state;
	assert_string_equal(show("status > out"), "[status]>out");
	assert_string_equal(
	    show("status>>'my out' ; stop"), "[status]>>my out / [stop]");
	assert_string_equal(show("status > out -l"), "[status][-l]>out");
}

static void
the_shell_gets_its_line_as_it_is(void **state)
{
	(void)state;
	assert_string_equal(show("!ls -l | wc; echo 'a  b' # c"),
	    "[!][ls -l | wc; echo 'a  b' # c]");
	assert_string_equal(show("  !  ls "), "[!][ls]");
	assert_string_equal(show("!"), "[!]");
	assert_string_equal(
	    show("shell echo \"a  b\" > x"), "[shell][echo \"a  b\" > x]");
	assert_string_equal(show("shell"), "[shell]");
	assert_string_equal(show("stop ; !ls ; ps"), "[stop] / [!][ls ; ps]");
	assert_string_equal(show("start !x"), "[start][!x]");
}

static void
mistakes(void **state)
{
	(void)state;
	assert_string_equal(show("start 'a"), "error: open quote at 'a");
	assert_string_equal(
	    show("start \"a\\\""), "error: open quote at \"a\\\"");
	assert_string_equal(show("stop ; start a\\"),
	    "error: nothing follows the last backslash");
	assert_string_equal(show("status |"), "error: no command behind '|'");
	assert_string_equal(show("| cat"), "error: no command before '|'");
	assert_string_equal(show("> x"), "error: no command before '>'");
	assert_string_equal(show("status >"), "error: no file behind '>'");
	assert_string_equal(
	    show("status >> ; stop"), "error: no file behind '>>'");
	assert_string_equal(show("status > a > b"), "error: more than one '>'");
	assert_string_equal(
	    show("status > a | cat"), "error: both '>' and '|'");
	assert_string_equal(show("status > 'a"), "error: open quote at 'a");
	assert_string_equal(show("stop && start"),
	    "error: no '&&' here: ';' runs one command after another and "
	    "stops at a failure");
	assert_string_equal(show("stop || start"),
	    "error: no '||' here: ';' runs one command after another and "
	    "stops at a failure");
	assert_string_equal(show("start '&&'"), "[start][&&]");
}

static void
offsets(void **state)
{
	static const char line[] = "stop ; kill 'H UP' # why";
	struct script script;

	(void)state;
	assert_int_equal(language_parse(&script, line, 7, is_shell, NULL), 0);
	assert_int_equal(script.count, 2);
	assert_int_equal(script.segment[0].start, 0);
	assert_int_equal(script.segment[0].end, 5);
	assert_int_equal(script.segment[1].start, 6);
	assert_int_equal(script.segment[1].end, strlen("stop ; kill 'H UP' "));
	script_free(&script);
}

static void
expect_quoted(const char *word, char open, bool finished, const char *expected)
{
	char *text = language_quote(word, open, finished), *line;
	struct script script;

	assert_string_equal(text, expected);
	if (finished || open == 0) {
		line = malloc(strlen(text) + 3);
		assert_non_null(line);
		sprintf(line, "x %s", text);
		assert_int_equal(
		    language_parse(&script, line, 7, is_shell, NULL), 0);
		assert_string_equal(script.segment[0].words.word[1], word);
		script_free(&script);
		free(line);
	}
	free(text);
}

/* What completion writes reads back as the same word. */
static void
quoting(void **state)
{
	(void)state;
	expect_quoted("plain-1.log", 0, true, "plain-1.log");
	expect_quoted("my file", 0, false, "my\\ file");
	expect_quoted("a;b|c>d#e'f", 0, true, "a\\;b\\|c\\>d\\#e\\'f");
	expect_quoted("my file", '\'', true, "'my file'");
	expect_quoted("my file", '\'', false, "'my file");
	expect_quoted("it's", '\'', true, "'it'\\''s'");
	expect_quoted("a\"b\\c", '"', true, "\"a\\\"b\\\\c\"");
}

static void
expect_parted(const char *before, const char *lines, const char *expected,
    const char *expected_rest)
{
	const char *rest;
	char *joined = language_join(before, lines, is_shell, &rest);

	assert_string_equal(joined, expected);
	assert_string_equal(rest, expected_rest);
	free(joined);
}

static void
expect_joined(const char *lines, const char *expected)
{
	expect_parted("", lines, expected, "");
}

static void
pasted_lines(void **state)
{
	(void)state;
	expect_joined("status\n", "status");
	expect_joined(
	    "status\nstop\r\nstart 'a;b'\n", "status; stop; start 'a;b'");
	expect_joined(
	    "  status  # look\n\n# no\n kill HUP", "status; kill HUP");
	expect_joined("status ;\nstop", "status ;; stop");
	expect_joined("\n\n", "");
	expect_joined("!echo # a\n", "!echo # a");
	expect_joined("status | tail -1\nstop", "status | tail -1; stop");
}

/* What takes all of its line, or would if it were longer, is the last one. */
static void
pasted_lines_that_take_their_rest(void **state)
{
	(void)state;
	expect_parted(
	    "", "!make | tail\nstop\nquit\n", "!make | tail", "stop\nquit\n");
	expect_parted("", "status\nshell make # a\nstop",
	    "status; shell make # a", "stop");
	expect_parted("", "!!\nstop", "!!", "stop");
	expect_parted("", "status 'a\nstop", "status 'a", "stop");
	expect_parted("", "status \\\nstop", "status \\", "stop");
	expect_parted(
	    "", "status | grep \"a\nstop", "status | grep \"a", "stop");
	expect_parted("", "a && b\nstop", "a && b", "stop");
	expect_parted("!", "make\nstop", "make", "stop");
	expect_parted("status '", "a\nstop", "a", "stop");
	expect_parted("status ", "-l\nstop", "-l; stop", "");
	expect_parted("# ", "a\nstop", "a", "stop");
}

static void
the_last_status(void **state)
{
	(void)state;
	assert_string_equal(show("start $? a$?b"), "[start][7][a7b]");
	assert_string_equal(
	    show("start \"$?\" '$?' \\$?"), "[start][7][$?][$?]");
	assert_string_equal(show("$?"), "[$?]");
	assert_string_equal(show("status ; $? | cat"), "[status] / [$?]|cat");
	assert_string_equal(show("$? $?"), "[$?][7]");
	assert_string_equal(show("! echo $?"), "[!][echo $?]");
	assert_string_equal(show("status > out$?"), "[status]>out7");
	assert_string_equal(show("start $ ? $x"), "[start][$][?][$x]");
}

static const char *
past(void *data, long number)
{
	(void)data;
	switch (number) {
	case -1:
		return "kill HUP";
	case -2:
	case 12:
		return "status ; stop";
	default:
		return NULL;
	}
}

/* What a line becomes; "same", or "error: CAUSE". */
static const char *
recall(const char *line)
{
	static char text[256];
	char *recalled = NULL, *cause = NULL;

	switch (
	    language_recall(line, is_shell, past, NULL, &recalled, &cause)) {
	case 0:
		return "same";
	case 1:
		snprintf(text, sizeof(text), "%s", recalled);
		break;
	default:
		snprintf(text, sizeof(text), "error: %s", cause);
	}
	free(recalled);
	free(cause);
	return text;
}

static void
lines_typed_before(void **state)
{
	(void)state;
	assert_string_equal(recall("!!"), "kill HUP");
	assert_string_equal(recall(" !! "), " kill HUP ");
	assert_string_equal(recall("!12"), "status ; stop");
	assert_string_equal(recall("!-2"), "status ; stop");
	assert_string_equal(recall("!! ; !!"), "kill HUP ; kill HUP");
	assert_string_equal(
	    recall("start; !12 | grep x"), "start; status ; stop | grep x");
	assert_string_equal(
	    recall("start | cat ; !! > out"), "start | cat ; kill HUP > out");
	/* Where no command begins, and where a shell has the line. */
	assert_string_equal(recall("start !! '!!' # !!"), "same");
	assert_string_equal(recall("start | !! "), "same");
	assert_string_equal(recall("!ls !!"), "same");
	assert_string_equal(recall("shell !! ; !!"), "same");
	assert_string_equal(recall("!7z x"), "same");
	assert_string_equal(recall("!"), "same");
	assert_string_equal(recall("!0"), "same");
	assert_string_equal(
	    recall("!13"), "error: no line to recall for '!13'; see history");
	assert_string_equal(recall("!99999999999999999999"),
	    "error: no line to recall for '!99999999999999999999'; see "
	    "history");
	/* Where there is nothing to recall from. */
	assert_string_equal(
	    show("status ; !!"), "error: no line to recall for '!!' here");
}

static void
where_names_end(void **state)
{
	struct script script;

	(void)state;
	assert_int_equal(language_parse(&script, " up -x ; 'up' ; u\\p ; !ls",
			     0, is_shell, NULL),
	    0);
	assert_int_equal(script.count, 4);
	assert_true(script.segment[0].bare);
	assert_int_equal(script.segment[0].named, 3);
	assert_false(script.segment[1].bare);
	assert_false(script.segment[2].bare);
	assert_false(script.segment[3].bare);
	script_free(&script);
}

/* Any line at all is taken apart or refused. */
static void
noise(void **state)
{
	static const char some[] = "ab '\"\\;|>#! \t&$?1-";
	char line[24], *joined;
	struct script script;
	const char *rest;
	int i, k;

	(void)state;
	srand(11);
	for (i = 0; i < 100000; i++) {
		char *cause = NULL;

		for (k = 0; k < (int)sizeof(line) - 1; k++)
			line[k] = some[rand() % (int)(sizeof(some) - 1)];
		line[rand() % (int)sizeof(line)] = '\0';
		line[sizeof(line) - 1] = '\0';
		if (language_parse(&script, line, 7, is_shell, &cause) == 0)
			script_free(&script);
		else
			assert_non_null(cause);
		free(cause);
		joined = language_join("", line, is_shell, &rest);
		free(joined);
		joined = NULL;
		language_recall(line, is_shell, past, NULL, &joined, NULL);
		free(joined);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_quotes),
		cmocka_unit_test(chains),
		cmocka_unit_test(comments),
		cmocka_unit_test(pipes),
		cmocka_unit_test(files),
		cmocka_unit_test(the_shell_gets_its_line_as_it_is),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(offsets),
		cmocka_unit_test(quoting),
		cmocka_unit_test(pasted_lines),
		cmocka_unit_test(pasted_lines_that_take_their_rest),
		cmocka_unit_test(the_last_status),
		cmocka_unit_test(lines_typed_before),
		cmocka_unit_test(where_names_end),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
