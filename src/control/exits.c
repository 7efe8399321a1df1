/* How a program ended, in words. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/signame.h"
#include "control/exits.h"

const char *
exits_text(int code, int signal, bool core, char *buf, size_t size)
{
	const char *name = signal > 0 ? signame_of(signal) : NULL;

	if (name)
		snprintf(buf, size, "signal %d (%s)%s", signal, name,
		    core ? ", core dumped" : "");
	else if (signal > 0)
		snprintf(buf, size, "signal %d%s", signal,
		    core ? ", core dumped" : "");
	else if (code >= 0)
		snprintf(buf, size, "status %d", code);
	else
		snprintf(buf, size, "status unknown");
	return buf;
}

const char *
exits_reason(const char *reason)
{
	return strcmp(reason, "restarting too frequently; quit") == 0 ?
	    "gave up after too many quick failures (backoff-limit)" :
	    reason;
}
