/*
 * Stamps in front of lines, lines of the supervisor's own, and the names of
 * rotated files.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "supervisor/rotname.h"
#include "supervisor/stamp.h"
#include "tests/unit/check.h"

#define NOON 1764072030123LL /* 2025-11-25T12:00:30.123Z */

/* Copies all of in, size bytes at a time and step of in at a time. */
static size_t
copy_in_steps(struct stamp *stamp, char *out, size_t size, const char *in,
    size_t len, size_t step)
{
	size_t used = 0, at = 0, taken, part;

	while (at < len) {
		part = len - at < step ? len - at : step;
		used += stamp_copy(
		    stamp, out + used, size, in + at, part, &taken);
		at += taken;
	}
	return used;
}

static const char *
stamped(enum stamp_kind kind, const char *in, size_t len, size_t size)
{
	static char out[4096];
	struct stamp stamp;
	size_t n;

	stamp_init(&stamp, kind);
	stamp_set(&stamp, NOON, 12345678);
	n = copy_in_steps(&stamp, out, size, in, len, len);
	out[n] = '\0';
	return out;
}

static void
lines_get_the_time(void **state)
{
	(void)state;
	assert_string_equal(stamped(STAMP_UTC, "one\ntwo\n", 8, 4000),
	    "2025-11-25T12:00:30.123Z one\n2025-11-25T12:00:30.123Z two\n");
	assert_string_equal(stamped(STAMP_MONOTONIC, "one\n", 4, 4000),
	    "[12345.678] one\n");
	assert_string_equal(stamped(STAMP_OFF, "one\ntwo", 7, 4000), "one\ntwo");
	/* An empty line is a line. */
	assert_string_equal(stamped(STAMP_MONOTONIC, "\n\n", 2, 4000),
	    "[12345.678] \n[12345.678] \n");
}

static void
local_time_has_its_offset(void **state)
{
	(void)state;
	setenv("TZ", "XYZ-5:30", 1);
	tzset();
	assert_string_equal(stamped(STAMP_LOCAL, "x\n", 2, 4000),
	    "2025-11-25T17:30:30.123+05:30 x\n");
	setenv("TZ", "XYZ3", 1);
	tzset();
	assert_string_equal(stamped(STAMP_LOCAL, "x\n", 2, 4000),
	    "2025-11-25T09:00:30.123-03:00 x\n");
	unsetenv("TZ");
	tzset();
}

/* Only newlines end lines: bars of carriage returns, NULs, escapes pass. */
static void
all_bytes_pass(void **state)
{
	char in[256], expected[300];
	int i;

	(void)state;
	for (i = 0; i < 256; i++)
		in[i] = (char)i;
	in['\n'] = '\r';
	memcpy(expected, "[12345.678] ", 12);
	memcpy(expected + 12, in, 256);
	assert_memory_equal(
	    stamped(STAMP_MONOTONIC, in, 256, 4000), expected, 268);
}

/* The time is that of the beginning of a line, however its rest comes. */
static void
parts_of_a_line_are_one(void **state)
{
	struct stamp stamp;
	char out[200];
	size_t n, taken;

	(void)state;
	stamp_init(&stamp, STAMP_MONOTONIC);
	stamp_set(&stamp, NOON, 1000);
	n = stamp_copy(&stamp, out, sizeof(out), "begin", 5, &taken);
	stamp_set(&stamp, NOON, 2500);
	n += stamp_copy(
	    &stamp, out + n, sizeof(out) - n, " end\nnext\n", 10, &taken);
	out[n] = '\0';
	assert_string_equal(out, "[1.000] begin end\n[2.500] next\n");
}

/* The same comes out whatever the sizes of the steps and of the room. */
static void
steps_do_not_matter(void **state)
{
	static const char in[] = "a\nbb\n\nccc ccc\rccc\nno end";
	char whole[400], parts[400];
	struct stamp stamp;
	size_t step, room, n, m;

	(void)state;
	stamp_init(&stamp, STAMP_UTC);
	stamp_set(&stamp, NOON, 0);
	n = copy_in_steps(
	    &stamp, whole, 300, in, sizeof(in) - 1, sizeof(in));
	for (step = 1; step < sizeof(in); step++)
		for (room = STAMP_MAX; room < STAMP_MAX + 40; room++) {
			stamp_init(&stamp, STAMP_UTC);
			stamp_set(&stamp, NOON, 0);
			m = copy_in_steps(&stamp, parts, room, in,
			    sizeof(in) - 1, step);
			assert_int_equal(m, n);
			assert_memory_equal(parts, whole, n);
		}
}

static void
time_passes(void **state)
{
	struct stamp stamp;

	(void)state;
	stamp_init(&stamp, STAMP_UTC);
	stamp_set(&stamp, 0, 0);
	assert_string_equal(stamp.text, "1970-01-01T00:00:00.000Z ");
	stamp_set(&stamp, 999, 0);
	assert_string_equal(stamp.text, "1970-01-01T00:00:00.999Z ");
	stamp_set(&stamp, 1000, 0);
	assert_string_equal(stamp.text, "1970-01-01T00:00:01.000Z ");
	/* A clock that was set back, even before its beginning. */
	stamp_set(&stamp, -1, 0);
	assert_string_equal(stamp.text, "1969-12-31T23:59:59.999Z ");
	assert_int_equal(stamp.len, strlen(stamp.text));
}

static void
names_of_kinds(void **state)
{
	(void)state;
	assert_int_equal(stamp_named("off"), STAMP_OFF);
	assert_int_equal(stamp_named("utc"), STAMP_UTC);
	assert_int_equal(stamp_named("local"), STAMP_LOCAL);
	assert_int_equal(stamp_named("monotonic"), STAMP_MONOTONIC);
	assert_int_equal(stamp_named("no such"), STAMP_OFF);
}

static void
marks_are_lines(void **state)
{
	char line[STAMP_MARK_MAX], text[1000];
	size_t len;

	(void)state;
	len = stamp_mark(line, sizeof(line), STAMP_OFF, NOON, 0, "started");
	assert_string_equal(
	    line, "2025-11-25T12:00:30.123Z --- zdaemon: started ---\n");
	assert_int_equal(len, strlen(line));
	stamp_mark(line, sizeof(line), STAMP_MONOTONIC, NOON, 1, "x\ny\033");
	assert_string_equal(line, "[0.001] --- zdaemon: x?y? ---\n");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	len = stamp_mark(line, sizeof(line), STAMP_OFF, NOON, 0, text);
	assert_int_equal(len, strlen(line));
	assert_string_equal(line + len - 6, "x ---\n");
}

/* --- names of rotated files ----------------------------------------------- */

static void
numbered_names(void **state)
{
	char name[32];

	(void)state;
	assert_true(rotname_numbered(name, sizeof(name), "/v/out", 1, ""));
	assert_string_equal(name, "/v/out.1");
	assert_true(rotname_numbered(name, sizeof(name), "/v/out", 10, ".gz"));
	assert_string_equal(name, "/v/out.10.gz");
	assert_true(rotname_numbered(name, 12, "/v/out", 1, ".gz"));
	assert_false(rotname_numbered(name, 11, "/v/out", 1, ".gz"));
}

static void
dated_names(void **state)
{
	char name[64], later[64];

	(void)state;
	assert_true(rotname_dated(name, sizeof(name), "/v/out", NOON, ".gz"));
	assert_string_equal(name, "/v/out.20251125T120030.123Z.gz");
	assert_true(rotname_dated(later, sizeof(later), "/v/out", NOON + 1, ""));
	assert_true(strcmp(name, later) < 0);
	assert_true(
	    rotname_dated(later, sizeof(later), "/v/out", NOON + 900, ""));
	assert_true(strcmp(name, later) < 0);
	assert_false(rotname_dated(name, 20, "/v/out", NOON, ""));
}

static void
dated_names_are_known_again(void **state)
{
	static const struct {
		const char *name;
		bool ours;
	} table[] = {
		{ "out.20251125T120030.123Z", true },
		{ "out.20251125T120030.123Z.gz", true },
		{ "out.20251125T120030.123Z.xz", false },
		{ "out.20251125T120030.123Z.", false },
		{ "out.20251125T120030.123", false },
		{ "out.20251125T120030Z", false },
		{ "out.2025x125T120030.123Z", false },
		{ "out.1", false },
		{ "out.", false },
		{ "out", false },
		{ "", false },
		{ "outer.20251125T120030.123Z", false },
		{ "put.20251125T120030.123Z", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(
		    rotname_is_dated(table[i].name, "out", ".gz"),
		    table[i].ours);
	assert_false(rotname_is_dated("out.20251125T120030.123Z.gz", "out", ""));
}

static void
suffixes_by_command(void **state)
{
	(void)state;
	assert_string_equal(rotname_suffix("gzip"), ".gz");
	assert_string_equal(rotname_suffix("/usr/bin/xz"), ".xz");
	assert_string_equal(rotname_suffix("zstd"), ".zst");
	assert_string_equal(rotname_suffix("./squeeze"), ".compressed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_get_the_time),
		cmocka_unit_test(local_time_has_its_offset),
		cmocka_unit_test(all_bytes_pass),
		cmocka_unit_test(parts_of_a_line_are_one),
		cmocka_unit_test(steps_do_not_matter),
		cmocka_unit_test(time_passes),
		cmocka_unit_test(names_of_kinds),
		cmocka_unit_test(marks_are_lines),
		cmocka_unit_test(numbered_names),
		cmocka_unit_test(dated_names),
		cmocka_unit_test(dated_names_are_known_again),
		cmocka_unit_test(suffixes_by_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
