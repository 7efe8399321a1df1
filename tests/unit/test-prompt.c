/* src/shell/prompt: the escapes of the prompt. */
#include "config.h"

#include <stdlib.h>

#include "tests/unit/check.h"

#include "shell/prompt.h"

static const struct prompt_facts up = { "app", "up", 4711,
	((2 * 24 + 4) * 60 * 60 + 42) * 1000LL };
static const struct prompt_facts down = { "app", "down", 0, -1 };

static void
expect(
    const char *format, const struct prompt_facts *facts, const char *expected)
{
	char *prompt = prompt_expand(format, facts);

	assert_string_equal(prompt, expected);
	free(prompt);
}

static void
prompts_end_in_one_blank(void **state)
{
	(void)state;
	expect(NULL, &up, "zdaemon> ");
	expect("sitectl>", &up, "sitectl> ");
	expect("", &up, " ");
	expect("a> ", &up, "a>  ");
}

static void
escapes(void **state)
{
	(void)state;
	expect("%n %s %p %u>", &up, "app up 4711 2d 4h> ");
	expect("%n %s %p %u>", &down, "app down - -> ");
	expect("100%%>", &up, "100%> ");
}

static void
other_percents_stay(void **state)
{
	(void)state;
	expect("50% %x%", &up, "50% %x% ");
	expect("%%n", &up, "%n ");
}

static void
uptime_has_minutes_as_its_grain(void **state)
{
	struct prompt_facts facts = { "app", "up", 1, 59999 };

	(void)state;
	expect("%u", &facts, "0s ");
	facts.uptime = 60000 * 7 + 123;
	expect("%u", &facts, "7m ");
}

static void
hostile_names_are_shown(void **state)
{
	struct prompt_facts facts = { "a\033[2Jb", "up", 1, 0 };

	(void)state;
	expect("%n\a>", &facts, "a^[[2Jb^G> ");
}

static void
painted(void **state)
{
	char *prompt = prompt_paint("a> ", TONE_GOOD);

	(void)state;
	/* The last cell can be seen: libedit drops an escape at the end. */
	assert_string_equal(prompt, "\1\033[32m\1a>\1\033[0m\1 ");
	free(prompt);
	prompt = prompt_paint(" ", TONE_BAD);
	assert_string_equal(prompt, "\1\033[31m\1\1\033[0m\1 ");
	free(prompt);
}

static void
right_prompts(void **state)
{
	char *prompt = prompt_right("app", "down", TONE_IDLE, false);

	(void)state;
	assert_string_equal(prompt, "app down ");
	free(prompt);
	prompt = prompt_right("a\033[2J", "down", TONE_BAD, true);
	assert_string_equal(
	    prompt, "\1\033[31m\1a^[[2J down\1\033[0m\1 ");
	free(prompt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prompts_end_in_one_blank),
		cmocka_unit_test(escapes),
		cmocka_unit_test(other_percents_stay),
		cmocka_unit_test(uptime_has_minutes_as_its_grain),
		cmocka_unit_test(hostile_names_are_shown),
		cmocka_unit_test(painted),
		cmocka_unit_test(right_prompts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
