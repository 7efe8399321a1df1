/*
 * The words behind a command: its flags and operands, as the row says.  Pure.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/xmalloc.h"
#include "control/flags.h"

/* What is left to take apart. */
struct cursor {
	int count;
	char **word;
	int next;
};

static bool
is_flag(const struct command_flag *flag)
{
	return flag->letter != 0 || flag->name != NULL;
}

static int
find_letter(const struct command *command, char letter)
{
	for (int i = 0; i < COMMAND_FLAGS && is_flag(&command->flag[i]); i++) {
		if (command->flag[i].letter == letter)
			return i;
	}
	return -1;
}

/* The flag that the first len bytes of name begin; -1 none, -2 several. */
static int
find_long(const struct command *command, const char *name, size_t len)
{
	int found = -1;

	for (int i = 0; i < COMMAND_FLAGS && is_flag(&command->flag[i]); i++) {
		const char *known = command->flag[i].name;

		if (!known || strncmp(known, name, len) != 0)
			continue;
		if (strlen(known) == len)
			return i;
		found = found == -1 ? i : -2;
	}
	return found;
}

static void
say_unknown(const struct command *command, const char *word, char **cause)
{
	struct near near;

	near_begin(&near, word + 2);
	for (int i = 0; i < COMMAND_FLAGS && is_flag(&command->flag[i]); i++) {
		if (command->flag[i].name)
			near_offer(&near, command->flag[i].name);
	}
	if (near.best)
		cause_set(cause, "unknown flag '%s', did you mean '--%s'?",
		    word, near.best);
	else
		cause_set(cause, "unknown flag '%s'", word);
}

/* Records flag i, with its argument from joined or from the next word. */
static int
give(struct invocation *invocation, int i, const char *joined,
    struct cursor *cursor, const char *typed, char **cause)
{
	const struct command_flag *flag = &invocation->command->flag[i];

	invocation->given[i] = true;
	if (!flag->argument) {
		if (!joined)
			return 0;
		cause_set(cause, "flag '%s' takes no argument", typed);
		return -1;
	}
	if (!joined && cursor->next < cursor->count)
		joined = cursor->word[cursor->next++];
	if (!joined) {
		cause_set(cause, "flag '%s' needs %s", typed, flag->argument);
		return -1;
	}
	invocation->argument[i] = joined;
	return 0;
}

static int
take_long(struct invocation *invocation, const char *word,
    struct cursor *cursor, char **cause)
{
	const char *value = strchr(word, '=');
	size_t len = value ? (size_t)(value - word) : strlen(word);
	int i = find_long(invocation->command, word + 2, len - 2);

	if (i == -1)
		say_unknown(invocation->command, word, cause);
	else if (i == -2)
		cause_set(cause, "flag '%s' is ambiguous", word);
	if (i < 0)
		return -1;
	return give(
	    invocation, i, value ? value + 1 : NULL, cursor, word, cause);
}

static int
take_letters(struct invocation *invocation, const char *word,
    struct cursor *cursor, char **cause)
{
	for (const char *letter = word + 1; *letter; letter++) {
		int i = find_letter(invocation->command, *letter);
		const char *rest = letter[1] ? letter + 1 : NULL;

		if (i == -1) {
			cause_set(cause, "unknown flag '-%c'", *letter);
			return -1;
		}
		if (invocation->command->flag[i].argument)
			return give(invocation, i, rest, cursor, word, cause);
		invocation->given[i] = true;
	}
	return 0;
}

/* Before words of any kind only a letter of the row alone is a flag. */
static void
take_leading(struct invocation *invocation, struct cursor *cursor)
{
	int i;

	while (cursor->next < cursor->count) {
		const char *word = cursor->word[cursor->next];

		if (word[0] != '-' || word[1] == '\0' || word[2] != '\0' ||
		    (i = find_letter(invocation->command, word[1])) == -1 ||
		    invocation->command->flag[i].argument)
			break;
		invocation->given[i] = true;
		cursor->next++;
	}
}

static int
take_all(struct invocation *invocation, struct cursor *cursor, char **cause)
{
	bool flags = !(invocation->command->where & COMMAND_RAW);

	if (!flags)
		take_leading(invocation, cursor);
	while (cursor->next < cursor->count) {
		char *word = cursor->word[cursor->next++];

		if (!flags || word[0] != '-' || word[1] == '\0') {
			invocation->operand[invocation->count++] = word;
		} else if (strcmp(word, "--") == 0) {
			flags = false;
		} else if (word[1] == '-') {
			if (take_long(invocation, word, cursor, cause) == -1)
				return -1;
		} else if (take_letters(invocation, word, cursor, cause) ==
		    -1) {
			return -1;
		}
	}
	return 0;
}

static int
check_count(const struct invocation *invocation, char **cause)
{
	const struct command *command = invocation->command;

	if (invocation->count < command->min) {
		cause_set(cause, "%s is missing",
		    command->operand[invocation->count].name);
		return -1;
	}
	if (command->max != -1 && invocation->count > command->max) {
		cause_set(cause, "'%s' is one word too many",
		    invocation->operand[command->max]);
		return -1;
	}
	return 0;
}

int
flags_parse(struct invocation *invocation, const struct command *command,
    int count, char **word, char **cause)
{
	struct cursor cursor = { count, word, 0 };

	memset(invocation, 0, sizeof *invocation);
	invocation->command = command;
	invocation->operand = xcalloc(
	    (size_t)count + 1, sizeof *invocation->operand);
	if (take_all(invocation, &cursor, cause) == 0 &&
	    check_count(invocation, cause) == 0)
		return 0;
	flags_free(invocation);
	return -1;
}

void
flags_free(struct invocation *invocation)
{
	free(invocation->operand);
	invocation->operand = NULL;
}

static int
find_flag(const struct command *command, const char *flag)
{
	if (flag[1] == '\0')
		return find_letter(command, flag[0]);
	return find_long(command, flag, strlen(flag));
}

bool
command_has_flag(const struct command *command, const char *flag)
{
	return find_flag(command, flag) >= 0;
}

bool
invocation_has(const struct invocation *invocation, const char *flag)
{
	int i = find_flag(invocation->command, flag);

	return i >= 0 && invocation->given[i];
}

const char *
invocation_argument(const struct invocation *invocation, const char *flag)
{
	int i = find_flag(invocation->command, flag);

	return i >= 0 ? invocation->argument[i] : NULL;
}
