/* src/shell/rows: a text in the rows of a screen. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "shell/rows.h"

/* The rows of a text, a bar behind each. */
static const char *
show(const char *text, size_t columns)
{
	static char shown[512];
	struct rows rows;
	const char *row;
	size_t i, len, at = 0;

	shown[0] = '\0';
	rows_lay(&rows, text, columns);
	for (i = 0; i < rows.count; i++) {
		row = rows_at(&rows, i, &len);
		at += (size_t)snprintf(
		    shown + at, sizeof(shown) - at, "%.*s|", (int)len, row);
	}
	rows_free(&rows);
	return shown;
}

static void
lines_are_rows(void **state)
{
	(void)state;
	assert_string_equal(show("", 10), "");
	assert_string_equal(show("a", 10), "a|");
	assert_string_equal(show("a\n\nb\n", 10), "a||b|");
	assert_string_equal(show("\n", 10), "|");
}

static void
long_lines_are_several(void **state)
{
	(void)state;
	assert_string_equal(show("abcdefgh\nx", 3), "abc|def|gh|x|");
	assert_string_equal(show("abc\nx", 3), "abc|x|");
	assert_string_equal(show("abcd", 1), "a|b|c|d|");
	/* wide ones are not cut in half, and a tab leads to its stop */
	assert_string_equal(
	    show("\xe4\xb8\x96\xe7\x95\x8c", 3), "\xe4\xb8\x96|\xe7\x95\x8c|");
	assert_string_equal(show("\xe4\xb8\x96", 1), "\xe4\xb8\x96|");
	assert_string_equal(show("a\tbc", 9), "a\tb|c|");
	/* bytes that are no text take a column each */
	assert_string_equal(show("\xff\xff\xff", 2), "\xff\xff|\xff|");
}

/* Each character costs what it is long, not what follows it. */
static void
a_long_text_is_laid_out_at_once(void **state)
{
	size_t len = 4 << 20;
	char *text = malloc(len + 1);
	struct rows rows;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	text[len] = '\0';
	alarm(60);
	rows_lay(&rows, text, 64);
	alarm(0);
	assert_int_equal(rows.count, len / 64);
	rows_free(&rows);
	free(text);
}

static void
colours_take_no_room(void **state)
{
	(void)state;
	assert_string_equal(
	    show("\033[1;31mabc\033[m", 3), "\033[1;31mabc\033[m|");
	assert_string_equal(show("\033[2Ja", 3), "\033[2J|a|");
}

static void
words_are_found(void **state)
{
	static const char text[] = "one\ntwo\nthree\nTwo\n";
	struct rows rows;

	(void)state;
	rows_lay(&rows, text, 80);
	assert_int_equal(rows_search(&rows, 0, 1, "tw"), 1);
	assert_int_equal(rows_search(&rows, 2, 1, "two"), 3);
	assert_int_equal(rows_search(&rows, 2, -1, "two"), 1);
	assert_int_equal(rows_search(&rows, 0, -1, "two"), 4);
	assert_int_equal(rows_search(&rows, 0, 1, "twofold"), 4);
	assert_int_equal(rows_search(&rows, 9, 1, "one"), 4);
	assert_int_equal(rows_search(&rows, (size_t)-1, -1, "one"), 4);
	rows_free(&rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_rows),
		cmocka_unit_test(long_lines_are_several),
		cmocka_unit_test(a_long_text_is_laid_out_at_once),
		cmocka_unit_test(colours_take_no_room),
		cmocka_unit_test(words_are_found),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
