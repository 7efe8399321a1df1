/* src/shell/geometry and listing: rows, columns and what fits in them. */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "control/complete.h"
#include "shell/geometry.h"
#include "shell/listing.h"

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

/* --- the list of candidates ---------------------------------------------- */

static void
expect_list(const struct candidate *candidate, size_t count, size_t columns,
    size_t rows, const char *expected)
{
	struct candidates found = { (struct candidate *)candidate, count, 0,
		NULL };
	char *text = listing_format(&found, columns, rows);

	assert_string_equal(text, expected);
	free(text);
}

static char start[] = "start", status[] = "status", hostile[] = "a\033[2Jb",
	    wide[] = "\xe6\x97\xa5\xe6\x9c\xac", about[] = "start it",
	    longer[] = "tell how it is", folder[] = "log";

static void
described_lists(void **state)
{
	static const struct candidate found[] = {
		{ start, about, ' ' },
		{ status, longer, ' ' },
	};

	(void)state;
	expect_list(found, 2, 80, 24,
	    "  start   start it\n"
	    "  status  tell how it is\n");
	expect_list(found, 2, 15, 24,
	    "  start   start\n"
	    "  status  tell \n");
	expect_list(found, 2, 4, 24,
	    "  st\n"
	    "  st\n");
}

static void
listed_in_columns(void **state)
{
	static const struct candidate found[] = {
		{ start, NULL, ' ' },
		{ folder, NULL, '/' },
		{ wide, NULL, ' ' },
		{ hostile, NULL, ' ' },
	};
	static const struct candidate many[] = {
		{ start, about, ' ' },
		{ status, longer, ' ' },
	};

	(void)state;
	expect_list(found, 4, 24, 24,
	    "start    \xe6\x97\xa5\xe6\x9c\xac\n"
	    "log/     a^[[2Jb\n");
	expect_list(found, 3, 1, 24,
	    "s\n"
	    "l\n"
	    "\n");
	/* No room for a line each: names alone. */
	expect_list(many, 2, 80, 4, "start   status\n");
	expect_list(many, 0, 80, 24, "");
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
		cmocka_unit_test(described_lists),
		cmocka_unit_test(listed_in_columns),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
