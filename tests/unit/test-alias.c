/* src/control: aliases. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "control/alias.h"

static void
they_are_kept_in_order(void **state)
{
	struct aliases aliases = { NULL, 0 };

	(void)state;
	assert_int_equal(aliases_set(&aliases, "up", "start", NULL), 0);
	assert_int_equal(aliases_set(&aliases, "down", "stop", NULL), 0);
	assert_int_equal(
	    aliases_set(&aliases, "up", "start ; status", NULL), 0);
	assert_int_equal(aliases.count, 2);
	assert_string_equal(aliases.alias[0].name, "down");
	assert_string_equal(aliases_find(&aliases, "up"), "start ; status");
	assert_null(aliases_find(&aliases, "u"));
	assert_string_equal(aliases_nearest(&aliases, "dwon"), "down");
	assert_true(aliases_remove(&aliases, "down"));
	assert_false(aliases_remove(&aliases, "down"));
	assert_int_equal(aliases.count, 1);
	aliases_free(&aliases);
	assert_int_equal(aliases.count, 0);
}

static void
expect_refusal(const char *name, const char *text, const char *part)
{
	struct aliases aliases = { NULL, 0 };
	char *cause = NULL;

	assert_int_equal(aliases_set(&aliases, name, text, &cause), -1);
	if (!strstr(cause, part))
		fail_msg("'%s' does not say '%s'", cause, part);
	assert_int_equal(aliases.count, 0);
	free(cause);
	aliases_free(&aliases);
}

static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	expect_refusal("stop", "x", "'stop' is a command");
	expect_refusal("fg", "x", "'fg' is a command");
	expect_refusal("", "x", "no name");
	expect_refusal("1x", "x", "'1x' is no name");
	expect_refusal("a b", "x", "no name");
	expect_refusal("!", "x", "no name");
	expect_refusal("a;b", "x", "no name");
	expect_refusal("a234567890123456789012345678901234", "x", "no name");
	expect_refusal("ok", "", "no text for 'ok'");
}

/* What only begins as a command does is free. */
static void
beginnings_of_commands_are_names(void **state)
{
	struct aliases aliases = { NULL, 0 };

	(void)state;
	assert_int_equal(aliases_set(&aliases, "stat", "x", NULL), 0);
	assert_int_equal(aliases_set(&aliases, "s", "x", NULL), 0);
	aliases_free(&aliases);
}

static void
there_is_an_end(void **state)
{
	struct aliases aliases = { NULL, 0 };
	char name[16], *cause = NULL;

	(void)state;
	for (int i = 0; i < ALIAS_MOST; i++) {
		snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(aliases_set(&aliases, name, "x", NULL), 0);
	}
	assert_int_equal(aliases_set(&aliases, "more", "x", &cause), -1);
	assert_int_equal(aliases_set(&aliases, "n7", "y", NULL), 0);
	assert_string_equal(aliases_find(&aliases, "n7"), "y");
	free(cause);
	aliases_free(&aliases);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_kept_in_order),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(beginnings_of_commands_are_names),
		cmocka_unit_test(there_is_an_end),
	};

	return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
