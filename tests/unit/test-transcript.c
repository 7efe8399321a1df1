/*
 * src/supervisor: how much is moved at one go, what the FIFO holds, and what
 * happens at the end of a line.
 */
#include "config.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "base/clock.h"
#include "supervisor/sink-file.h"
#include "supervisor/sinks.h"
#include "supervisor/transcript.h"

#define RING (1 << 20)

struct here {
	char folder[32], fifo[64], file[64];
	struct runner runner;
	struct sinks sinks;
	struct rotate rotate;
	struct transcript transcript;
	int program; /* its end of the FIFO */
};

static int
begin(void **state)
{
	struct here *here = calloc(1, sizeof(*here));
	struct failure failure;
	struct sink *sink;

	*state = here;
	strcpy(here->folder, "/tmp/zd-transcript.XXXXXX");
	assert_non_null(mkdtemp(here->folder));
	snprintf(here->fifo, sizeof(here->fifo), "%s/fifo", here->folder);
	snprintf(here->file, sizeof(here->file), "%s/out", here->folder);
	here->runner.transcript_rotate_names = (char[]){ "numbered" };
	assert_int_equal(sinks_init(&here->sinks, 1), 0);
	sink = sinks_open(&here->sinks, here->file, RING, "open", &failure);
	assert_non_null(sink);
	assert_int_equal(rotate_init(&here->rotate, &here->runner, sink), 0);
	transcript_init(&here->transcript);
	assert_int_equal(transcript_open(&here->transcript, here->fifo, sink,
			     &here->rotate, STAMP_OFF, &failure),
	    0);
	here->program = open(here->fifo, O_RDWR | O_NONBLOCK);
	assert_int_not_equal(here->program, -1);
	return 0;
}

static int
end(void **state)
{
	struct here *here = *state;

	close(here->program);
	transcript_close(&here->transcript);
	rotate_free(&here->rotate);
	sinks_close(&here->sinks);
	unlink(here->file);
	rmdir(here->folder);
	free(here);
	return 0;
}

/* Writes until the FIFO is full; how many bytes. */
static size_t
fill(const struct here *here)
{
	static const char line[4096] = { [4095] = '\n' };
	size_t written = 0;

	while (write(here->program, line, sizeof(line)) == sizeof(line))
		written += sizeof(line);
	return written;
}

static size_t
size_of(const struct here *here)
{
	struct stat st;

	assert_int_equal(stat(here->file, &st), 0);
	return (size_t)st.st_size;
}

#ifdef F_SETPIPE_SZ

static size_t
capacity(const struct here *here)
{
	return (size_t)fcntl(here->program, F_GETPIPE_SZ);
}

/* Whether there is a buffer beside the FIFO. */
static bool
buffered(const struct here *here)
{
	char path[sizeof(here->fifo) + 8];

	snprintf(path, sizeof(path), "%s.buffer", here->fifo);
	return access(path, F_OK) == 0;
}

/*
 * All pipes of an ordinary user share a limit, 64 MiB as a rule.  The buffer
 * comes and goes with the need for it.
 */
static void
the_fifo_grows_and_shrinks(void **state)
{
	struct here *here = *state;
	struct transcript *transcript = &here->transcript;
	size_t first = capacity(here);
	int64_t now;
	int i;

	transcript_pump(transcript);
	assert_int_equal(capacity(here), first);
	assert_false(buffered(here));
	assert_true(transcript->fifo.shrink_at == INT64_MAX);
	for (i = 0; i < 8; i++) {
		fill(here);
		transcript_drain(transcript);
	}
	if (transcript->fifo.capped)
		skip(); /* our own pipes have reached the limit */
	assert_true(capacity(here) > first);
	assert_true(capacity(here) * 70 <= 64 * 1024 * 1024 / 100 * 60);
	now = clock_mono_ms();
	assert_true(transcript->fifo.shrink_at > now);
	transcript_rest(transcript, transcript->fifo.shrink_at - 1);
	assert_true(capacity(here) > first);
	assert_true(buffered(here));
	transcript_rest(transcript, transcript->fifo.shrink_at);
	assert_int_equal(capacity(here), first);
	assert_false(buffered(here));
	assert_true(transcript->fifo.shrink_at == INT64_MAX);
}

/* What it holds cannot be taken from it: it shrinks later. */
static void
a_full_fifo_shrinks_later(void **state)
{
	struct here *here = *state;
	struct transcript *transcript = &here->transcript;
	int64_t due;

	if (fcntl(here->program, F_SETPIPE_SZ, 1 << 18) == -1)
		skip();
	/* As if another supervisor had left it so. */
	fifo_close(&transcript->fifo);
	assert_int_equal(transcript_prepare(transcript), 0);
	due = transcript->fifo.shrink_at;
	assert_true(due != INT64_MAX);
	fill(here);
	transcript_rest(transcript, due);
	assert_int_equal(capacity(here), 1 << 18);
	assert_true(
	    transcript->fifo.shrink_at > due && transcript->fifo.shrink_at != INT64_MAX);
	while (size_of(here) < 1 << 18)
		transcript_pump(transcript);
	transcript_rest(transcript, transcript->fifo.shrink_at);
	assert_true(capacity(here) < 1 << 18);
}

#endif

/* However much there is, others get their turn. */
static void
a_pump_moves_a_slice(void **state)
{
	struct here *here = *state;
	struct sink *sink = here->transcript.sink;
	size_t whole, before = 0;

	sink->slice = 16384;
	whole = fill(here);
	assert_true(whole >= 2 * sink->slice);
	while (before < whole) {
		transcript_pump(&here->transcript);
		assert_true(size_of(here) > before);
		assert_true(size_of(here) <= before + sink->slice);
		before = size_of(here);
	}
	whole += fill(here);
	transcript_drain(&here->transcript);
	assert_int_equal(size_of(here), whole);
}

static void
a_flush_writes_a_slice(void **state)
{
	static char lines[RING / 2];
	struct here *here = *state;
	struct sink *sink = here->transcript.sink;
	size_t before = 0;

	memset(lines, '\n', sizeof(lines));
	sink->slice = 100000;
	ring_put(&sink->wait, lines, sizeof(lines));
	while (sink->wait.used > 0) {
		assert_true(sink_wants_room(sink));
		sink_flush(sink);
		assert_true(size_of(here) > before);
		assert_true(size_of(here) <= before + sink->slice);
		before = size_of(here);
	}
	assert_int_equal(before, sizeof(lines));
}

/* --- at the end of a line ------------------------------------------------- */

/* The file begins with a line that has no end yet. */
static void
begin_line(struct here *here)
{
	assert_int_equal(write(here->program, "begin", 5), 5);
	transcript_drain(&here->transcript);
	assert_int_equal(size_of(here), 5);
}

static void
end_writer(pid_t writer)
{
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
}

/* One that writes and writes, and never ends its line. */
static void
a_line_is_waited_for_so_long(void **state)
{
	struct here *here = *state;
	pid_t writer;
	int64_t from;
	int round;

	fcntl(here->program, F_SETFL, 0);
	begin_line(here);
	if ((writer = fork()) == 0) {
		alarm(10);
		while (write(here->program, ".", 1) == 1)
			;
		_exit(0);
	}
	for (round = 0; round < 10; round++) {
		from = clock_mono_ms();
		transcript_pause(&here->transcript, 20);
		transcript_resume(&here->transcript);
		assert_true(clock_mono_ms() - from < 500);
	}
	end_writer(writer);
}

/* Writes what the file has no room for, in two pieces. */
static void __attribute__((noreturn)) write_late(const struct here *here)
{
	const struct timespec moment = { 0, 100000000 };
	ssize_t n;

	nanosleep(&moment, NULL);
	n = write(here->program, "-end\nne", 7);
	nanosleep(&moment, NULL);
	_exit(n == 7 && write(here->program, "xt\nthird\n", 9) == 9 ? 0 : 1);
}

/* The disk is full in the middle of the line that is waited for. */
static void
what_is_held_is_not_lost(void **state)
{
	struct here *here = *state;
	struct rlimit limit, small;
	char text[64] = "";
	pid_t writer;
	int status, fd;

	begin_line(here);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	if ((writer = fork()) == 0)
		write_late(here);
	small = limit;
	small.rlim_cur = 7;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	transcript_pause(&here->transcript, 1000);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	transcript_resume(&here->transcript);
	sink_flush(here->transcript.sink);
	transcript_drain(&here->transcript);
	fd = open(here->file, O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text) - 1), 21);
	assert_string_equal(text, "begin-end\nnext\nthird\n");
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef F_SETPIPE_SZ
		cmocka_unit_test_setup_teardown(
		    the_fifo_grows_and_shrinks, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_full_fifo_shrinks_later, begin, end),
#endif
		cmocka_unit_test_setup_teardown(
		    a_pump_moves_a_slice, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_flush_writes_a_slice, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_line_is_waited_for_so_long, begin, end),
		cmocka_unit_test_setup_teardown(
		    what_is_held_is_not_lost, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
