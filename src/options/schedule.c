/* How a program is asked to end, as text and as steps. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cause.h"
#include "base/near.h"
#include "base/signame.h"
#include "base/units.h"
#include "options/options.h"
#include "options/schedule.h"

#define SCHEDULE_LONGEST (366LL * 24 * 3600 * 1000) /* ms of a step */
#define SCHEDULE_KILLED  1000 /* ms that KILL takes, at the most */

static int
unknown_signal(const char *text, char **cause)
{
	const struct signame *table;
	struct near near;
	size_t i, count;

	table = signame_table(&count);
	near_begin(&near, text);
	for (i = 0; i < count; i++)
		near_offer(&near, table[i].name);
	/* The names are short: with two edits any leads to any. */
	if (near.best != NULL && near.distance <= 1)
		cause_set(cause, "'%.40s' is no signal; did you mean %s?", text,
		    near.best);
	else if (ascii_same_part(text, "RTM", 3) ||
	    ascii_same_part(text, "SIGRTM", 6))
		cause_set(cause,
		    "'%.40s' is no signal; these are RTMIN to RTMIN+%d, or "
		    "RTMAX-%d to RTMAX",
		    text, SIGRTMAX - SIGRTMIN, SIGRTMAX - SIGRTMIN);
	else
		cause_set(cause, "'%.40s' is no signal", text);
	return -1;
}

int
schedule_signal(const char *text, char **cause)
{
	int signal = signame_parse(text);

	switch (signal) {
	case -1:
		return unknown_signal(text, cause);
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGCONT:
		cause_set(
		    cause, "SIG%s never ends a program", signame_of(signal));
		return -1;
	default:
		return signal;
	}
}

/* The next part of a text, NUL at its end; false if there is none. */
static bool
next_part(const char **at, char *part, size_t size)
{
	size_t len = strcspn(*at, "/");

	if (**at == '\0' || len >= size)
		return false;
	memcpy(part, *at, len);
	part[len] = '\0';
	*at += len;
	return true;
}

/* One signal and its time; *at is behind the slash that follows, if any. */
static int
parse_step(struct schedule_step *step, const char **at, char **cause)
{
	char part[48];

	if (!next_part(at, part, sizeof(part)) || part[0] == '\0') {
		cause_set(cause, "a signal is missing");
		return -1;
	}
	if ((step->signal = schedule_signal(part, cause)) == -1)
		return -1;
	step->wait = SCHEDULE_KILLED;
	if (**at == '\0' && step->signal == SIGKILL)
		return 0;
	*at += **at == '/';
	if (!next_part(at, part, sizeof(part))) {
		cause_set(cause,
		    "a time is missing after SIG%s; only KILL may be the last",
		    signame_of(step->signal));
		return -1;
	}
	if (!units_parse_duration(part, &step->wait) ||
	    step->wait > SCHEDULE_LONGEST) {
		cause_set(cause, "'%s' after SIG%s is no duration", part,
		    signame_of(step->signal));
		return -1;
	}
	if ((*at)[0] == '/' && (*at)[1] != '\0')
		(*at)++;
	return 0;
}

int
schedule_parse(struct schedule *schedule, const char *text, char **cause)
{
	struct schedule found = { .count = 0 };

	do {
		if (found.count == SCHEDULE_STEPS) {
			cause_set(
			    cause, "more than %d signals", SCHEDULE_STEPS);
			return -1;
		}
		if (parse_step(&found.step[found.count++], &text, cause) == -1)
			return -1;
	} while (*text != '\0');
	*schedule = found;
	return 0;
}

const char *
schedule_print(const struct schedule *schedule, char *buf, size_t size)
{
	const struct schedule_step *step;
	size_t i, len = 0;
	char wait[32];

	buf[0] = '\0';
	for (i = 0; i < schedule->count; i++) {
		step = &schedule->step[i];
		len += (size_t)snprintf(buf + len, size - len, "%s%s",
		    i > 0 ? "/" : "", signame_of(step->signal));
		if (i + 1 < schedule->count || step->signal != SIGKILL ||
		    step->wait != SCHEDULE_KILLED)
			len += (size_t)snprintf(buf + len, size - len, "/%s",
			    units_print_duration(
				step->wait, wait, sizeof(wait)));
	}
	return buf;
}

void
schedule_of(struct schedule *schedule, const struct runner *runner)
{
	/* What is in a runner has passed the same parsers before. */
	if (runner->stop_schedule != NULL &&
	    schedule_parse(schedule, runner->stop_schedule, NULL) == 0)
		return;
	schedule->count = 1;
	schedule->step[0].signal = signame_parse(runner->stop_signal);
	schedule->step[0].wait = runner->stop_timeout;
}

int64_t
schedule_length(const struct schedule *schedule)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < schedule->count; i++) {
		if (schedule->step[i].signal == SIGKILL)
			break;
		sum += schedule->step[i].wait;
	}
	return sum;
}
