/* src/protocol: every text both ways, and what must be refused. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "base/fileid.h"
#include "protocol/event.h"
#include "protocol/keptstate.h"
#include "protocol/processline.h"
#include "protocol/pylist.h"
#include "protocol/request.h"
#include "protocol/state.h"
#include "protocol/status.h"

/* What zdaemon 4's manager answers, as reference clients see it. */
static const char python_reply[] = "status=running\n"
				   "now=1732270000.1234567\n"
				   "should_be_up=1\n"
				   "delay=0\n"
				   "backoff=0\n"
				   "lasttime=1732269990.5\n"
				   "application=4711\n"
				   "testing=0\n"
				   "manager=4710\n"
				   "backofflimit=10\n"
				   "filename='/bin/sleep'\n"
				   "args=['sleep', '100', \"it's\"]\n";

static void
python_status_is_read(void **state)
{
	struct status status;
	char *cause = NULL;

	(void)state;
	assert_int_equal(
	    status_parse(&status, python_reply, strlen(python_reply), &cause),
	    0);
	assert_int_equal(status.application, 4711);
	assert_int_equal(status.manager, 4710);
	assert_true(status.should_be_up);
	assert_false(status.has_state);
	assert_int_equal(status.state, RUN_UP);
	assert_null(status.version);
	assert_string_equal(status.filename, "/bin/sleep");
	assert_int_equal(status.args.count, 3);
	assert_string_equal(status.args.word[2], "it's");
	status_free(&status);
}

/* zdaemon sends no state: its lines tell it. */
static void
python_status_has_a_state(void **state)
{
	static const struct {
		const char *reply;
		enum run_state state;
	} row[] = {
		{ "application=7\ntesting=1\n", RUN_STARTING },
		{ "application=7\nshould_be_up=1\n", RUN_UP },
		{ "application=0\nshould_be_up=1\n", RUN_BACKOFF },
		{ "application=0\nshould_be_up=0\n", RUN_DOWN },
		/* 2.0.4's */
		{ "mood=1\napplication=0\n", RUN_BACKOFF },
		{ "mood=0\napplication=0\n", RUN_DOWN },
		{ "mood=-1\napplication=0\n", RUN_DOWN },
		{ "application=0\n", RUN_BACKOFF },
		{ "application=0\nshould_be_up=1\nstate=done\n", RUN_DONE },
	};
	struct status status;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_int_equal(status_parse(&status, row[i].reply,
				     strlen(row[i].reply), NULL),
		    0);
		assert_int_equal(status.state, row[i].state);
		status_free(&status);
	}
}

static void
status_begins_as_zdaemons(void **state)
{
	static const char *const order[] = { "status", "now", "should_be_up",
		"delay", "backoff", "lasttime", "application", "testing",
		"manager", "backofflimit", "filename", "args", "version" };
	char *words[] = { (char *)"sleep", (char *)"100", NULL };
	struct status status;
	char buf[4096], *line, *save;
	size_t i;

	(void)state;
	status_init(&status);
	status.application = 4711;
	status.manager = 4710;
	status.now = 1732270000.25;
	status.filename = (char *)"/bin/sleep";
	status.args.word = words;
	status.args.count = 2;
	status.version = (char *)"1.0";
	assert_true(status_format(buf, sizeof(buf), &status) > 0);
	assert_non_null(strstr(buf, "status=running\nnow=1732270000.25\n"));
	assert_non_null(strstr(buf, "\nargs=['sleep', '100']\n"));
	line = strtok_r(buf, "\n", &save);
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		assert_non_null(line);
		assert_int_equal(strncmp(line, order[i], strlen(order[i])), 0);
		assert_int_equal(line[strlen(order[i])], '=');
		line = strtok_r(NULL, "\n", &save);
	}
	assert_int_equal(status_format(buf, 100, &status), 0);
}

static void
assert_same_stream(
    const struct status_stream *one, const struct status_stream *other)
{
	assert_string_equal(one->path, other->path);
	assert_int_equal(one->bytes, other->bytes);
	assert_int_equal(one->dropped, other->dropped);
	assert_int_equal(one->waiting, other->waiting);
	assert_int_equal(one->error, other->error);
}

static void
status_reads_back(void **state)
{
	char *words[] = { (char *)"a b", (char *)"\xff\n\t'\"", (char *)"",
		NULL };
	struct status status, back;
	char buf[4096], *cause = NULL;
	size_t len;

	(void)state;
	status_init(&status);
	status.application = 1;
	status.manager = 2;
	status.filename = (char *)"/x";
	status.args.word = words;
	status.args.count = 3;
	status.state = RUN_BACKOFF;
	status.uptime = 123456;
	status.retry_in = 3000;
	status.restarts = 7;
	status.reason = (char *)"exit status 1\nand more";
	status.transcript = (struct status_stream){ (char *)"/var/log/x y",
		.bytes = 1LL << 40, .waiting = 5, .error = ENOSPC };
	status.transcript_stderr = (struct status_stream){ (char *)"journal",
		.bytes = 17, .dropped = 1LL << 33 };
	status.last.known = true;
	status.last.pid = 99;
	status.last.signal = 11;
	status.last.core = true;
	status.last.at = 1732270000000;
	status.last.uptime = 5;
	len = status_format(buf, sizeof(buf), &status);
	assert_true(len > 0);
	assert_int_equal(status_parse(&back, buf, len, &cause), 0);
	assert_true(words_equal(&back.args, &status.args));
	assert_true(back.has_state);
	assert_int_equal(back.state, RUN_BACKOFF);
	assert_int_equal(back.uptime, 123456);
	assert_int_equal(back.retry_in, 3000);
	assert_int_equal(back.restarts, 7);
	assert_string_equal(back.reason, status.reason);
	assert_same_stream(&back.transcript, &status.transcript);
	assert_same_stream(&back.transcript_stderr, &status.transcript_stderr);
	assert_true(back.last.known);
	assert_int_equal(back.last.code, -1);
	assert_int_equal(back.last.signal, 11);
	assert_true(back.last.core);
	assert_int_equal(back.last.at, 1732270000000);
	status_free(&back);
}

static void
hostile_status_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"hello\n",
		"status=running\n",
		"application=x\n",
		"application=-5\n",
		"application=99999999999999999999\n",
		"application=1\nargs=__import__('os').system('x')\n",
		"application=1\nargs=['a'\n",
		"application=1\nargs=['a'] + ['b']\n",
		"application=1\nstate=sideways\n",
		"application=1\nmood=good\n",
		"application=1\nnow=nan\n",
		"application=1\nnow=1e999\n",
		"application=1\nmanager=1;rm\n",
		"application=1\nfilename=x\n",
		"application=1\nlast_code=256\n",
		"application=1\nlast_at=9223372036854775807\n",
		"application=1\nuptime=9223372036854775807\n",
		"application=1\nretry_in=9223372036854775807\n",
		"application=1\ntranscript=x\n",
		"application=1\ntranscript_error=4096\n",
		"application=1\ntranscript_stderr_dropped=-1\n",
		"application=1\ntranscript_stderr_bytes=x\n",
	};
	struct status status;
	char *cause = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    status_parse(&status, bad[i], strlen(bad[i]), &cause), -1);
		assert_non_null(cause);
	}
	free(cause);
}

static void
pylist_as_python_writes_it(void **state)
{
	char *plain[] = { (char *)"sleep", (char *)"100" };
	char *odd[] = { (char *)"it's", (char *)"say \"it's\"", (char *)"a\\b",
		(char *)"t\tn\n", (char *)"\x01\xff", (char *)"\xc3\xbc" };
	char buf[256];

	(void)state;
	assert_true(pylist_format(buf, sizeof(buf), plain, 2) > 0);
	assert_string_equal(buf, "['sleep', '100']");
	assert_true(pylist_format(buf, sizeof(buf), odd, 6) > 0);
	assert_string_equal(buf,
	    "[\"it's\", 'say \"it\\'s\"', 'a\\\\b', 't\\tn\\n', "
	    "'\\x01\\xff', '\xc3\xbc']");
	assert_true(pylist_format(buf, sizeof(buf), NULL, 0) > 0);
	assert_string_equal(buf, "[]");
	assert_int_equal(pylist_format(buf, 10, plain, 2), 0);
}

static void
pylist_reads_pythons(void **state)
{
	struct words words;
	char *cause = NULL;

	(void)state;
	assert_int_equal(pylist_parse(&words,
			     "[u'a', \"b'\", '\\x41\\u00fc\\udcff', "
			     "'\\q\\'']",
			     &cause),
	    0);
	assert_int_equal(words.count, 4);
	assert_string_equal(words.word[0], "a");
	assert_string_equal(words.word[1], "b'");
	assert_string_equal(words.word[2], "A\xc3\xbc\xff");
	assert_string_equal(words.word[3], "\\q'");
	words_free(&words);
	assert_int_equal(pylist_parse(&words, "[]", &cause), 0);
	assert_int_equal(words.count, 0);
	words_free(&words);
}

static void
pylist_refuses_all_else(void **state)
{
	static const char *const bad[] = { "", "'a'", "[a]", "['a' 'b']", "['a",
		"['a'", "['a\\", "['a\\x4']", "['\\x00']", "['a']]", "[['a']]",
		"['a'] and more", "[,]", "(1,)", "['a', f()]" };
	struct words words = { NULL, 3 };
	char *cause = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(pylist_parse(&words, bad[i], &cause), -1);
		assert_int_equal(words.count, 3);
	}
	free(cause);
}

/* Parses a copy of line; the request's words point into buf. */
static enum request_error
parse(struct request *request, char buf[256], const char *line)
{
	snprintf(buf, 256, "%s", line);
	return request_parse(request, buf, strlen(buf));
}

static void
requests(void **state)
{
	struct request request;
	char buf[256], nul[] = "stop\0x";

	(void)state;
	assert_int_equal(parse(&request, buf, "status"), REQUEST_OK);
	assert_int_equal(request.verb, REQUEST_STATUS);
	assert_int_equal(request.count, 0);
	assert_int_equal(parse(&request, buf, "  kill \t USR1 "), REQUEST_OK);
	assert_int_equal(request.verb, REQUEST_KILL);
	assert_string_equal(request.word[0], "USR1");
	assert_int_equal(parse(&request, buf, "start 'a b' c"), REQUEST_OK);
	assert_int_equal(request.count, 2);
	assert_string_equal(request.word[0], "a b");
	assert_int_equal(parse(&request, buf, " "), REQUEST_EMPTY);
	assert_int_equal(parse(&request, buf, "STATUS"), REQUEST_UNKNOWN);
	assert_int_equal(parse(&request, buf, "__init__"), REQUEST_UNKNOWN);
	assert_string_equal(request.word[0], "__init__");
	assert_int_equal(parse(&request, buf, "start 'x"), REQUEST_MALFORMED);
	assert_int_equal(request_parse(&request, nul, 6), REQUEST_MALFORMED);
}

static void
requests_have_a_bound_on_words(void **state)
{
	char line[REQUEST_MAX] = "start";
	struct request request;
	int i;

	(void)state;
	for (i = 0; i < REQUEST_WORD_MAX; i++)
		strcat(line, " x");
	assert_int_equal(
	    request_parse(&request, line, strlen(line)), REQUEST_OK);
	assert_int_equal(request.count, REQUEST_WORD_MAX);
	strcpy(line, "start");
	for (i = 0; i <= REQUEST_WORD_MAX; i++)
		strcat(line, " x");
	assert_int_equal(
	    request_parse(&request, line, strlen(line)), REQUEST_MALFORMED);
}

static void
events_read_back(void **state)
{
	struct event event, back;
	char line[EVENT_LINE_MAX];
	size_t len;
	int kind;

	(void)state;
	for (kind = 0; kind < EVENT__COUNT; kind++) {
		event_init(&event, (enum event_kind)kind);
		event.seq = 12;
		event.at = 1732270000123;
		event.state = RUN_BACKOFF;
		event.pid = 4711;
		event.signal = 11;
		event.core = true;
		event.uptime = 0;
		event.delay = 3000;
		event.run = 1;
		event.limit = 10;
		event.error = 2;
		event.by_uid = 0;
		event.by_pid = 77;
		strcpy(event.step, "exec");
		strcpy(event.text, "it's a 'path with' blanks\\");
		len = event_format(line, sizeof(line), &event);
		assert_int_equal(line[len - 1], '\n');
		assert_int_equal(strlen(line), len);
		assert_true(event_parse(line, len - 1, &back));
		assert_memory_equal(&back, &event, sizeof(event));
	}
}

static void
events_say_only_what_is_set(void **state)
{
	struct event event;
	char line[EVENT_LINE_MAX];

	(void)state;
	event_init(&event, EVENT_EXITED);
	event.seq = 3;
	event.at = 5;
	event.pid = 9;
	event.code = 0;
	event_format(line, sizeof(line), &event);
	assert_string_equal(
	    line, "exited seq=3 at=5 state=down pid=9 code=0\n");
}

static void
long_event_text_is_cut_to_one_line(void **state)
{
	struct event event, back;
	char line[EVENT_LINE_MAX];
	size_t len;

	(void)state;
	event_init(&event, EVENT_FAILED);
	memset(event.text, '\'', sizeof(event.text) - 1);
	event.text[3] = '\n';
	len = event_format(line, sizeof(line), &event);
	assert_true(len < sizeof(line));
	assert_ptr_equal(strchr(line, '\n'), line + len - 1);
	assert_true(event_parse(line, len - 1, &back));
	assert_true(strlen(back.text) > 100);
}

static void
hostile_events_are_refused(void **state)
{
	static const char *const bad[] = { "", "sideways seq=1",
		"up seq=x at=1 state=up", "up seq=1 at=1 state=nowhere",
		"up seq=1 pid=-4", "up seq=1 pid=99999999999", "up 'open",
		"exited code=256", "up seq=1 at=9223372036854775807 state=up",
		"backoff seq=1 at=1 state=backoff delay=9223372036854775807",
		"exited seq=1 at=1 state=down uptime=9223372036854775807" };
	struct event event;
	char line[EVENT_LINE_MAX + 10];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(event_parse(bad[i], strlen(bad[i]), &event));
	memset(line, 'x', sizeof(line));
	assert_false(event_parse(line, sizeof(line), &event));
	assert_false(event_parse("up\0x", 4, &event));
	assert_true(event_parse("up seq=1 new_key=7 word", 23, &event));
}

static void
sentences_are_zdaemons(void **state)
{
	struct event event;
	char buf[256];

	(void)state;
	event_init(&event, EVENT_STARTING);
	event.pid = 7;
	assert_string_equal(
	    event_sentence(&event, buf, sizeof(buf)), "spawned process pid=7");
	event_init(&event, EVENT_EXITED);
	event.pid = 7;
	event.code = 1;
	assert_string_equal(
	    event_sentence(&event, buf, sizeof(buf)), "pid 7: exit status 1");
	event.code = -1;
	event.signal = 15;
	assert_string_equal(event_sentence(&event, buf, sizeof(buf)),
	    "pid 7: terminated by SIGTERM");
	event_init(&event, EVENT_BACKOFF);
	event.delay = 2000;
	assert_string_equal(event_sentence(&event, buf, sizeof(buf)),
	    "sleep 2 to avoid rapid restarts");
	event_init(&event, EVENT_FAILED);
	strcpy(event.step, "exec");
	strcpy(event.text, "/x");
	event.error = 2;
	assert_string_equal(event_sentence(&event, buf, sizeof(buf)),
	    "unable to execute '/x': No such file or directory");
	strcpy(event.step, "open");
	assert_string_equal(event_sentence(&event, buf, sizeof(buf)),
	    "unable to open '/x': No such file or directory");
	strcpy(event.text, "the supervisor runs under another user");
	event.error = 0;
	assert_string_equal(event_sentence(&event, buf, sizeof(buf)),
	    "the supervisor runs under another user");
}

static void
expect_sentence(const struct event *event, const char *expected)
{
	char buf[600];

	assert_string_equal(event_sentence(event, buf, sizeof(buf)), expected);
}

static void
every_event_has_a_sentence(void **state)
{
	struct event event;
	char buf[EVENT_LINE_MAX];
	int kind;

	(void)state;
	for (kind = 0; kind < EVENT__COUNT; kind++) {
		event_init(&event, (enum event_kind)kind);
		strcpy(event.text, "text");
		assert_string_not_equal(
		    event_sentence(&event, buf, sizeof(buf)), "");
	}
}

static void
sentences_are_cut_to_fit(void **state)
{
	struct event event;
	char buf[30];

	(void)state;
	event_init(&event, EVENT_FAILED);
	strcpy(event.step, "exec");
	strcpy(event.text, "/a/path/longer/than/the/room/for/it");
	event.error = 2;
	assert_string_equal(event_sentence(&event, buf, sizeof(buf)),
	    "unable to execute '/a/path/lo");
}

static void
sentences_about_survivors_and_refusals(void **state)
{
	struct event event;

	(void)state;
	event_init(&event, EVENT_KILLED);
	event.pid = 7;
	expect_sentence(&event, "pid 7 did not end in time: SIGKILL sent");
	event_init(&event, EVENT_REST_KILLED);
	event.run = 1;
	expect_sentence(
	    &event, "1 process that it had started had to be killed");
	event.run = 2;
	strcpy(event.text, "pid 8 (sh), pid 9 (sleep)");
	expect_sentence(&event,
	    "2 processes that it had started had to be killed: "
	    "pid 8 (sh), pid 9 (sleep)");
	event.kind = EVENT_LEFT;
	expect_sentence(&event,
	    "2 processes of it are left and cannot be ended: "
	    "pid 8 (sh), pid 9 (sleep)");
	event_init(&event, EVENT_REFUSED);
	event.by_uid = 65534;
	event.by_pid = 11;
	event.run = 1;
	expect_sentence(&event, "refused uid 65534, pid 11");
	event.run = 12;
	expect_sentence(&event,
	    "refused uid 65534, pid 11; 12 refusals since the last one told");
}

/* --- processes of a tree -------------------------------------------------- */

static void
process_lines_read_back(void **state)
{
	struct process_line line = { 4711, 4710, 4709, 4708, 7200000, 12591104,
		'S', "session", "odd (name) '", "sh -c 'a\\ b' \xff" };
	struct process_line back;
	char buf[1024];
	size_t len;

	(void)state;
	len = processline_format(buf, sizeof(buf), &line);
	assert_int_equal(len, strlen(buf));
	assert_int_equal(buf[len - 1], '\n');
	memset(&back, 'x', sizeof(back));
	assert_true(processline_parse(buf, len - 1, &back));
	assert_memory_equal(&back, &line, sizeof(line));
	/* It stays one line, whatever a program calls itself. */
	strcpy(line.command, "a\nprocess pid=1 \x1b[31m");
	len = processline_format(buf, sizeof(buf), &line);
	assert_ptr_equal(strchr(buf, '\n'), buf + len - 1);
	assert_true(processline_parse(buf, len - 1, &back));
	assert_int_equal(back.pid, 4711);
	assert_string_equal(back.command, "a process pid=1  [31m");
	assert_int_equal(processline_format(buf, 40, &line), 0);
}

static void
hostile_process_lines_are_refused(void **state)
{
	static const char *const bad[] = { "", "process", "process parent=1",
		"process pid=0", "process pid=-1", "process pid=x",
		"process pid=99999999999", "process pid=1 age=-5",
		"process pid=1 age=9223372036854775807",
		"process pid=1 state=", "process pid=1 state=SS",
		"process pid=1 left=everything", "Process pid=1",
		"process pid=1 'open", "more=3",
		"process pid=1 name=0123456789012345678901234567890123456789" };
	struct process_line line;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (processline_parse(bad[i], strlen(bad[i]), &line))
			fail_msg("taken: '%s'", bad[i]);
	}
	assert_false(processline_parse("process pid=1\0", 14, &line));
	assert_true(processline_parse("process pid=1 new=2 x", 21, &line));
	assert_int_equal(line.age, -1);
	assert_int_equal(processline_more("more=45", 7), 45);
	assert_int_equal(processline_more("more=0", 6), -1);
	assert_int_equal(processline_more("more=", 5), -1);
	assert_int_equal(processline_more("more=4x", 7), -1);
	assert_int_equal(
	    processline_more("more=99999999999999999999999", 28), -1);
}

static void
state_file_reads_back(void **state)
{
	struct state kept, back;
	char buf[STATE_FILE_MAX], *cause = NULL;
	size_t len;

	(void)state;
	memset(&kept, 0, sizeof(kept));
	kept.serial = 42;
	kept.state = RUN_UP;
	kept.wanted = true;
	kept.manager = 10;
	kept.pid = 11;
	kept.start_time = 123456789;
	strcpy(kept.boot_id, "0a1b2c3d-0000-1111-2222-333344445555");
	kept.manager_start = 123456780;
	strcpy(kept.file, "2c-b5-6547bd21-3b9aca01");
	strcpy(kept.cookie, "2c-b4-6547bd21-3b9aca00");
	kept.spawned_at = 1732270000000;
	kept.restarts = 4;
	kept.backoff = 2;
	kept.last.known = true;
	kept.last.pid = 9;
	kept.last.code = 3;
	len = state_format(buf, sizeof(buf), &kept);
	assert_true(len > 0);
	assert_int_equal(state_parse(&back, buf, len, &cause), 0);
	assert_memory_equal(&back, &kept, sizeof(kept));
	for (len -= 2; len > 0; len--)
		assert_int_equal(state_parse(&back, buf, len, &cause), -1);
	free(cause);
}

/* A file with text at an offset; the caller closes it. */
static int
file_with(const char *text, size_t len, off_t at)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	fd = dup(fileno(file));
	fclose(file);
	assert_int_equal(pwrite(fd, text, len, at), len);
	return fd;
}

static size_t
state_text(char *buf, size_t size, uint64_t serial, pid_t pid)
{
	struct state kept;

	memset(&kept, 0, sizeof(kept));
	kept.serial = serial;
	kept.manager = 10;
	kept.pid = pid;
	return state_format(buf, size, &kept);
}

/* The pid of the state that is found with these serials in its two places. */
static int
found_of(uint64_t file_serial, uint64_t lock_serial)
{
	char buf[STATE_FILE_MAX];
	struct state found;
	int file, lock;

	file = file_with(buf, state_text(buf, sizeof(buf), file_serial, 1), 0);
	lock = file_with("77\n", 3, 0);
	assert_int_equal(keptstate_write(lock, buf,
			     state_text(buf, sizeof(buf), lock_serial, 2)),
	    0);
	assert_int_equal(keptstate_read(&found, file, lock, NULL), 1);
	close(file);
	close(lock);
	return (int)found.pid;
}

static void
the_newer_state_is_believed(void **state)
{
	(void)state;
	assert_int_equal(found_of(4, 5), 2);
	assert_int_equal(found_of(5, 5), 1);
	assert_int_equal(found_of(6, 5), 1);
}

/* Killed at any byte, it leaves nothing that is believed but is not whole. */
static void
a_state_torn_in_the_lock_is_not_believed(void **state)
{
	char older[STATE_FILE_MAX], newer[STATE_FILE_MAX];
	size_t old_len = state_text(older, sizeof(older), 1, 11);
	size_t new_len = state_text(newer, sizeof(newer), 2, 22), len;
	int file = file_with(older, old_len, 0);
	struct state found;
	int lock;

	(void)state;
	for (len = 0; len <= new_len; len++) {
		lock = file_with(older, old_len, KEPTSTATE_AT);
		assert_int_equal(keptstate_write(lock, newer, len), 0);
		assert_int_equal(keptstate_read(&found, file, lock, NULL), 1);
		assert_int_equal(found.pid, len < new_len - 1 ? 11 : 22);
		close(lock);
	}
	close(file);
}

/* The pid that is read where a state was formatted for one file, and stands
 * in another; -1: it is not believed. */
static int
read_in_another(int written_for, int other, off_t at)
{
	char buf[STATE_FILE_MAX];
	struct state kept, found;
	size_t len;

	memset(&kept, 0, sizeof(kept));
	kept.manager = 10;
	kept.pid = 5;
	len = keptstate_format(buf, sizeof(buf), &kept, written_for);
	assert_int_equal(pwrite(other, buf, len, at), len);
	if (keptstate_read(
		&found, at == 0 ? other : -1, at == 0 ? -1 : other, NULL) != 1)
		return -1;
	return (int)found.pid;
}

static void
a_copied_state_is_not_believed(void **state)
{
	int one = file_with("", 0, 0), other = file_with("", 0, 0);

	(void)state;
	assert_int_equal(read_in_another(one, one, 0), 5);
	assert_int_equal(read_in_another(one, one, KEPTSTATE_AT), 5);
	assert_int_equal(read_in_another(one, other, 0), -1);
	assert_int_equal(read_in_another(one, other, KEPTSTATE_AT), -1);
	close(one);
	close(other);
}

/* When a file was made is not always known; then the rest tells. */
static void
a_state_without_a_time_of_birth_is_believed(void **state)
{
	char buf[STATE_FILE_MAX];
	int one = file_with("", 0, 0);
	struct state kept, found;
	size_t len;

	(void)state;
	memset(&kept, 0, sizeof(kept));
	fileid(one, kept.file, sizeof(kept.file));
	kept.file[strcspn(strchr(kept.file, '-') + 1, "-") +
	    (size_t)(strchr(kept.file, '-') + 1 - kept.file)] = '\0';
	kept.manager = 10;
	len = state_format(buf, sizeof(buf), &kept);
	assert_int_equal(pwrite(one, buf, len, 0), len);
	assert_int_equal(keptstate_read(&found, one, -1, NULL), 1);
	kept.file[strlen(kept.file) - 1]--;
	len = state_format(buf, sizeof(buf), &kept);
	assert_int_equal(pwrite(one, buf, len, 0), len);
	assert_int_equal(keptstate_read(&found, one, -1, NULL), -1);
	close(one);
}

static void
a_state_that_cannot_be_read(void **state)
{
	int pair[2];
	struct state found;
	char *cause = NULL;

	(void)state;
	assert_int_equal(pipe(pair), 0);
	assert_int_equal(keptstate_read(&found, pair[0], -1, &cause), -1);
	assert_int_equal(errno, ESPIPE);
	assert_non_null(cause);
	free(cause);
	close(pair[0]);
	close(pair[1]);
}

static void
a_state_in_neither_place(void **state)
{
	char buf[STATE_FILE_MAX], *cause = NULL;
	int lock = file_with("77\n", 3, 0), empty = file_with("", 0, 0);
	struct state found;

	(void)state;
	assert_int_equal(keptstate_read(&found, -1, -1, &cause), 0);
	assert_int_equal(keptstate_read(&found, -1, lock, &cause), 0);
	assert_null(cause);
	assert_int_equal(keptstate_read(&found, empty, lock, &cause), -1);
	assert_int_equal(errno, 0);
	assert_non_null(cause);
	free(cause);
	assert_int_equal(
	    keptstate_write(lock, buf, state_text(buf, sizeof(buf), 1, 5)), 0);
	assert_int_equal(keptstate_read(&found, empty, lock, &cause), 1);
	assert_int_equal(found.pid, 5);
	keptstate_clear(lock);
	assert_int_equal(keptstate_read(&found, -1, lock, NULL), 0);
	close(lock);
	close(empty);
}

static void
hostile_state_files_are_refused(void **state)
{
	static const char *const bad[] = { "", "version=2\nend=1\n",
		"pid=1\nend=1\n", "version=1\npid=-1\nend=1\n",
		"version=1\nmanager=0\nend=1\n",
		"version=1\nstate=wild\nend=1\n",
		"version=1\nmanager=1\nspawned_at=9223372036854775807\nend=1\n",
		"version=1\nmanager=1\nstart_time=9223372036854775807\nend=1\n",
		"version=1\nboot_id=../../etc\nend=1\n",
		"version=1\nmanager=1\ncookie=2c=b4\nend=1\n",
		"version=1\nmanager=1\n"
		"cookie=0123456789abcdef0123456789abcdef0123456789abcdef"
		"0123456789abcdef0\n"
		"end=1\n",
		"version=1\npid=4\n" };
	struct state found;
	char *cause = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    state_parse(&found, bad[i], strlen(bad[i]), &cause), -1);
	free(cause);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(python_status_is_read),
		cmocka_unit_test(python_status_has_a_state),
		cmocka_unit_test(status_begins_as_zdaemons),
		cmocka_unit_test(status_reads_back),
		cmocka_unit_test(hostile_status_is_refused),
		cmocka_unit_test(pylist_as_python_writes_it),
		cmocka_unit_test(pylist_reads_pythons),
		cmocka_unit_test(pylist_refuses_all_else),
		cmocka_unit_test(requests),
		cmocka_unit_test(requests_have_a_bound_on_words),
		cmocka_unit_test(events_read_back),
		cmocka_unit_test(events_say_only_what_is_set),
		cmocka_unit_test(long_event_text_is_cut_to_one_line),
		cmocka_unit_test(hostile_events_are_refused),
		cmocka_unit_test(sentences_are_zdaemons),
		cmocka_unit_test(every_event_has_a_sentence),
		cmocka_unit_test(sentences_are_cut_to_fit),
		cmocka_unit_test(sentences_about_survivors_and_refusals),
		cmocka_unit_test(process_lines_read_back),
		cmocka_unit_test(hostile_process_lines_are_refused),
		cmocka_unit_test(state_file_reads_back),
		cmocka_unit_test(the_newer_state_is_believed),
		cmocka_unit_test(a_state_torn_in_the_lock_is_not_believed),
		cmocka_unit_test(a_copied_state_is_not_believed),
		cmocka_unit_test(a_state_without_a_time_of_birth_is_believed),
		cmocka_unit_test(a_state_that_cannot_be_read),
		cmocka_unit_test(a_state_in_neither_place),
		cmocka_unit_test(hostile_state_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
