/* src/options: the system's logs as targets of a transcript. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "tests/unit/check.h"

#include "options/options.h"
#include "options/systemlog.h"

#ifdef _PATH_LOG
#define USUAL _PATH_LOG
#else
#define USUAL "/dev/log"
#endif

static void
expect(const char *value, enum systemlog_kind kind, int facility,
    const char *tag, const char *socket)
{
	struct systemlog log;
	char *cause = NULL;

	assert_true(systemlog_named(value));
	assert_int_equal(
	    systemlog_parse(&log, value, "/bin/my:app", &cause), 0);
	assert_null(cause);
	assert_int_equal(log.kind, kind);
	assert_int_equal(log.facility, facility);
	assert_string_equal(log.tag, tag);
	assert_string_equal(log.socket, socket);
}

static void
all_parts_may_be_left_out(void **state)
{
	(void)state;
	expect("syslog:", SYSTEMLOG_SYSLOG, LOG_DAEMON, "my_app", USUAL);
	expect("syslog:mail", SYSTEMLOG_SYSLOG, LOG_MAIL, "my_app", USUAL);
	expect("syslog:local7/web@2", SYSTEMLOG_SYSLOG, LOG_LOCAL7, "web@2",
	    USUAL);
	expect("syslog:/web", SYSTEMLOG_SYSLOG, LOG_DAEMON, "web", USUAL);
	expect(
	    "syslog:@/a b/c", SYSTEMLOG_SYSLOG, LOG_DAEMON, "my_app", "/a b/c");
	expect("syslog:user/@/a", SYSTEMLOG_SYSLOG, LOG_USER, "my_app", "/a");
	expect("journal:", SYSTEMLOG_JOURNAL, LOG_DAEMON, "my_app",
	    "/run/systemd/journal/socket");
	expect("journal:web@2@/run/x", SYSTEMLOG_JOURNAL, LOG_DAEMON, "web@2",
	    "/run/x");
}

static void
expect_wrong(const char *value, const char *text)
{
	struct systemlog log, before;
	char *cause = NULL;

	memset(&log, 0x55, sizeof(log));
	before = log;
	assert_int_equal(systemlog_parse(&log, value, NULL, &cause), -1);
	assert_non_null(strstr(cause, text));
	assert_memory_equal(&log, &before, sizeof(log));
	free(cause);
	assert_int_equal(systemlog_parse(&log, value, NULL, NULL), -1);
}

static void
what_is_wrong_is_told(void **state)
{
	(void)state;
	expect_wrong("syslog:demon", "did you mean daemon?");
	expect_wrong("syslog:a-very-long-word-that-is-none/x", "no facility");
	expect_wrong("syslog:user/a/b", "'a/b' is no tag");
	expect_wrong("journal:user/b", "'user/b' is no tag");
	expect_wrong("journal:\033[m", "is no tag");
	expect_wrong("out", "no log of the system's");
}

static void
files_are_files(void **state)
{
	(void)state;
	assert_false(systemlog_named(NULL));
	assert_false(systemlog_named(""));
	assert_false(systemlog_named("syslog"));
	assert_false(systemlog_named("./syslog:"));
	assert_false(systemlog_named("/var/log/journal:"));
	assert_false(systemlog_named("Syslog:"));
}

/* The words that the event log's key takes are those that are known here. */
static void
facilities_are_the_same_everywhere(void **state)
{
	const struct option_row *row = option_find(
	    "eventlog.syslog", "facility");
	char *words = strdup(row->choices), *word, *rest = words;

	(void)state;
	while ((word = strtok_r(rest, " ", &rest)) != NULL)
		assert_int_not_equal(systemlog_facility(word), -1);
	free(words);
	assert_int_equal(systemlog_facility("none"), -1);
	assert_int_equal(systemlog_facility(""), -1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_parts_may_be_left_out),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(files_are_files),
		cmocka_unit_test(facilities_are_the_same_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
