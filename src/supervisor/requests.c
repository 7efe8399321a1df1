/*
 * What clients may ask: a closed table of verbs, each with a handler.  The
 * words of the replies are zdaemon's, because its clients know them.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signame.h"
#include "base/units.h"
#include "base/visible.h"
#include "process/treeline.h"
#include "protocol/fields.h"
#include "protocol/pylist.h"
#include "protocol/request.h"
#include "protocol/status.h"
#include "supervisor/announce.h"
#include "supervisor/machine.h"
#include "supervisor/requests.h"
#include "supervisor/supervisor.h"
#include "supervisor/sweep.h"

#define REQUESTS_QUIET 1000 /* ms between two refusals that are told */
#define REQUESTS_SHOWN 200 /* bytes of a foreign word in a reply */
#define REQUESTS_LATER "; will restart later"

typedef void (*request_handler)(struct supervisor *supervisor,
    struct client *client, const struct request *request);

/* A foreign word as Python would show it, cut to what a reply needs. */
static void
request_show(char *buf, size_t size, const char *word)
{
	char cut[REQUESTS_SHOWN];

	snprintf(cut, sizeof(cut), "%s", word);
	if (pylist_format_one(buf, size, cut) == 0)
		snprintf(buf, size, "'...'");
}

/* Tells listeners and the log who asked for what. */
static void
request_note(struct supervisor *supervisor, const struct client *client,
    enum request_verb verb)
{
	struct event event;

	event_init(&event, EVENT_REQUEST);
	event.by_uid = client->uid;
	event.by_pid = client->pid;
	snprintf(event.text, sizeof(event.text), "%s", request_name(verb));
	announce_event(supervisor, &event);
}

/* --- status --------------------------------------------------------------- */

static double
request_seconds(int64_t ms)
{
	return (double)ms / 1000;
}

static void
request_fill_times(const struct supervisor *supervisor, struct status *status)
{
	const struct fsm *fsm = &supervisor->fsm;
	const struct program *program = &supervisor->program;
	int64_t wall = clock_wall_ms(), mono = clock_mono_ms();

	status->now = request_seconds(wall);
	if (program->spawns > 0) {
		status->lasttime = request_seconds(program->spawned_wall);
		status->restarts = program->spawns - 1;
	}
	if (fsm->alive)
		status->uptime = mono - program->spawned_at;
	if (fsm->state == RUN_BACKOFF) {
		status->retry_in = fsm->start_at > mono ? fsm->start_at - mono :
							  0;
		status->delay = request_seconds(wall + status->retry_in);
	} else if (fsm->state == RUN_STOPPING && fsm->deadline > mono) {
		status->delay = request_seconds(wall + fsm->deadline - mono);
	}
}

static void
request_status(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	static char version[] = PACKAGE_VERSION;
	struct program *program = &supervisor->program;
	const struct fsm *fsm = &supervisor->fsm;
	struct status status;
	size_t size, len;
	char *room;

	(void)request;
	status_init(&status);
	request_fill_times(supervisor, &status);
	/* Until then it is but a copy of us. */
	status.application = fsm->alive && fsm->executed ?
	    program->process.pid :
	    0;
	status.manager = getpid();
	status.should_be_up = fsm->wanted;
	status.testing = fsm->state == RUN_STARTING && fsm->config->probe;
	status.backoff = fsm->backoff;
	status.backofflimit = fsm->config->backoff_limit;
	status.filename = program->file != NULL ? program->file :
						  program->argv[0];
	status.args = supervisor->runner->program;
	status.version = version;
	status.state = fsm->state;
	status.outdated = upgrade_is_due(&supervisor->upgrade);
	status.last = program->last;
	if (supervisor->why[0] != '\0')
		status.reason = supervisor->why;
	if (supervisor->pid_file_error != 0) {
		status.pid_file = supervisor->life.pid_file;
		status.pid_file_error = supervisor->pid_file_error;
	}
	output_status(&supervisor->output, &status);
	room = client_room(client, &size);
	if ((len = status_format(room, size, &status)) == 0)
		client_reply(client, "The status is too long to be told");
	else
		client_reply_made(client, len);
}

/* --- wishes --------------------------------------------------------------- */

/* What came of the signal that a wish has led to. */
static void
request_reply_asked(const struct supervisor *supervisor, struct client *client,
    const char *outlook)
{
	const struct program *program = &supervisor->program;
	int signal = supervisor->fsm.alive ? program->asked : SIGTERM;
	char name[SIGNAME_SIZE];

	if (supervisor->fsm.refused)
		client_reply(client, "Kill %d failed: %s", signal,
		    strerror(program->refusal));
	else
		client_reply(client, "Sent %s%s",
		    signame_show(signal, name, sizeof(name)), outlook);
}

static void
request_start(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	enum run_state before = supervisor->fsm.state;

	if (supervisor->fsm.leaving) {
		client_reply(client, "The daemon manager is exiting");
		return;
	}
	request_note(supervisor, client, request->verb);
	machine_wish(supervisor, FSM_START);
	if (before == RUN_STOPPING)
		request_reply_asked(supervisor, client, REQUESTS_LATER);
	else if (before == RUN_STARTING || before == RUN_UP)
		client_reply(client, "Application already started");
	else
		client_reply(client, "Application started");
}

static void
request_stop(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	bool alive = supervisor->fsm.alive;

	request_note(supervisor, client, request->verb);
	machine_wish(supervisor, FSM_STOP);
	if (alive)
		request_reply_asked(supervisor, client, "");
	else
		client_reply(client, "Application already stopped");
}

static void
request_restart(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	enum run_state before = supervisor->fsm.state;

	if (supervisor->fsm.leaving) {
		client_reply(client, "The daemon manager is exiting");
		return;
	}
	request_note(supervisor, client, request->verb);
	machine_wish(supervisor, FSM_RESTART);
	if (before == RUN_DOWN || before == RUN_BACKOFF)
		client_reply(client, "Application started");
	else
		request_reply_asked(supervisor, client, REQUESTS_LATER);
}

static void
request_exit(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	request_note(supervisor, client, request->verb);
	machine_wish(supervisor, FSM_SHUTDOWN);
	if (supervisor->fsm.refused)
		request_reply_asked(supervisor, client, "");
	else
		client_reply(client, "Exiting now");
}

/* --- kill ----------------------------------------------------------------- */

/* A name, or any number that is a signal here; -1 for anything else. */
static int
request_signal(const char *word)
{
	long long number;

	if (units_parse_number(word, 1, NSIG - 1, &number))
		return (int)number;
	return signame_parse(word);
}

static void
request_note_signal(
    struct supervisor *supervisor, const struct client *client, int signal)
{
	struct event event;

	event_init(&event, EVENT_SIGNALLED);
	event.by_uid = client->uid;
	event.by_pid = client->pid;
	event.signal = signal;
	event.pid = supervisor->program.process.pid;
	announce_event(supervisor, &event);
}

static void
request_kill(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	char shown[REQUESTS_SHOWN * 4 + 3];
	int signal = SIGTERM;

	if (request->count > 0 &&
	    (signal = request_signal(request->word[0])) == -1) {
		request_show(shown, sizeof(shown), request->word[0]);
		client_reply(client, "Bad signal %s", shown);
		return;
	}
	if (!supervisor->fsm.alive) {
		client_reply(client, "Application not running");
		return;
	}
	if (program_signal(&supervisor->program, signal) == -1) {
		client_reply(
		    client, "Kill %d failed: %s", signal, strerror(errno));
		return;
	}
	client_reply(client, "Signal %d sent", signal);
	request_note_signal(supervisor, client, signal);
}

/* --- the rest ------------------------------------------------------------- */

static void
request_reopen(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	struct failure failure;

	request_note(supervisor, client, request->verb);
	if (supervisor_reopen(supervisor, &failure) == 0)
		client_reply(client, "%s", "");
	else
		client_reply(client, "unable to open '%s': %s", failure.text,
		    strerror(failure.error));
}

static void
request_rotate(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	struct failure failure;

	request_note(supervisor, client, request->verb);
	if (output_sink(&supervisor->output) == NULL)
		client_reply(client, "There is no transcript");
	else if (!output_can_rotate(&supervisor->output))
		client_reply(client, "unable to rotate '%s': it is no file",
		    output_sink(&supervisor->output)->path);
	else if (supervisor_rotate(supervisor, &failure) == 0)
		client_reply(client, "Transcript rotated");
	else
		client_reply(client, "unable to rotate '%s': %s", failure.text,
		    strerror(failure.error));
}

static void
request_upgrade(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	char why[400];

	request_note(supervisor, client, request->verb);
	if (upgrade_begin(&supervisor->upgrade, supervisor, client->order, why,
		sizeof(why)) == -1)
		client_reply(client, "unable to upgrade: %s", why);
	else
		client_hold(client);
}

static void
request_events(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	char shown[REQUESTS_SHOWN * 4 + 3], line[EVENT_LINE_MAX];
	struct event hello;
	long long count = 0;

	if (request->count > 0 &&
	    !units_parse_number(request->word[0], 0, INT32_MAX, &count)) {
		request_show(shown, sizeof(shown), request->word[0]);
		client_reply(client, "Bad count %s", shown);
		return;
	}
	announce_hello(supervisor, &hello);
	if (!client_listen(&supervisor->clients, client, line,
		event_format(line, sizeof(line), &hello), (uint64_t)count))
		client_reply(client, "Too many listeners");
}

#define REQUESTS_PROCESSES 256 /* that one answer names */
#define REQUESTS_MORE      32 /* bytes for how many it does not */

/* As many lines as fit; how many processes they name. */
static size_t
request_tree_lines(const struct supervisor *supervisor,
    const struct tree_process *process, size_t count, struct text *text)
{
	bool session = supervisor->runner->daemon;
	bool group = session || supervisor->program.apart;
	struct process_line line;
	size_t i, len;

	for (i = 0; i < count; i++) {
		treeline_fill(&line, &process[i],
		    group ? supervisor->leader : getpgrp(),
		    session ? supervisor->leader : getsid(0));
		len = processline_format(
		    text->buf + text->len, text->size - text->len, &line);
		if (len == 0)
			break;
		text->len += len;
	}
	return i;
}

static void
request_tree(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	struct tree_process process[REQUESTS_PROCESSES];
	struct text text;
	struct tree tree;
	size_t size, count, told;
	char *room;

	(void)request;
	sweep_tree(supervisor, &tree);
	count = tree_list(&tree, process, REQUESTS_PROCESSES);
	room = client_room(client, &size);
	text_begin(&text, room, size - REQUESTS_MORE);
	told = request_tree_lines(supervisor, process,
	    count < REQUESTS_PROCESSES ? count : REQUESTS_PROCESSES, &text);
	text.size = size;
	/* No answer at all would look like a hang-up. */
	if (told < count || count == 0)
		text_add(&text, "more=%lu\n", (unsigned long)(count - told));
	client_reply_made(client, text.len);
}

static void
request_help(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	(void)supervisor;
	(void)request;
	client_reply(client,
	    "status              how things stand, NAME=VALUE lines\n"
	    "start               start the program\n"
	    "stop                stop it\n"
	    "restart             stop it, then start it\n"
	    "kill [SIGNAL]       send it a signal, TERM by default\n"
	    "reopen_transcript   open transcript and event log anew\n"
	    "rotate              begin a new transcript\n"
	    "exit                stop it and leave\n"
	    "tree                its processes, a line each\n"
	    "upgrade             execute the installed zdrun in place\n"
	    "events [COUNT]      the last COUNT events, then those to come\n"
	    "help                this\n");
}

struct request_row {
	request_handler answer;
	enum access_right right; /* that it takes */
};

static const struct request_row request_table[REQUEST__COUNT] = {
	[REQUEST_STATUS] = { request_status, ACCESS_LOOK },
	[REQUEST_START] = { request_start, ACCESS_CONTROL },
	[REQUEST_STOP] = { request_stop, ACCESS_CONTROL },
	[REQUEST_RESTART] = { request_restart, ACCESS_CONTROL },
	[REQUEST_KILL] = { request_kill, ACCESS_CONTROL },
	[REQUEST_REOPEN] = { request_reopen, ACCESS_CONTROL },
	[REQUEST_ROTATE] = { request_rotate, ACCESS_CONTROL },
	[REQUEST_EXIT] = { request_exit, ACCESS_CONTROL },
	[REQUEST_TREE] = { request_tree, ACCESS_LOOK },
	[REQUEST_UPGRADE] = { request_upgrade, ACCESS_CONTROL },
	[REQUEST_EVENTS] = { request_events, ACCESS_LOOK },
	[REQUEST_HELP] = { request_help, ACCESS_LOOK },
};

/* Told once a second at the most: nobody is to fill our logs by asking. */
static void
request_note_refusal(struct supervisor *supervisor, const struct client *client)
{
	struct event event;
	int64_t now = clock_mono_ms();

	supervisor->refusals++;
	if (supervisor->refused_at != 0 &&
	    now - supervisor->refused_at < REQUESTS_QUIET)
		return;
	event_init(&event, EVENT_REFUSED);
	event.by_uid = client->uid;
	event.by_pid = client->pid;
	event.run = supervisor->refusals;
	supervisor->refusals = 0;
	supervisor->refused_at = now;
	announce_event(supervisor, &event);
}

static void
request_refuse(struct supervisor *supervisor, struct client *client)
{
	if (client->right == ACCESS_LOOK)
		client_reply(client,
		    "Permission denied: uid %ld may look, but not control",
		    (long)client->uid);
	else
		client_reply(client,
		    "Permission denied: uid %ld is neither root nor uid %lu, "
		    "who runs this, and socket-mode allows no more",
		    (long)client->uid,
		    (unsigned long)supervisor->clients.access.owner);
	request_note_refusal(supervisor, client);
}

static void
request_answer(struct supervisor *supervisor, struct client *client,
    const struct request *request)
{
	const struct request_row *row = &request_table[request->verb];

	if (client->right < row->right)
		request_refuse(supervisor, client);
	else
		row->answer(supervisor, client, request);
}

void
requests_answer(void *arg, struct client *client, char *line, size_t len)
{
	char shown[REQUESTS_SHOWN * 4 + 3];
	struct request request;

	if (client->right == ACCESS_NONE) {
		request_refuse(arg, client);
		return;
	}
	switch (request_parse(&request, line, len)) {
	case REQUEST_OK:
		request_answer(arg, client, &request);
		break;
	case REQUEST_EMPTY:
		client_reply(client, "Empty command");
		break;
	case REQUEST_UNKNOWN:
		request_show(shown, sizeof(shown), request.word[0]);
		client_reply(
		    client, "Unknown command %s; 'help' for a list", shown);
		break;
	case REQUEST_MALFORMED:
		client_reply(client, "Malformed command");
		break;
	}
}
