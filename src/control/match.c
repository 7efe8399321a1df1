/*
 * regcomp(3) and regexec(3) on lines that are no strings: of each, the head is
 * copied behind which a NUL can stand, with its own NULs made something else.
 */

#include "config.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/visible.h"
#include "base/xmalloc.h"
#include "control/match.h"

#define INSTEAD '\001' /* of a NUL */

struct match {
	regex_t regex;
	char *expression;
	char line[MATCH_MOST + 1];
};

static bool
compiles(const char *expression, size_t len)
{
	char *part = xstrndup(expression, len);
	regex_t regex;
	bool right = regcomp(&regex, part, REG_EXTENDED | REG_NOSUB) == 0;

	if (right)
		regfree(&regex);
	free(part);
	return right;
}

static bool
is_inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The trouble begins behind the longest beginning that is right. */
static size_t
find_trouble(const char *expression)
{
	size_t len = strlen(expression);

	while (len > 0 && !compiles(expression, len - 1))
		len--;
	len = len > 0 ? len - 1 : 0;
	while (len > 0 && is_inside(expression[len]))
		len--;
	return len;
}

/* How many columns a terminal gives to the first len bytes, about. */
static int
count_columns(const char *expression, size_t len)
{
	char *shown = visible_copy(expression, len, 0);
	int columns = 0;

	for (const char *byte = shown; byte && *byte; byte++)
		columns += !is_inside(*byte);
	free(shown);
	return columns;
}

static void
tell_trouble(
    const char *expression, int error, const regex_t *regex, char **cause)
{
	size_t where = find_trouble(expression);
	char reason[128];

	regerror(error, regex, reason, sizeof reason);
	cause_set(cause, "'%s' is no expression: %s\n  %s\n  %*s^", expression,
	    reason, expression, count_columns(expression, where), "");
}

struct match *
match_new(const char *expression, char **cause)
{
	struct match *match = xmalloc(sizeof *match);
	int error = regcomp(&match->regex, expression, REG_EXTENDED);

	if (error == 0) {
		match->expression = xstrdup(expression);
		return match;
	}
	tell_trouble(expression, error, &match->regex, cause);
	free(match);
	return NULL;
}

void
match_free(struct match *match)
{
	if (!match)
		return;
	regfree(&match->regex);
	free(match->expression);
	free(match);
}

const char *
match_expression(const struct match *match)
{
	return match->expression;
}

static void
take_line(struct match *match, const char *line, size_t len)
{
	char *nul = match->line;

	if (len > MATCH_MOST)
		len = MATCH_MOST;
	memcpy(match->line, line, len);
	match->line[len] = '\0';
	while ((nul = memchr(nul, '\0', len - (size_t)(nul - match->line))) !=
	    NULL)
		*nul = INSTEAD;
}

bool
match_line(struct match *match, const char *line, size_t len)
{
	take_line(match, line, len);
	return regexec(&match->regex, match->line, 0, NULL, 0) == 0;
}

bool
match_part(struct match *match, const char *line, size_t len, size_t *start,
    size_t *end)
{
	regmatch_t part = { 0, 0 };
	size_t from = *start;

	take_line(match, line, len);
	len = strlen(match->line);
	while (from < len &&
	    regexec(&match->regex, match->line + from, 1, &part,
		from > 0 ? REG_NOTBOL : 0) == 0) {
		if (part.rm_eo == part.rm_so) {
			from += (size_t)part.rm_eo + 1;
			continue;
		}
		*start = from + (size_t)part.rm_so;
		*end = from + (size_t)part.rm_eo;
		while (*start > from && is_inside(match->line[*start]))
			(*start)--;
		while (*end < len && is_inside(match->line[*end]))
			(*end)++;
		return true;
	}
	return false;
}
