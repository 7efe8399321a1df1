/* src/shell/menu: what is chosen, and how it looks. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "base/xmalloc.h"
#include "shell/menu.h"

/* Names and descriptions take turns, NULL ends. */
static void
fill(struct menu *menu, const char *const *word, char after)
{
	struct candidates found;
	size_t i;

	memset(&found, 0, sizeof(found));
	for (i = 0; word[i] != NULL; i += 2)
		candidates_offer(&found, "", word[i],
		    *word[i + 1] != '\0' ? word[i + 1] : NULL, after);
	menu_open(menu, &found, "s");
	assert_null(found.candidate);
}

static void
expect(struct menu *menu, size_t columns, size_t rows, const char *expected)
{
	char *text = menu_format(menu, columns, rows, false);

	assert_string_equal(text, expected);
	free(text);
}

static const char *const two[] = { "start", "start it", "status",
	"tell how it is", NULL };

static void
described(void **state)
{
	struct menu menu = { .open = false };

	(void)state;
	fill(&menu, two, ' ');
	expect(&menu, 80, 24,
	    "  start   start it\n"
	    "  status  tell how it is\n");
	menu_step(&menu, MENU_NEXT);
	expect(&menu, 16, 24,
	    "> start   start\n"
	    "  status  tell \n");
	expect(&menu, 5, 24,
	    "> st\n"
	    "  st\n");
	menu_close(&menu);
}

static void
in_columns(void **state)
{
	static const char *const names[] = { "start", "", "log", "",
		"\xe6\x97\xa5\xe6\x9c\xac", "", "a\033[2Jb", "", NULL };
	struct menu menu = { .open = false };

	(void)state;
	fill(&menu, names, '/');
	expect(&menu, 24, 24,
	    "  start/    \xe6\x97\xa5\xe6\x9c\xac/\n"
	    "  log/      a^[[2Jb/\n");
	menu_close(&menu);
	/* More than half the screen: names alone, and what the chosen is. */
	fill(&menu, two, ' ');
	expect(&menu, 80, 3, "  start   status\n");
	menu_step(&menu, MENU_BEFORE);
	expect(&menu, 80, 3,
	    "  start > status\n"
	    "  tell how it is\n");
	menu_close(&menu);
}

static void
more_than_fits(void **state)
{
	const char *many[2 * 30 + 1];
	char name[30][8];
	struct menu menu = { .open = false };
	size_t i;

	(void)state;
	for (i = 0; i < 30; i++) {
		snprintf(name[i], sizeof(name[i]), "name%02zu", i);
		many[2 * i] = name[i];
		many[2 * i + 1] = "";
	}
	many[60] = NULL;
	fill(&menu, many, ' ');
	expect(&menu, 20, 6,
	    "  name00  name15\n"
	    "  name01  name16\n"
	    "  ... 26 more\n");
	/* The chosen one is always among them. */
	for (i = 0; i < 4; i++)
		menu_step(&menu, MENU_NEXT);
	expect(&menu, 20, 6,
	    "  name02  name17\n"
	    "> name03  name18\n"
	    "  ... 26 more\n");
	menu_step(&menu, MENU_RIGHT);
	assert_string_equal(menu_chosen(&menu)->text, "name18");
	menu_step(&menu, MENU_RIGHT);
	assert_string_equal(menu_chosen(&menu)->text, "name03");
	menu_step(&menu, MENU_LEFT);
	assert_string_equal(menu_chosen(&menu)->text, "name18");
	menu_close(&menu);
}

static void
round_and_round(void **state)
{
	struct menu menu = { .open = false };

	(void)state;
	assert_null(menu_chosen(&menu));
	fill(&menu, two, ' ');
	assert_null(menu_chosen(&menu));
	menu_step(&menu, MENU_NEXT);
	assert_string_equal(menu_chosen(&menu)->text, "start");
	menu_step(&menu, MENU_NEXT);
	assert_string_equal(menu_chosen(&menu)->text, "status");
	menu_step(&menu, MENU_NEXT);
	assert_string_equal(menu_chosen(&menu)->text, "start");
	menu_step(&menu, MENU_BEFORE);
	assert_string_equal(menu_chosen(&menu)->text, "status");
	assert_string_equal(menu.typed, "s");
	menu_close(&menu);
	assert_false(menu.open);
}

/* Any size, any choice: nothing is read or written beyond what there is. */
static void
absurd_sizes(void **state)
{
	struct menu menu = { .open = false };
	size_t columns, rows;
	char *text;

	(void)state;
	fill(&menu, two, ' ');
	for (columns = 0; columns < 30; columns++)
		for (rows = 0; rows < 8; rows++) {
			menu_step(&menu, (enum menu_step)(columns % 4));
			text = menu_format(&menu, columns, rows, true);
			assert_true(*text != '\0');
			free(text);
		}
	menu_close(&menu);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(described),
		cmocka_unit_test(in_columns),
		cmocka_unit_test(more_than_fits),
		cmocka_unit_test(round_and_round),
		cmocka_unit_test(absurd_sizes),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
