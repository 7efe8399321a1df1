/* src/shell/history: what is remembered, and the file it is kept in. */
#include "config.h"

#include <dirent.h>
#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "shell/history.h"

#define CONFIG "/etc/my app.conf"

static char top[] = "/tmp/zd history XXXXXX";

static int
make_top(void **state)
{
	(void)state;
	if (mkdtemp(top) == NULL)
		return -1;
	setenv("XDG_STATE_HOME", top, 1);
	return 0;
}

static int
remove_top(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

/* The only file there is. */
static const char *
file(void)
{
	static char path[512];
	char folder[256];
	struct dirent *entry;
	DIR *dir;

	path[0] = '\0';
	snprintf(folder, sizeof(folder), "%s/zdaemon", top);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.') {
			assert_string_equal(path, "");
			snprintf(
			    path, sizeof(path), "%s/%s", folder, entry->d_name);
		}
	closedir(dir);
	return path;
}

static void
put(const char *text, size_t len)
{
	FILE *out = fopen(file(), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	fclose(out);
}

static const char *
content(void)
{
	static char text[4096];
	FILE *in = fopen(file(), "r");
	size_t len;

	assert_non_null(in);
	len = fread(text, 1, sizeof(text) - 1, in);
	text[len] = '\0';
	fclose(in);
	return text;
}

static struct past *
open_past(void)
{
	struct past *past = history_new();

	assert_int_equal(history_open(past, CONFIG, NULL), 0);
	return past;
}

static void
add(struct past *past, const char *line)
{
	assert_int_equal(history_add(past, line, NULL), 0);
}

static int
forget_file(void **state)
{
	(void)state;
	history_free(open_past());
	put("", 0);
	return 0;
}

static void
lines_are_kept(void **state)
{
	struct past *past = open_past();
	struct stat st;

	(void)state;
	add(past, "start");
	add(past, "kill HUP");
	history_free(past);
	assert_int_equal(stat(file(), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_string_equal(content(), "start\nkill HUP\n");
	past = open_past();
	assert_int_equal(history_count(past), 2);
	assert_string_equal(history_line(past, 1), "start");
	assert_string_equal(history_line(past, 2), "kill HUP");
	assert_null(history_line(past, 0));
	assert_null(history_line(past, 3));
	history_free(past);
}

static void
equal_lines_are_kept_once(void **state)
{
	struct past *past = open_past();
	HistEvent event;

	(void)state;
	add(past, "a");
	add(past, "b");
	add(past, "a");
	assert_int_equal(history_count(past), 2);
	assert_string_equal(history_line(past, 1), "b");
	assert_string_equal(history_line(past, 2), "a");
	/* The editor sees the same. */
	assert_int_not_equal(
	    history(history_editline(past), &event, H_FIRST), -1);
	assert_string_equal(event.str, "a");
	assert_int_not_equal(
	    history(history_editline(past), &event, H_NEXT), -1);
	assert_string_equal(event.str, "b");
	assert_int_equal(history(history_editline(past), &event, H_NEXT), -1);
	history_free(past);
	past = open_past();
	assert_int_equal(history_count(past), 2);
	assert_string_equal(history_line(past, 2), "a");
	history_free(past);
}

static void
a_leading_blank_is_private(void **state)
{
	struct past *past = open_past();

	(void)state;
	add(past, " secret");
	add(past, "\tsecret");
	add(past, "");
	assert_int_equal(history_count(past), 0);
	history_free(past);
	assert_string_equal(content(), "");
}

static void
the_mode_is_mended(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(chmod(file(), 0644), 0);
	history_free(open_past());
	assert_int_equal(stat(file(), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
damaged_files_are_read_as_far_as_can_be(void **state)
{
	static const char text[] = "one\n\n\xff\xfe\nthree\0x\nfour";
	struct past *past;

	(void)state;
	put(text, sizeof(text) - 1);
	past = open_past();
	assert_int_equal(history_count(past), 4);
	assert_string_equal(history_line(past, 1), "one");
	assert_string_equal(history_line(past, 2), "three");
	assert_string_equal(history_line(past, 3), "x");
	assert_string_equal(history_line(past, 4), "four");
	/* The line that was cut does not swallow the next one. */
	add(past, "five");
	history_free(past);
	past = open_past();
	assert_string_equal(history_line(past, 4), "four");
	assert_string_equal(history_line(past, 5), "five");
	history_free(past);
}

static void
a_long_file_is_shortened(void **state)
{
	char *text = malloc(200000), *to = text;
	struct past *past;
	struct stat st;
	int i;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < 3 * HISTORY_CAP; i++)
		to += sprintf(to, "kill %d\n", i);
	put(text, (size_t)(to - text));
	free(text);
	past = open_past();
	assert_int_equal(history_count(past), HISTORY_CAP);
	assert_string_equal(history_line(past, HISTORY_CAP), "kill 5999");
	add(past, "last");
	assert_int_equal(history_count(past), HISTORY_CAP);
	assert_string_equal(history_line(past, 1), "kill 4001");
	history_free(past);
	assert_int_equal(stat(file(), &st), 0);
	assert_int_equal(st.st_size, HISTORY_CAP * 10 + 5);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
several_writers_lose_nothing(void **state)
{
	struct past *past;
	char line[32];
	int i, k, status;

	(void)state;
	for (i = 0; i < 4; i++)
		if (fork() == 0) {
			past = open_past();
			for (k = 0; k < 50; k++) {
				snprintf(line, sizeof(line), "w%d %d", i, k);
				add(past, line);
			}
			_exit(0);
		}
	for (i = 0; i < 4; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	past = open_past();
	assert_int_equal(history_count(past), 200);
	history_free(past);
}

/* Trouble is told once, and lines are remembered all the same. */
static void
unwritable_files_are_told_once(void **state)
{
	struct past *past = open_past();
	char *cause = NULL, saved[512];

	(void)state;
	snprintf(saved, sizeof(saved), "%s", file());
	assert_int_equal(unlink(saved), 0);
	assert_int_equal(mkdir(saved, 0700), 0);
	assert_int_equal(history_add(past, "a", &cause), -1);
	assert_non_null(strstr(cause, saved));
	free(cause);
	cause = NULL;
	assert_int_equal(history_add(past, "b", &cause), 0);
	assert_null(cause);
	assert_int_equal(history_count(past), 2);
	history_free(past);
	assert_int_equal(rmdir(saved), 0);
}

static void
numbers_stay_with_their_lines(void **state)
{
	struct past *past = open_past();

	(void)state;
	add(past, "a");
	add(past, "b");
	add(past, "c");
	add(past, "a");
	assert_int_equal(history_number(past, 1), 2);
	assert_int_equal(history_number(past, 3), 4);
	assert_string_equal(history_find(past, 2), "b");
	assert_string_equal(history_find(past, 4), "a");
	assert_string_equal(history_find(past, -1), "a");
	assert_string_equal(history_find(past, -3), "b");
	assert_null(history_find(past, 1));
	assert_null(history_find(past, 5));
	assert_null(history_find(past, 0));
	assert_null(history_find(past, -4));
	history_free(past);
}

static void
a_limit_forgets_the_oldest(void **state)
{
	struct past *past = open_past();

	(void)state;
	add(past, "a");
	add(past, "b");
	add(past, "c");
	history_limit(past, 2);
	assert_int_equal(history_count(past), 2);
	add(past, "d");
	assert_string_equal(history_line(past, 1), "c");
	assert_string_equal(history_line(past, 2), "d");
	history_limit(past, 0);
	add(past, "e");
	assert_int_equal(history_count(past), 0);
	assert_string_equal(content(), "a\nb\nc\nd\n");
	history_free(past);
}

static void
what_is_cleared_is_gone(void **state)
{
	struct past *past = open_past();
	char *cause = NULL;

	(void)state;
	add(past, "a");
	add(past, "b");
	assert_int_equal(history_clear(past, &cause), 0);
	assert_int_equal(history_count(past), 0);
	assert_string_equal(content(), "");
	add(past, "c");
	assert_string_equal(content(), "c\n");
	history_free(past);
}

static void
no_home_no_file(void **state)
{
	struct past *past = history_new();
	char *cause = NULL;

	(void)state;
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "/dev/null", 1);
	assert_int_equal(history_open(past, CONFIG, &cause), -1);
	assert_non_null(strstr(cause, "/dev/null/.local"));
	free(cause);
	cause = NULL;
	unsetenv("HOME");
	assert_int_equal(history_open(past, CONFIG, &cause), -1);
	assert_string_equal(cause, "HOME is not set");
	free(cause);
	add(past, "a");
	assert_int_equal(history_count(past), 1);
	history_free(past);
	setenv("XDG_STATE_HOME", top, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lines_are_kept, forget_file),
		cmocka_unit_test_setup(equal_lines_are_kept_once, forget_file),
		cmocka_unit_test_setup(a_leading_blank_is_private, forget_file),
		cmocka_unit_test_setup(the_mode_is_mended, forget_file),
		cmocka_unit_test_setup(
		    damaged_files_are_read_as_far_as_can_be, forget_file),
		cmocka_unit_test_setup(a_long_file_is_shortened, forget_file),
		cmocka_unit_test_setup(
		    several_writers_lose_nothing, forget_file),
		cmocka_unit_test_setup(
		    unwritable_files_are_told_once, forget_file),
		cmocka_unit_test_setup(
		    numbers_stay_with_their_lines, forget_file),
		cmocka_unit_test_setup(a_limit_forgets_the_oldest, forget_file),
		cmocka_unit_test_setup(what_is_cleared_is_gone, forget_file),
		cmocka_unit_test(no_home_no_file),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, make_top, remove_top);
}
