/* src/shell/geometry: rows, columns and what fits in them. */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "shell/geometry.h"

static void
expect(const wchar_t *prompt, const wchar_t *line, size_t cursor,
    size_t columns, size_t cursor_row, size_t cursor_column, size_t end_row,
    size_t end_column)
{
	struct geometry geometry;

	geometry_place(&geometry, prompt, line, wcslen(line), cursor, columns);
	assert_int_equal(geometry.cursor_row, cursor_row);
	assert_int_equal(geometry.cursor_column, cursor_column);
	assert_int_equal(geometry.end_row, end_row);
	assert_int_equal(geometry.end_column, end_column);
}

static void
one_row(void **state)
{
	(void)state;
	expect(L"zdaemon> ", L"", 0, 80, 0, 9, 0, 9);
	expect(L"zdaemon> ", L"start", 5, 80, 0, 14, 0, 14);
	expect(L"zdaemon> ", L"start", 1, 80, 0, 10, 0, 14);
}

static void
wrapped(void **state)
{
	(void)state;
	expect(L"> ", L"0123456789", 10, 8, 1, 4, 1, 4);
	expect(L"> ", L"0123456789abcdefg", 3, 8, 0, 5, 2, 3);
	expect(L"> ", L"0123456789abcdefg", 17, 8, 2, 3, 2, 3);
}

static void
hidden_parts_of_the_prompt(void **state)
{
	(void)state;
	expect(L"\1\033[32m\1app\1\033[0m\1> ", L"x", 1, 80, 0, 6, 0, 6);
}

/* A full row: the cursor waits on the next one. */
static void
exactly_full(void **state)
{
	(void)state;
	expect(L"> ", L"012345", 6, 8, 1, 0, 1, 0);
	expect(L"> ", L"012345", 5, 8, 0, 7, 1, 0);
	expect(L"12345678", L"", 0, 8, 1, 0, 1, 0);
}

static void
wide_characters(void **state)
{
	(void)state;
	expect(L"> ", L"\u65e5\u672c", 2, 80, 0, 6, 0, 6);
	/* One that does not fit goes to the next row whole. */
	expect(L"> ", L"01234\u65e5", 6, 8, 1, 2, 1, 2);
	expect(L"> ", L"0123\u65e5", 5, 8, 1, 0, 1, 0);
	expect(L"\u65e5> ", L"x", 1, 80, 0, 5, 0, 5);
	/* A combining accent takes no room. */
	expect(L"> ", L"e\u0301x", 3, 80, 0, 4, 0, 4);
}

static void
unprintable_characters(void **state)
{
	(void)state;
	expect(L"> ",
	    L"a\x01"
	    L"b",
	    3, 80, 0, 6, 0, 6); /* ^A */
	expect(L"> ", L"\x7f", 1, 80, 0, 4, 0, 4); /* ^? */
	expect(L"> ", L"\tx", 2, 80, 0, 9, 0, 9);
	expect(L"> ", L"ab\ncd", 5, 80, 1, 2, 1, 2);
}

static void
absurd_terminals(void **state)
{
	(void)state;
	expect(L"> ", L"abc", 3, 1, 5, 0, 5, 0);
	expect(L"> ", L"abc", 3, 0, 5, 0, 5, 0);
}

static void
widths(void **state)
{
	(void)state;
	assert_int_equal(geometry_width(L"abc"), 3);
	assert_int_equal(geometry_width(L"\u65e5\u672c"), 4);
	assert_int_equal(geometry_fit(L"abc", 10), 3);
	assert_int_equal(geometry_fit(L"abc", 2), 2);
	assert_int_equal(geometry_fit(L"\u65e5\u672c", 3), 1);
	assert_int_equal(geometry_fit(L"", 0), 0);
}

static void
prompts_and_coloured_text(void **state)
{
	(void)state;
	assert_int_equal(geometry_prompt(L""), 0);
	assert_int_equal(geometry_prompt(L"\1\033[32m\1app>\1\033[0m\1 "), 5);
	assert_int_equal(geometry_shown(L"\033[31mab\033[0;1mc"), 3);
	assert_int_equal(geometry_shown(L"\033[2m\u65e5\033[0m"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_row),
		cmocka_unit_test(wrapped),
		cmocka_unit_test(hidden_parts_of_the_prompt),
		cmocka_unit_test(exactly_full),
		cmocka_unit_test(wide_characters),
		cmocka_unit_test(unprintable_characters),
		cmocka_unit_test(absurd_terminals),
		cmocka_unit_test(widths),
		cmocka_unit_test(prompts_and_coloured_text),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
