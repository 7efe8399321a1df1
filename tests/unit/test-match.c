/* src/control: lines that fit an expression, and a stream cut into lines. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "control/match.h"
#include "control/sieve.h"

static void
expect_trouble(const char *expression, const char *marked)
{
	char *cause = NULL;
	const char *line;

	assert_null(match_new(expression, &cause));
	assert_non_null(cause);
	line = strrchr(cause, '\n');
	assert_string_equal(line + 1, marked);
	free(cause);
}

/* The mark stands two columns in, as the expression above it does. */
static void
a_wrong_expression_is_marked(void **state)
{
	(void)state;
	expect_trouble("(", "  ^");
	expect_trouble("x(a)(b", "      ^");
	expect_trouble("((a)b", "  ^");
	expect_trouble("ab[c", "    ^");
	expect_trouble("a\\", "   ^");
	expect_trouble("\303\251\303\251[", "    ^");
	expect_trouble("[[:nope:]]", "  ^");
}

static bool
fits(const char *expression, const char *line, size_t len)
{
	struct match *match = match_new(expression, NULL);
	bool result;

	assert_non_null(match);
	result = match_line(match, line, len);
	match_free(match);
	return result;
}

static void
lines_fit_or_not(void **state)
{
	char *text = malloc(MATCH_MOST + 10);

	(void)state;
	assert_true(fits("b+|x", "abbc", 4));
	assert_false(fits("b+|x", "acd", 3));
	assert_true(fits("^$", "", 0));
	assert_true(fits("c$", "a\0c", 3));
	assert_false(fits("^a$", "a\0c", 3));
	/* Of a long line the head is looked at. */
	memset(text, 'a', MATCH_MOST + 10);
	text[MATCH_MOST] = 'b';
	assert_false(fits("b", text, MATCH_MOST + 10));
	text[MATCH_MOST - 1] = 'b';
	assert_true(fits("b", text, MATCH_MOST + 10));
	free(text);
}

static void
expect_parts(const char *expression, const char *line, const char *marked)
{
	struct match *match = match_new(expression, NULL);
	size_t from = 0, start = 0, end;
	char shown[200] = "";

	assert_non_null(match);
	while (match_part(match, line, strlen(line), &start, &end)) {
		assert_true(start >= from && end > start);
		strncat(shown, line + from, start - from);
		strcat(shown, "<");
		strncat(shown, line + start, end - start);
		strcat(shown, ">");
		from = start = end;
	}
	strcat(shown, line + from);
	assert_string_equal(shown, marked);
	match_free(match);
}

static void
the_fitting_parts_are_found(void **state)
{
	(void)state;
	expect_parts("b", "abcb", "a<b>c<b>");
	expect_parts("^a", "aab", "<a>ab");
	expect_parts("x*", "axxb", "a<xx>b");
	expect_parts("a|b|", "cab", "c<a><b>");
	expect_parts("z", "abc", "abc");
	/* Characters stay whole. */
	expect_parts("\303", "a\303\251b", "a<\303\251>b");
	expect_parts("\251", "a\303\251b", "a<\303\251>b");
}

/* What the sieve gives, as text: lines that fit, parted by |. */
static void
collect(void *data, const struct piece *piece)
{
	char *out = data;

	if (!piece->fits)
		return;
	if (piece->first)
		strcat(out, "|");
	strncat(out, piece->text, piece->len);
	if (piece->newline)
		strcat(out, "$");
}

static void
a_stream_is_cut_into_lines(void **state)
{
	static const char text[] = "one\ntwo\n\nthree\nend";
	struct match *match = match_new("o|^$|d", NULL);
	char out[100];

	(void)state;
	for (size_t size = 1; size <= sizeof text; size++) {
		struct sieve sieve;

		out[0] = '\0';
		sieve_init(&sieve, match);
		for (size_t at = 0; at < sizeof text - 1; at += size) {
			size_t left = sizeof text - 1 - at;

			sieve_push(&sieve, text + at, left < size ? left : size,
			    collect, out);
		}
		assert_string_equal(out, "|one$|two$|$");
		sieve_finish(&sieve, collect, out);
		assert_string_equal(out, "|one$|two$|$|end");
		sieve_finish(&sieve, collect, out);
		assert_string_equal(out, "|one$|two$|$|end");
		sieve_free(&sieve);
	}
	match_free(match);
}

struct sum {
	size_t len, lines, first;
};

static void
add_up(void *data, const struct piece *piece)
{
	struct sum *sum = data;

	assert_true(piece->fits);
	sum->len += piece->len;
	sum->first += piece->first;
	sum->lines += piece->newline;
}

static void
long_lines_come_in_pieces(void **state)
{
	struct match *match = match_new("^ab", NULL);
	size_t len = 3 * MATCH_MOST + 7;
	char *text = malloc(len);
	struct sum sum = { 0, 0, 0 };
	struct sieve sieve;

	(void)state;
	memset(text, 'b', len);
	text[0] = 'a';
	text[len - 1] = '\n';
	sieve_init(&sieve, match);
	for (size_t at = 0; at < len; at += 1000)
		sieve_push(&sieve, text + at, len - at < 1000 ? len - at : 1000,
		    add_up, &sum);
	assert_int_equal(sum.len, len - 1);
	assert_int_equal(sum.first, 1);
	assert_int_equal(sum.lines, 1);
	sieve_free(&sieve);
	match_free(match);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_expression_is_marked),
		cmocka_unit_test(lines_fit_or_not),
		cmocka_unit_test(the_fitting_parts_are_found),
		cmocka_unit_test(a_stream_is_cut_into_lines),
		cmocka_unit_test(long_lines_come_in_pieces),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
