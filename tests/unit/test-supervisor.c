/*
 * What the supervisor keeps and writes: the history of events, entries of
 * the event log, files that are appended to.
 */

#include "config.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "supervisor/access.h"
#include "supervisor/discard.h"
#include "supervisor/history.h"
#include "supervisor/logformat.h"
#include "supervisor/sinks.h"
#include "tests/unit/check.h"

/* --- history -------------------------------------------------------------- */

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

/* --- entries of the event log --------------------------------------------- */

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

/* --- sinks ---------------------------------------------------------------- */

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
	sink = sinks_open(
	    &sinks, folder.path, SINK_WAIT, "transcript", &failure);
	assert_non_null(sink);
	snprintf(second, sizeof(second), "%s/./log", folder.dir);
	other = sinks_open(&sinks, second, SINK_WAIT, "logfile", &failure);
	assert_ptr_equal(other, sink);
	sink_write(sink, "one\n", 4);
	snprintf(second, sizeof(second), "%s/log.1", folder.dir);
	assert_int_equal(rename(folder.path, second), 0);
	sink_write(sink, "two\n", 4);
	assert_int_equal(sinks_reopen(&sinks, "reopen", &failure), 0);
	sink_write(sink, "three\n", 6);
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
	sink_write(sink, "four\n", 5);
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
	assert_null(
	    sinks_open(&sinks, folder.dir, SINK_WAIT, "logfile", &failure));
	assert_int_equal(failure.error, EISDIR);
	/* A FIFO without a reader fails, it does not wait. */
	assert_int_equal(mkfifo(folder.path, 0600), 0);
	assert_null(
	    sinks_open(&sinks, folder.path, SINK_WAIT, "logfile", &failure));
	assert_int_equal(failure.error, ENXIO);
	assert_string_equal(failure.step, "logfile");
	sinks_close(&sinks);
	folder_end(&folder);
}

static void
limit_files(rlim_t most)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = most;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The whole of a file; to be freed. */
static char *
all_of(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	return text;
}

/* Lines of twelve bytes from number on, as a stream would bring them. */
static void
write_lines(struct sink *sink, int number, int count)
{
	char line[16];

	for (; count > 0; count--) {
		snprintf(line, sizeof(line), "line %06d\n", number++);
		sink_write(sink, line, 12);
	}
}

/* What cannot be written waits; it is told once, and once when it is over. */
static void
test_sink_waits_for_room(void **state)
{
	struct failure failure;
	struct folder folder;
	struct sinks sinks;
	struct sink *sink;
	unsigned int news;
	char *text;

	(void)state;
	folder_begin(&folder);
	assert_int_equal(sinks_init(&sinks, 1), 0);
	sink = sinks_open(
	    &sinks, folder.path, SINK_WAIT, "transcript", &failure);
	assert_non_null(sink);
	limit_files(30);
	write_lines(sink, 0, 100);
	assert_int_equal(sink->bytes, 30);
	assert_int_equal(sink->error, EFBIG);
	assert_int_equal(sink->wait.used, 1200 - 30);
	assert_int_equal(sink->dropped, 0);
	assert_ptr_equal(sinks_news(&sinks, &news), sink);
	assert_int_equal(news, SINK_FAILED);
	sink_flush(sink);
	assert_null(sinks_news(&sinks, &news));
	limit_files(RLIM_INFINITY);
	sink_flush(sink);
	assert_ptr_equal(sinks_news(&sinks, &news), sink);
	assert_int_equal(news, SINK_WORKS);
	text = all_of(folder.path);
	assert_int_equal(strlen(text), 1200);
	assert_non_null(strstr(text, "line 000002\nline 000003\n"));
	free(text);
	sinks_close(&sinks);
	folder_end(&folder);
}

/* Lines of the test above in a file, and the one that tells what is not. */
static void
check_gap(const char *text, int *first_missing, int *next, long *missing)
{
	const char *at, *line = text;
	int number, expected = 0;

	*first_missing = *next = -1;
	for (; *line != '\0'; line = at + 1) {
		at = strchr(line, '\n');
		assert_non_null(at);
		if (strstr(line, " --- zdaemon: ") == line + 24) {
			assert_int_equal(*first_missing, -1);
			assert_int_equal(
			    sscanf(line + 38, "%ld bytes are missing here ---",
				missing),
			    1);
			*first_missing = expected;
			continue;
		}
		assert_int_equal(at - line, 11);
		assert_int_equal(sscanf(line, "line %d\n", &number), 1);
		if (*first_missing != -1 && *next == -1)
			expected = *next = number;
		assert_int_equal(number, expected++);
	}
}

/*
 * What does not fit the ring either is dropped by whole lines, whatever parts
 * it came in, and a line says how much is missing.
 */
static void
test_sink_drops_whole_lines(void **state)
{
	struct failure failure;
	struct folder folder;
	struct sinks sinks;
	struct sink *sink;
	static char stream[12 * 20000 + 1];
	char *text;
	int first, next;
	size_t at, part;
	long missing = 0;

	(void)state;
	folder_begin(&folder);
	assert_int_equal(sinks_init(&sinks, 1), 0);
	sink = sinks_open(
	    &sinks, folder.path, SINK_WAIT, "transcript", &failure);
	assert_non_null(sink);
	for (at = 0; at < 20000; at++)
		snprintf(stream + 12 * at, 13, "line %06d\n", (int)at);
	limit_files(30);
	for (at = 0, part = 1; at < 12 * 15000 + 5; at += part) {
		part = 1 + (part * 7 + 3) % 5000;
		if (at + part > 12 * 15000 + 5)
			part = 12 * 15000 + 5 - at;
		sink_write(sink, stream + at, part);
	}
	assert_true(sink->wait.used <= SINK_WAIT);
	assert_true(sink->dropped > 0);
	limit_files(RLIM_INFINITY);
	sink_flush(sink);
	/* In the middle of a line there is nothing to be tried again. */
	assert_int_equal(sink_retry_at(sink), INT64_MAX);
	assert_false(sink_wants_room(sink));
	sink_write(sink, stream + at, 12 * 20000 - at);
	text = all_of(folder.path);
	check_gap(text, &first, &next, &missing);
	assert_true(first > 4000 && next == 15001);
	assert_int_equal(missing, 12 * (next - first));
	assert_int_equal(sink->dropped, missing);
	assert_string_equal(strstr(text, "line 019999\n"), "line 019999\n");
	free(text);
	sinks_close(&sinks);
	folder_end(&folder);
}

/* A line longer than all room: its beginning is ended before the news. */
static void
test_sink_drops_the_rest_of_a_line(void **state)
{
	static char line[100000];
	struct failure failure;
	struct folder folder;
	struct sinks sinks;
	struct sink *sink;
	char *text, *news;

	(void)state;
	folder_begin(&folder);
	assert_int_equal(sinks_init(&sinks, 1), 0);
	sink = sinks_open(
	    &sinks, folder.path, SINK_WAIT, "transcript", &failure);
	assert_non_null(sink);
	memset(line, 'x', sizeof(line));
	limit_files(10);
	sink_write(sink, line, sizeof(line));
	sink_write(sink, line, sizeof(line));
	limit_files(RLIM_INFINITY);
	sink_write(sink, "rest\n", 5);
	sink_flush(sink);
	sink_write(sink, "next\n", 5);
	text = all_of(folder.path);
	news = strchr(text, '\n');
	assert_non_null(news);
	assert_non_null(strstr(news, "--- zdaemon: 199995 bytes are missing"));
	assert_non_null(strstr(news, " ---\nnext\n"));
	assert_int_equal(news - text, 10);
	free(text);
	sinks_close(&sinks);
	folder_end(&folder);
}

/* A device that takes nothing costs output only; it is told once. */
static void
test_sink_that_takes_nothing(void **state)
{
	struct failure failure;
	struct sinks sinks;
	struct sink *sink;
	unsigned int news;

	(void)state;
	assert_int_equal(sinks_init(&sinks, 1), 0);
	sink = sinks_open(
	    &sinks, "/dev/full", SINK_WAIT, "transcript", &failure);
	if (sink == NULL)
		skip();
	sink_write(sink, "lost\n", 5);
	assert_int_equal(sink->error, ENOSPC);
	assert_true(sink_retry_at(sink) < INT64_MAX);
	assert_false(sink_wants_room(sink));
	sink_write(sink, "more\n", 5);
	sink_flush(sink);
	assert_int_equal(sink->wait.used, 10);
	assert_int_equal(sink->bytes, 0);
	assert_ptr_equal(sinks_news(&sinks, &news), sink);
	assert_null(sinks_news(&sinks, &news));
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
	sink = sinks_open(
	    &sinks, folder.path, SINK_WAIT, "transcript", &failure);
	assert_non_null(sink);
	for (i = 0; i < 10; i++) {
		memset(chunk, 'a' + i, sizeof(chunk));
		sink_write(sink, chunk, sizeof(chunk));
	}
	assert_true(sink_wants_room(sink));
	assert_true(sink->dropped > 0);
	while (sink->wait.used > 0) {
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

/* --- access --------------------------------------------------------------- */

static void
test_access(void **state)
{
	static const struct {
		unsigned int mode;
		enum access_right member, other;
		mode_t socket;
	} row[] = {
		{ 0600, ACCESS_NONE, ACCESS_NONE, 0600 },
		{ 0640, ACCESS_LOOK, ACCESS_NONE, 0660 },
		{ 0664, ACCESS_CONTROL, ACCESS_LOOK, 0666 },
		{ 0606, ACCESS_NONE, ACCESS_CONTROL, 0606 },
	};
	struct access access = { .owner = 1000, .group = 50 };
	struct access_peer peer;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		access.mode = row[i].mode;
		peer = (struct access_peer){ 0, 1, false };
		assert_int_equal(access_of(&access, &peer), ACCESS_CONTROL);
		peer.uid = 1000;
		assert_int_equal(access_of(&access, &peer), ACCESS_CONTROL);
		peer.uid = 1001;
		assert_int_equal(access_of(&access, &peer), row[i].other);
		peer.member = true;
		assert_int_equal(access_of(&access, &peer), row[i].member);
		assert_int_equal(access_socket_mode(&access), row[i].socket);
	}
	/* Without a group its digit is nobody's. */
	access = (struct access){ 1000, (gid_t)-1, 0660 };
	peer = (struct access_peer){ 1001, 1, false };
	assert_int_equal(access_of(&access, &peer), ACCESS_NONE);
	assert_int_equal(access_socket_mode(&access), 0600);
}

static void
test_access_identifies_us(void **state)
{
	struct access access = { .group = getegid() };
	struct access_peer peer;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_true(access_identify(&access, &peer, pair[0]));
	assert_int_equal(peer.uid, geteuid());
	assert_true(peer.member);
	access.group = (gid_t)-1;
	assert_true(access_identify(&access, &peer, pair[0]));
	assert_false(peer.member);
	close(pair[0]);
	close(pair[1]);
#ifdef __linux__
	assert_false(access_identify(&access, &peer, -1));
#endif
}

/* --- discarding ----------------------------------------------------------- */

/* A file of so many bytes, none of them written. */
static void
make_hole(const char *name, off_t size)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

static int
next_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void
test_a_large_file_is_freed_by_a_child(void **state)
{
	char dir[] = "/tmp/test-discard.XXXXXX";
	struct discard discard = { 0 };
	int before = next_descriptor();
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	make_hole("large", 64 << 20);
	make_hole("other", 64 << 20);
	assert_int_equal(discard_file(&discard, "large"), 0);
	assert_int_equal(access("large", F_OK), -1);
	assert_true((pid = discard.pid) > 0);
	/* One child at a time; a name is gone at once all the same. */
	assert_int_equal(discard_file(&discard, "other"), 0);
	assert_int_equal(access("other", F_OK), -1);
	assert_int_equal(discard.pid, pid);
	assert_false(discard_reaped(&discard, pid + 1));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(discard_reaped(&discard, pid));
	assert_int_equal(discard.pid, 0);
	assert_int_equal(next_descriptor(), before);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void
test_little_is_just_removed(void **state)
{
	char dir[] = "/tmp/test-discard.XXXXXX";
	struct discard discard = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	make_hole("small", 4096);
	assert_int_equal(discard_file(&discard, "small"), 0);
	assert_int_equal(access("small", F_OK), -1);
	assert_int_equal(symlink("small", "link"), 0);
	assert_int_equal(discard_file(&discard, "link"), 0);
	assert_int_equal(discard_file(&discard, "missing"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(discard.pid, 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_large_file_is_freed_by_a_child),
		cmocka_unit_test(test_little_is_just_removed),
		cmocka_unit_test(test_history_keeps_two_hundred),
		cmocka_unit_test(test_history_of_long_lines),
		cmocka_unit_test(test_logformat),
		cmocka_unit_test(test_logformat_is_safe),
		cmocka_unit_test(test_sink_is_one_per_file),
		cmocka_unit_test(test_sink_that_cannot_be_opened),
		cmocka_unit_test(test_sink_waits_for_room),
		cmocka_unit_test(test_sink_drops_whole_lines),
		cmocka_unit_test(test_sink_drops_the_rest_of_a_line),
		cmocka_unit_test(test_sink_that_takes_nothing),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_access_identifies_us),
		cmocka_unit_test(test_sink_slow_reader),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
