/* The environment of a program: ours, and the configured section over it. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "control/environment.h"

static bool
is_for(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return strncmp(entry, name, len) == 0 && entry[len] == '=';
}

static bool
is_configured(const char *entry, const struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (is_for(entry, pairs->pair[i].name))
			return true;
	}
	return false;
}

char **
environment_make(const struct runner *runner)
{
	const struct pairs *pairs = &runner->environment;
	size_t ours = 0, count = 0;
	char **made;

	while (environ && environ[ours])
		ours++;
	made = xcalloc(ours + pairs->count + 1, sizeof *made);
	for (size_t i = 0; i < ours; i++) {
		if (!is_configured(environ[i], pairs))
			made[count++] = xstrdup(environ[i]);
	}
	for (size_t i = 0; i < pairs->count; i++)
		made[count++] = xasprintf(
		    "%s=%s", pairs->pair[i].name, pairs->pair[i].value);
	return made;
}

void
environment_free(char **environment)
{
	for (char **entry = environment; entry && *entry; entry++)
		free(*entry);
	free(environment);
}

const char *
environment_get(char *const *environment, const char *name)
{
	for (; *environment; environment++) {
		if (is_for(*environment, name))
			return strchr(*environment, '=') + 1;
	}
	return NULL;
}
