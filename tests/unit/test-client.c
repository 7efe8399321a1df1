/* src/control: asking a peer that answers well, badly, or not at all. */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/check.h"

#include "base/clock.h"
#include "control/client.h"

static char folder[] = "/tmp/zd client XXXXXX";
static char path[64];
static struct client client = { .socket = path, .user = (uid_t)-1 };
static pid_t server;

#define ZDAEMON_STATUS                                                  \
	"status=running\nnow=1.5\nshould_be_up=1\ndelay=0\nbackoff=0\n" \
	"lasttime=1.0\napplication=%d\ntesting=%d\nmanager=17\n"        \
	"backofflimit=10\nfilename='/bin/x'\nargs=['x', 'y z']\n"

/* --- a peer ------------------------------------------------------------------
 */

static int
listen_there(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	unlink(path);
	assert_int_equal(
	    bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 5), 0);
	return fd;
}

/* What a peer answers to the numberth request, which is line. */
typedef void (*answer)(int fd, const char *line, int number);

static void __attribute__((noreturn)) serve(int listener, answer give)
{
	char line[256];

	for (int number = 0;; number++) {
		int fd = accept(listener, NULL, NULL);
		ssize_t n = read(fd, line, sizeof line - 1);

		line[n > 0 ? n : 0] = '\0';
		give(fd, line, number);
		close(fd);
	}
}

static void
begin(answer give)
{
	int listener = listen_there();

	server = fork();
	if (server == 0) {
		signal(SIGPIPE, SIG_IGN);
		serve(listener, give);
	}
	close(listener);
}

static void
end(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	unlink(path);
}

static void
say(int fd, const char *text)
{
	(void)!write(fd, text, strlen(text));
}

static void
answer_running(int fd, const char *line, int number)
{
	(void)number;
	if (strcmp(line, "status\n") == 0)
		dprintf(fd, ZDAEMON_STATUS, 4711, 0);
	else
		dprintf(fd, "asked: %s", line);
}

static void
answer_without_end(int fd, const char *line, int number)
{
	(void)line;
	(void)number;
	while (write(fd, "status=running\n", 15) == 15)
		;
}

static void
answer_denied(int fd, const char *line, int number)
{
	(void)line;
	(void)number;
	say(fd, "Permission denied: not yours\n");
}

static void
answer_denied_and_more(int fd, const char *line, int number)
{
	(void)line;
	(void)number;
	say(fd, "Permission denied: not yours\nask root\n");
}

static void
answer_nonsense(int fd, const char *line, int number)
{
	(void)line;
	(void)number;
	say(fd, "\xff\xfe nonsense");
}

static void
answer_slowly(int fd, const char *line, int number)
{
	(void)line;
	(void)number;
	for (int i = 0; i < 20; i++) {
		say(fd, "x");
		poll(NULL, 0, 500);
	}
}

/* Hangs up twice, as one that is just leaving, then answers. */
static void
answer_at_last(int fd, const char *line, int number)
{
	if (number >= 2)
		answer_running(fd, line, number);
}

/* --- asking ------------------------------------------------------------------
 */

static void
nobody_is_there(void **state)
{
	struct status status;
	char *cause = NULL;

	(void)state;
	assert_int_equal(
	    client_status(&client, &status, NULL, &cause), CLIENT_NOT_RUNNING);
	assert_non_null(strstr(cause, path));
	close(listen_there()); /* a stale socket */
	assert_int_equal(
	    client_status(&client, &status, NULL, &cause), CLIENT_NOT_RUNNING);
	unlink(path);
	fclose(fopen(path, "w"));
	assert_int_equal(
	    client_status(&client, &status, NULL, &cause), CLIENT_BROKEN);
	assert_non_null(strstr(cause, "is not a socket"));
	unlink(path);
	free(cause);
}

static void
a_good_answer(void **state)
{
	struct status status;
	char *raw = NULL, *cause = NULL, *reply;
	size_t len;

	(void)state;
	begin(answer_running);
	assert_int_equal(
	    client_status(&client, &status, &raw, &cause), CLIENT_OK);
	assert_int_equal(status.application, 4711);
	assert_int_equal(status.args.count, 2);
	assert_false(status.has_state);
	assert_non_null(strstr(raw, "manager=17\n"));
	status_free(&status);
	free(raw);
	assert_int_equal(
	    client_ask(&client, "kill 15", &reply, &len, &cause), CLIENT_OK);
	assert_string_equal(reply, "asked: kill 15\n");
	assert_int_equal(len, strlen(reply));
	free(reply);
	end();
}

static void
a_path_too_long_for_an_address(void **state)
{
	char deep[200], *reply, *cause = NULL;
	struct client far = { .socket = deep, .user = (uid_t)-1 };
	char back[4096];

	(void)state;
	begin(answer_running);
	snprintf(deep, sizeof deep, "%s", folder);
	while (strlen(deep) < 150)
		strcat(deep, "/././././.");
	strcat(deep, "/sock");
	assert_int_equal(
	    client_ask(&far, "x", &reply, NULL, &cause), CLIENT_OK);
	assert_string_equal(reply, "asked: x\n");
	/* We are where we were. */
	assert_non_null(getcwd(back, sizeof back));
	assert_null(strstr(back, folder));
	free(reply);
	end();
}

static void
expect_failure(answer give, enum client_result result, const char *part)
{
	struct status status;
	char *cause = NULL;

	begin(give);
	assert_int_equal(client_status(&client, &status, NULL, &cause), result);
	if (!strstr(cause, part))
		fail_msg("'%s' is not in '%s'", part, cause);
	free(cause);
	end();
}

static void
bad_answers(void **state)
{
	(void)state;
	expect_failure(answer_without_end, CLIENT_BROKEN, "has no end");
	expect_failure(answer_denied, CLIENT_REFUSED, "not yours");
	expect_failure(answer_nonsense, CLIENT_BROKEN, "not a status");
}

/* A drop at a time does not move the deadline. */
static void
no_whole_answer_in_time(void **state)
{
	int64_t begun = clock_mono_ms();

	(void)state;
	expect_failure(answer_slowly, CLIENT_SILENT, "no answer");
	assert_in_range(clock_mono_ms() - begun, CLIENT_DEADLINE - 100,
	    CLIENT_DEADLINE + 30000);
}

static void
one_that_is_leaving_is_asked_again(void **state)
{
	struct status status;
	char *cause = NULL;

	(void)state;
	begin(answer_at_last);
	assert_int_equal(
	    client_status(&client, &status, NULL, &cause), CLIENT_OK);
	status_free(&status);
	free(cause);
	end();
}

/* --- streams
 * ------------------------------------------------------------------ */

/* Waits for the next event, as a loop would; the kind, or -1 at the end. */
static int
next(struct client_stream *stream, struct event *event)
{
	int64_t deadline = clock_mono_ms() + 8000;
	int found;

	while ((found = client_next(stream, event)) == 0) {
		struct pollfd pfd = { client_stream_fd(stream), POLLIN, 0 };
		int timeout = client_stream_timeout(stream);

		assert_true(clock_mono_ms() < deadline);
		poll(&pfd, 1, timeout < 0 || timeout > 1000 ? 1000 : timeout);
	}
	return found == 1 ? (int)event->kind : -1;
}

static size_t
format(char *line, enum event_kind kind, enum run_state at, pid_t pid)
{
	struct event event;

	event_init(&event, kind);
	event.state = at;
	event.pid = pid;
	return event_format(line, EVENT_LINE_MAX, &event);
}

static void
events_come_in_pieces_and_among_garbage(void **state)
{
	char line[EVENT_LINE_MAX], junk[EVENT_LINE_MAX * 3];
	struct client_stream *stream;
	struct event event;
	int end_of[2];
	size_t len;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, end_of), 0);
	stream = client_events_from(end_of[0]);
	assert_int_equal(client_next(stream, &event), 0);
	len = format(line, EVENT_UP, RUN_UP, 7);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(client_next(stream, &event), 0);
		assert_int_equal(write(end_of[1], line + i, 1), 1);
	}
	assert_int_equal(next(stream, &event), EVENT_UP);
	assert_int_equal(event.pid, 7);
	memset(junk, 'x', sizeof junk);
	junk[sizeof junk - 1] = '\n';
	assert_int_equal(
	    write(end_of[1], junk, sizeof junk), (ssize_t)sizeof junk);
	say(end_of[1], "nonsense\n\n\xff\n");
	len = format(line, EVENT_BYE, RUN_DONE, 0);
	assert_int_equal(write(end_of[1], line, len), (ssize_t)len);
	close(end_of[1]);
	assert_int_equal(next(stream, &event), EVENT_BYE);
	assert_int_equal(next(stream, &event), -1);
	assert_int_equal(client_stream_result(stream), CLIENT_OK);
	client_close(stream);
}

static void
an_end_without_a_farewell(void **state)
{
	struct client_stream *stream;
	struct event event;
	int end_of[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, end_of), 0);
	stream = client_events_from(end_of[0]);
	close(end_of[1]);
	assert_int_equal(next(stream, &event), -1);
	assert_int_equal(client_stream_result(stream), CLIENT_NOT_RUNNING);
	client_close(stream);
}

/* zdaemon's own supervisor: starting, up, gone down, gone. */
static void
answer_as_zdaemon(int fd, const char *line, int number)
{
	if (strncmp(line, "events", 6) == 0)
		say(fd, "Unknown command 'events'; 'help' for a list\n");
	else if (number < 3)
		dprintf(fd, ZDAEMON_STATUS, 4711, 1);
	else if (number < 4)
		dprintf(fd, ZDAEMON_STATUS, 4711, 0);
	else if (number < 5)
		dprintf(fd, ZDAEMON_STATUS, 4712, 0);
	else
		_exit(0);
}

static void
events_are_made_up_where_there_are_none(void **state)
{
	static const enum event_kind expected[] = { EVENT_HELLO, EVENT_UP,
		EVENT_EXITED, EVENT_STARTING, EVENT_UP, EVENT_EXITED,
		EVENT_BYE };
	static const pid_t pids[] = { 4711, 4711, 4711, 4712, 4712, 4712, 0 };
	struct client_stream *stream;
	enum client_result result;
	struct event event;
	char *cause = NULL;

	(void)state;
	begin(answer_as_zdaemon);
	stream = client_events(&client, 0, &result, &cause);
	assert_non_null(stream);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		assert_int_equal(next(stream, &event), expected[i]);
		assert_int_equal(event.pid, pids[i]);
	}
	assert_int_equal(next(stream, &event), -1);
	assert_int_equal(client_stream_result(stream), CLIENT_OK);
	client_close(stream);
	end();
}

/* How a stream from such a peer ends, which has no event at all. */
static enum client_result
end_of_stream(answer give)
{
	struct client_stream *stream;
	enum client_result result;
	struct event event;

	begin(give);
	stream = client_events(&client, 0, &result, NULL);
	assert_int_equal(next(stream, &event), -1);
	result = client_stream_result(stream);
	client_close(stream);
	end();
	return result;
}

static void
a_stream_that_is_none(void **state)
{
	enum client_result result;

	(void)state;
	assert_int_equal(end_of_stream(answer_denied), CLIENT_REFUSED);
	assert_int_equal(end_of_stream(answer_denied_and_more), CLIENT_REFUSED);
	assert_int_not_equal(end_of_stream(answer_nonsense), CLIENT_OK);
	assert_null(client_events(&client, 0, &result, NULL));
	assert_int_equal(result, CLIENT_NOT_RUNNING);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/sock", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_there),
		cmocka_unit_test(a_good_answer),
		cmocka_unit_test(a_path_too_long_for_an_address),
		cmocka_unit_test(bad_answers),
		cmocka_unit_test(no_whole_answer_in_time),
		cmocka_unit_test(one_that_is_leaving_is_asked_again),
		cmocka_unit_test(events_come_in_pieces_and_among_garbage),
		cmocka_unit_test(an_end_without_a_farewell),
		cmocka_unit_test(events_are_made_up_where_there_are_none),
		cmocka_unit_test(a_stream_that_is_none),
	};

	return cmocka_run_group_tests_name(
	    "client", tests, make_folder, remove_folder);
}
