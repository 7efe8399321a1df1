/* src/shell/outcome: how a line ended, in a few characters. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/check.h"

#include "shell/outcome.h"

static void
expect(int status, int64_t elapsed, int64_t threshold, const char *expected)
{
	char buf[64];

	assert_string_equal(
	    outcome_show(status, elapsed, threshold, buf, sizeof(buf)),
	    expected);
}

static void
only_what_is_worth_telling(void **state)
{
	(void)state;
	expect(0, 499, 500, "");
	expect(0, 500, 500, "[0.50s]");
	expect(3, 0, 500, "[exit 3]");
	expect(3, 840, 500, "[exit 3, 0.84s]");
	expect(0, 100000, -1, "");
	expect(130, 100000, -1, "[exit 130]");
	expect(0, 0, 0, "[0.00s]");
}

static void
times_for_people(void **state)
{
	(void)state;
	expect(0, 9999, 500, "[10.00s]");
	expect(0, 10000, 500, "[10.0s]");
	expect(0, 12340, 500, "[12.3s]");
	expect(0, 60000, 500, "[1m]");
	expect(1, 3700000, 500, "[exit 1, 1h 1m]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_worth_telling),
		cmocka_unit_test(times_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
