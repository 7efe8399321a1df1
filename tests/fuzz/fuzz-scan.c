/*
 * Any bytes before the scanner of configuration files: its statements stand
 * on lines of the file, sections nest within their bound, every key has a
 * name and a value, and every problem can be shown.
 */
#include "config.h"

#include <stdio.h>

#include "fuzz.h"
#include "options/scan.h"
#include "options/syntax.h"

static void
check_problems(const struct problems *problems, int lines)
{
	const struct problem *problem;
	size_t i;

	for (i = 0; i < problems->count; i++) {
		problem = &problems->problem[i];
		assert(problem->text != NULL && *problem->text != '\0');
		assert(
		    fuzz_is_clean(problem->text, strlen(problem->text), "\t"));
		assert(problem->line >= 0 && problem->line <= lines);
	}
}

/* The statements of a file that was read to its end. */
static void
check_statements(const struct scan *scan, int lines)
{
	const struct statement *one;
	size_t i, open = STATEMENT_NONE;
	int depth = 0;

	for (i = 0; i < scan->count; i++) {
		one = &scan->statement[i];
		assert(one->parent == open && one->file != NULL);
		assert(one->line >= 1 && one->line <= lines);
		switch (one->kind) {
		case STATEMENT_KEY:
			assert(one->name != NULL && one->value != NULL);
			assert(*one->value != '\0');
			break;
		case STATEMENT_OPEN:
			assert(one->name != NULL);
			assert(one->close > i && one->close < scan->count);
			assert(++depth <= SCAN_NESTING);
			open = i;
			break;
		case STATEMENT_CLOSE:
			assert(open != STATEMENT_NONE && depth-- > 0);
			assert(scan->statement[open].close == i);
			open = scan->statement[open].parent;
			break;
		}
	}
	assert(open == STATEMENT_NONE && depth == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems;
	struct runner runner;
	struct scan scan;
	size_t i;
	int lines = 1;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	assert(runner_init(&runner, NULL) == 0);
	problems_init(&problems);
	scan_init(&scan, syntax_choose, &runner, &problems);
	scan.ignore_unknown = size % 2 == 1;
	scan_text(&scan, "fuzz", (const char *)data, size);
	assert(scan.count <= SCAN_STATEMENTS && scan.errors <= SCAN_ERRORS);
	if (!scan.stopped)
		check_statements(&scan, lines);
	else
		assert(problems.errors > 0);
	check_problems(&problems, lines);
	scan_free(&scan);
	problems_free(&problems);
	runner_free(&runner);
	return 0;
}
