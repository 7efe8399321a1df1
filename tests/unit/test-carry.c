/*
 * A supervisor as text: what is written is read back, row by row; what is
 * out of range, cut short or of another form is refused.
 */

#include "config.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "supervisor/carry.h"
#include "tests/fuzz/carrying.h"
#include "tests/unit/check.h"

#define TEXT_MAX (1 << 20)

static const char config[] = "any\0bytes=\n";

/* All of it as text; the length. */
static size_t
write_text(
    char *text, const struct carry *carry, const struct supervisor *supervisor)
{
	char name[] = "/tmp/test-carry.XXXXXX";
	int fd = mkstemp(name);
	ssize_t len;

	assert_int_not_equal(fd, -1);
	unlink(name);
	assert_int_equal(carry_write(fd, carry, supervisor), 0);
	len = pread(fd, text, TEXT_MAX - 1, 0);
	assert_true(len > 0 && len < TEXT_MAX - 1);
	text[len] = '\0';
	close(fd);
	return (size_t)len;
}

/* Reads a copy of the text and writes it again: the length, or -1 with cause. */
static ssize_t
pass_on(char *again, const char *text, size_t len, char **cause)
{
	struct runner runner;
	struct supervisor *supervisor = carrying_make(&runner);
	char *copy = xcalloc(1, len + 1);
	struct carry carry;
	ssize_t result;

	memcpy(copy, text, len);
	result = carry_begin(&carry, copy, len, cause);
	if (result == 0)
		result = carry_read(&carry, supervisor, copy, len, cause);
	if (result == 0)
		result = (ssize_t)write_text(again, &carry, supervisor);
	free(copy);
	carrying_free(supervisor, &runner);
	return result;
}

/* The text of a supervisor that something has happened to. */
static char *
sample_text(size_t *len)
{
	struct runner runner;
	struct supervisor *supervisor = carrying_make(&runner);
	struct client *client = &supervisor->clients.client[3];
	struct carry carry = { .config = config,
		.config_len = sizeof(config),
		.cwd = "/a directory\nwith a newline",
		.file = "/usr/bin/program" };
	char *text = xcalloc(1, TEXT_MAX);

	carry.stream[1].held = "half an entry";
	carry.stream[1].held_len = 13;
	history_add(&supervisor->history, "up seq=1\n", 9);
	history_add(&supervisor->history, "exited seq=2\n", 13);
	client->phase = CLIENT_SENDING;
	memcpy(client->in, "sta", 3);
	client->in_len = 3;
	memcpy(client->out, "sent and owed", 13);
	client->out_len = 13;
	client->out_sent = 9;
	strcpy(supervisor->why, "it crashed: 'so'");
	strcpy(supervisor->cgroup.name, "zdaemon-1-2.3");
	supervisor->program.failed = true;
	/* As some file systems have it. */
	supervisor->life.ino = UINT64_MAX - 1;
	*len = write_text(text, &carry, supervisor);
	carrying_free(supervisor, &runner);
	return text;
}

/* --- what is read is what was written ------------------------------------- */

/* There are NULs in such a text. */
static bool
holds(const char *text, size_t len, const char *part)
{
	return memmem(text, len, part, strlen(part)) != NULL;
}

static void
test_the_same_comes_back(void **state)
{
	size_t len;
	char *text = sample_text(&len), *again = xcalloc(1, TEXT_MAX);

	(void)state;
	assert_int_equal(pass_on(again, text, len, NULL), len);
	assert_memory_equal(again, text, len);
	/* Only what is still owed to a client goes over. */
	assert_true(holds(again, len, "client.out:4\nowed\n"));
	assert_true(holds(again, len, "held:13\nhalf an entry\n"));
	assert_true(holds(again, len, "program.failed=1\n"));
	assert_true(holds(again, len, "cgroup.name:13\nzdaemon-1-2.3\n"));
	assert_true(holds(again, len, "client.in:3\nsta\n"));
	assert_true(holds(again, len, "event:13\nexited seq=2\n\n"));
	free(again);
	free(text);
}

/* The text with another value in the line that begins at `at`. */
static char *
with_value(const char *text, const char *at, const char *value)
{
	const char *mark = at + strcspn(at, "=") + 1;

	return xasprintf("%.*s%s%s", (int)(mark - text), text, value,
	    mark + strcspn(mark, "\n"));
}

/* How many of the numbers keep a value that they did not have. */
static int
count_rows(const char *text, const char *value, char *again)
{
	const char *at, *rows = strstr(text, "\nconfig:");
	int kept = 0;

	for (at = text; *at != '\0'; at += strcspn(at, "\n") + 1) {
		size_t name = strcspn(at, "=:\n"), dot = strcspn(at, ".\n");
		char *other, *cause = NULL;

		if (at[name] != '=' || dot > name)
			continue;
		if (at < rows)
			continue;
		other = with_value(text, at, value);
		if (pass_on(again, other, strlen(other), &cause) != -1) {
			assert_string_equal(again, other);
			kept++;
		}
		free(cause);
		free(other);
	}
	return kept;
}

/* A row that wrote one field and read another would show here. */
static void
test_every_row_goes_both_ways(void **state)
{
	struct runner runner;
	struct supervisor *supervisor = carrying_make(&runner);
	struct carry carry = { .config = "x", .config_len = 1, .cwd = "/" };
	char *text = xcalloc(1, TEXT_MAX), *again = xcalloc(1, TEXT_MAX);

	(void)state;
	supervisor->clients.client[0].phase = CLIENT_HELD;
	write_text(text, &carry, supervisor);
	assert_true(count_rows(text, "1", again) >= 45);
	assert_true(count_rows(text, "2", again) >= 30);
	carrying_free(supervisor, &runner);
	free(text);
	free(again);
}

/* --- what is no good ------------------------------------------------------ */

static void
refuses(const char *text, size_t len, const char *reason)
{
	char *again = xcalloc(1, TEXT_MAX), *cause = NULL;

	assert_int_equal(pass_on(again, text, len, &cause), -1);
	assert_non_null(cause);
	assert_non_null(strstr(cause, reason));
	free(cause);
	free(again);
}

static void
test_no_part_passes_for_the_whole(void **state)
{
	size_t len, cut;
	char *text = sample_text(&len);

	(void)state;
	for (cut = 0; cut < len; cut++)
		refuses(text, cut, "");
	free(text);
}

static void
test_another_form_is_refused(void **state)
{
	static const char other[] = "zdrun-carry=2\nversion=9\n";

	(void)state;
	refuses(other, strlen(other), "a form that is not known");
}

static void
test_names_to_come_are_passed_over(void **state)
{
	size_t len;
	char *text = sample_text(&len), *again = xcalloc(1, TEXT_MAX);
	static const char add[] = "fsm.to_come=7\nblob_to_come:2\nab\n";
	char *more = xcalloc(1, len + sizeof(add));
	size_t head = len - strlen("end=1\n");

	(void)state;
	memcpy(more, text, head);
	memcpy(more + head, add, strlen(add));
	memcpy(more + head + strlen(add), "end=1\n", 6);
	assert_int_equal(pass_on(again, more, len + strlen(add), NULL), len);
	assert_memory_equal(again, text, len);
	free(more);
	free(again);
	free(text);
}

static void
test_values_out_of_range_are_named(void **state)
{
	static const char *const bad[][2] = {
		{ "fsm.state", "99" },
		{ "fsm.wanted", "2" },
		{ "fsm.killed", "-1" },
		{ "program.process.pid", "-1" },
		{ "program.process.pid", "1x" },
		{ "life.lock", "-2" },
		{ "client", "100000" },
		{ "client.right", "7" },
		{ "client.phase", "77" },
		{ "history", "0" },
	};
	struct runner runner;
	struct supervisor *supervisor = carrying_make(&runner);
	struct carry carry = { .config = "x", .config_len = 1, .cwd = "/" };
	char *text = xcalloc(1, TEXT_MAX);
	size_t i;

	(void)state;
	supervisor->clients.client[0].phase = CLIENT_HELD;
	write_text(text, &carry, supervisor);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *line = xasprintf("\n%s=", bad[i][0]);
		const char *at = strstr(text, line);
		char *other;

		assert_non_null(at);
		other = with_value(text, at + 1, bad[i][1]);
		refuses(other, strlen(other), bad[i][0]);
		free(other);
		free(line);
	}
	carrying_free(supervisor, &runner);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_comes_back),
		cmocka_unit_test(test_every_row_goes_both_ways),
		cmocka_unit_test(test_no_part_passes_for_the_whole),
		cmocka_unit_test(test_another_form_is_refused),
		cmocka_unit_test(test_names_to_come_are_passed_over),
		cmocka_unit_test(test_values_out_of_range_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
