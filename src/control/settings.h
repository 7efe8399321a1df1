#ifndef CONTROL_SETTINGS_H
#define CONTROL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What an operator may choose for a session: a row each, from which come
 * `set`, its completion, its help and the manual.  Pure.
 */

#define SETTING_CHOICES 4

enum setting {
	SETTING_COLOR,
	SETTING_CONFIRM,
	SETTING_HISTORY,
	SETTING_MODE,
	SETTING_NOTICES,
	SETTING_PAGER,
	SETTING_TIMING,
	SETTING__COUNT
};

/* What settings_choice returns: the order of the choices in each row. */
enum {
	SET_COLOR_AUTO,
	SET_COLOR_ALWAYS,
	SET_COLOR_NEVER
};
enum {
	SET_CONFIRM_AUTO,
	SET_CONFIRM_ON,
	SET_CONFIRM_OFF
};
enum {
	SET_MODE_AUTO,
	SET_MODE_EMACS,
	SET_MODE_VI
};
enum {
	SET_NOTICES_ALL,
	SET_NOTICES_CRASH,
	SET_NOTICES_OFF
};
enum {
	SET_PAGER_AUTO,
	SET_PAGER_ON,
	SET_PAGER_OFF
};
enum {
	SET_TIMING_OFF
};
#define SETTING_AMOUNT (-1) /* no choice but a number or a duration */

/* What may be given beside the choices. */
enum setting_kind {
	SETTING_WORD, /* nothing */
	SETTING_DURATION,
	SETTING_NUMBER
};

struct setting_row {
	const char *name;
	const char *choice[SETTING_CHOICES];
	const char *about[SETTING_CHOICES]; /* what each choice means */
	enum setting_kind kind;
	const char *amount; /* what a number or a duration means */
	long long least, most; /* of a number; a duration in ms */
	const char *fallback; /* the default, as text */
	const char *summary;
};

extern const struct setting_row setting_table[SETTING__COUNT];

struct settings {
	struct {
		int choice; /* SETTING_AMOUNT: see amount */
		int64_t amount; /* ms, or a number */
		char *origin; /* owned; NULL: default */
	} value[SETTING__COUNT];
	/* Told after every change; may be NULL. */
	void (*changed)(void *data, enum setting setting);
	void *data;
};

/* Every setting at its default. */
void settings_init(struct settings *settings);
void settings_free(struct settings *settings);

/* The setting of that name or unambiguous prefix; -1 with cause. */
int settings_find(const char *name, char **cause);

/*
 * Gives a setting the value that text spells; origin (copied) says who gave
 * it: "session", "FILE:LINE".  0, or -1 with cause and nothing changed.
 */
int settings_set(struct settings *settings, enum setting setting,
    const char *text, const char *origin, char **cause);

/* The choice as it stands in its row, or SETTING_AMOUNT. */
int settings_choice(const struct settings *settings, enum setting setting);

/* The number, or the duration in ms; 0 where a word was chosen. */
int64_t settings_amount(const struct settings *settings, enum setting setting);

/* The value as settings_set reads it back; buf must hold 32 bytes. */
const char *settings_print(const struct settings *settings,
    enum setting setting, char *buf, size_t size);
const char *settings_origin(
    const struct settings *settings, enum setting setting);

/* How help names a value that is no choice: "NUMBER" or "DURATION". */
const char *settings_unit(const struct setting_row *row);

#endif
