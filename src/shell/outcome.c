/* The exit status and the time of a line, in one short line. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/units.h"
#include "shell/outcome.h"

#define MINUTE 60000 /* ms */

/* Hundredths below ten seconds, tenths below a minute. */
static const char *
show_time(int64_t ms, char *buf, size_t size)
{
	if (ms >= MINUTE)
		return units_show_age(ms, buf, size);
	snprintf(
	    buf, size, "%.*fs", ms < MINUTE / 6 ? 2 : 1, (double)ms / 1000);
	return buf;
}

const char *
outcome_show(
    int status, int64_t elapsed, int64_t threshold, char *buf, size_t size)
{
	bool timed = threshold >= 0 && elapsed >= threshold;
	char time[32] = "";

	buf[0] = '\0';
	if (timed)
		show_time(elapsed, time, sizeof(time));
	if (status != 0)
		snprintf(buf, size, "[exit %d%s%s]", status, timed ? ", " : "",
		    time);
	else if (timed)
		snprintf(buf, size, "[%s]", time);
	return buf;
}
