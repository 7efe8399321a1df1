/* Processes of a tree as lines, both ways. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/fields.h"
#include "protocol/processline.h"

#define WORD  "process"
#define WORDS 24
#define LINE  2048 /* bytes, at the most */

#define ROW(name, type, unset, low, high)                                     \
	{                                                                     \
#name, type, offsetof(struct process_line, name), unset, low, \
		    high                                                      \
	}

static const struct number_row number_table[] = {
	ROW(pid, NUMBER_INT, 0, 1, INT32_MAX),
	ROW(parent, NUMBER_INT, 0, 0, INT32_MAX),
	ROW(group, NUMBER_INT, 0, 0, INT32_MAX),
	ROW(session, NUMBER_INT, 0, 0, INT32_MAX),
	ROW(age, NUMBER_INT64, -1, 0, NUMBER_MS_MAX),
	ROW(memory, NUMBER_INT64, -1, 0, INT64_MAX),
};

#define NUMBERS (sizeof(number_table) / sizeof(number_table[0]))

size_t
processline_format(char *buf, size_t size, const struct process_line *line)
{
	struct text text;
	int64_t number;
	size_t i;

	text_begin(&text, buf, size);
	text_add(&text, WORD);
	for (i = 0; i < NUMBERS; i++) {
		number = number_get(line, &number_table[i]);
		if (number != number_table[i].unset)
			text_add(&text, " %s=%" PRId64, number_table[i].name,
			    number);
	}
	text_add(&text, " state=%c", line->state);
	text_add_field(&text, "left", line->left);
	text_add_field(&text, "name", line->name);
	text_add_field(&text, "command", line->command);
	text_add(&text, "\n");
	return text_end(&text);
}

static bool
take_field(struct process_line *line, const char *name, const char *value)
{
	if (strcmp(name, "state") == 0) {
		line->state = value[0];
		return value[0] >= 'A' && value[0] <= 'z' && value[1] == '\0';
	}
	if (strcmp(name, "left") == 0)
		return fields_string(value, line->left, sizeof(line->left));
	if (strcmp(name, "name") == 0)
		return fields_string(value, line->name, sizeof(line->name));
	if (strcmp(name, "command") == 0)
		return fields_string(
		    value, line->command, sizeof(line->command));
	return number_take(line, number_table, NUMBERS, name, value) != -1;
}

bool
processline_parse(const char *text, size_t len, struct process_line *line)
{
	struct process_line found = { .age = -1, .memory = -1, .state = '?' };
	char copy[LINE], *word[WORDS], *equals;
	int count, i;

	if (len >= sizeof(copy) || memchr(text, '\0', len) != NULL)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if ((count = fields_split(copy, word, WORDS)) < 1 ||
	    strcmp(word[0], WORD) != 0)
		return false;
	for (i = 1; i < count; i++) {
		if ((equals = strchr(word[i], '=')) == NULL)
			continue;
		*equals = '\0';
		if (!take_field(&found, word[i], equals + 1))
			return false;
	}
	if (found.pid == 0)
		return false;
	*line = found;
	return true;
}

long
processline_more(const char *text, size_t len)
{
	char number[24];
	int64_t more;

	if (len < 6 || len - 5 >= sizeof(number) ||
	    memcmp(text, "more=", 5) != 0)
		return -1;
	memcpy(number, text + 5, len - 5);
	number[len - 5] = '\0';
	return fields_number(number, 1, INT32_MAX, &more) ? (long)more : -1;
}
