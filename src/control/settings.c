/*
 * The settings of a session.  Every value, also a default, is text that goes
 * through one reader; whoever wants to know asks for what it means.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/settings.h"

#define DAYS(n) ((long long)(n)*24 * 60 * 60 * 1000)

/* clang-format off */
const struct setting_row setting_table[SETTING__COUNT] = {
	[SETTING_COLOR] = {
	    .name = "color",
	    .choice = { "auto", "always", "never" },
	    .about = { "on a terminal, unless NO_COLOR is set",
		"in pipes and files, too", "no colors" },
	    .fallback = "auto",
	    .summary = "whether colors are used" },
	[SETTING_CONFIRM] = {
	    .name = "confirm",
	    .choice = { "auto", "on", "off" },
	    .about = { "if the program has been up for an hour",
		"always", "never" },
	    .kind = SETTING_DURATION, .most = DAYS(3650),
	    .amount = "if the program has been up for so long",
	    .fallback = "auto",
	    .summary = "ask before stop, restart, shutdown and kill KILL" },
	[SETTING_HISTORY] = {
	    .name = "history",
	    .kind = SETTING_NUMBER, .most = 2000,
	    .amount = "so many, up to 2000; 0: none",
	    .fallback = "2000",
	    .summary = "how many lines the history keeps" },
	[SETTING_MODE] = {
	    .name = "mode",
	    .choice = { "auto", "emacs", "vi" },
	    .about = { "as editrc says, else emacs", "keys of emacs",
		"keys of vi" },
	    .fallback = "auto",
	    .summary = "the keys that edit the line" },
	[SETTING_NOTICES] = {
	    .name = "notices",
	    .choice = { "all", "crash", "off" },
	    .about = { "everything that happens to the program",
		"only what went wrong", "nothing" },
	    .fallback = "all",
	    .summary = "what is announced above the line" },
	[SETTING_PAGER] = {
	    .name = "pager",
	    .choice = { "auto", "on", "off" },
	    .about = { "if it does not fit the screen",
		"the same, with --plain too", "never" },
	    .fallback = "auto",
	    .summary = "whether long output goes through a pager" },
	[SETTING_TIMING] = {
	    .name = "timing",
	    .choice = { "off" },
	    .about = { "never" },
	    .kind = SETTING_DURATION, .most = DAYS(1),
	    .amount = "if it took so long or longer",
	    .fallback = "0.5",
	    .summary = "show how long a command took" },
};
/* clang-format on */

static bool
read_choice(const struct setting_row *row, const char *text, int *choice)
{
	for (int i = 0; i < SETTING_CHOICES && row->choice[i]; i++) {
		if (strcmp(row->choice[i], text) == 0) {
			*choice = i;
			return true;
		}
	}
	return false;
}

static bool
read_amount(const struct setting_row *row, const char *text, int64_t *amount)
{
	long long number;

	switch (row->kind) {
	case SETTING_WORD:
		return false;
	case SETTING_DURATION:
		return units_parse_duration(text, amount) &&
		    *amount >= row->least && *amount <= row->most;
	case SETTING_NUMBER:
		if (!units_parse_number(text, row->least, row->most, &number))
			return false;
		*amount = number;
		return true;
	}
	return false;
}

/* Whether text is a value of the row. */
static bool
read_value(const struct setting_row *row, const char *text, int *choice,
    int64_t *amount)
{
	*amount = 0;
	if (read_choice(row, text, choice))
		return true;
	*choice = SETTING_AMOUNT;
	return read_amount(row, text, amount);
}

void
settings_init(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
	for (int i = 0; i < SETTING__COUNT; i++)
		read_value(&setting_table[i], setting_table[i].fallback,
		    &settings->value[i].choice, &settings->value[i].amount);
}

void
settings_free(struct settings *settings)
{
	for (int i = 0; i < SETTING__COUNT; i++) {
		free(settings->value[i].origin);
		settings->value[i].origin = NULL;
	}
}

int
settings_find(const char *name, char **cause)
{
	struct near near;
	int found = -1, count = 0;

	near_begin(&near, name);
	for (int i = 0; i < SETTING__COUNT; i++) {
		const char *known = setting_table[i].name;

		near_offer(&near, known);
		if (strcmp(known, name) == 0)
			return i;
		if (*name && strncmp(known, name, strlen(name)) == 0) {
			found = i;
			count++;
		}
	}
	if (count == 1)
		return found;
	if (near.best)
		cause_set(cause, "no setting '%s'; did you mean '%s'?", name,
		    near.best);
	else
		cause_set(cause, "no setting '%s'; set lists them", name);
	return -1;
}

const char *
settings_unit(const struct setting_row *row)
{
	return row->kind == SETTING_NUMBER ? "NUMBER" : "DURATION";
}

/* What a row accepts: "auto, on, off or a duration"; buf returned. */
static const char *
accepted_by(enum setting setting, char *buf, size_t size)
{
	const struct setting_row *row = &setting_table[setting];
	const char *amount = row->kind == SETTING_DURATION ? "a duration" :
							     "a number";
	bool more = row->kind != SETTING_WORD;
	size_t len = 0;

	buf[0] = '\0';
	for (int i = 0; i < SETTING_CHOICES && row->choice[i]; i++) {
		bool last = !more &&
		    (i + 1 == SETTING_CHOICES || !row->choice[i + 1]);

		if (len < size)
			len += (size_t)snprintf(buf + len, size - len, "%s%s",
			    i == 0   ? "" :
				last ? " or " :
				       ", ",
			    row->choice[i]);
	}
	if (more && len < size)
		len += (size_t)snprintf(buf + len, size - len, "%s%s",
		    len > 0 ? " or " : "", amount);
	if (row->kind == SETTING_NUMBER && len < size)
		snprintf(buf + len, size - len, " from %lld to %lld",
		    row->least, row->most);
	return buf;
}

static void
refuse(enum setting setting, const char *text, char **cause)
{
	const struct setting_row *row = &setting_table[setting];
	char accepts[120];
	struct near near;

	near_begin(&near, text);
	for (int i = 0; i < SETTING_CHOICES && row->choice[i]; i++)
		near_offer(&near, row->choice[i]);
	if (near.best)
		cause_set(cause, "%s: no value '%s'; did you mean '%s'?",
		    row->name, text, near.best);
	else
		cause_set(cause, "%s: no value '%s'; %s", row->name, text,
		    accepted_by(setting, accepts, sizeof accepts));
}

int
settings_set(struct settings *settings, enum setting setting, const char *text,
    const char *origin, char **cause)
{
	int choice;
	int64_t amount;

	if (!read_value(&setting_table[setting], text, &choice, &amount)) {
		refuse(setting, text, cause);
		return -1;
	}
	settings->value[setting].choice = choice;
	settings->value[setting].amount = amount;
	free(settings->value[setting].origin);
	settings->value[setting].origin = xstrdup(origin);
	if (settings->changed)
		settings->changed(settings->data, setting);
	return 0;
}

int
settings_choice(const struct settings *settings, enum setting setting)
{
	return settings->value[setting].choice;
}

int64_t
settings_amount(const struct settings *settings, enum setting setting)
{
	return settings->value[setting].amount;
}

const char *
settings_print(const struct settings *settings, enum setting setting, char *buf,
    size_t size)
{
	const struct setting_row *row = &setting_table[setting];
	int choice = settings->value[setting].choice;
	int64_t amount = settings->value[setting].amount;

	if (choice != SETTING_AMOUNT)
		snprintf(buf, size, "%s", row->choice[choice]);
	else if (row->kind == SETTING_DURATION)
		units_print_duration(amount, buf, size);
	else
		snprintf(buf, size, "%lld", (long long)amount);
	return buf;
}

const char *
settings_origin(const struct settings *settings, enum setting setting)
{
	const char *origin = settings->value[setting].origin;

	return origin ? origin : "default";
}
