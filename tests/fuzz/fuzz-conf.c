/*
 * Any bytes as a configuration file of either syntax: every problem can be
 * shown; and what has no error is printed as a file that reads back as the
 * same, is copied as the same, and arrives at zdrun as the same.
 */
#include "config.h"

#include <stdio.h>

#include "fuzz.h"
#include "options/conf.h"
#include "options/handover.h"
#include "options/print.h"

static void
check_problems(struct problems *problems)
{
	size_t i;
	char *text;

	problems_sort(problems);
	for (i = 0; i < problems->count; i++) {
		text = problem_text(&problems->problem[i]);
		assert(text != NULL && fuzz_is_clean(text, strlen(text), "\t"));
		free(text);
	}
	text = problems_first(problems);
	assert((text == NULL) == (problems->count == 0));
	free(text);
}

static char *
print(const struct runner *runner,
    void (*printer)(FILE *out, const struct runner *runner))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert(out != NULL);
	printer(out, runner);
	assert(fclose(out) == 0);
	return text;
}

/* Reads a file into a runner, to be freed; whether there is no error. */
static bool
read_conf(struct runner *runner, const char *text, size_t len, int ignore)
{
	struct problems problems;
	bool good;

	assert(runner_init(runner, NULL) == 0);
	problems_init(&problems);
	conf_parse(runner, "fuzz", text, len, ignore, &problems);
	good = problems.errors == 0;
	check_problems(&problems);
	problems_free(&problems);
	free(print(runner, print_options));
	return good;
}

static void
check_copy(const struct runner *runner, const char *printed)
{
	struct runner copy;
	char *text;

	assert(runner_copy(&copy, runner, NULL) == 0);
	text = print(&copy, print_config);
	assert(strcmp(text, printed) == 0);
	free(text);
	runner_free(&copy);
}

static void
check_handover(const struct runner *runner)
{
	struct handover first = { .uid = (uid_t)-1, .gid = (gid_t)-1 }, second;
	char *text, *again;
	size_t len, other;

	first.runner = *runner;
	text = handover_write(&first, &len, NULL);
	assert(text != NULL);
	assert(handover_read(&second, text, len, NULL) == 0);
	again = handover_write(&second, &other, NULL);
	assert(again != NULL && len == other && memcmp(text, again, len) == 0);
	free(again);
	free(text);
	runner_free(&second.runner);
}

static void
check_printed(const char *printed)
{
	struct runner runner;
	char *again;

	assert(read_conf(&runner, printed, strlen(printed), 0));
	again = print(&runner, print_config);
	assert(strcmp(printed, again) == 0);
	free(again);
	runner_free(&runner);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct runner runner;
	char *printed;

	if (read_conf(&runner, (const char *)data, size, size % 2 == 1)) {
		printed = print(&runner, print_config);
		check_copy(&runner, printed);
		check_handover(&runner);
		check_printed(printed);
		free(printed);
	}
	runner_free(&runner);
	return 0;
}
