/* src/control: the lines of files of many shapes, and following one. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "control/filewatch.h"
#include "control/follow.h"
#include "control/linewalk.h"
#include "control/older.h"
#include "control/tail.h"

static char folder[] = "/tmp/zd tail XXXXXX";
static char path[64];

static void
write_file(const char *text, size_t len, const char *mode)
{
	FILE *out = fopen(path, mode);

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	fclose(out);
}

static off_t
find(const char *text, size_t len, size_t lines)
{
	off_t from;
	int fd;

	write_file(text, len, "w");
	fd = tail_open(path, NULL);
	assert_int_not_equal(fd, -1);
	from = tail_find(fd, tail_size(fd), lines, NULL);
	close(fd);
	return from;
}

/* The last lines of text are expected. */
static void
expect(const char *text, size_t lines, const char *expected)
{
	off_t from = find(text, strlen(text), lines);

	assert_true(from >= 0 && (size_t)from <= strlen(text));
	assert_string_equal(text + from, expected);
}

static void
small_files(void **state)
{
	(void)state;
	expect("", 10, "");
	expect("\n", 10, "\n");
	expect("a", 10, "a");
	expect("a\n", 10, "a\n");
	expect("a\nb\nc\n", 0, "");
	expect("a\nb\nc\n", 1, "c\n");
	expect("a\nb\nc", 1, "c");
	expect("a\nb\nc\n", 2, "b\nc\n");
	expect("a\nb\nc", 2, "b\nc");
	expect("a\nb\nc\n", 3, "a\nb\nc\n");
	expect("a\nb\nc\n", 4, "a\nb\nc\n");
	expect("\n\n\n", 2, "\n\n");
	expect("a\n\n", 1, "\n");
}

/* The simplest way that can be, to compare with. */
static off_t
find_slowly(const char *text, size_t len, size_t lines)
{
	size_t from = len;

	if (lines == 0)
		return (off_t)len;
	if (from > 0 && text[from - 1] == '\n')
		from--;
	while (from > 0) {
		if (text[from - 1] == '\n' && --lines == 0)
			return (off_t)from;
		from--;
	}
	return 0;
}

static void
files_around_the_size_of_a_block(void **state)
{
	static const size_t sizes[] = { 32767, 32768, 32769, 65535, 65536,
		65537, 131071, 131072, 131073, 200000 };
	static const size_t periods[] = { 1, 2, 80, 32768, 65536, 70000,
		1000000 };
	char *text = malloc(200000);

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		for (size_t j = 0; j < sizeof periods / sizeof periods[0];
		     j++) {
			for (size_t k = 0; k < sizes[i]; k++)
				text[k] = k % periods[j] == periods[j] - 1 ?
				    '\n' :
				    'x';
			for (size_t lines = 0; lines < 4; lines++)
				assert_int_equal(find(text, sizes[i], lines),
				    find_slowly(text, sizes[i], lines));
		}
	}
	free(text);
}

static void
only_regular_files_are_opened(void **state)
{
	char *cause = NULL;

	(void)state;
	assert_int_equal(tail_open(folder, &cause), -1);
	assert_non_null(strstr(cause, "it is a directory"));
	assert_int_equal(tail_open("/dev/zero", &cause), -1);
	assert_non_null(strstr(cause, "it is a device"));
	assert_int_equal(tail_open("/nonexistent", &cause), -1);
	assert_non_null(strstr(cause, "No such file"));
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(tail_open(path, &cause), -1);
	unlink(path);
	free(cause);
}

/* --- lines --------------------------------------------------------------- */

static void
expect_walk(const char *text, size_t len)
{
	struct linewalk *walk = malloc(sizeof *walk);
	struct line line;
	off_t starts[1000];
	size_t count = 0, offset = 0;
	int fd;

	write_file(text, len, "w");
	fd = tail_open(path, NULL);
	linewalk_begin_on(walk, fd, 0, (off_t)len, NULL);
	while (linewalk_on(walk, &line)) {
		const char *newline = memchr(text + offset, '\n', len - offset);
		size_t end = newline ? (size_t)(newline - text) : len;
		size_t head = end - offset < LINEWALK_HEAD ? end - offset :
							     LINEWALK_HEAD;

		assert_int_equal(line.start, offset);
		assert_int_equal(line.len, head);
		assert_memory_equal(line.text, text + offset, head);
		offset = newline ? end + 1 : end;
		assert_int_equal(line.end, offset);
		assert_true(count < 1000);
		starts[count++] = line.start;
	}
	assert_int_equal(offset, len);
	linewalk_begin_back(walk, fd, (off_t)len, NULL);
	while (linewalk_back(walk, &line)) {
		assert_true(count > 0);
		assert_int_equal(line.start, starts[--count]);
		assert_int_equal(line.end, offset);
		offset = (size_t)line.start;
		assert_memory_equal(line.text, text + offset, line.len);
	}
	assert_int_equal(count, 0);
	close(fd);
	free(walk);
}

static bool
count_down(void *data)
{
	int *left = data;

	return *left == 0 || --*left == 0;
}

/* Asked for each read: with lines as long as a window, for each line. */
static void
a_walk_ends_when_that_is_wanted(void **state)
{
	struct linewalk *walk = malloc(sizeof *walk);
	size_t len = 32 * 2 * LINEWALK_HEAD, count;
	int left = 9, fd;
	const struct linewalk_end end = { count_down, &left };
	char *text = malloc(len);
	struct line line;

	(void)state;
	memset(text, 'x', len);
	for (size_t i = 1; i <= 32; i++)
		text[i * 2 * LINEWALK_HEAD - 1] = '\n';
	write_file(text, len, "w");
	fd = tail_open(path, NULL);
	linewalk_begin_on(walk, fd, 0, (off_t)len, &end);
	for (count = 0; linewalk_on(walk, &line); count++)
		;
	assert_int_equal(count, 8);
	assert_false(linewalk_on(walk, &line));
	left = 9;
	linewalk_begin_back(walk, fd, (off_t)len, &end);
	for (count = 0; linewalk_back(walk, &line); count++)
		;
	assert_in_range(count, 1, 8);
	assert_false(linewalk_back(walk, &line));
	/* And for each block of a search. */
	left = 9;
	assert_true(tail_find(fd, (off_t)len, 1000, &end) > 0);
	assert_int_equal(left, 0);
	close(fd);
	free(text);
	free(walk);
}

static void
lines_are_walked_both_ways(void **state)
{
	static const size_t periods[] = { 400, 32767, 32768, 32769, 65535,
		65536, 65537, 131071, 131072, 131073, 150000, 1000000 };
	char *text = malloc(300000);

	(void)state;
	expect_walk("", 0);
	expect_walk("\n", 1);
	expect_walk("a", 1);
	expect_walk("\n\na\n\nbc", 7);
	for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
		for (size_t k = 0; k < 300000; k++)
			text[k] = k % periods[i] == periods[i] - 1 ?
			    '\n' :
			    (char)('a' + k % 26);
		expect_walk(text, 300000);
		expect_walk(text, 299999);
	}
	free(text);
}

/* --- following ----------------------------------------------------------- */

static struct filewatch watch;
static int64_t now;

static struct follow *
begin(off_t offset)
{
	struct follow *follow = calloc(1, sizeof *follow);

	filewatch_open(&watch);
	now = 1000000;
	follow_begin(follow, &watch, path, tail_open(path, NULL), offset);
	return follow;
}

static void
end(struct follow *follow)
{
	follow_end(follow);
	free(follow);
	assert_int_equal(watch.count, 0);
	filewatch_close(&watch);
}

static enum follow_news
next(struct follow *follow)
{
	return follow_next(follow, now);
}

static void
expect_data(struct follow *follow, const char *expected)
{
	assert_int_equal(next(follow), FOLLOW_DATA);
	assert_int_equal(follow->len, strlen(expected));
	assert_memory_equal(follow->data, expected, follow->len);
}

static void
write_numbered(int number, const char *text)
{
	char name[80];
	FILE *out;

	snprintf(name, sizeof name, "%s.%d", path, number);
	out = fopen(name, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* As a rotation does it: the highest number first. */
static void
rotate(int files)
{
	char from[80], to[80];

	for (int number = files; number >= 0; number--) {
		snprintf(from, sizeof from, number > 0 ? "%s.%d" : "%s", path,
		    number);
		snprintf(to, sizeof to, "%s.%d", path, number + 1);
		rename(from, to);
	}
}

static void
remove_numbered(int files)
{
	char name[80];

	for (int number = 1; number <= files; number++) {
		snprintf(name, sizeof name, "%s.%d", path, number);
		unlink(name);
	}
}

static void
truncation_is_noticed(void **state)
{
	struct follow *follow;

	(void)state;
	write_file("one\n", 4, "w");
	follow = begin(4);
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	write_file("two\n", 4, "a");
	expect_data(follow, "two\n");
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	write_file("3\n", 2, "w");
	assert_int_equal(next(follow), FOLLOW_TRUNCATED);
	expect_data(follow, "3\n");

	/* Also when it has grown past where we were by the time we look. */
	write_file("four, five, six\n", 16, "w");
	assert_int_equal(next(follow), FOLLOW_TRUNCATED);
	expect_data(follow, "four, five, six\n");
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	end(follow);
}

static void
a_renamed_file_is_read_to_its_end(void **state)
{
	struct follow *follow;

	(void)state;
	write_file("one\n", 4, "w");
	follow = begin(0);
	expect_data(follow, "one\n");
	write_file("two\n", 4, "a");
	rotate(0);
	/* Its writer goes on with the old one until it reopens. */
	write_file("", 0, "w");
	expect_data(follow, "two\n");
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	write_numbered(1, "one\ntwo\nthree\n");
	expect_data(follow, "three\n");
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	write_file("four\n", 5, "w");
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "four\n");
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	end(follow);
	remove_numbered(1);
}

/* A file that was looked at, by name and to its end. */
static struct follow *
begin_told(void)
{
	struct follow *follow;

	write_file("one\n", 4, "w");
	follow = begin(4);
	filewatch_drain(&watch);
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	return follow;
}

/* The next event wakes us: nothing is looked at before. */
static void
what_was_only_written_is_only_read(void **state)
{
	struct follow *follow = begin_told();

	(void)state;
	if (watch.fd == -1)
		skip();
	write_file("two\n", 4, "a");
	filewatch_drain(&watch);
	expect_data(follow, "two\n");
	write_file("three\n", 6, "a");
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	filewatch_drain(&watch);
	expect_data(follow, "three\n");
	end(follow);
}

/* Who has drained the watch meanwhile has drained our event. */
static void
what_others_were_told_is_not_lost(void **state)
{
	struct follow *follow = begin_told();

	(void)state;
	write_file("two\n", 4, "a");
	filewatch_drain(&watch);
	expect_data(follow, "two\n");
	write_file("three\n", 6, "a");
	filewatch_drain(&watch);
	expect_data(follow, "three\n");
	end(follow);
}

/* Told with the last words of the old file, and never again. */
static void
a_rotation_told_with_data_is_seen(void **state)
{
	struct follow *follow = begin_told();

	(void)state;
	write_file("two\n", 4, "a");
	rotate(0);
	write_file("three\n", 6, "w");
	filewatch_drain(&watch);
	expect_data(follow, "two\n");
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "three\n");
	end(follow);
	remove_numbered(1);
}

/* By another host, as it may be; here only what is written is told. */
static void
a_rotation_that_nobody_tells_is_seen_in_time(void **state)
{
	struct follow *follow = begin_told();

	(void)state;
	if (watch.fd == -1)
		skip();
	rotate(0);
	write_file("new\n", 4, "w");
	write_numbered(1, "one\ntwo\n");
	filewatch_drain(&watch);
	watch.names = false;
	now += 4999;
	expect_data(follow, "two\n");
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	write_numbered(1, "one\ntwo\nthree\n");
	filewatch_drain(&watch);
	now++;
	expect_data(follow, "three\n");
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "new\n");
	end(follow);
	remove_numbered(1);
}

static void
files_in_between_are_found_by_number(void **state)
{
	struct follow *follow;

	(void)state;
	write_file("one\n", 4, "w");
	follow = begin(0);
	expect_data(follow, "one\n");
	for (int i = 0; i < 3; i++) {
		rotate(i);
		write_file(i == 0 ? "two\n" :
			i == 1    ? "three\n" :
				    "four\n",
		    i == 1     ? 6 :
			i == 0 ? 4 :
				 5,
		    "w");
	}
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "two\n");
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "three\n");
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "four\n");
	assert_int_equal(next(follow), FOLLOW_NOTHING);

	/* One in between that does not come is given up in the end. */
	rotate(3);
	write_file("five\n", 5, "w");
	rotate(4);
	write_file("six\n", 4, "w");
	remove_numbered(1);
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	now += follow_timeout(follow, now);
	now += follow_timeout(follow, now);
	now += follow_timeout(follow, now);
	now += follow_timeout(follow, now);
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "six\n");
	end(follow);
	remove_numbered(6);
}

static void
a_file_that_is_gone_is_told_once(void **state)
{
	struct follow *follow;

	(void)state;
	write_file("one\n", 4, "w");
	follow = begin(4);
	unlink(path);
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	now += 5000;
	assert_int_equal(next(follow), FOLLOW_GONE);
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(next(follow), FOLLOW_REFUSED);
	assert_non_null(strstr(follow->cause, "it is a directory"));
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	rmdir(path);
	write_file("two\n", 4, "w");
	assert_int_equal(next(follow), FOLLOW_ROTATED);
	expect_data(follow, "two\n");
	end(follow);
}

static void
a_file_is_waited_for(void **state)
{
	struct follow *follow;

	(void)state;
	unlink(path);
	follow = begin(0);
	assert_int_equal(follow->fd, -1);
	assert_int_equal(next(follow), FOLLOW_NOTHING);
	write_file("one\n", 4, "w");
	assert_int_equal(next(follow), FOLLOW_APPEARED);
	expect_data(follow, "one\n");
	end(follow);
}

/* --- what it was rotated to ----------------------------------------------- */

#define STAMP "2026-11-25T10:20:30Z "

static void
expect_older(struct older *older, const char *expected)
{
	char all[400];
	const char *data;
	size_t len, at = 0;

	while (older_next(older, &data, &len) == OLDER_DATA) {
		assert_true(at + len < sizeof all);
		memcpy(all + at, data, len);
		at += len;
	}
	all[at] = '\0';
	assert_string_equal(all, expected);
	older_free(older);
}

static void
names_are_moved_while_rotated_files_are_read(void **state)
{
	char buf[2000];
	struct older *older;
	int fd;

	(void)state;
	write_numbered(2, STAMP "one\n");
	write_numbered(1, STAMP "two\n");
	write_file(STAMP "three\n", 27, "w");
	fd = tail_open(path, NULL);
	older = older_new(path, fd, 0, buf, sizeof buf);
	rotate(2);
	write_file(STAMP "four\n", 26, "w");
	expect_older(older, STAMP "one\n" STAMP "two\n");
	/* Twice between the opening of the log and the look at the rest. */
	rotate(3);
	write_file(STAMP "five\n", 26, "w");
	older = older_new(path, fd, 0, buf, sizeof buf);
	expect_older(older, STAMP "one\n" STAMP "two\n");
	close(fd);
	remove_numbered(4);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/log", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_files),
		cmocka_unit_test(files_around_the_size_of_a_block),
		cmocka_unit_test(only_regular_files_are_opened),
		cmocka_unit_test(lines_are_walked_both_ways),
		cmocka_unit_test(a_walk_ends_when_that_is_wanted),
		cmocka_unit_test(truncation_is_noticed),
		cmocka_unit_test(a_renamed_file_is_read_to_its_end),
		cmocka_unit_test(what_was_only_written_is_only_read),
		cmocka_unit_test(what_others_were_told_is_not_lost),
		cmocka_unit_test(a_rotation_told_with_data_is_seen),
		cmocka_unit_test(a_rotation_that_nobody_tells_is_seen_in_time),
		cmocka_unit_test(files_in_between_are_found_by_number),
		cmocka_unit_test(a_file_that_is_gone_is_told_once),
		cmocka_unit_test(a_file_is_waited_for),
		cmocka_unit_test(names_are_moved_while_rotated_files_are_read),
	};

	return cmocka_run_group_tests_name(
	    "tail", tests, make_folder, remove_folder);
}
