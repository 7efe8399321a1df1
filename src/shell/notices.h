#ifndef SHELL_NOTICES_H
#define SHELL_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/notice.h"
#include "control/settings.h"

/*
 * What the operator is told while sitting at the prompt: the last notices,
 * and which of them stand on the screen.  Knows no terminal.
 */

#define NOTICES_KEPT 200
#define NOTICES_SHOW 20 /* at most so many at once */

/* As the choices of the setting notices. */
enum notices_level {
	NOTICES_ALL = SET_NOTICES_ALL,
	NOTICES_CRASH = SET_NOTICES_CRASH,
	NOTICES_OFF = SET_NOTICES_OFF
};

struct notices;

struct notices *notices_new(void);
void notices_free(struct notices *notices);

/* What is told from now on; what was kept back stays so. */
void notices_set_level(struct notices *notices, enum notices_level level);

/* The program's name from now on. */
void notices_set_name(struct notices *notices, const char *name);

/*
 * An event of the supervisor.  Unless quiet it is to be shown, too; what has
 * been told otherwise (by the command that caused it) is only kept.
 */
void notices_hear(
    struct notices *notices, const struct event *event, bool quiet);

/* A notice of the session itself. */
void notices_say(struct notices *notices, char mark, const char *text);

/* Forgets all of them: what comes is another program's, or comes again. */
void notices_clear(struct notices *notices);

/* Whether there is something to draw. */
bool notices_pending(const struct notices *notices);

/*
 * Takes what is to be drawn, whole lines fit for a terminal, both to be freed:
 * *above is to stay, *tail stands below it, directly above the line being
 * edited.  True: both replace the tail drawn before, so that equal notices
 * fold there; false: that one is to stay.
 */
bool notices_draw(
    struct notices *notices, bool color, char **above, char **tail);

/*
 * For whoever tells them in another place: the next one that is to be told,
 * which counts as drawn.  One that has grown since is told again.
 */
bool notices_take(struct notices *notices, struct notice *notice);

/* What was drawn cannot be replaced any more. */
void notices_settle(struct notices *notices);

/* The notices kept, the oldest first; NULL behind the last. */
const struct notice *notices_at(const struct notices *notices, size_t i);

#endif
