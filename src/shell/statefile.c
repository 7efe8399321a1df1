/*
 * Where sessions keep what outlives them: in XDG's directory for state, in
 * files that are named by what they belong to.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/path.h"
#include "base/xmalloc.h"
#include "shell/statefile.h"

static uint32_t
hash_of(const char *text)
{
	uint32_t hash = 2166136261U;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash;
}

/* XDG's directory for state; NULL with cause. */
static char *
state_directory(char **cause)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state != NULL && state[0] == '/')
		return xasprintf("%s/zdaemon", state);
	if (home != NULL && home[0] == '/')
		return xasprintf("%s/.local/state/zdaemon", home);
	cause_set(cause, "HOME is not set");
	return NULL;
}

char *
statefile_name(const char *path, const char *ending, char **cause)
{
	char *directory = state_directory(cause), *name, *c;

	if (directory == NULL)
		return NULL;
	name = xasprintf("%s/%.100s-%08x.%s", directory, path_base(path),
	    (unsigned int)hash_of(path), ending);
	for (c = name + strlen(directory) + 1; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			*c = '_';
	free(directory);
	return name;
}
