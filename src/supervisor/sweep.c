/* Ending what the program has started. */

#include "config.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "protocol/fields.h"
#include "supervisor/announce.h"
#include "supervisor/logformat.h"
#include "supervisor/reap.h"
#include "supervisor/supervisor.h"
#include "supervisor/sweep.h"

#define SWEEP_KILLS 2 /* after which what took them is dead, seen or not */
#define SWEEP_PAUSE 10 /* ms between two looks */

void
sweep_mark(struct supervisor *supervisor, const char *value)
{
	char name[CGROUP_NAME_SIZE];

	program_mark(&supervisor->program, value);
	snprintf(name, sizeof(name), "zdaemon-%s", value);
	cgroup_prepare(&supervisor->cgroup, name);
}

static void
sweep_reap(void *arg)
{
	reap_children(arg);
}

bool
sweep_needs_looking(const struct supervisor *supervisor)
{
	return !supervisor->subreaper || supervisor->foreign;
}

/*
 * What is below us, and what was born before we were there; but for our own
 * helpers, whose work does not end with the program.
 */
void
sweep_tree(struct supervisor *supervisor, struct tree *tree)
{
	memset(tree, 0, sizeof(*tree));
	tree->root = getpid();
	tree->reap = sweep_reap;
	tree->arg = supervisor;
	tree->owns = output_helpers(&supervisor->output, tree->own);
	if (supervisor->cgroup.dir != -1)
		tree->cgroup = &supervisor->cgroup;
	if (upgrade_is_trying(&supervisor->upgrade))
		tree->own[tree->owns++] = supervisor->upgrade.process.pid;
	if (!sweep_needs_looking(supervisor))
		return;
	tree->leader = supervisor->leader;
	if (supervisor->program.cookie[0] != '\0')
		tree->cookie = supervisor->program.cookie;
}

/* "pid 4711 (sleep), pid 4712 (sh)", as many as fit, all but one. */
static void
sweep_name(char *buf, size_t size, const struct tree_process *process,
    size_t count, pid_t but)
{
	const char *comma = "";
	struct text text;
	size_t i;

	text_begin(&text, buf, size);
	for (i = 0; i < count; i++) {
		if (process[i].pid == but)
			continue;
		text_add(&text, "%spid %ld", comma, (long)process[i].pid);
		if (process[i].stat.name[0] != '\0')
			text_add(&text, " (%s)", process[i].stat.name);
		comma = ", ";
	}
}

/* Who of them cannot be signalled, for the log. */
static void
sweep_tell_refused(
    struct supervisor *supervisor, const struct tree_result *result)
{
	char names[300], text[400];

	if (result->refused == 0)
		return;
	sweep_name(names, sizeof(names), result->one,
	    result->refused < result->told ? result->refused : result->told, 0);
	snprintf(text, sizeof(text),
	    "%lu process%s of the program cannot be signalled: %s",
	    (unsigned long)result->refused, result->refused == 1 ? "" : "es",
	    names);
	announce_log(supervisor, LOG_LEVEL_WARNING, text);
}

void
sweep_ask(struct supervisor *supervisor)
{
	struct tree_result result;
	struct tree tree;

	if (!supervisor->config.sweep)
		return;
	sweep_tree(supervisor, &tree);
	tree_signal(&tree, SIGTERM, &result);
	sweep_tell_refused(supervisor, &result);
}

static bool
sweep_has(const struct tree_result *result, pid_t pid)
{
	size_t i;

	for (i = 0; i < result->told; i++) {
		if (result->one[i].pid == pid)
			return true;
	}
	return false;
}

/* Who was killed beside the program itself. */
static void
sweep_tell_killed(
    struct supervisor *supervisor, const struct tree_result *result)
{
	pid_t program = supervisor->program.process.pid;
	struct event event;
	size_t count = result->found - result->refused;

	if (program > 0 && sweep_has(result, program) && count > 0)
		count--;
	if (count == 0)
		return;
	event_init(&event, EVENT_REST_KILLED);
	event.run = (long)count;
	sweep_name(event.text, sizeof(event.text),
	    result->one + result->refused, result->told - result->refused,
	    program);
	announce_event(supervisor, &event);
}

/* Who cannot be signalled was told when asked, and is named when left. */
bool
sweep_force(struct supervisor *supervisor)
{
	bool alive = supervisor->fsm.alive;
	struct tree_result result;
	struct tree tree;

	/* It got one before, and nothing hides it now either. */
	if (alive)
		program_signal(&supervisor->program, SIGKILL);
	if (!supervisor->config.sweep)
		return true;
	sweep_tree(supervisor, &tree);
	tree_kill(&tree, &result);
	/* What takes more than one KILL was told with the first. */
	if (supervisor->fsm.kills <= 1)
		sweep_tell_killed(supervisor, &result);
	return alive || result.found == 0 || result.refused < result.found;
}

bool
sweep_is_over(struct supervisor *supervisor)
{
	bool childless = reap_children(supervisor);
	struct tree tree;

	sweep_tree(supervisor, &tree);
	if (supervisor->subreaper && !childless &&
	    (tree.owns == 0 || tree_there(&tree)))
		return false;
	if (!sweep_needs_looking(supervisor) || !tree_there(&tree))
		return true;
	return supervisor->fsm.kills >= SWEEP_KILLS && tree_may_be_dead(&tree);
}

void
sweep_fill_left(struct supervisor *supervisor, struct event *event)
{
	struct tree_process process[TREE_TOLD];
	struct tree tree;
	size_t count;

	sweep_tree(supervisor, &tree);
	count = tree_list(&tree, process, TREE_TOLD);
	event->run = (long)count;
	if (count == 0 && tree_there(&tree)) {
		event->run = 1;
		snprintf(event->text, sizeof(event->text), "process group %ld",
		    (long)tree.leader);
		return;
	}
	sweep_name(event->text, sizeof(event->text), process,
	    count < TREE_TOLD ? count : TREE_TOLD, 0);
}

void
sweep_remains(struct supervisor *supervisor)
{
	const struct timespec pause = { 0, SWEEP_PAUSE * 1000000 };
	int64_t grace = supervisor->config.kill_grace, end;
	struct tree_result result;
	struct tree tree;

	if (!supervisor->config.sweep)
		return;
	/* By the mark alone: the pid may be another's by now. */
	supervisor->foreign = true;
	supervisor->leader = 0;
	sweep_tree(supervisor, &tree);
	tree_signal(&tree, SIGTERM, &result);
	end = clock_mono_ms() +
	    (grace < SWEEP_PATIENCE ? grace : SWEEP_PATIENCE);
	while (tree_there(&tree) && clock_mono_ms() < end)
		nanosleep(&pause, NULL);
	tree_kill(&tree, &result);
	sweep_tell_refused(supervisor, &result);
	sweep_tell_killed(supervisor, &result);
	supervisor->foreign = false;
}
