/* Paths as text. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"

char *
path_join(const char *dir, const char *path)
{
	size_t len, size = strlen(path) + 1;
	char *joined;

	if (path[0] == '/' || dir == NULL || dir[0] == '\0')
		return strdup(path);
	len = strlen(dir);
	if ((joined = malloc(len + 1 + size)) == NULL)
		return NULL;
	memcpy(joined, dir, len);
	if (dir[len - 1] != '/')
		joined[len++] = '/';
	memcpy(joined + len, path, size);
	return joined;
}

char *
path_absolute(const char *path)
{
	char *cwd, *joined;

	if (path[0] == '/')
		return strdup(path);
	if ((cwd = getcwd(NULL, 0)) == NULL)
		return NULL;
	joined = path_join(cwd, path);
	free(cwd);
	return joined;
}

char *
path_here(void)
{
	char *cwd = getcwd(NULL, 0);

	return cwd != NULL || errno == ENOMEM ? cwd : strdup("");
}

char *
path_directory(const char *path)
{
	const char *base = path_base(path);

	if (base == path)
		return strdup(".");
	while (base > path + 1 && base[-1] == '/')
		base--;
	return strndup(path, (size_t)(base - path));
}

const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

bool
path_is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
