/*
 * src/supervisor: how much is moved at one go, what the FIFO holds, and what
 * happens to a line that has no end yet.
 */
#include "config.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static size_t
capacity(const struct here *here)
{
	return (size_t)fcntl(here->program, F_GETPIPE_SZ);
}

/*
 * All pipes of an ordinary user share a limit, 64 MiB as a rule.
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
	fifo_rest(&transcript->fifo, transcript->fifo.shrink_at - 1);
	assert_true(capacity(here) > first);
	fifo_rest(&transcript->fifo, transcript->fifo.shrink_at);
	assert_int_equal(capacity(here), first);
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
	fifo_rest(&transcript->fifo, due);
	assert_int_equal(capacity(here), 1 << 18);
	assert_true(transcript->fifo.shrink_at > due &&
	    transcript->fifo.shrink_at != INT64_MAX);
	while (size_of(here) < 1 << 18)
		transcript_pump(transcript);
	fifo_rest(&transcript->fifo, transcript->fifo.shrink_at);
	assert_true(capacity(here) < 1 << 18);
}

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

/* --- a line without an end ------------------------------------------------ */

/* What the file of that name has. */
static const char *
text_of(const struct here *here, const char *ending)
{
	static char text[256];
	char path[sizeof(here->file) + 16];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s%s", here->file, ending);
	fd = open(path, O_RDONLY);
	assert_int_not_equal(fd, -1);
	n = read(fd, text, sizeof(text) - 1);
	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
	return text;
}

static void
writes(struct here *here, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);

	assert_int_equal(write(here->program, text, (size_t)len), len);
	transcript_drain(&here->transcript);
}

static void
it_moves_to_the_new_file(void **state)
{
	struct here *here = *state;

	here->rotate.keep = 2;
	writes(here, "one\ntw");
	assert_int_equal(rotate_now(&here->rotate), 0);
	assert_string_equal(text_of(here, ".1"), "one\n");
	assert_string_equal(text_of(here, ""), "tw");
	writes(here, "o\n");
	assert_string_equal(text_of(here, ""), "two\n");
	unlink(strcat(here->file, ".1"));
	here->file[strlen(here->file) - 2] = '\0';
}

/* There would be nothing in the old one. */
static void
it_does_not_make_a_file_worth_rotating(void **state)
{
	struct here *here = *state;

	here->rotate.keep = 2;
	writes(here, "begin");
	assert_int_equal(rotate_now(&here->rotate), 0);
	assert_string_equal(text_of(here, ""), "begin");
}

static void
lines_of_ours_stand_before_it(void **state)
{
	struct here *here = *state;
	struct sink *sink = here->transcript.sink;

	writes(here, "one\ntw");
	sink_add(sink, "ours\n", 5);
	assert_string_equal(text_of(here, ""), "one\nours\ntw");
	writes(here, "o\n");
	assert_string_equal(text_of(here, ""), "one\nours\ntwo\n");
	assert_int_equal(sink->bytes, 13);
}

/* The line is where it was; ours is lost, and counted. */
static void
lines_of_ours_that_do_not_fit(void **state)
{
	struct here *here = *state;
	struct sink *sink = here->transcript.sink;
	struct rlimit limit, small;

	writes(here, "one\ntw");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = limit;
	small.rlim_cur = 8;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	sink_add(sink, "ours\n", 5);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_string_equal(text_of(here, ""), "one\ntw");
	assert_int_equal(sink->dropped, 5);
	writes(here, "o\n");
	assert_string_equal(text_of(here, ""), "one\ntwo\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    the_fifo_grows_and_shrinks, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_full_fifo_shrinks_later, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_pump_moves_a_slice, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_flush_writes_a_slice, begin, end),
		cmocka_unit_test_setup_teardown(
		    it_moves_to_the_new_file, begin, end),
		cmocka_unit_test_setup_teardown(
		    it_does_not_make_a_file_worth_rotating, begin, end),
		cmocka_unit_test_setup_teardown(
		    lines_of_ours_stand_before_it, begin, end),
		cmocka_unit_test_setup_teardown(
		    lines_of_ours_that_do_not_fit, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
