/* src/control/notice, src/shell/notices and facts: what is told of events. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "base/clock.h"
#include "shell/facts.h"
#include "shell/notices.h"

static int64_t now;

static struct event
event(enum event_kind kind, enum run_state run)
{
	struct event one;

	event_init(&one, kind);
	one.state = run;
	one.at = now;
	one.pid = 4711;
	return one;
}

static struct event
crash(int number)
{
	struct event one = event(EVENT_EXITED, RUN_BACKOFF);

	one.signal = number;
	one.uptime = (2 * 24 + 4) * 3600 * 1000LL;
	return one;
}

static struct event
retry(long run)
{
	struct event one = event(EVENT_BACKOFF, RUN_BACKOFF);

	one.run = run;
	one.limit = 10;
	one.delay = run * 1000;
	return one;
}

static struct notices *
make(void)
{
	struct notices *notices = notices_new();

	notices_set_name(notices, "app");
	now = clock_wall_ms();
	return notices;
}

static void
hear(struct notices *notices, struct event one)
{
	notices_hear(notices, &one, false);
}

/* What is drawn, without its dates: "above|tail". */
static void
expect(struct notices *notices, bool replaces, const char *expected)
{
	char *above, *tail, both[8192], shown[8192], *to = shown, *line, *next;

	assert_true(notices_pending(notices));
	assert_int_equal(notices_draw(notices, false, &above, &tail), replaces);
	snprintf(both, sizeof(both), "%s|\n%s", above, tail);
	for (line = both; *line != '\0'; line = next + 1) {
		next = strchr(line, '\n');
		*next = '\0';
		if (strlen(line) > 9 && line[2] == ':' && line[5] == ':')
			line += 9;
		to += sprintf(to, "%s\n", line);
	}
	*to = '\0';
	assert_string_equal(shown, expected);
	free(above);
	free(tail);
}

static void
a_crash_and_its_retry_are_one_line(void **state)
{
	struct notices *notices = make();

	(void)state;
	assert_false(notices_pending(notices));
	hear(notices, crash(11));
	hear(notices, retry(1));
	expect(notices, true,
	    "|\n! app exited: signal 11 (SEGV), after 2d 4h; "
	    "restart 1 of 10 in 1s\n");
	assert_false(notices_pending(notices));
	hear(notices, event(EVENT_STARTING, RUN_STARTING));
	expect(notices, true,
	    "|\n! app exited: signal 11 (SEGV), after 2d 4h; "
	    "restart 1 of 10 in 1s\n+ app started, pid 4711\n");
	notices_free(notices);
}

/* The retry may come after the crash was drawn. */
static void
a_line_grows(void **state)
{
	struct notices *notices = make();

	(void)state;
	hear(notices, crash(11));
	expect(
	    notices, true, "|\n! app exited: signal 11 (SEGV), after 2d 4h\n");
	hear(notices, retry(2));
	hear(notices, event(EVENT_STARTING, RUN_STARTING));
	expect(notices, true,
	    "|\n! app exited: signal 11 (SEGV), after 2d 4h; "
	    "restart 2 of 10 in 2s\n+ app started, pid 4711\n");
	notices_free(notices);
}

static void
ten_equal_ones_fold(void **state)
{
	struct notices *notices = make();
	long i;

	(void)state;
	for (i = 1; i <= 10; i++) {
		hear(notices, crash(6));
		hear(notices, retry(i));
		hear(notices, event(EVENT_STARTING, RUN_STARTING));
	}
	expect(notices, true,
	    "|\n! app exited: signal 6 (ABRT), after 2d 4h; "
	    "restart 10 of 10 in 10s (x10)\n"
	    "+ app started, pid 4711 (x10)\n");
	/* Another signal is another crash; what it pushes out stays. */
	hear(notices, crash(11));
	expect(notices, true,
	    "! app exited: signal 6 (ABRT), after 2d 4h; "
	    "restart 10 of 10 in 10s (x10)\n|\n"
	    "+ app started, pid 4711 (x10)\n"
	    "! app exited: signal 11 (SEGV), after 2d 4h\n");
	/* After a command nothing on the screen is touched. */
	notices_settle(notices);
	hear(notices, crash(11));
	expect(
	    notices, true, "|\n! app exited: signal 11 (SEGV), after 2d 4h\n");
	notices_free(notices);
}

static void
what_is_not_started_again(void **state)
{
	struct notices *notices = make();
	struct event exited = crash(0), one = event(EVENT_GAVE_UP, RUN_DOWN);

	(void)state;
	hear(notices, crash(11));
	snprintf(one.text, sizeof(one.text), "tried too often");
	hear(notices, one);
	hear(notices, event(EVENT_DOWN, RUN_DOWN));
	expect(notices, true,
	    "|\n! app exited: signal 11 (SEGV), after 2d 4h"
	    "\n! app is not started again: tried too often\n");
	notices_settle(notices);
	exited.code = one.code = 2;
	hear(notices, exited);
	hear(notices, one);
	hear(notices, event(EVENT_DOWN, RUN_DOWN));
	expect(notices, true,
	    "|\n! app exited: status 2, after 2d 4h; not started again\n");
	notices_free(notices);
}

static void
a_flood_is_counted(void **state)
{
	struct notices *notices = make();
	struct event one = event(EVENT_SIGNALLED, RUN_UP);
	char *above, *tail, *line;
	size_t lines = 0;
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		one.signal = i % 15 + 1;
		notices_hear(notices, &one, false);
	}
	assert_false(notices_draw(notices, false, &above, &tail));
	assert_memory_equal(above, "... 4980 more, see events\n", 26);
	for (line = above; (line = strchr(line, '\n')) != NULL; line++)
		lines++;
	for (line = tail; (line = strchr(line, '\n')) != NULL; line++)
		lines++;
	assert_int_equal(lines, 1 + 20);
	free(above);
	free(tail);
	assert_non_null(notices_at(notices, NOTICES_KEPT - 1));
	assert_null(notices_at(notices, NOTICES_KEPT));
	notices_free(notices);
}

static void
an_end_that_was_asked_for_is_no_trouble(void **state)
{
	struct notices *notices = make();
	struct event exited;

	(void)state;
	hear(notices, event(EVENT_STOPPING, RUN_STOPPING));
	exited = event(EVENT_EXITED, RUN_STOPPING);
	exited.signal = 15;
	hear(notices, exited);
	hear(notices, event(EVENT_DOWN, RUN_DOWN));
	expect(notices, true, "|\n- app stopped: signal 15 (TERM)\n");
	notices_free(notices);
}

static void
levels(void **state)
{
	struct notices *notices = make();

	(void)state;
	notices_set_level(notices, NOTICES_CRASH);
	hear(notices, event(EVENT_STARTING, RUN_STARTING));
	assert_false(notices_pending(notices));
	hear(notices, crash(9));
	expect(
	    notices, true, "|\n! app exited: signal 9 (KILL), after 2d 4h\n");
	notices_set_level(notices, NOTICES_OFF);
	hear(notices, crash(9));
	assert_false(notices_pending(notices));
	/* They are kept all the same. */
	assert_non_null(notices_at(notices, 2));
	assert_null(notices_at(notices, 3));
	/* And what was kept back does not come later. */
	notices_set_level(notices, NOTICES_ALL);
	assert_false(notices_pending(notices));
	notices_clear(notices);
	assert_null(notices_at(notices, 0));
	notices_free(notices);
}

static void
a_rotation_is_no_trouble(void **state)
{
	struct notices *notices = make();
	struct event one = event(EVENT_ROTATED, RUN_UP);

	(void)state;
	snprintf(one.text, sizeof(one.text), "/var/log/app");
	hear(notices, one);
	expect(notices, true, "|\n~ app: '/var/log/app' rotated\n");
	notices_free(notices);
}

static void
in_the_words_of_operators(void **state)
{
	struct notices *notices = make();
	struct event one = event(EVENT_ADOPTED, RUN_STARTING);

	(void)state;
	hear(notices, one);
	one = event(EVENT_UP, RUN_UP);
	one.at += 300;
	hear(notices, one);
	one = event(EVENT_REQUEST, RUN_UP);
	snprintf(one.text, sizeof(one.text), "exit");
	hear(notices, one);
	expect(notices, true,
	    "|\n+ app taken over, pid 4711\n* somebody asked for shutdown\n");
	notices_free(notices);
}

/* Two commands are two processes: what they ask for is one thing all the same.
 */
static void
who_asks_again_is_counted(void **state)
{
	struct notices *notices = make();
	struct event one = event(EVENT_REQUEST, RUN_UP);

	(void)state;
	one.by_uid = 4294900001U;
	snprintf(one.text, sizeof(one.text), "rotate");
	for (one.by_pid = 9; one.by_pid < 12; one.by_pid++)
		hear(notices, one);
	expect(notices, true,
	    "|\n* uid 4294900001 (pid 11) asked for rotate (x3)\n");
	one.by_uid--;
	hear(notices, one);
	expect(notices, true,
	    "|\n* uid 4294900001 (pid 11) asked for rotate (x3)\n"
	    "* uid 4294900000 (pid 12) asked for rotate\n");
	notices_free(notices);
}

static void
an_upgrade_is_no_trouble(void **state)
{
	struct notices *notices = make();
	struct event one = event(EVENT_UPGRADED, RUN_UP);

	(void)state;
	snprintf(one.text, sizeof(one.text), "2.0");
	hear(notices, one);
	expect(notices, true,
	    "|\n* app: daemon manager upgraded to version 2.0\n");
	notices_free(notices);
}

/* One that has no row of its own would be told without a mark. */
static void
each_kind_has_its_mark(void **state)
{
	(void)state;
	for (int kind = 0; kind < EVENT__COUNT; kind++) {
		struct event one = event((enum event_kind)kind, RUN_UP);
		struct notice_maker maker = { .name = "app" };
		struct notice notice = { .at = 0 };

		if (notice_make(&maker, &one, &notice) != NOTICE_NONE &&
		    (notice.mark == '\0' ||
			strchr("+-!~*", notice.mark) == NULL))
			fail_msg("%s has no mark", event_name(one.kind));
	}
}

/* Elsewhere than above the line: each once, and again when it has grown. */
static void
they_can_be_taken(void **state)
{
	struct notices *notices = make();
	struct event one = event(EVENT_STARTING, RUN_STARTING);
	struct notice notice;

	(void)state;
	assert_false(notices_take(notices, &notice));
	notices_hear(notices, &one, true);
	assert_false(notices_take(notices, &notice));
	hear(notices, crash(11));
	assert_true(notices_take(notices, &notice));
	assert_null(strstr(notice.text, "restart"));
	assert_false(notices_take(notices, &notice));
	hear(notices, retry(1));
	assert_true(notices_take(notices, &notice));
	assert_non_null(strstr(notice.text, "restart 1 of 10"));
	assert_false(notices_take(notices, &notice));
	assert_false(notices_pending(notices));
	notices_free(notices);
}

static void
quiet_ones_are_only_kept(void **state)
{
	struct notices *notices = make();
	struct event one = event(EVENT_STARTING, RUN_STARTING);

	(void)state;
	notices_hear(notices, &one, true);
	assert_false(notices_pending(notices));
	assert_string_equal(
	    notices_at(notices, 0)->text, "app started, pid 4711");
	notices_free(notices);
}

static void
hostile_names(void **state)
{
	struct notices *notices = make();

	(void)state;
	notices_set_name(notices, "a\033[2J\nb");
	hear(notices, event(EVENT_STARTING, RUN_STARTING));
	expect(notices, true, "|\n+ a^[[2J^Jb started, pid 4711\n");
	notices_free(notices);
}

/* --- facts --------------------------------------------------------------- */

static void
expect_words(const struct facts *facts, int64_t at, const char *words, int tick)
{
	char buf[64];

	assert_string_equal(facts_words(facts, at, buf, sizeof(buf)), words);
	assert_int_equal(facts_tick(facts, at), tick);
}

static void
the_words_of_the_prompt(void **state)
{
	struct facts facts = { .known = false };
	struct event one;

	(void)state;
	now = 1000000;
	expect_words(&facts, now, "unknown", -1);
	facts_lose(&facts, CLIENT_NOT_RUNNING, 0);
	expect_words(&facts, now, "down", -1);
	assert_int_equal(facts_tone(&facts), TONE_IDLE);
	one = event(EVENT_STARTING, RUN_STARTING);
	facts_hear(&facts, &one);
	expect_words(&facts, now, "starting", -1);
	one = event(EVENT_UP, RUN_UP);
	facts_hear(&facts, &one);
	expect_words(&facts, now + 59999, "running", 1);
	expect_words(&facts, now + 60000, "running 1m", 60000);
	expect_words(&facts, now + 119999, "running 1m", 1);
	assert_int_equal(facts_uptime(&facts, now + 5), 5);
	one = crash(11);
	facts_hear(&facts, &one);
	one = retry(3);
	facts_hear(&facts, &one);
	assert_int_equal(facts.pid, 0);
	expect_words(&facts, now, "retry in 3s", 1000);
	expect_words(&facts, now + 1, "retry in 3s", 999);
	expect_words(&facts, now + 1000, "retry in 2s", 1000);
	expect_words(&facts, now + 2999, "retry in 1s", 1);
	expect_words(&facts, now + 3000, "retrying", -1);
	one = event(EVENT_GAVE_UP, RUN_DOWN);
	facts_hear(&facts, &one);
	expect_words(&facts, now, "gave up", -1);
	assert_int_equal(facts_tone(&facts), TONE_BAD);
	one.code = 0;
	facts_hear(&facts, &one);
	facts_lose(&facts, CLIENT_NOT_RUNNING, 0);
	expect_words(&facts, now, "ended", -1);
	assert_int_equal(facts_tone(&facts), TONE_IDLE);
	facts_lose(&facts, CLIENT_NOT_RUNNING, 99);
	expect_words(&facts, now, "running unsupervised", -1);
	assert_string_equal(facts_state(&facts), "orphan");
	facts_lose(&facts, CLIENT_REFUSED, 0);
	expect_words(&facts, now, "out of reach", -1);
	assert_string_equal(facts_state(&facts), "unknown");
}

static void
a_stream_begins_with_how_things_stand(void **state)
{
	struct facts facts = { .known = false };
	struct event hello;

	(void)state;
	now = 10000000;
	hello = event(EVENT_HELLO, RUN_UP);
	hello.uptime = 3 * 3600 * 1000;
	facts_hear(&facts, &hello);
	expect_words(&facts, now, "running 3h 0m", 60000);
	/* After a day, hours are what is seen to change. */
	expect_words(
	    &facts, now + 25 * 3600 * 1000, "running 1d 4h", 3600 * 1000);
	assert_int_equal(facts.pid, 4711);
	hello = event(EVENT_HELLO, RUN_BACKOFF);
	hello.pid = 0;
	hello.delay = 2000;
	facts_hear(&facts, &hello);
	expect_words(&facts, now, "retry in 2s", 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crash_and_its_retry_are_one_line),
		cmocka_unit_test(a_line_grows),
		cmocka_unit_test(ten_equal_ones_fold),
		cmocka_unit_test(what_is_not_started_again),
		cmocka_unit_test(a_flood_is_counted),
		cmocka_unit_test(an_end_that_was_asked_for_is_no_trouble),
		cmocka_unit_test(levels),
		cmocka_unit_test(a_rotation_is_no_trouble),
		cmocka_unit_test(in_the_words_of_operators),
		cmocka_unit_test(who_asks_again_is_counted),
		cmocka_unit_test(an_upgrade_is_no_trouble),
		cmocka_unit_test(each_kind_has_its_mark),
		cmocka_unit_test(they_can_be_taken),
		cmocka_unit_test(quiet_ones_are_only_kept),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(the_words_of_the_prompt),
		cmocka_unit_test(a_stream_begins_with_how_things_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
