/*
 * The options as JSON: numbers as numbers, durations in seconds, modes as
 * octal strings, words as lists, what is unset as null.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "control/command.h"
#include "control/output.h"
#include "control/show.h"
#include "options/cmdline.h"
#include "options/options.h"

static void
put_words(struct json *json, const char *key, const struct words *words)
{
	json_array(json, key);
	for (size_t i = 0; i < words->count; i++)
		json_string(json, NULL, words->word[i]);
	json_array_end(json);
}

static void
put_codes(struct json *json, const char *key, const struct codes *codes)
{
	json_array(json, key);
	for (size_t i = 0; i < codes->count; i++)
		json_number(json, NULL, codes->code[i]);
	json_array_end(json);
}

static void
put_pairs(struct json *json, const char *key, const struct pairs *pairs)
{
	json_object(json, key);
	for (size_t i = 0; i < pairs->count; i++)
		json_string(json, pairs->pair[i].name, pairs->pair[i].value);
	json_object_end(json);
}

static void
put_octal(struct json *json, const char *key, unsigned int mode)
{
	char text[16];

	snprintf(text, sizeof text, "%03o", mode);
	json_string(json, key, text);
}

/* The value of a row of the struct that section is. */
static void
put_value(struct json *json, const char *key, const void *section,
    const struct option_row *row)
{
	const void *field = (const char *)section + row->field;

	if (!option_is_set(section, row)) {
		json_null(json, key);
		return;
	}
	switch (row->type) {
	case OPTION_BOOL:
		json_bool(json, key, *(const bool *)field);
		break;
	case OPTION_NUMBER:
	case OPTION_LEVEL:
		json_number(json, key, *(const long long *)field);
		break;
	case OPTION_OCTAL:
	case OPTION_RIGHTS:
		put_octal(json, key, *(const unsigned int *)field);
		break;
	case OPTION_SIZE:
		json_number(json, key, *(const int64_t *)field);
		break;
	case OPTION_DURATION:
		json_seconds(json, key, *(const int64_t *)field);
		break;
	case OPTION_STRING:
	case OPTION_PATH:
	case OPTION_TARGET:
	case OPTION_FORMAT:
	case OPTION_CHOICE:
	case OPTION_SIGNAL:
	case OPTION_SCHEDULE:
		json_string(json, key, *(char *const *)field);
		break;
	case OPTION_WORDS:
		put_words(json, key, field);
		break;
	case OPTION_CODES:
		put_codes(json, key, field);
		break;
	case OPTION_PAIRS:
		put_pairs(json, key, field);
		break;
	}
}

static bool
is_shown(const struct option_row *row, const char *section)
{
	return strcmp(row->section, section) == 0 &&
	    row->field != OPTION_NO_FIELD;
}

static void
put_option(struct json *json, const struct runner *runner,
    const struct option_row *row, const char *name)
{
	char origin[512];

	json_object(json, NULL);
	json_string(json, "name", name);
	put_value(json, "value", runner, row);
	json_string(json, "origin",
	    option_show_origin(
		option_origin(runner, row), origin, sizeof origin));
	json_object_end(json);
}

static void
put_target(struct json *json, const struct logtarget *target)
{
	const char *section = target->kind == LOGTARGET_FILE ?
	    "eventlog.logfile" :
	    "eventlog.syslog";
	char origin[512];

	json_object(json, NULL);
	json_string(json, "name", section);
	json_object(json, "value");
	for (size_t i = 0; i < option_count; i++) {
		if (is_shown(&option_table[i], section))
			put_value(json, option_table[i].name, target,
			    &option_table[i]);
	}
	json_object_end(json);
	json_string(json, "origin",
	    option_show_origin(&target->origin, origin, sizeof origin));
	json_object_end(json);
}

static void
put_options(struct json *json, const struct runner *runner, const char *key)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_table[i];
		char name[80];

		snprintf(name, sizeof name, "%s%s",
		    strcmp(row->section, "eventlog") == 0 ? "eventlog." : "",
		    row->name);
		if ((key && strcmp(key, name) != 0) ||
		    (!is_shown(row, "runner") &&
			!is_shown(row, "environment") &&
			!is_shown(row, "eventlog")))
			continue;
		put_option(json, runner, row, name);
	}
}

static bool
is_key(const char *key)
{
	return option_find("runner", key) || strcmp(key, "environment") == 0 ||
	    strcmp(key, "eventlog.level") == 0;
}

int
show_json(const struct context *context, const char *key)
{
	const struct runner *runner = context->runner;
	struct json json;

	if (key && !is_key(key))
		return STATUS_FAILED;
	json_begin(&json, context->output->out);
	json_object(&json, NULL);
	json_string(&json, "config", context->cmdline->config);
	json_array(&json, "options");
	put_options(&json, runner, key);
	for (size_t i = 0; !key && i < runner->eventlog.count; i++)
		put_target(&json, &runner->eventlog.target[i]);
	json_array_end(&json);
	json_object_end(&json);
	output_line(context->output, "%s", "");
	return STATUS_DONE;
}
