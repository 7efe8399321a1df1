/*
 * The environment of a program.  A caller may hand us a name twice, and which
 * of the two counts is up to the program: so a configured one is the only one.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options/environment.h"

static bool
is_for(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return strncmp(entry, name, len) == 0 && entry[len] == '=';
}

static size_t
environment_count(char *const *environment)
{
	size_t count = 0;

	while (environment != NULL && environment[count] != NULL)
		count++;
	return count;
}

static char *
make_entry(const char *name, const char *value)
{
	size_t size = strlen(name) + strlen(value) + 2;
	char *entry = malloc(size);

	if (entry != NULL)
		snprintf(entry, size, "%s=%s", name, value);
	return entry;
}

int
environment_set(char ***environment, const char *name, const char *value)
{
	size_t count = environment_count(*environment), kept = 0, i;
	char *entry, **grown;

	grown = realloc(*environment, (count + 2) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	*environment = grown;
	if ((entry = make_entry(name, value)) == NULL)
		return -1;
	for (i = 0; i < count; i++) {
		if (is_for(grown[i], name))
			free(grown[i]);
		else
			grown[kept++] = grown[i];
	}
	grown[kept] = entry;
	grown[kept + 1] = NULL;
	return 0;
}

/* A copy of our own environment; NULL without memory. */
static char **
copy_ours(void)
{
	size_t count = environment_count(environ), i;
	char **copy = calloc(count + 1, sizeof(*copy));

	if (copy == NULL)
		return NULL;
	for (i = 0; i < count; i++) {
		if ((copy[i] = strdup(environ[i])) == NULL) {
			environment_free(copy);
			return NULL;
		}
	}
	return copy;
}

char **
environment_make(const struct pairs *configured)
{
	char **made = copy_ours();
	size_t i;

	for (i = 0; made != NULL && i < configured->count; i++) {
		if (environment_set(&made, configured->pair[i].name,
			configured->pair[i].value) == 0)
			continue;
		environment_free(made);
		return NULL;
	}
	return made;
}

void
environment_free(char **environment)
{
	size_t i;

	for (i = 0; environment != NULL && environment[i] != NULL; i++)
		free(environment[i]);
	free(environment);
}

const char *
environment_get(char *const *environment, const char *name)
{
	for (; *environment != NULL; environment++) {
		if (is_for(*environment, name))
			return strchr(*environment, '=') + 1;
	}
	return NULL;
}
