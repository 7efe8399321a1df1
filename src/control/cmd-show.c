/* show: the configuration, what each value is and where it comes from. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/xmalloc.h"
#include "control/command.h"
#include "control/handlers.h"
#include "control/output.h"
#include "control/show.h"
#include "control/topics.h"
#include "options/cmdline.h"
#include "options/options.h"
#include "options/paths.h"
#include "options/print.h"
#include "options/systemlog.h"
#include "process/place.h"

static void
show_place(const struct output *output, const char *name)
{
	char *cause = NULL, *path = place_find(name, &cause);

	output_line(output, "%-11s %s", name, path ? path : cause_text(cause));
	free(path);
	free(cause);
}

static void
show_path(const struct output *output, const char *name, char *path)
{
	if (path)
		output_line(output, "%-11s %s", name, path);
	free(path);
}

/* Files and programs in use, with the paths they come to. */
static void
show_files(const struct context *context)
{
	const struct output *output = context->output;
	const struct runner *runner = context->runner;

	output_line(output, "%-11s %s", "version", PACKAGE_VERSION);
	if (context->cmdline->config)
		output_line(
		    output, "%-11s %s", "config", context->cmdline->config);
	output_line(output, "%-11s %s", "directory",
	    *context->cwd ? context->cwd : "(it was removed)");
	output_line(output, "%-11s %s", "socket", context->client.socket);
	show_path(output, "transcript",
	    systemlog_named(runner->transcript) ?
		xstrdup(runner->transcript) :
		paths_transcript(runner, context->cwd));
	show_path(output, "logfile", paths_logfile(runner, context->cwd));
	for (size_t i = 0; i < runner->eventlog.count; i++)
		show_path(output, "event log",
		    paths_eventlog(&runner->eventlog.target[i], context->cwd));
	show_place(output, "zdrun");
	show_place(output, "zdshell");
}

/* What print gives, as a text; to be freed. */
static char *
make_text(const struct context *context,
    void (*print)(FILE *out, const struct runner *runner))
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return xstrdup("");
	print(out, context->runner);
	fclose(out);
	return text;
}

static void
show_text(const struct context *context,
    void (*print)(FILE *out, const struct runner *runner))
{
	char *text = make_text(context, print);

	output_bytes(context->output, text, strlen(text));
	free(text);
}

static void
show_all(struct context *context)
{
	show_text(context, print_options);
	output_line(context->output, "%s", "");
	show_files(context);
}

/* Whether a line of `show options` tells of key, or of a part of it. */
static bool
is_about(const char *line, const char *key)
{
	size_t len = strlen(key);

	return strncmp(line, key, len) == 0 &&
	    (line[len] == ' ' || line[len] == '.');
}

static bool
is_key(const char *key)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_table[i];

		if (strcmp(row->section, key) == 0 ||
		    (strcmp(row->section, "runner") == 0 &&
			strcmp(row->name, key) == 0))
			return true;
	}
	return false;
}

/* A key, or all that begins with it and a dot, as `show options` has it. */
static bool
show_key(const struct context *context, const char *key)
{
	char *text = make_text(context, print_options);
	bool found = false;

	for (char *line = text; *line;) {
		size_t len = strcspn(line, "\n") + 1;

		if (is_about(line, key)) {
			output_bytes(context->output, line, len);
			found = true;
		}
		line += len;
	}
	free(text);
	return found || is_key(key);
}

static int
refuse(const struct context *context, const char *topic)
{
	char *list = topics_list(show_topic_table, show_topic_count);
	struct near near;

	near_begin(&near, topic);
	for (size_t i = 0; i < show_topic_count; i++)
		near_offer(&near, show_topic_table[i].name);
	for (size_t i = 0; i < option_count; i++) {
		if (strcmp(option_table[i].section, "runner") == 0)
			near_offer(&near, option_table[i].name);
	}
	output_error(context->output,
	    "Error: show: '%s' is neither a topic nor a key%s%s%s", topic,
	    near.best ? "; did you mean '" : "", near.best ? near.best : "",
	    near.best ? "'?" : "");
	output_error(
	    context->output, "topics: %s; show options lists the keys", list);
	free(list);
	return STATUS_FAILED;
}

/* All topics come to the same there. */
static int
run_json(const struct context *context, const char *topic)
{
	for (size_t i = 0; i < show_topic_count; i++) {
		if (strcmp(show_topic_table[i].name, topic) == 0)
			return show_json(context, NULL);
	}
	if (show_json(context, topic) == STATUS_DONE)
		return STATUS_DONE;
	return refuse(context, topic);
}

int
cmd_show(struct context *context, const struct invocation *invocation)
{
	const char *topic = invocation->count > 0 ? invocation->operand[0] :
						    "options";

	if (context->output->json || invocation_has(invocation, "json"))
		return run_json(context, topic);
	if (strcmp(topic, "options") == 0)
		show_text(context, print_options);
	else if (strcmp(topic, "config") == 0)
		show_text(context, print_config);
	else if (strcmp(topic, "all") == 0)
		show_all(context);
	else if (!show_key(context, topic))
		return refuse(context, topic);
	return STATUS_DONE;
}
