/*
 * tree: the processes of the program, children below their parents.  What a
 * supervisor tells of them is but text: parents that are not there, or that
 * go round in a circle, change only where a line stands.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/json.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/handlers.h"
#include "control/orphan.h"
#include "control/output.h"
#include "control/peer.h"
#include "process/treeline.h"

#define ORPHANS 256 /* processes of a program without a supervisor */
#define DEEPEST 20 /* levels that are indented */

struct listing {
	struct process_line *line;
	size_t count;
	size_t *order; /* of showing, indices into line */
	unsigned int *depth; /* by place in that order */
	size_t ordered;
	bool *taken; /* by index into line: it has its place */
	long more; /* how many are not listed */
};

static void
listing_free(struct listing *listing)
{
	free(listing->line);
	free(listing->order);
	free(listing->depth);
	free(listing->taken);
}

static struct process_line *
listing_add(struct listing *listing)
{
	listing->line = xreallocarray(
	    listing->line, listing->count + 1, sizeof *listing->line);
	return &listing->line[listing->count++];
}

/* --- where they come from --------------------------------------------- */

static void
read_lines(struct listing *listing, const char *reply)
{
	struct process_line line;
	size_t len;
	long more;

	for (; *reply; reply += len + (reply[len] != '\0')) {
		len = strcspn(reply, "\n");
		if (processline_parse(reply, len, &line))
			*listing_add(listing) = line;
		else if ((more = processline_more(reply, len)) != -1)
			listing->more = more;
	}
}

/* What is below a program without a supervisor, or in its session. */
static void
read_orphan(struct listing *listing, pid_t pid)
{
	struct tree tree = { .root = pid, .leader = pid };
	struct tree_process *process;
	size_t i, count;

	process = xcalloc(ORPHANS, sizeof *process);
	count = tree_list(&tree, process, ORPHANS);
	for (i = 0; i < count && i < ORPHANS; i++)
		treeline_fill(listing_add(listing), &process[i],
		    process[0].stat.group, process[0].stat.session);
	listing->more = (long)(count - i);
	free(process);
}

/* --- their order ------------------------------------------------------ */

static void
take(struct listing *listing, size_t at, unsigned int depth)
{
	listing->taken[at] = true;
	listing->order[listing->ordered] = at;
	listing->depth[listing->ordered++] = depth;
	for (size_t i = 0; i < listing->count; i++) {
		if (!listing->taken[i] &&
		    listing->line[i].parent == listing->line[at].pid)
			take(listing, i, depth + 1);
	}
}

static bool
has_parent(const struct listing *listing, size_t at)
{
	for (size_t i = 0; i < listing->count; i++) {
		if (i != at && listing->line[i].pid == listing->line[at].parent)
			return true;
	}
	return false;
}

/* The oldest first. */
static int
compare(const void *a, const void *b)
{
	const struct process_line *left = a, *right = b;

	if (left->age != right->age)
		return left->age > right->age ? -1 : 1;
	return (left->pid > right->pid) - (left->pid < right->pid);
}

static void
put_in_order(struct listing *listing)
{
	size_t i, count = listing->count + 1; /* never none */

	if (listing->count > 0)
		qsort(listing->line, listing->count, sizeof *listing->line, compare);
	listing->order = xcalloc(count, sizeof *listing->order);
	listing->depth = xcalloc(count, sizeof *listing->depth);
	listing->taken = xcalloc(count, sizeof *listing->taken);
	for (i = 0; i < listing->count; i++) {
		if (!listing->taken[i] && !has_parent(listing, i))
			take(listing, i, 0);
	}
	for (i = 0; i < listing->count; i++) {
		if (!listing->taken[i])
			take(listing, i, 0);
	}
}

/* --- showing ---------------------------------------------------------- */

static void
show_line(const struct output *output, const struct process_line *line,
    unsigned int depth)
{
	char age[32] = "-", memory[32] = "-";
	unsigned int indent = 2 * (depth < DEEPEST ? depth : DEEPEST);

	if (line->age >= 0)
		units_show_age(line->age, age, sizeof age);
	if (line->memory >= 0)
		units_show_size(line->memory, memory, sizeof memory);
	output_line(output, "%8ld %9s %10s %-7s  %*s%s%s%s%s", (long)line->pid,
	    age, memory, line->left[0] ? line->left : "-", (int)indent, "",
	    line->command[0] ? "" : "[",
	    line->command[0] ? line->command : line->name,
	    line->command[0] ? "" : "]",
	    line->state == 'T' ? " (stopped)" : "");
}

static void
show_text(const struct output *output, const struct listing *listing)
{
	if (listing->count == 0) {
		output_line(output, "no process");
		return;
	}
	output_line(output, "%8s %9s %10s %-7s  %s", "PID", "AGE", "MEMORY",
	    "LEFT", "COMMAND");
	for (size_t i = 0; i < listing->ordered; i++)
		show_line(output, &listing->line[listing->order[i]],
		    listing->depth[i]);
	if (listing->more > 0)
		output_line(output, "and %ld more", listing->more);
}

static void
put_line(struct json *json, const struct process_line *line)
{
	char state[] = { line->state, '\0' };

	json_object(json, NULL);
	json_number(json, "pid", line->pid);
	json_number(json, "parent", line->parent);
	json_number(json, "group", line->group);
	json_number(json, "session", line->session);
	json_seconds_known(json, "age", line->age);
	json_number_known(json, "memory", line->memory, line->memory >= 0);
	json_string(json, "state", state);
	json_string(json, "left", line->left[0] ? line->left : NULL);
	json_string(json, "name", line->name);
	json_string(json, "command", line->command);
	json_object_end(json);
}

static void
show_json(const struct output *output, const struct listing *listing)
{
	struct json json;

	json_begin(&json, output->out);
	json_object(&json, NULL);
	json_array(&json, "processes");
	for (size_t i = 0; i < listing->ordered; i++)
		put_line(&json, &listing->line[listing->order[i]]);
	json_array_end(&json);
	json_number(&json, "more", listing->more);
	json_object_end(&json);
	output_line(output, "%s", "");
}

/* --- the command ------------------------------------------------------ */

static int
find_orphan(const struct context *context, struct listing *listing)
{
	struct orphan orphan;

	if (orphan_find(&orphan, &context->client)) {
		read_orphan(listing, orphan.state.pid);
		return STATUS_DONE;
	}
	output_line(context->output, "daemon manager not running");
	return STATUS_NOT_RUNNING;
}

static int
take_reply(
    const struct context *context, struct listing *listing, const char *reply)
{
	if (peer_lacks(reply)) {
		output_error(context->output,
		    "Error: the supervisor is too old to tell; "
		    "restart it for that");
		return STATUS_FAILED;
	}
	if (strncmp(reply, CLIENT_DENIED, strlen(CLIENT_DENIED)) == 0) {
		output_error(context->output, "Error: %.*s",
		    (int)strcspn(reply, "\n"), reply);
		return STATUS_UNKNOWN;
	}
	read_lines(listing, reply);
	return STATUS_DONE;
}

static int
collect(const struct context *context, struct listing *listing)
{
	char *reply = NULL, *cause = NULL;
	enum client_result result;
	int status = STATUS_UNKNOWN;

	result = client_ask(&context->client, "tree", &reply, NULL, &cause);
	if (result == CLIENT_OK)
		status = take_reply(context, listing, reply);
	else if (result == CLIENT_NOT_RUNNING)
		status = find_orphan(context, listing);
	else
		output_error(context->output, "Error: %s", cause_text(cause));
	free(reply);
	free(cause);
	return status;
}

int
cmd_tree(struct context *context, const struct invocation *invocation)
{
	const struct output *output = context->output;
	struct listing listing = { .count = 0 };
	int status;

	if ((status = collect(context, &listing)) == STATUS_DONE) {
		put_in_order(&listing);
		if (output->json || invocation_has(invocation, "json"))
			show_json(output, &listing);
		else
			show_text(output, &listing);
	}
	listing_free(&listing);
	return status;
}
