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
	free(status->transcript);
	free(status->transcript_stderr);
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
	len = pylist_format_one(text->buf + text->len, text->size - text->len,
	    value);
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
	add_string(text, "filename",
	    status->filename == NULL ? "" : status->filename);
	add_args(text, &status->args);
}

size_t
status_format(char *buf, size_t size, const struct status *status)
{
	struct text text;

	text_begin(&text, buf, size);
	add_zdaemon(&text, status);
	add_string(&text, "version",
	    status->version == NULL ? "" : status->version);
	text_add(&text, "state=%s\n", runstate_name(status->state));
	text_add(&text, "uptime=%" PRId64 "\n", status->uptime);
	text_add(&text, "retry_in=%" PRId64 "\n", status->retry_in);
	text_add(&text, "restarts=%lu\n", status->restarts);
	text_add(&text, "outdated=%d\n", status->outdated);
	lastexit_format(&text, &status->last);
	add_string(&text, "reason", status->reason);
	add_string(&text, "transcript", status->transcript);
	if (status->transcript != NULL) {
		text_add(&text, "transcript_bytes=%" PRId64 "\n",
		    status->transcript_bytes);
		text_add(&text, "transcript_dropped=%" PRId64 "\n",
		    status->transcript_dropped);
		text_add(&text, "transcript_waiting=%" PRId64 "\n",
		    status->transcript_waiting);
		text_add(&text, "transcript_error=%d\n",
		    status->transcript_error);
	}
	add_string(&text, "transcript_stderr", status->transcript_stderr);
	return text_end(&text);
}

/* --- reading ----------------------------------------------------------- */

static const struct number_row number_table[] = {
	{ "should_be_up", NUMBER_BOOL, offsetof(struct status, should_be_up),
	    0, 0, 1 },
	{ "backoff", NUMBER_LONG, offsetof(struct status, backoff), 0,
	    INT32_MIN, INT32_MAX },
	{ "application", NUMBER_INT, offsetof(struct status, application), 0,
	    0, INT32_MAX },
	{ "testing", NUMBER_BOOL, offsetof(struct status, testing), 0, 0, 1 },
	{ "manager", NUMBER_INT, offsetof(struct status, manager), 0, 0,
	    INT32_MAX },
	{ "backofflimit", NUMBER_LONG, offsetof(struct status, backofflimit),
	    0, INT32_MIN, INT32_MAX },
	{ "uptime", NUMBER_INT64, offsetof(struct status, uptime), -1, -1,
	    INT64_MAX },
	{ "retry_in", NUMBER_INT64, offsetof(struct status, retry_in), -1, -1,
	    INT64_MAX },
	{ "restarts", NUMBER_ULONG, offsetof(struct status, restarts), 0, 0,
	    UINT32_MAX },
	{ "outdated", NUMBER_BOOL, offsetof(struct status, outdated), 0, 0,
	    1 },
	{ "transcript_bytes", NUMBER_INT64,
	    offsetof(struct status, transcript_bytes), 0, 0, INT64_MAX },
	{ "transcript_dropped", NUMBER_INT64,
	    offsetof(struct status, transcript_dropped), 0, 0, INT64_MAX },
	{ "transcript_waiting", NUMBER_INT64,
	    offsetof(struct status, transcript_waiting), 0, 0, INT64_MAX },
	{ "transcript_error", NUMBER_INT,
	    offsetof(struct status, transcript_error), 0, 0, 4095 },
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
	int state = runstate_parse(value);

	if (state == -1)
		return false;
	status->state = (enum run_state)state;
	status->has_state = true;
	return true;
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
		{ "transcript", NULL, &status->transcript },
		{ "transcript_stderr", NULL, &status->transcript_stderr },
	};
	size_t i;
	bool good;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		if (strcmp(row[i].name, name) != 0)
			continue;
		good = row[i].time != NULL ? read_time(value, row[i].time) :
					     read_string(value, row[i].string);
		return good ? 1 : -1;
	}
	if (strcmp(name, "args") == 0)
		return read_list(value, &status->args) ? 1 : -1;
	if (strcmp(name, "state") == 0)
		return read_state(status, value) ? 1 : -1;
	return 0;
}

/* Takes one line into status; false if its value is no good. */
static bool
take_line(struct status *status, const char *name, const char *value)
{
	int taken = take_special(status, name, value);

	if (taken == 0)
		taken = number_take(status, number_table,
		    sizeof(number_table) / sizeof(number_table[0]), name,
		    value);
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

int
status_parse(struct status *status, const char *reply, size_t len,
    char **cause)
{
	struct status found;
	char *copy, *at, *name, *value;
	bool application = false;

	status_init(&found);
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
		found.state = found.application == 0 ? RUN_DOWN : RUN_UP;
	free(copy);
	*status = found;
	return 0;
fail:
	free(copy);
	status_free(&found);
	return -1;
}
