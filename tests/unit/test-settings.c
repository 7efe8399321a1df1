/* src/control: the settings of a session. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "control/settings.h"

static const char *
print(const struct settings *settings, enum setting setting)
{
	static char buf[32];

	return settings_print(settings, setting, buf, sizeof buf);
}

/* A default that its own row refuses would be no value at all. */
static void
defaults_are_values_of_their_rows(void **state)
{
	struct settings settings;

	(void)state;
	settings_init(&settings);
	for (int i = 0; i < SETTING__COUNT; i++) {
		const struct setting_row *row = &setting_table[i];

		assert_string_equal(
		    print(&settings, (enum setting)i), row->fallback);
		assert_string_equal(
		    settings_origin(&settings, (enum setting)i), "default");
		assert_int_equal(settings_find(row->name, NULL), i);
		for (int j = 0; j < SETTING_CHOICES && row->choice[j]; j++)
			assert_non_null(row->about[j]);
		assert_int_equal(
		    row->amount != NULL, row->kind != SETTING_WORD);
	}
	settings_free(&settings);
}

static void
choices_have_the_order_of_their_names(void **state)
{
	static const struct {
		enum setting setting;
		const char *text;
		int choice;
	} all[] = {
		{ SETTING_COLOR, "always", SET_COLOR_ALWAYS },
		{ SETTING_COLOR, "never", SET_COLOR_NEVER },
		{ SETTING_CONFIRM, "on", SET_CONFIRM_ON },
		{ SETTING_CONFIRM, "off", SET_CONFIRM_OFF },
		{ SETTING_MODE, "emacs", SET_MODE_EMACS },
		{ SETTING_MODE, "vi", SET_MODE_VI },
		{ SETTING_NOTICES, "crash", SET_NOTICES_CRASH },
		{ SETTING_NOTICES, "off", SET_NOTICES_OFF },
		{ SETTING_PAGER, "on", SET_PAGER_ON },
		{ SETTING_PAGER, "off", SET_PAGER_OFF },
		{ SETTING_TIMING, "off", SET_TIMING_OFF },
	};
	struct settings settings;

	(void)state;
	settings_init(&settings);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		assert_int_equal(settings_set(&settings, all[i].setting,
				     all[i].text, "test", NULL),
		    0);
		assert_int_equal(
		    settings_choice(&settings, all[i].setting), all[i].choice);
		assert_string_equal(
		    print(&settings, all[i].setting), all[i].text);
	}
	settings_free(&settings);
}

static void
amounts_stand_beside_choices(void **state)
{
	struct settings settings;

	(void)state;
	settings_init(&settings);
	assert_int_equal(settings_amount(&settings, SETTING_TIMING), 500);
	assert_int_equal(settings_amount(&settings, SETTING_HISTORY), 2000);
	assert_int_equal(
	    settings_set(&settings, SETTING_CONFIRM, "1h30m", "rc:3", NULL), 0);
	assert_int_equal(
	    settings_choice(&settings, SETTING_CONFIRM), SETTING_AMOUNT);
	assert_int_equal(settings_amount(&settings, SETTING_CONFIRM), 5400000);
	assert_string_equal(
	    settings_origin(&settings, SETTING_CONFIRM), "rc:3");
	assert_int_equal(
	    settings_set(&settings, SETTING_CONFIRM, "off", "x", NULL), 0);
	assert_int_equal(settings_amount(&settings, SETTING_CONFIRM), 0);
	settings_free(&settings);
}

static void
expect_refusal(enum setting setting, const char *text, const char *expected)
{
	struct settings settings;
	char *cause = NULL;

	settings_init(&settings);
	assert_int_equal(
	    settings_set(&settings, setting, text, "test", &cause), -1);
	assert_string_equal(cause, expected);
	assert_string_equal(
	    print(&settings, setting), setting_table[setting].fallback);
	assert_string_equal(settings_origin(&settings, setting), "default");
	free(cause);
	settings_free(&settings);
}

static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	expect_refusal(SETTING_NOTICES, "crahs",
	    "notices: no value 'crahs'; did you mean 'crash'?");
	expect_refusal(
	    SETTING_NOTICES, "", "notices: no value ''; all, crash or off");
	expect_refusal(SETTING_CONFIRM, "sometimes",
	    "confirm: no value 'sometimes'; auto, on, off or a duration");
	expect_refusal(SETTING_HISTORY, "2001",
	    "history: no value '2001'; a number from 0 to 2000");
	expect_refusal(
	    SETTING_TIMING, "-1", "timing: no value '-1'; off or a duration");
	expect_refusal(
	    SETTING_TIMING, "3d", "timing: no value '3d'; off or a duration");
}

static void
names_are_found_by_their_beginning(void **state)
{
	char *cause = NULL;

	(void)state;
	assert_int_equal(settings_find("not", NULL), SETTING_NOTICES);
	assert_int_equal(settings_find("con", NULL), SETTING_CONFIRM);
	assert_int_equal(settings_find("co", &cause), -1); /* color too */
	assert_int_equal(settings_find("", &cause), -1);
	assert_int_equal(settings_find("notcies", &cause), -1);
	assert_string_equal(
	    cause, "no setting 'notcies'; did you mean 'notices'?");
	assert_int_equal(settings_find("qqqqqqq", &cause), -1);
	assert_string_equal(cause, "no setting 'qqqqqqq'; set lists them");
	free(cause);
}

static void
note(void *data, enum setting setting)
{
	*(int *)data = setting;
}

static void
a_change_is_told(void **state)
{
	struct settings settings;
	int told = -1;

	(void)state;
	settings_init(&settings);
	settings.changed = note;
	settings.data = &told;
	settings_set(&settings, SETTING_MODE, "wrong", "test", NULL);
	assert_int_equal(told, -1);
	settings_set(&settings, SETTING_MODE, "vi", "test", NULL);
	assert_int_equal(told, SETTING_MODE);
	settings_free(&settings);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_values_of_their_rows),
		cmocka_unit_test(choices_have_the_order_of_their_names),
		cmocka_unit_test(amounts_stand_beside_choices),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(names_are_found_by_their_beginning),
		cmocka_unit_test(a_change_is_told),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
