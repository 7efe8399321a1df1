/* Aliases: a short ordered list, looked at once for each command. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/xmalloc.h"
#include "control/alias.h"
#include "control/command.h"

/* Where name stands or would have to. */
static size_t
place_of(const struct aliases *aliases, const char *name)
{
	size_t i = 0;

	while (i < aliases->count && strcmp(aliases->alias[i].name, name) < 0)
		i++;
	return i;
}

static bool
is_at(const struct aliases *aliases, size_t i, const char *name)
{
	return i < aliases->count && strcmp(aliases->alias[i].name, name) == 0;
}

const char *
aliases_find(const struct aliases *aliases, const char *name)
{
	size_t i = place_of(aliases, name);

	return is_at(aliases, i, name) ? aliases->alias[i].text : NULL;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (c & 0x80);
}

static bool
is_name(const char *name)
{
	if (!is_letter(*name))
		return false;
	for (; *name; name++) {
		if (!is_letter(*name) && !strchr("0123456789-.", *name))
			return false;
	}
	return true;
}

static int
check_name(const char *name, char **cause)
{
	const struct command *command;

	if (!is_name(name) || strlen(name) > ALIAS_NAME_MOST) {
		cause_set(cause,
		    "'%s' is no name: a letter, then letters, digits, - . _",
		    name);
		return -1;
	}
	if (command_find(name, COMMAND_SESSION, &command) == LOOKUP_FOUND &&
	    command_is_named(command, name)) {
		cause_set(cause,
		    "'%s' is a command and stays one; choose another name",
		    name);
		return -1;
	}
	return 0;
}

static void
insert(struct aliases *aliases, size_t i, const char *name)
{
	aliases->alias = xreallocarray(
	    aliases->alias, aliases->count + 1, sizeof *aliases->alias);
	memmove(&aliases->alias[i + 1], &aliases->alias[i],
	    (aliases->count - i) * sizeof *aliases->alias);
	aliases->alias[i] = (struct alias){ xstrdup(name), NULL };
	aliases->count++;
}

int
aliases_set(
    struct aliases *aliases, const char *name, const char *text, char **cause)
{
	size_t i = place_of(aliases, name);

	if (check_name(name, cause) == -1)
		return -1;
	if (*text == '\0') {
		cause_set(cause, "no text for '%s'; unalias removes it", name);
		return -1;
	}
	if (!is_at(aliases, i, name)) {
		if (aliases->count == ALIAS_MOST) {
			cause_set(cause, "more than %d aliases", ALIAS_MOST);
			return -1;
		}
		insert(aliases, i, name);
	}
	free(aliases->alias[i].text);
	aliases->alias[i].text = xstrdup(text);
	return 0;
}

bool
aliases_remove(struct aliases *aliases, const char *name)
{
	size_t i = place_of(aliases, name);

	if (!is_at(aliases, i, name))
		return false;
	free(aliases->alias[i].name);
	free(aliases->alias[i].text);
	aliases->count--;
	memmove(&aliases->alias[i], &aliases->alias[i + 1],
	    (aliases->count - i) * sizeof *aliases->alias);
	return true;
}

void
aliases_free(struct aliases *aliases)
{
	for (size_t i = 0; i < aliases->count; i++) {
		free(aliases->alias[i].name);
		free(aliases->alias[i].text);
	}
	free(aliases->alias);
	memset(aliases, 0, sizeof *aliases);
}

const char *
aliases_nearest(const struct aliases *aliases, const char *word)
{
	struct near near;

	near_begin(&near, word);
	for (size_t i = 0; i < aliases->count; i++)
		near_offer(&near, aliases->alias[i].name);
	return near.best;
}
