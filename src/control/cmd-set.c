/*
 * set and notices: what the operator chooses for this session.  Lists are
 * written as `show options` writes them: `name = value`, then the origin.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/json.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/settings.h"

#define VALUE_MOST 32

static void
show_one(const struct context *context, enum setting setting)
{
	char value[VALUE_MOST];

	output_line(context->output, "%s = %-*s # %s",
	    setting_table[setting].name,
	    18 - (int)strlen(setting_table[setting].name),
	    settings_print(context->settings, setting, value, sizeof value),
	    settings_origin(context->settings, setting));
}

static void
put_one(struct json *json, const struct settings *settings, int setting)
{
	char value[VALUE_MOST];

	json_object(json, NULL);
	json_string(json, "name", setting_table[setting].name);
	json_string(json, "value",
	    settings_print(
		settings, (enum setting)setting, value, sizeof value));
	json_string(json, "origin",
	    settings_origin(settings, (enum setting)setting));
	json_object_end(json);
}

/* One setting, or all for -1. */
static void
show_json(const struct context *context, int only)
{
	struct json json;

	json_begin(&json, context->output->out);
	json_object(&json, NULL);
	json_array(&json, "settings");
	for (int i = 0; i < SETTING__COUNT; i++) {
		if (only == -1 || only == i)
			put_one(&json, context->settings, i);
	}
	json_array_end(&json);
	json_object_end(&json);
	output_line(context->output, "%s", "");
}

static void
show_all(const struct context *context)
{
	for (int i = 0; i < SETTING__COUNT; i++)
		show_one(context, (enum setting)i);
}

static int
refuse(const struct context *context, char *cause)
{
	output_error(context->output, "Error: %s", cause_text(cause));
	free(cause);
	return STATUS_USAGE;
}

/* Who gives a value now. */
static const char *
origin_of(const struct context *context)
{
	return context->origin ? context->origin : "session";
}

/* The setting that is meant (-1: all) and its value; -1 with cause. */
static int
find_setting(const struct invocation *invocation, const char **value,
    int *setting, char **cause)
{
	char *name, *equals;

	*setting = -1;
	*value = invocation->count == 2 ? invocation->operand[1] : NULL;
	if (invocation->count == 0)
		return 0;
	name = xstrdup(invocation->operand[0]);
	/* As the list has it: NAME=VALUE. */
	if (invocation->count == 1 && (equals = strchr(name, '=')) != NULL) {
		*value = invocation->operand[0] + (equals - name) + 1;
		*equals = '\0';
	}
	*setting = settings_find(name, cause);
	free(name);
	return *setting == -1 ? -1 : 0;
}

int
cmd_set(struct context *context, const struct invocation *invocation)
{
	bool json = context->output->json || invocation_has(invocation, "json");
	const char *value;
	char *cause = NULL;
	int setting;

	if (find_setting(invocation, &value, &setting, &cause) == -1)
		return refuse(context, cause);
	if (value != NULL) {
		if (settings_set(context->settings, (enum setting)setting,
			value, origin_of(context), &cause) == -1)
			return refuse(context, cause);
	} else if (json) {
		show_json(context, setting);
	} else if (setting != -1) {
		show_one(context, (enum setting)setting);
	} else {
		show_all(context);
	}
	return STATUS_DONE;
}

/* A change is told in words: nothing else would show that it holds. */
int
cmd_notices(struct context *context, const struct invocation *invocation)
{
	char *cause = NULL;
	int choice;

	if (invocation->count == 0) {
		show_one(context, SETTING_NOTICES);
		return STATUS_DONE;
	}
	if (settings_set(context->settings, SETTING_NOTICES,
		invocation->operand[0], origin_of(context), &cause) == -1)
		return refuse(context, cause);
	choice = settings_choice(context->settings, SETTING_NOTICES);
	output_line(context->output,
	    "notices %s: %s is announced above the line",
	    setting_table[SETTING_NOTICES].choice[choice],
	    setting_table[SETTING_NOTICES].about[choice]);
	return STATUS_DONE;
}
