/* src/control: the last lines of files of many shapes, and following one. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "control/follow.h"
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
	from = tail_find(fd, tail_size(fd), lines);
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
	static const size_t sizes[] = { 65535, 65536, 65537, 131071, 131072,
		131073, 200000 };
	static const size_t periods[] = { 1, 2, 80, 65536, 70000, 1000000 };
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
	assert_non_null(strstr(cause, "it is no regular file"));
	assert_int_equal(tail_open("/nonexistent", &cause), -1);
	assert_non_null(strstr(cause, "No such file"));
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(tail_open(path, &cause), -1);
	unlink(path);
	free(cause);
}

static void
expect_data(struct follow *follow, const char *expected)
{
	assert_int_equal(follow_next(follow), FOLLOW_DATA);
	assert_int_equal(follow->len, strlen(expected));
	assert_memory_equal(follow->buf, expected, follow->len);
}

static void
a_file_is_followed_by_its_name(void **state)
{
	struct follow *follow = calloc(1, sizeof *follow);
	char other[80];

	(void)state;
	snprintf(other, sizeof other, "%s.1", path);
	write_file("one\n", 4, "w");
	follow_begin(follow, path, tail_open(path, NULL), 4);
	assert_int_equal(follow_next(follow), FOLLOW_NOTHING);
	write_file("two\n", 4, "a");
	expect_data(follow, "two\n");
	assert_int_equal(follow_next(follow), FOLLOW_NOTHING);

	/* Truncated, also to what is shorter than where we are. */
	write_file("3\n", 2, "w");
	assert_int_equal(follow_next(follow), FOLLOW_TRUNCATED);
	expect_data(follow, "3\n");

	/* Renamed: the rest of the old one comes first. */
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(follow_next(follow), FOLLOW_GONE);
	assert_int_equal(follow_next(follow), FOLLOW_NOTHING);
	assert_int_equal(rename(other, path), 0);
	write_file("four\n", 5, "a");
	assert_int_equal(rename(path, other), 0);
	write_file("five\n", 5, "w");
	expect_data(follow, "four\n");
	assert_int_equal(follow_next(follow), FOLLOW_REPLACED);
	expect_data(follow, "five\n");
	assert_int_equal(follow_next(follow), FOLLOW_NOTHING);
	follow_end(follow);
	free(follow);
	unlink(other);
	unlink(path);
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
		cmocka_unit_test(a_file_is_followed_by_its_name),
	};

	return cmocka_run_group_tests_name(
	    "tail", tests, make_folder, remove_folder);
}
