/*
 * What the supervisor keeps and writes: the history of events, entries of
 * the event log, files that are appended to.
 */

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "supervisor/history.h"
#include "supervisor/logformat.h"
#include "supervisor/sink.h"
#include "tests/unit/check.h"

/* --- history
 * ------------------------------------------------------------------- */

static void
history_put(struct history *history, int number, size_t len)
{
	char line[2000];

	memset(line, '.', sizeof(line));
	snprintf(line, sizeof(line), "%d:", number);
	line[strlen(line)] = '.';
	history_add(history, line, len);
}

/* Every line kept is there and whole, and those before it are not. */
static void
history_is_sound(const struct history *history)
{
	uint64_t number;
	const char *line;
	size_t len;

	assert_null(history_line(history, history->first - 1, &len));
	assert_null(history_line(history, history->next, &len));
	for (number = history->first; number < history->next; number++) {
		line = history_line(history, number, &len);
		assert_non_null(line);
		assert_int_equal(strtoull(line, NULL, 10), number);
	}
}

static void
test_history_keeps_two_hundred(void **state)
{
	struct history *history = calloc(1, sizeof(*history));
	int i;

	(void)state;
	assert_non_null(history);
	history_init(history);
	history_is_sound(history);
	for (i = 1; i <= 1000; i++) {
		history_put(history, i, 120);
		history_is_sound(history);
		assert_int_equal(history->next - history->first,
		    i < HISTORY_LINES ? i : HISTORY_LINES);
	}
	free(history);
}

static void
test_history_of_long_lines(void **state)
{
	struct history *history = calloc(1, sizeof(*history));
	int i;

	(void)state;
	assert_non_null(history);
	history_init(history);
	for (i = 1; i <= 3000; i++) {
		history_put(history, i, 40 + (size_t)(i * 37 % 980));
		history_is_sound(history);
	}
	assert_true(history->next - history->first > 40);
	free(history);
}

/* --- entries of the event log
 * ----------------------------------------------------- */

static const char *
entry(
    const char *format, const char *dateformat, int level, const char *message)
{
	static char buf[256];
	/* 2009-04-20 10:20:30.456 UTC */
	struct logrecord record = { level, 1240222830456, 1500, 4711, message };
	size_t len;

	len = logformat_entry(
	    buf, sizeof(buf) - 1, format, dateformat, &record);
	assert_true(len < sizeof(buf));
	buf[len] = '\0';
	return buf;
}

#define DATE "%Y-%m-%dT%H:%M:%S"

static void
test_logformat(void **state)
{
	static const struct {
		const char *format, *text;
	} table[] = {
		{ "------\\n%(asctime)s %(levelname)s %(name)s %(message)s",
		    "------\n2009-04-20T10:20:30 INFO root hello\n" },
		{ "%(process)d %(levelno)s %(levelname)-8s|",
		    "4711 20 INFO    |\n" },
		{ "%(levelname)8s %(levelname).2s", "    INFO IN\n" },
		{ "%(msecs)03d %(created)f %(created).1f",
		    "456 1240222830.456000 1240222830.5\n" },
		{ "%(relativeCreated)d%%\\t%(lineno)06d", "1500%\t000000\n" },
		/* What is no field stays as it is. */
		{ "%(unknown)s %(message %(message)x \\q %",
		    "%(unknown)s "
		    "%(message %(message)x \\q %\n" },
		{ "", "\n" },
		{ "%(message)99999999999999999999s",
		    "%(message)"
		    "99999999999999999999s\n" },
		/* Neither does snprintf fail over it, nor does it take long. */
		{ "%(message)2147483648s", "%(message)2147483648s\n" },
		{ "%(msecs).1000f %(msecs)x", "%(msecs).1000f 1c8\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(
		    entry(table[i].format, DATE, LOG_LEVEL_INFO, "hello"),
		    table[i].text);
	assert_string_equal(
	    entry("%(asctime)s", "%H:%M", LOG_LEVEL_INFO, ""), "10:20\n");
	assert_string_equal(
	    entry("%(levelname)s", DATE, LOG_LEVEL_CRITICAL, ""), "CRITICAL\n");
	assert_string_equal(entry("%(levelname)s", DATE, 33, ""), "Level 33\n");
}

/* An entry is one entry, whatever is in its message, and fits its room. */
static void
test_logformat_is_safe(void **state)
{
	char small[8], message[300];
	struct logrecord record = { LOG_LEVEL_INFO, 0, 0, 1, message };
	size_t len;

	(void)state;
	assert_string_equal(
	    entry("%(message)s", DATE, LOG_LEVEL_INFO, "a\033[31m\nb"),
	    "a^[[31m^Jb\n");
	memset(message, 'x', sizeof(message));
	message[sizeof(message) - 1] = '\0';
	len = logformat_entry(
	    small, sizeof(small), "%(message)s", DATE, &record);
	assert_int_equal(len, sizeof(small));
	assert_memory_equal(small, "xxxxxxx\n", 8);
}

/* --- sinks
 * ---------------------------------------------------------------------------
 */

struct folder {
	char dir[32];
	char path[64];
};

static void
folder_begin(struct folder *folder)
{
	snprintf(folder->dir, sizeof(folder->dir), "/tmp/zd unit XXXXXX");
	assert_non_null(mkdtemp(folder->dir));
	snprintf(folder->path, sizeof(folder->path), "%s/log", folder->dir);
}

static void
folder_end(struct folder *folder)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r '%s'", folder->dir);
	assert_int_equal(system(command), 0);
}

static const char *
content(const char *path)
{
	static char text[256];
	ssize_t n;
	int fd = open(path, O_RDONLY);

	assert_true(fd != -1);
	n = read(fd, text, sizeof(text) - 1);
	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
	return text;
}

/* Two names of one file are one sink; a rename is followed when asked. */
static void
test_sink_is_one_per_file(void **state)
{
	struct sink *sink, *other;
	struct failure failure;
	struct folder folder;
	struct sinks sinks;
	char second[64];

	(void)state;
	folder_begin(&folder);
	assert_int_equal(sinks_init(&sinks, 2), 0);
	sink = sinks_open(&sinks, folder.path, "transcript", &failure);
	assert_non_null(sink);
	snprintf(second, sizeof(second), "%s/./log", folder.dir);
	other = sinks_open(&sinks, second, "logfile", &failure);
	assert_ptr_equal(other, sink);
	assert_false(sink_write(sink, "one\n", 4));
	snprintf(second, sizeof(second), "%s/log.1", folder.dir);
	assert_int_equal(rename(folder.path, second), 0);
	assert_false(sink_write(sink, "two\n", 4));
	assert_int_equal(sinks_reopen(&sinks, "reopen", &failure), 0);
	assert_false(sink_write(sink, "three\n", 6));
	assert_string_equal(content(second), "one\ntwo\n");
	assert_string_equal(content(folder.path), "three\n");
	assert_int_equal(sink->bytes, 14);
	/* It cannot be opened anew: the file it has is kept. */
	assert_int_equal(unlink(folder.path), 0);
	assert_int_equal(mkdir(folder.path, 0700), 0);
	assert_int_equal(sinks_reopen(&sinks, "reopen", &failure), -1);
	assert_string_equal(failure.step, "reopen");
	assert_int_equal(failure.error, EISDIR);
	assert_string_equal(failure.text, folder.path);
	assert_false(sink_write(sink, "four\n", 5));
	assert_int_equal(sink->bytes, 19);
	assert_int_equal(sink->dropped, 0);
	sinks_close(&sinks);
	folder_end(&folder);
}

static void
test_sink_that_cannot_be_opened(void **state)
{
	struct failure failure;
	struct folder folder;
	struct sinks sinks;

	(void)state;
	folder_begin(&folder);
	assert_int_equal(sinks_init(&sinks, 2), 0);
	assert_null(sinks_open(&sinks, folder.dir, "logfile", &failure));
	assert_int_equal(failure.error, EISDIR);
	/* A FIFO without a reader fails, it does not wait. */
	assert_int_equal(mkfifo(folder.path, 0600), 0);
	assert_null(sinks_open(&sinks, folder.path, "logfile", &failure));
	assert_int_equal(failure.error, ENXIO);
	assert_string_equal(failure.step, "logfile");
	sinks_close(&sinks);
	folder_end(&folder);
}

/* A full disk costs output, is told once, and forgiven when it has room. */
static void
test_sink_full_disk(void **state)
{
	struct failure failure;
	struct sinks sinks;
	struct sink *sink;

	(void)state;
	assert_int_equal(sinks_init(&sinks, 1), 0);
	sink = sinks_open(&sinks, "/dev/full", "transcript", &failure);
	if (sink == NULL)
		skip();
	assert_true(sink_write(sink, "lost", 4));
	assert_int_equal(sink->error, ENOSPC);
	assert_false(sink_write(sink, "more", 4));
	assert_int_equal(sink->dropped, 8);
	assert_int_equal(sink->bytes, 0);
	assert_false(sink_waits(sink));
	sinks_close(&sinks);
}

/* A slow reader gets what fits the queue, in order; the rest is counted. */
static void
test_sink_slow_reader(void **state)
{
	static char chunk[60000], got[1 << 20];
	struct failure failure;
	struct folder folder;
	struct sinks sinks;
	struct sink *sink;
	size_t len = 0;
	ssize_t n;
	int fd, i;

	(void)state;
	folder_begin(&folder);
	assert_int_equal(mkfifo(folder.path, 0600), 0);
	fd = open(folder.path, O_RDONLY | O_NONBLOCK);
	assert_true(fd != -1);
	assert_int_equal(sinks_init(&sinks, 1), 0);
	sink = sinks_open(&sinks, folder.path, "transcript", &failure);
	assert_non_null(sink);
	for (i = 0; i < 10; i++) {
		memset(chunk, 'a' + i, sizeof(chunk));
		assert_false(sink_write(sink, chunk, sizeof(chunk)));
	}
	assert_true(sink_waits(sink));
	assert_true(sink->dropped > 0);
	while (sink_waits(sink)) {
		while ((n = read(fd, got + len, sizeof(got) - len)) > 0)
			len += (size_t)n;
		sink_flush(sink);
	}
	while ((n = read(fd, got + len, sizeof(got) - len)) > 0)
		len += (size_t)n;
	assert_int_equal(len + (size_t)sink->dropped, 10 * sizeof(chunk));
	assert_int_equal((size_t)sink->bytes, len);
	for (i = 1; i < (int)len; i++)
		assert_true(got[i] >= got[i - 1]);
	sinks_close(&sinks);
	close(fd);
	folder_end(&folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_history_keeps_two_hundred),
		cmocka_unit_test(test_history_of_long_lines),
		cmocka_unit_test(test_logformat),
		cmocka_unit_test(test_logformat_is_safe),
		cmocka_unit_test(test_sink_is_one_per_file),
		cmocka_unit_test(test_sink_that_cannot_be_opened),
		cmocka_unit_test(test_sink_full_disk),
		cmocka_unit_test(test_sink_slow_reader),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
