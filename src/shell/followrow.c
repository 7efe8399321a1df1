/*
 * The status row of the follower: what is shown, and the keys, as many of them
 * as there is room for.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/xmalloc.h"
#include "control/feed.h"
#include "control/match.h"
#include "shell/cut.h"
#include "shell/following.h"
#include "shell/session.h"

#define KEYS_LEAST 9 /* columns of "   q back" */

/* The log, as short as it can be said. */
static char *
name_logs(const struct follower *follower, size_t columns)
{
	const char *cwd = follower->session->context.cwd;
	const char *path = feed_path(follower->feed, 0);
	size_t len = strlen(cwd);

	if (feed_count(follower->feed) > 1)
		return xasprintf("%zu logs", feed_count(follower->feed));
	if (columns < 60)
		return xstrdup(path_base(path));
	if (strncmp(path, cwd, len) == 0 && path[len] == '/')
		path += len + 1;
	return xstrdup(path);
}

/* What stands before the keys. */
static char *
tell_state(const struct follower *follower, size_t columns)
{
	const struct logview *view = &follower->view;
	char *name = name_logs(follower, columns), *held, *filter, *text;

	held = follower->paused ?
	    xasprintf(", %lu held", follower->held.lines) :
	    xstrdup("");
	filter = view->match == NULL ?
	    xstrdup("") :
	    xasprintf("  %s=%s", view->only ? "filter" : "mark",
		match_expression(view->match));
	text = xasprintf("%s %s  %lu lines, %lu shown%s%s",
	    follower->paused ? "PAUSED" : "FOLLOW", name, view->lines,
	    view->shown, held, filter);
	free(filter);
	free(held);
	free(name);
	return text;
}

/* The keys in so much room: the less a key is needed, the sooner it goes. */
static char *
tell_keys(const struct follower *follower, size_t room)
{
	const struct {
		const char *text;
		int need;
	} hints[] = {
		{ "/ filter", 4 },
		{ follower->view.only ? "& all" : "& only", 3 },
		{ follower->paused ? "space go on" : "space pause", 5 },
		{ "m mark", 1 },
		{ "n/N", 2 },
		{ "v pager", 0 },
		{ "h help", 6 },
		{ "q back", 7 },
	};
	size_t count = sizeof(hints) / sizeof(hints[0]), i;
	char *text = NULL, *longer;
	int need = 0;

	do {
		free(text);
		text = xstrdup(need > 7 ? "" : " ");
		for (i = 0; i < count; i++) {
			if (hints[i].need < need)
				continue;
			longer = xasprintf("%s  %s", text, hints[i].text);
			free(text);
			text = longer;
		}
	} while (strlen(text) > room && need++ <= 7);
	return text;
}

/* Cut to so many columns, if it is longer. */
static char *
shorten(char *state, size_t columns)
{
	char *cut = cut_to_row(state, strlen(state), columns);

	free(state);
	return cut;
}

char *
follower_status(const struct follower *follower, size_t columns)
{
	char *state = tell_state(follower, columns), *keys, *text;
	size_t width;

	/* Of all keys the way out is not to be crowded out. */
	if (columns > 2 * KEYS_LEAST)
		state = shorten(state, columns - KEYS_LEAST);
	width = cut_width(state);
	keys = tell_keys(
	    follower, width + 1 < columns ? columns - width - 1 : 0);
	text = xasprintf("%s%s", state, keys);
	free(keys);
	free(state);
	return text;
}
