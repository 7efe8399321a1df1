/*
 * Everything that is wrong with a configuration, so that one look tells all.
 * Texts may hold what a file holds: control bytes are made visible here.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "options/problems.h"

#define PROBLEMS_MAX 1000
#define TEXT_MAX     1024

void
problems_init(struct problems *problems)
{
	memset(problems, 0, sizeof(*problems));
}

void
problems_free(struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++) {
		free(problems->problem[i].file);
		free(problems->problem[i].text);
	}
	free(problems->problem);
	memset(problems, 0, sizeof(*problems));
}

/* Adds an empty problem; NULL without memory or with enough of them. */
static struct problem *
add_empty(struct problems *problems)
{
	struct problem *grown;

	if (problems->count == PROBLEMS_MAX)
		return NULL;
	grown = realloc(
	    problems->problem, (problems->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	problems->problem = grown;
	memset(&grown[problems->count], 0, sizeof(*grown));
	return &grown[problems->count++];
}

void
problems_vadd(struct problems *problems, enum severity severity,
    const char *file, int line, const char *fmt, va_list ap)
{
	struct problem *problem;
	char buf[TEXT_MAX];

	if (severity == SEVERITY_ERROR)
		problems->errors++;
	if ((problem = add_empty(problems)) == NULL)
		return;
	vsnprintf(buf, sizeof(buf), fmt, ap);
	problem->severity = severity;
	problem->line = line;
	problem->text = visible_message(buf, strlen(buf), 0);
	if (file != NULL)
		problem->file = visible_copy(file, strlen(file), 0);
}

void
problems_add(struct problems *problems, enum severity severity,
    const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	problems_vadd(problems, severity, file, line, fmt, ap);
	va_end(ap);
}

/* The place of a file in the order in which the problems name files. */
static size_t
file_rank(const struct problems *problems, const char *file)
{
	const char *other;
	size_t i;

	for (i = 0; i < problems->count; i++) {
		other = problems->problem[i].file;
		if (file == NULL ? other == NULL :
				   other != NULL && strcmp(file, other) == 0)
			return i;
	}
	return problems->count;
}

/* An insertion sort: stable, and there is little to sort. */
void
problems_sort(struct problems *problems)
{
	struct problem moving, *problem = problems->problem;
	size_t rank[PROBLEMS_MAX], moving_rank, i, j;

	for (i = 0; i < problems->count; i++)
		rank[i] = file_rank(problems, problem[i].file);
	for (i = 1; i < problems->count; i++) {
		moving = problem[i];
		moving_rank = rank[i];
		for (j = i; j > 0 &&
		     (rank[j - 1] > moving_rank ||
			 (rank[j - 1] == moving_rank &&
			     problem[j - 1].line > moving.line));
		     j--) {
			problem[j] = problem[j - 1];
			rank[j] = rank[j - 1];
		}
		problem[j] = moving;
		rank[j] = moving_rank;
	}
}

char *
problem_text(const struct problem *problem)
{
	const char *text = problem->text, *file = problem->file;
	size_t size;
	char *out;

	if (text == NULL)
		text = "out of memory";
	size = strlen(text) + (file == NULL ? 0 : strlen(file)) + 32;
	if ((out = malloc(size)) == NULL)
		return NULL;
	if (file == NULL)
		snprintf(out, size, "%s", text);
	else if (problem->line == 0)
		snprintf(out, size, "%s: %s", file, text);
	else
		snprintf(out, size, "%s:%d: %s", file, problem->line, text);
	return out;
}

char *
problems_first(const struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++)
		if (problems->problem[i].severity == SEVERITY_ERROR)
			return problem_text(&problems->problem[i]);
	return problems->count == 0 ? NULL :
				      problem_text(&problems->problem[0]);
}
