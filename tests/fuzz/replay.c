/*
 * Replays inputs of a fuzz target without libFuzzer: the files and folders
 * given, else the corpus that bears the program's name.
 *
 * - Each name is printed before its turn: the last one is the culprit.
 * - A corpus without a file is a failure, and so is one that takes too long.
 */
#include "config.h"

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define TIME_MAX 120 /* seconds, for all of them */

static size_t replayed;

static void
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data, *grown;
	size_t len = 0, size = 1;

	if (file == NULL)
		err(1, "%s", path);
	data = malloc(size);
	while (data != NULL &&
	    (len += fread(data + len, 1, size - len, file)) == size) {
		size *= 2;
		if ((grown = realloc(data, size)) == NULL)
			free(data);
		data = grown;
	}
	if (data == NULL || ferror(file))
		errx(1, "%s: not read", path);
	fclose(file);
	printf("%s\n", path);
	fflush(stdout);
	/* just as large as the input, so that reading over its end is seen */
	if (len > 0 && (grown = realloc(data, len)) != NULL)
		data = grown;
	LLVMFuzzerTestOneInput(data, len);
	free(data);
	replayed++;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
replay(const char *path)
{
	struct dirent **entry;
	struct stat st;
	char *inside;
	int i, count;

	if (stat(path, &st) == -1)
		err(1, "%s", path);
	if (!S_ISDIR(st.st_mode)) {
		replay_file(path);
		return;
	}
	if ((count = scandir(path, &entry, is_visible, alphasort)) == -1)
		err(1, "%s", path);
	for (i = 0; i < count; i++) {
		if (asprintf(&inside, "%s/%s", path, entry[i]->d_name) == -1)
			errx(1, "out of memory");
		replay(inside);
		free(inside);
		free(entry[i]);
	}
	free(entry);
}

/* "…/replay-NAME" replays tests/fuzz/corpus/NAME of the sources. */
static char *
own_corpus(const char *program)
{
	const char *srcdir = getenv("srcdir"), *name = strrchr(program, '-');
	char *path;

	if (name == NULL ||
	    asprintf(&path, "%s/tests/fuzz/corpus/%s",
		srcdir == NULL ? "." : srcdir, name + 1) == -1)
		errx(1, "usage: %s FILE ...", program);
	return path;
}

int
main(int argc, char **argv)
{
	char *corpus;
	int i;

	alarm(TIME_MAX);
	if (argc == 1) {
		corpus = own_corpus(argv[0]);
		replay(corpus);
		free(corpus);
	}
	for (i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%zu inputs\n", replayed);
	return replayed == 0;
}
