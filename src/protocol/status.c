/*
 * The reply to `status`, both ways: zdaemon's twelve lines, then ours.  What
 * a peer sent is data: every value is checked against its range.
 */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/visible.h"
#include "protocol/fields.h"
#include "protocol/lastexit.h"
#include "protocol/pylist.h"
#include "protocol/status.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The streams of output, and what is told of each of them behind its name. */
static const struct stream_row {
	const char *name;
	size_t at;
} stream_table[] = {
	{ "transcript", offsetof(struct status, transcript) },
	{ "transcript_stderr", offsetof(struct status, transcript_stderr) },
};

static const struct number_row stream_number_table[] = {
	{ "bytes", NUMBER_INT64, offsetof(struct status_stream, bytes), 0, 0,
	    INT64_MAX },
	{ "dropped", NUMBER_INT64, offsetof(struct status_stream, dropped), 0,
	    0, INT64_MAX },
	{ "waiting", NUMBER_INT64, offsetof(struct status_stream, waiting), 0,
	    0, INT64_MAX },
	{ "error", NUMBER_INT, offsetof(struct status_stream, error), 0, 0,
	    4095 },
};

void
status_init(struct status *status)
{
	memset(status, 0, sizeof(*status));
	status->uptime = -1;
	status->retry_in = -1;
	lastexit_init(&status->last);
}

void
status_free(struct status *status)
{
	free(status->filename);
	words_free(&status->args);
	free(status->version);
	free(status->reason);
	free(status->pid_file);
	free(status->transcript.path);
	free(status->transcript_stderr.path);
	status_init(status);
}

/* A time as Python shows it: 0, or seconds with at least one decimal. */
static void
add_time(struct text *text, const char *name, double seconds)
{
	char buf[64];
	size_t len;

	if (seconds < 0.0005) {
		text_add(text, "%s=0\n", name);
		return;
	}
	len = (size_t)snprintf(buf, sizeof(buf), "%.3f", seconds);
	while (buf[len - 1] == '0' && buf[len - 2] != '.')
		buf[--len] = '\0';
	text_add(text, "%s=%s\n", name, buf);
}

/* NAME='...' for a string of ours, in the notation of args. */
static void
add_string(struct text *text, const char *name, const char *value)
{
	size_t len;

	if (value == NULL)
		return;
	text_add(text, "%s=", name);
	if (text->full)
		return;
	len = pylist_format_one(
	    text->buf + text->len, text->size - text->len, value);
	text->full = len == 0;
	text->len += len;
	text_add(text, "\n");
}

static void
add_args(struct text *text, const struct words *args)
{
	size_t len;

	text_add(text, "args=");
	if (text->full)
		return;
	len = pylist_format(text->buf + text->len, text->size - text->len,
	    args->word, args->count);
	text->full = len == 0;
	text->len += len;
	text_add(text, "\n");
}

static void
add_zdaemon(struct text *text, const struct status *status)
{
	text_add(text, "status=%s\n",
	    status->application == 0 ? "stopped" : "running");
	add_time(text, "now", status->now);
	text_add(text, "should_be_up=%d\n", status->should_be_up);
	add_time(text, "delay", status->delay);
	text_add(text, "backoff=%ld\n", status->backoff);
	add_time(text, "lasttime", status->lasttime);
	text_add(text, "application=%ld\n", (long)status->application);
	text_add(text, "testing=%d\n", status->testing);
	text_add(text, "manager=%ld\n", (long)status->manager);
	text_add(text, "backofflimit=%ld\n", status->backofflimit);
	add_string(
	    text, "filename", status->filename == NULL ? "" : status->filename);
	add_args(text, &status->args);
}

static void
add_stream(
    struct text *text, const char *name, const struct status_stream *stream)
{
	const struct number_row *row = stream_number_table;
	size_t i;

	if (stream->path == NULL)
		return;
	add_string(text, name, stream->path);
	for (i = 0; i < COUNT(stream_number_table); i++)
		text_add(text, "%s_%s=%" PRId64 "\n", name, row[i].name,
		    number_get(stream, &row[i]));
}

size_t
status_format(char *buf, size_t size, const struct status *status)
{
	struct text text;
	size_t i;

	text_begin(&text, buf, size);
	add_zdaemon(&text, status);
	add_string(
	    &text, "version", status->version == NULL ? "" : status->version);
	text_add(&text, "state=%s\n", runstate_name(status->state));
	text_add(&text, "uptime=%" PRId64 "\n", status->uptime);
	text_add(&text, "retry_in=%" PRId64 "\n", status->retry_in);
	text_add(&text, "restarts=%lu\n", status->restarts);
	text_add(&text, "outdated=%d\n", status->outdated);
	lastexit_format(&text, &status->last);
	add_string(&text, "reason", status->reason);
	add_string(&text, "pid_file", status->pid_file);
	if (status->pid_file != NULL)
		text_add(&text, "pid_file_error=%d\n", status->pid_file_error);
	for (i = 0; i < COUNT(stream_table); i++)
		add_stream(&text, stream_table[i].name,
		    (const void *)((const char *)status + stream_table[i].at));
	return text_end(&text);
}

/* --- reading ----------------------------------------------------------- */

static const struct number_row number_table[] = {
	{ "should_be_up", NUMBER_BOOL, offsetof(struct status, should_be_up), 0,
	    0, 1 },
	{ "backoff", NUMBER_LONG, offsetof(struct status, backoff), 0,
	    INT32_MIN, INT32_MAX },
	{ "application", NUMBER_INT, offsetof(struct status, application), 0, 0,
	    INT32_MAX },
	{ "testing", NUMBER_BOOL, offsetof(struct status, testing), 0, 0, 1 },
	{ "manager", NUMBER_INT, offsetof(struct status, manager), 0, 0,
	    INT32_MAX },
	{ "backofflimit", NUMBER_LONG, offsetof(struct status, backofflimit), 0,
	    INT32_MIN, INT32_MAX },
	{ "uptime", NUMBER_INT64, offsetof(struct status, uptime), -1, -1,
	    NUMBER_MS_MAX },
	{ "retry_in", NUMBER_INT64, offsetof(struct status, retry_in), -1, -1,
	    NUMBER_MS_MAX },
	{ "restarts", NUMBER_ULONG, offsetof(struct status, restarts), 0, 0,
	    UINT32_MAX },
	{ "outdated", NUMBER_BOOL, offsetof(struct status, outdated), 0, 0, 1 },
	{ "pid_file_error", NUMBER_INT, offsetof(struct status, pid_file_error),
	    0, 0, 4095 },
};

static bool
read_time(const char *value, double *seconds)
{
	char *end;
	double found;

	if (*value == '\0' || strlen(value) > 40 ||
	    value[strspn(value, "0123456789.eE+-")] != '\0')
		return false;
	found = strtod(value, &end);
	if (*end != '\0' || !isfinite(found) || found < 0 || found > 1e12)
		return false;
	*seconds = found;
	return true;
}

/* A Python string is read as a list of one. */
static bool
read_string(const char *value, char **string)
{
	struct words list = { NULL, 0 };
	char *brackets = NULL;
	bool good = false;

	if (asprintf(&brackets, "[%s]", value) == -1)
		return false;
	if (pylist_parse(&list, brackets, NULL) == 0 && list.count == 1) {
		free(*string);
		*string = list.word[0];
		list.word[0] = NULL;
		good = true;
	}
	free(brackets);
	words_free(&list);
	return good;
}

static bool
read_list(const char *value, struct words *words)
{
	struct words list;

	if (pylist_parse(&list, value, NULL) == -1)
		return false;
	words_free(words);
	*words = list;
	return true;
}

static bool
read_state(struct status *status, const char *value)
{
	if (!runstate_parse(value, &status->state))
		return false;
	status->has_state = true;
	return true;
}

/* zdaemon 2.0.4: 1 up, 0 down, -1 about to leave. */
static bool
read_mood(struct status *status, const char *value)
{
	status->should_be_up = strcmp(value, "1") == 0;
	return status->should_be_up || strcmp(value, "0") == 0 ||
	    strcmp(value, "-1") == 0;
}

/* Takes what is no plain number: 1 taken, 0 not one of these, -1 no good. */
static int
take_special(struct status *status, const char *name, const char *value)
{
	const struct {
		const char *name;
		double *time;
		char **string;
	} row[] = {
		{ "now", &status->now, NULL },
		{ "delay", &status->delay, NULL },
		{ "lasttime", &status->lasttime, NULL },
		{ "filename", NULL, &status->filename },
		{ "version", NULL, &status->version },
		{ "reason", NULL, &status->reason },
		{ "pid_file", NULL, &status->pid_file },
	};
	size_t i;
	bool good;

	for (i = 0; i < COUNT(row); i++) {
		if (strcmp(row[i].name, name) != 0)
			continue;
		good = row[i].time != NULL ? read_time(value, row[i].time) :
					     read_string(value, row[i].string);
		return good ? 1 : -1;
	}
	if (strcmp(name, "args") == 0)
		return read_list(value, &status->args) ? 1 : -1;
	if (strcmp(name, "mood") == 0)
		return read_mood(status, value) ? 1 : -1;
	if (strcmp(name, "state") == 0)
		return read_state(status, value) ? 1 : -1;
	return 0;
}

/* rest is what follows the name of the stream: as take_special. */
static int
take_stream(struct status_stream *stream, const char *rest, const char *value)
{
	if (*rest == '\0')
		return read_string(value, &stream->path) ? 1 : -1;
	if (*rest != '_')
		return 0;
	return number_take(stream, stream_number_table,
	    COUNT(stream_number_table), rest + 1, value);
}

static int
take_streams(struct status *status, const char *name, const char *value)
{
	size_t i, len;
	int taken = 0;

	for (i = 0; i < COUNT(stream_table) && taken == 0; i++) {
		len = strlen(stream_table[i].name);
		if (strncmp(name, stream_table[i].name, len) == 0)
			taken = take_stream(
			    (void *)((char *)status + stream_table[i].at),
			    name + len, value);
	}
	return taken;
}

/* Takes one line into status; false if its value is no good. */
static bool
take_line(struct status *status, const char *name, const char *value)
{
	int taken = take_special(status, name, value);

	if (taken == 0)
		taken = number_take(
		    status, number_table, COUNT(number_table), name, value);
	if (taken == 0)
		taken = take_streams(status, name, value);
	if (taken == 0)
		taken = lastexit_field(&status->last, name, value);
	return taken != -1;
}

static void
blame(char **cause, const char *name, const char *value)
{
	char shown[64], shown_name[64];

	visible_into(shown, sizeof(shown), value, strlen(value));
	visible_into(shown_name, sizeof(shown_name), name, strlen(name));
	cause_set(cause, "bad value in the reply: %s=%s", shown_name, shown);
}

/* What the state is by zdaemon's lines alone. */
static enum run_state
derive_state(const struct status *status)
{
	if (status->application != 0)
		return status->testing ? RUN_STARTING : RUN_UP;
	return status->should_be_up ? RUN_BACKOFF : RUN_DOWN;
}

int
status_parse(struct status *status, const char *reply, size_t len, char **cause)
{
	struct status found;
	char *copy, *at, *name, *value;
	bool application = false;

	status_init(&found);
	found.should_be_up = true; /* where nothing is said of it */
	if ((copy = malloc(len + 1)) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	memcpy(copy, reply, len);
	copy[len] = '\0';
	for (at = copy; fields_next(&at, &name, &value);) {
		if (!take_line(&found, name, value)) {
			blame(cause, name, value);
			goto fail;
		}
		application = application || strcmp(name, "application") == 0;
	}
	if (!application) {
		cause_set(cause, "the reply is no status");
		goto fail;
	}
	if (!found.has_state)
		found.state = derive_state(&found);
	free(copy);
	*status = found;
	return 0;
fail:
	free(copy);
	status_free(&found);
	return -1;
}
