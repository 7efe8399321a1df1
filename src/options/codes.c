/* Lists of exit statuses, text to struct and back. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/units.h"
#include "options/codes.h"

static int
add_code(struct codes *codes, int code)
{
	int *grown;

	grown = realloc(codes->code, (codes->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	codes->code = grown;
	codes->code[codes->count++] = code;
	return 0;
}

/*
 * By hand: each command reads the defaults at its start, and strspn lies on
 * pages of libc that are needed for nothing else then.
 */
static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char *
skip_blanks(char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

/* The end of what stands before the next comma, without its last blanks. */
static char *
find_end(char *text, const char *comma)
{
	char *end = text + (comma - text);

	while (end > text && is_blank(end[-1]))
		end--;
	return end;
}

static int
take_code(struct codes *codes, const char *text, long long low, long long high,
    char **cause)
{
	long long code;

	if (!units_parse_number(text, low, high, &code)) {
		cause_set(cause,
		    "'%.100s' is not an exit status from 0 to %lld, nor %lld "
		    "for death by a signal; commas part several",
		    text, high, low);
		return -1;
	}
	if (add_code(codes, (int)code) == 0)
		return 0;
	cause_set(cause, "out of memory");
	return -1;
}

/* Takes the numbers of text, which is changed, into codes. */
static int
take_codes(struct codes *codes, char *text, long long low, long long high,
    char **cause)
{
	char *comma;
	bool last;

	if (*(text = skip_blanks(text)) == '\0')
		return 0;
	do {
		text = skip_blanks(text);
		for (comma = text; *comma != '\0' && *comma != ',';)
			comma++;
		last = *comma == '\0';
		*find_end(text, comma) = '\0';
		if (take_code(codes, text, low, high, cause) == -1)
			return -1;
		text = comma + 1;
	} while (!last);
	return 0;
}

int
codes_parse(struct codes *codes, const char *text, long long low,
    long long high, char **cause)
{
	struct codes out = { NULL, 0 };
	char *copy;
	int result;

	if ((copy = strdup(text)) == NULL) {
		cause_set(cause, "out of memory");
		return -1;
	}
	result = take_codes(&out, copy, low, high, cause);
	free(copy);
	if (result == -1) {
		codes_free(&out);
		return -1;
	}
	codes_free(codes);
	*codes = out;
	return 0;
}

char *
codes_print(const struct codes *codes)
{
	size_t i, used = 0, size = codes->count * 12 + 1;
	char *text;

	if ((text = malloc(size)) == NULL)
		return NULL;
	*text = '\0';
	for (i = 0; i < codes->count; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%d",
		    i == 0 ? "" : ",", codes->code[i]);
	return text;
}

int
codes_copy(struct codes *to, const struct codes *from)
{
	if (from->count == 0)
		return 0;
	to->code = malloc(from->count * sizeof(*to->code));
	if (to->code == NULL)
		return -1;
	memcpy(to->code, from->code, from->count * sizeof(*to->code));
	to->count = from->count;
	return 0;
}

void
codes_free(struct codes *codes)
{
	free(codes->code);
	*codes = (struct codes){ NULL, 0 };
}
