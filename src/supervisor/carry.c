/*
 * A supervisor as text, both ways, for the program that takes its place.
 *
 * - Numbers are rows of tables, from which writing and reading both come: a
 *   field that is to survive an upgrade is a row here.
 * - Descriptors are told by their numbers; they stay open across the exec.
 * - It is read by another version of us, so every value is checked against
 *   its range.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/units.h"
#include "protocol/fields.h"
#include "protocol/lastexit.h"
#include "supervisor/carry.h"
#include "supervisor/supervisor.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define ROW(type, field, kind, low, high)                                \
	{                                                                \
#field, kind, offsetof(struct type, field), 0, low, high \
	}

#define FD(type, field)      ROW(type, field, NUMBER_INT, -1, INT32_MAX)
#define FLAG(type, field)    ROW(type, field, NUMBER_BOOL, 0, 1)
#define PID(type, field)     ROW(type, field, NUMBER_INT, 0, INT32_MAX)
#define TIME(type, field)    ROW(type, field, NUMBER_INT64, 0, INT64_MAX)
#define COUNTER(type, field) ROW(type, field, NUMBER_UINT64, 0, INT64_MAX)
#define BITS(type, field)    ROW(type, field, NUMBER_UINT64, INT64_MIN, INT64_MAX)

/* --- what is carried ------------------------------------------------------ */

static const struct number_row supervisor_rows[] = {
	COUNTER(supervisor, seq),
	PID(supervisor, leader),
	FLAG(supervisor, foreign),
	FLAG(supervisor, test_failed),
	FLAG(supervisor, tell_stderr),
	ROW(supervisor, pid_file_error, NUMBER_INT, 0, INT32_MAX),
	FLAG(supervisor, hangs_up),
	COUNTER(supervisor, upgrade.asker),
};

static const struct number_row fsm_rows[] = {
	ROW(fsm, state, NUMBER_INT, 0, RUN__COUNT - 1),
	FLAG(fsm, wanted),
	FLAG(fsm, leaving),
	TIME(fsm, deadline),
	FLAG(fsm, alive),
	FLAG(fsm, executed),
	FLAG(fsm, by_order),
	FLAG(fsm, probing),
	FLAG(fsm, rest),
	ROW(fsm, asked, NUMBER_ULONG, 0, FSM_ASKS),
	FLAG(fsm, killed),
	FLAG(fsm, refused),
	FLAG(fsm, told),
	ROW(fsm, kills, NUMBER_INT, 0, INT32_MAX),
	ROW(fsm, started_at, NUMBER_INT64, INT64_MIN, INT64_MAX),
	TIME(fsm, start_at),
	ROW(fsm, backoff, NUMBER_LONG, 0, INT32_MAX),
	ROW(fsm, status, NUMBER_INT, 0, 255),
	ROW(fsm, reason, NUMBER_INT, 0, FSM_LOST_EXIT),
};

static const struct number_row program_rows[] = {
	PID(program, process.pid),
	FD(program, process.report),
	PID(program, identity.pid),
	COUNTER(program, identity.start_time),
	FD(program, watch),
	FLAG(program, apart),
	FLAG(program, adopted),
	TIME(program, patience),
	ROW(program, asked, NUMBER_INT, 0, 128),
	ROW(program, refusal, NUMBER_INT, 0, INT32_MAX),
	FLAG(program, failed),
	ROW(program, error.error, NUMBER_INT, 0, INT32_MAX),
	ROW(program, spawned_at, NUMBER_INT64, INT64_MIN, INT64_MAX),
	TIME(program, spawned_wall),
	ROW(program, spawns, NUMBER_ULONG, 0, INT64_MAX),
	PID(program, test.process.pid),
	FD(program, test.process.report),
	FLAG(program, test_unwanted),
};

static const struct number_row life_rows[] = {
	FD(life, lock),
	FD(life, listener),
	BITS(life, dev),
	BITS(life, ino),
	COUNTER(life, serial),
	TIME(life, again),
};

static const struct number_row logs_rows[] = {
	TIME(logs, started_at),
};

static const struct number_row client_rows[] = {
	ROW(client, phase, NUMBER_INT, CLIENT_FREE, CLIENT_HELD),
	FD(client, fd),
	ROW(client, uid, NUMBER_UID, -1, UINT32_MAX),
	ROW(client, right, NUMBER_INT, ACCESS_NONE, ACCESS_CONTROL),
	PID(client, pid),
	COUNTER(client, order),
	TIME(client, deadline),
	COUNTER(client, next),
};

static const struct number_row stream_rows[] = {
	FD(output_state, in),
	FD(output_state, keep),
	TIME(output_state, bytes),
	TIME(output_state, dropped),
};

/* Where in a supervisor each table applies. */
static const struct group {
	const char *name;
	const struct number_row *row;
	size_t rows;
	size_t at;
} group_table[] = {
	{ "supervisor", supervisor_rows, COUNT(supervisor_rows), 0 },
	{ "fsm", fsm_rows, COUNT(fsm_rows), offsetof(struct supervisor, fsm) },
	{ "program", program_rows, COUNT(program_rows),
	    offsetof(struct supervisor, program) },
	{ "life", life_rows, COUNT(life_rows),
	    offsetof(struct supervisor, life) },
	{ "logs", logs_rows, COUNT(logs_rows),
	    offsetof(struct supervisor, logs) },
};

/* Texts with a room of their own. */
static const struct string {
	const char *name;
	size_t at, size;
} string_table[] = {
#define STRING(field)                                          \
	{                                                      \
#field, offsetof(struct supervisor, field),    \
		    sizeof(((struct supervisor *)NULL)->field) \
	}
	STRING(why),
	STRING(test_text),
	STRING(program.error.step),
	STRING(program.identity.boot_id),
	STRING(program.cookie),
	STRING(cgroup.name),
};

/* --- writing -------------------------------------------------------------- */

struct out {
	int fd;
	int error; /* the first one; 0: none */
};

static void
put_bytes(struct out *out, const char *data, size_t len)
{
	ssize_t n;

	while (len > 0 && out->error == 0) {
		n = write(out->fd, data, len);
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			out->error = n == 0 ? ENOSPC : errno;
		}
	}
}

static void __attribute__((format(printf, 2, 3)))
put_line(struct out *out, const char *fmt, ...)
{
	char line[256];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(line)) {
		out->error = EOVERFLOW;
		return;
	}
	put_bytes(out, line, (size_t)len);
}

static void
put_blob(struct out *out, const char *name, const char *data, size_t len)
{
	put_line(out, "%s:%zu\n", name, len);
	put_bytes(out, data, len);
	put_bytes(out, "\n", 1);
}

static void
put_rows(struct out *out, const char *group, const void *base,
    const struct number_row *row, size_t rows)
{
	size_t i;

	for (i = 0; i < rows; i++)
		put_line(out, "%s.%s=%" PRId64 "\n", group, row[i].name,
		    number_get(base, &row[i]));
}

static void
put_last(struct out *out, const struct last_exit *last)
{
	char lines[512];
	struct text text;

	text_begin(&text, lines, sizeof(lines));
	lastexit_format(&text, last);
	put_bytes(out, lines, text_end(&text));
}

static void
put_history(struct out *out, const struct history *history)
{
	uint64_t number;
	const char *line;
	size_t len;

	put_line(out, "history=%" PRIu64 "\n", history->first);
	for (number = history->first; number < history->next; number++) {
		if ((line = history_line(history, number, &len)) != NULL)
			put_blob(out, "event", line, len);
	}
}

/* A client with what it has sent so far and what is owed to it. */
static void
put_client(struct out *out, const struct client *client, size_t place)
{
	if (client->phase == CLIENT_FREE)
		return;
	put_line(out, "client=%zu\n", place);
	put_rows(out, "client", client, client_rows, COUNT(client_rows));
	put_blob(out, "client.in", client->in, client->in_len);
	put_blob(out, "client.out", client->out + client->out_sent,
	    client->out_len - client->out_sent);
}

static void
put_head(struct out *out, const struct carry *carry)
{
	size_t i;

	put_line(out, CARRY_MAGIC "\nversion=%s\n", PACKAGE_VERSION);
	put_blob(out, "cwd", carry->cwd, strlen(carry->cwd));
	if (carry->file != NULL)
		put_blob(out, "file", carry->file, strlen(carry->file));
	for (i = 0; i < OUTPUT_STREAMS; i++) {
		put_line(out, "stream=%zu\n", i);
		put_rows(out, "stream", &carry->stream[i], stream_rows,
		    COUNT(stream_rows));
		if (carry->stream[i].held != NULL)
			put_blob(out, "held", carry->stream[i].held,
			    carry->stream[i].held_len);
	}
	/* The last: with it a supervisor can be set up for the rest. */
	put_blob(out, "config", carry->config, carry->config_len);
}

static void
put_supervisor(struct out *out, const struct supervisor *supervisor)
{
	const char *base = (const char *)supervisor;
	const struct clients *clients = &supervisor->clients;
	size_t i;

	for (i = 0; i < COUNT(group_table); i++)
		put_rows(out, group_table[i].name, base + group_table[i].at,
		    group_table[i].row, group_table[i].rows);
	for (i = 0; i < COUNT(string_table); i++)
		put_blob(out, string_table[i].name, base + string_table[i].at,
		    strlen(base + string_table[i].at));
	put_last(out, &supervisor->program.last);
	put_history(out, &supervisor->history);
	put_line(out, "orders=%" PRIu64 "\n", clients->orders);
	for (i = 0; i < CLIENTS_MAX; i++)
		put_client(out, &clients->client[i], i);
}

int
carry_write(
    int fd, const struct carry *carry, const struct supervisor *supervisor)
{
	struct out out = { fd, 0 };

	put_head(&out, carry);
	put_supervisor(&out, supervisor);
	put_line(&out, "end=1\n");
	errno = out.error;
	return out.error == 0 ? 0 : -1;
}

/* --- reading -------------------------------------------------------------- */

struct record {
	char *name;
	char *value; /* ends with a NUL, too */
	size_t len;
	bool blob;
};

/* The bytes that NAME:LENGTH announces at *at; false if they are not there. */
static bool
take_blob(struct record *record, char **at, const char *end)
{
	long long len;

	if (!units_parse_number(record->value, 0, end - *at - 1, &len) ||
	    (*at)[len] != '\n')
		return false;
	record->value = *at;
	record->len = (size_t)len;
	record->value[len] = '\0';
	*at += len + 1;
	return true;
}

/* 1 with the next record, 0 at the end, -1 where there is none. */
static int
next_record(struct record *record, char **at, char *end)
{
	char *line = *at, *newline, *mark;

	if (line == end)
		return 0;
	if ((newline = memchr(line, '\n', (size_t)(end - line))) == NULL)
		return -1;
	*newline = '\0';
	*at = newline + 1;
	if ((mark = strpbrk(line, "=:")) == NULL)
		return -1;
	record->blob = *mark == ':';
	*mark = '\0';
	record->name = line;
	record->value = mark + 1;
	record->len = strlen(mark + 1);
	return record->blob && !take_blob(record, at, end) ? -1 : 1;
}

struct in {
	struct carry *carry;
	struct supervisor *supervisor; /* NULL: only the carry */
	struct output_state *stream; /* that of the last "stream=" */
	struct client *client; /* that of the last "client=" */
	bool whole;
};

/* Takes GROUP.NAME into base: as number_take. */
static int
take_rows(const struct record *record, const char *group, void *base,
    const struct number_row *row, size_t rows)
{
	size_t len = strlen(group);

	if (strncmp(record->name, group, len) != 0 || record->name[len] != '.')
		return 0;
	return number_take(
	    base, row, rows, record->name + len + 1, record->value);
}

static int
take_stream(struct in *in, const struct record *record)
{
	int64_t number;

	if (strcmp(record->name, "held") == 0 && in->stream != NULL) {
		in->stream->held = record->value;
		in->stream->held_len = record->len;
		return 1;
	}
	if (strcmp(record->name, "stream") != 0)
		return in->stream == NULL ?
		    0 :
		    take_rows(record, "stream", in->stream, stream_rows,
			COUNT(stream_rows));
	if (!fields_number(record->value, 0, OUTPUT_STREAMS - 1, &number))
		return -1;
	in->stream = &in->carry->stream[number];
	return 1;
}

/* What comes before the supervisor: as number_take. */
static int
take_head(struct in *in, const struct record *record)
{
	struct carry *carry = in->carry;

	if (strcmp(record->name, "version") == 0)
		carry->version = record->value;
	else if (strcmp(record->name, "cwd") == 0)
		carry->cwd = record->value;
	else if (strcmp(record->name, "file") == 0)
		carry->file = record->value;
	else if (strcmp(record->name, "config") == 0) {
		carry->config = record->value;
		carry->config_len = record->len;
	} else
		return take_stream(in, record);
	return 1;
}

static int
take_group(struct supervisor *supervisor, const struct record *record)
{
	char *base = (char *)supervisor;
	const struct group *group;
	int taken;

	for (group = group_table; group < group_table + COUNT(group_table);
	     group++) {
		taken = take_rows(record, group->name, base + group->at,
		    group->row, group->rows);
		if (taken != 0)
			return taken;
	}
	return lastexit_field(
	    &supervisor->program.last, record->name, record->value);
}

static int
take_string(struct supervisor *supervisor, const struct record *record)
{
	char *base = (char *)supervisor;
	size_t i;

	for (i = 0; i < COUNT(string_table); i++) {
		if (strcmp(string_table[i].name, record->name) != 0)
			continue;
		if (record->len >= string_table[i].size)
			return -1;
		memcpy(
		    base + string_table[i].at, record->value, record->len + 1);
		return 1;
	}
	return 0;
}

static int
take_history(struct history *history, const struct record *record)
{
	int64_t first;

	if (strcmp(record->name, "history") == 0) {
		if (!fields_number(record->value, 1, INT64_MAX, &first))
			return -1;
		history->first = history->next = (uint64_t)first;
		return 1;
	}
	if (strcmp(record->name, "event") != 0)
		return 0;
	if (record->len == 0 || record->len >= EVENT_LINE_MAX)
		return -1;
	history_add(history, record->value, record->len);
	return 1;
}

/* Which client the next records are about. */
static int
take_place(struct in *in, const struct record *record)
{
	struct clients *clients = &in->supervisor->clients;
	int64_t number;

	if (strcmp(record->name, "orders") == 0) {
		if (!fields_number(record->value, 0, INT64_MAX, &number))
			return -1;
		clients->orders = (uint64_t)number;
		return 1;
	}
	if (strcmp(record->name, "client") != 0)
		return 0;
	if (!fields_number(record->value, 0, CLIENTS_MAX - 1, &number))
		return -1;
	in->client = &clients->client[number];
	in->client->place = -1;
	return 1;
}

static int
take_client(struct in *in, const struct record *record)
{
	struct client *client = in->client;

	if (client == NULL)
		return 0;
	if (strcmp(record->name, "client.in") == 0) {
		if (record->len >= CLIENTS_IN)
			return -1;
		memcpy(client->in, record->value, record->len);
		client->in_len = record->len;
		return 1;
	}
	if (strcmp(record->name, "client.out") == 0) {
		if (record->len > CLIENTS_OUT)
			return -1;
		memcpy(client->out, record->value, record->len);
		client->out_len = record->len;
		client->out_sent = 0;
		return 1;
	}
	return take_rows(
	    record, "client", client, client_rows, COUNT(client_rows));
}

/* False where a value is no good. */
static bool
take_record(struct in *in, const struct record *record)
{
	struct supervisor *supervisor = in->supervisor;
	int taken = take_head(in, record);

	if (strcmp(record->name, "end") == 0)
		in->whole = true;
	if (taken != 0 || supervisor == NULL)
		return taken != -1;
	if ((taken = take_place(in, record)) == 0 &&
	    (taken = take_client(in, record)) == 0 &&
	    (taken = take_string(supervisor, record)) == 0 &&
	    (taken = take_history(&supervisor->history, record)) == 0)
		taken = take_group(supervisor, record);
	return taken != -1;
}

/* Reads to the end, or where there is no supervisor yet to its config. */
static int
read_records(struct in *in, char *text, size_t len, char **cause)
{
	char *at = text, *end = text + len;
	struct record record;
	int found;

	while ((found = next_record(&record, &at, end)) == 1) {
		if (!take_record(in, &record)) {
			cause_set(cause, "bad value of '%.60s' in the state",
			    record.name);
			return -1;
		}
		if (in->supervisor == NULL && in->carry->config != NULL)
			return 0;
	}
	if (found == 0 && in->whole)
		return 0;
	cause_set(cause, "the state is cut short");
	return -1;
}

int
carry_begin(struct carry *carry, char *text, size_t len, char **cause)
{
	const size_t magic = sizeof(CARRY_MAGIC) - 1;
	struct in in = { .carry = carry };
	size_t i;

	memset(carry, 0, sizeof(*carry));
	for (i = 0; i < OUTPUT_STREAMS; i++)
		carry->stream[i].in = carry->stream[i].keep = -1;
	if (len <= magic || memcmp(text, CARRY_MAGIC "\n", magic + 1) != 0) {
		cause_set(cause,
		    "the state of the running supervisor has a form that is "
		    "not known to version %s",
		    PACKAGE_VERSION);
		return -1;
	}
	if (read_records(&in, text, len, cause) == -1)
		return -1;
	if (carry->version != NULL && carry->cwd != NULL &&
	    carry->config != NULL)
		return 0;
	cause_set(cause, "no version, directory or configuration in the state");
	return -1;
}

int
carry_read(struct carry *carry, struct supervisor *supervisor, char *text,
    size_t len, char **cause)
{
	struct in in = { .carry = carry, .supervisor = supervisor };
	char *rest = text + (carry->config - text) + carry->config_len + 1;

	return read_records(&in, rest, (size_t)(text + len - rest), cause);
}

/* --- descriptors ---------------------------------------------------------- */

static void
keep_one(int fd, bool keep)
{
	int flags;

	if (fd == -1 || (flags = fcntl(fd, F_GETFD)) == -1)
		return;
	fcntl(fd, F_SETFD, keep ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC);
}

void
carry_keep(const struct supervisor *supervisor, bool keep)
{
	const struct program *program = &supervisor->program;
	const struct client *client = supervisor->clients.client;
	const struct transcript *stream = supervisor->output.stream;
	size_t i;

	keep_one(supervisor->life.lock, keep);
	keep_one(supervisor->life.listener, keep);
	keep_one(program->process.report, keep);
	keep_one(program->watch, keep);
	keep_one(program->test.process.report, keep);
	for (i = 0; i < OUTPUT_STREAMS; i++) {
		keep_one(stream[i].fifo.in, keep);
		keep_one(stream[i].fifo.keep, keep);
	}
	for (i = 0; i < CLIENTS_MAX; i++) {
		if (client[i].phase != CLIENT_FREE)
			keep_one(client[i].fd, keep);
	}
}
