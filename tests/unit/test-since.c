/* src/control: time stamps, and where a time begins in a log. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "control/logtime.h"
#include "control/since.h"

/* 2026-11-25 10:20:30 UTC, a Wednesday; date -u -d @1795602030 */
#define NOON 1795602030000LL
#define HOUR 3600000LL
#define DAY  (24 * HOUR)

static void
expect_stamp(const char *line, int64_t expected)
{
	int64_t ms = -1;

	assert_true(logtime_find(line, strlen(line), NOON + HOUR, &ms));
	assert_int_equal(ms, expected);
}

static void
stamps_are_found(void **state)
{
	(void)state;
	expect_stamp("2026-11-25T10:20:30Z x", NOON);
	expect_stamp("2026-11-25T10:20:30.5Z", NOON + 500);
	expect_stamp("2026-11-25T10:20:30,123456Z", NOON + 123);
	expect_stamp("2026-11-25 12:20:30+02:00 x", NOON);
	expect_stamp("2026-11-25 05:20:30 -0500 x", NOON);
	expect_stamp("[2026-11-25 10:20:30] x", NOON);
	expect_stamp("2026-11-25 10:20 x", NOON - 30000);
	expect_stamp("2026/11/25 10:20:30 [error] 12#12: *1 open()", NOON);
	expect_stamp(
	    "127.0.0.1 - - [25/Nov/2026:11:20:30 +0100] \"GET /", NOON);
	expect_stamp("Nov 25 10:20:30 host app[1]: x", NOON);
	expect_stamp("Nov  5 10:20:30 host app[1]: x", NOON - 20 * DAY);
	expect_stamp("Nov 27 10:20:30 a year ago", NOON - 363 * DAY);
	expect_stamp("[Wed Nov 25 10:20:30.250000 2026] [core]", NOON + 250);
	expect_stamp("Tue Nov 25 10:20:30 2025", NOON - 365 * DAY);
	expect_stamp(
	    "{\"level\":\"info\",\"ts\":\"2026-11-25T10:20:30Z\"}", NOON);
	expect_stamp("1795602030 x", NOON);
	expect_stamp("[1795602030.75] x", NOON + 750);
	expect_stamp("1795602030123 x", NOON + 123);
	expect_stamp("@400000006b06b67800000000 x", NOON);
	expect_stamp("<13>Nov 25 10:20:30 host", NOON);
	expect_stamp("2024-02-29 00:00:00", 1709164800000LL);
}

static void
expect_none(const char *line)
{
	int64_t ms = 77;

	assert_false(logtime_find(line, strlen(line), NOON, &ms));
}

static void
other_lines_have_none(void **state)
{
	char far[LOGTIME_HEAD + 40];

	(void)state;
	expect_none("");
	expect_none("  at foo.c:10");
	expect_none("10:20:30 no day");
	expect_none("2026-13-25 10:20:30");
	expect_none("2026-11-31 10:20:30");
	expect_none("2025-02-29 10:20:30Z");
	expect_none("2026-11-25 24:20:30");
	expect_none("2026-11-25");
	expect_none("12026-11-25 10:20:30");
	expect_none("x2026-11-25 10:20:30");
	expect_none("2026-11/25 10:20:30");
	expect_none("2026-11-25T10:2");
	expect_none("1234 1795602030");
	expect_none("17956020301");
	expect_none("Nov 25");
	expect_none("November 25 10:20:30");
	expect_none("@400000006b06b678");
	memset(far, ' ', sizeof far);
	strcpy(far + LOGTIME_HEAD - 5, "2026-11-25 10:20:30");
	expect_none(far);
}

static void
expect_time(const char *text, int64_t expected)
{
	int64_t ms = -1;

	assert_true(logtime_parse(text, NOON, &ms));
	assert_int_equal(ms, expected);
}

static void
operators_name_times(void **state)
{
	static const char *const wrong[] = { "", "25th", "10m later", "10:60",
		"2026-11-25 10:20 x", "2026-11-32", "tomorrow", "-1h", "@12",
		"Nov 25" };
	int64_t midnight = NOON - 10 * HOUR - 20 * 60000 - 30000;
	int64_t ms = 77;

	(void)state;
	expect_time("now", NOON);
	expect_time("today", midnight);
	expect_time("yesterday", midnight - DAY);
	expect_time("10m", NOON - 600000);
	expect_time("2h", NOON - 2 * HOUR);
	expect_time("1d2h", NOON - DAY - 2 * HOUR);
	expect_time("2h ago", NOON - 2 * HOUR);
	expect_time("10:20", NOON - 30000);
	expect_time("10:20:29", NOON - 1000);
	expect_time("23:00", midnight - HOUR);
	expect_time("2026-11-24", midnight - DAY);
	expect_time("2026-11-24 10:20:30", NOON - DAY);
	expect_time("2026-11-24T10:20:30+01:00", NOON - DAY - HOUR);
	expect_time("Nov 24 10:20:30", NOON - DAY);
	expect_time("@1795602030", NOON);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(logtime_parse(wrong[i], NOON, &ms));
	assert_int_equal(ms, 77);
}

/* --- in a file ------------------------------------------------------------ */

/* A line every second from NOON on, every tenth without a stamp. */
static off_t
write_line(FILE *out, int number)
{
	off_t at = ftell(out);
	time_t second = (time_t)(NOON / 1000) + number;
	char stamp[40];
	struct tm tm;

	gmtime_r(&second, &tm);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (number % 10 == 3)
		fprintf(out, "    a line without a stamp\n");
	else
		fprintf(out, "%s line number %d\n", stamp, number);
	return at;
}

static void
expect_since(FILE *file, int number, enum since_result result, off_t expected)
{
	off_t size, offset = -1;

	fflush(file);
	size = ftell(file);
	assert_int_equal(since_find(fileno(file), size, NOON + number * 1000,
			     NOON, NULL, &offset),
	    result);
	assert_int_equal(offset, expected);
}

static void
a_time_is_found_in_files_of_any_size(void **state)
{
	static const int counts[] = { 1, 10, 1000, 40000 };
	off_t *start = calloc(40001, sizeof *start);

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		FILE *file = tmpfile();
		int count = counts[i];

		for (int number = 0; number < count; number++)
			start[number] = write_line(file, number);
		start[count] = ftell(file);
		expect_since(file, -5, SINCE_FOUND, 0);
		for (int number = 0; number < count; number += 1 + count / 50) {
			int real = number % 10 == 3 ? number + 1 : number;

			expect_since(file, number, SINCE_FOUND, start[real]);
		}
		expect_since(file, count, SINCE_LATER, start[count]);
		fclose(file);
	}
	free(start);
}

static void
a_log_that_does_not_ascend_is_read(void **state)
{
	FILE *file = tmpfile();
	off_t wanted = 0;

	(void)state;
	/* The clock was set back in the middle. */
	for (int number = 20000; number < 40000; number++) {
		off_t at = write_line(file, number);

		if (number == 30001)
			wanted = at;
	}
	for (int number = 0; number < 20000; number++)
		write_line(file, number);
	expect_since(file, 30001, SINCE_FOUND, wanted);
	fclose(file);
}

static void
a_log_without_stamps_is_told(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	expect_since(file, 0, SINCE_UNKNOWN, 0);
	for (int number = 0; number < 30000; number++)
		fputs("    a line without a stamp\n", file);
	expect_since(file, 0, SINCE_UNKNOWN, ftell(file));
	fclose(file);
}

static void
a_stream_passes_from_a_time_on(void **state)
{
	static const char text[] = "no stamp\n2026-11-25T10:20:29Z a\n more\n"
				   "2026-11-25T10:20:30Z b\n more\nc";
	const char *wanted = strstr(text, "2026-11-25T10:20:30Z");

	(void)state;
	for (size_t size = 1; size < sizeof text; size++) {
		struct since_gate gate = { .since = NOON, .now = NOON };
		char held[sizeof text * 2];
		size_t have = 0, at = 0, passed;

		while (at < sizeof text - 1 && !gate.open) {
			size_t more = sizeof text - 1 - at;

			more = more < size ? more : size;
			memcpy(held + have, text + at, more);
			at += more;
			have += more;
			passed = since_pass(
			    &gate, held, have, at == sizeof text - 1);
			have -= passed;
			memmove(held, held + passed, have);
		}
		assert_true(gate.open);
		assert_int_equal(at - have, wanted - text);
	}
}

static int
set_zone(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_are_found),
		cmocka_unit_test(other_lines_have_none),
		cmocka_unit_test(operators_name_times),
		cmocka_unit_test(a_time_is_found_in_files_of_any_size),
		cmocka_unit_test(a_log_that_does_not_ascend_is_read),
		cmocka_unit_test(a_log_without_stamps_is_told),
		cmocka_unit_test(a_stream_passes_from_a_time_on),
	};

	return cmocka_run_group_tests_name("since", tests, set_zone, NULL);
}
