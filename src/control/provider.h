#ifndef CONTROL_PROVIDER_H
#define CONTROL_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "control/candidates.h"
#include "control/settings.h"

struct context;

/* Completion candidates that depend on the running system: files, logs, values.
 */
struct provider {
	void *data;
	/* Files that begin with prefix; adds to out. */
	void (*files)(void *data, const char *prefix, struct candidates *out);
	/* Commands of the shell, as $PATH has them; may be missing. */
	void (*programs)(
	    void *data, const char *prefix, struct candidates *out);
	/* Users, or groups, by name; may be missing. */
	void (*names)(void *data, bool groups, const char *prefix,
	    struct candidates *out);
	/* Our own logs: logfile, transcript, event log. */
	void (*logs)(void *data, const char *prefix, struct candidates *out);
	/* The value now of an option, to be freed; NULL: unset. */
	char *(*value)(void *data, const char *option);
	/* The names of aliases; adds to out. */
	void (*aliases)(void *data, const char *prefix, struct candidates *out);
	/* The value now of a setting, to be freed; NULL: no session. */
	char *(*setting)(void *data, enum setting setting);
	/*
	 * The lines typed before, the newest at 0, and their numbers; NULL
	 * behind the oldest.  May be missing.
	 */
	const char *(*past)(const void *past_data, size_t i, size_t *number);
	const void *past_data;
};

/*
 * The system itself: files, logs and values as they are at this moment.  The
 * context has to stay.
 */
void provider_init(struct provider *provider, const struct context *context);

#endif
