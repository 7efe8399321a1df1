/* The file of the user's own keys. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "process/safefile.h"
#include "shell/editrc.h"

#define EDITRC_BYTES (1 << 20)

/* Where it would be, as libedit has it; NULL: nowhere. */
static char *
find_editrc(void)
{
	const char *named = getenv("EDITRC"), *home = getenv("HOME");

	if (named != NULL)
		return *named != '\0' ? xstrdup(named) : NULL;
	return home != NULL ? xasprintf("%s/.editrc", home) : NULL;
}

char *
editrc_read(char **cause)
{
	static const struct safefile ours = { .how = O_RDONLY, .ours = true };
	char *path = find_editrc(), *text, *why = NULL;
	struct stat st;
	size_t len;

	if (path == NULL)
		return NULL;
	text = safefile_read(path, &ours, EDITRC_BYTES, &st, &len, &why);
	if (text == NULL && !safefile_is_missing(errno))
		cause_set(cause, "'%s' is not read: %s", path, cause_text(why));
	free(why);
	free(path);
	return text;
}
