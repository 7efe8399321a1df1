#ifndef CONTROL_HANDLERS_H
#define CONTROL_HANDLERS_H

/* The functions behind the rows of the command table, by file. */

struct context;
struct invocation;

/* cmd-start.c, cmd-stop.c */
int cmd_start(struct context *context, const struct invocation *invocation);
int start_adopt(struct context *context); /* an orphan, whatever comes next */
int cmd_restart(struct context *context, const struct invocation *invocation);
int cmd_stop(struct context *context, const struct invocation *invocation);
int cmd_shutdown(struct context *context, const struct invocation *invocation);
int cmd_wait(struct context *context, const struct invocation *invocation);

/* cmd-status.c, cmd-tree.c, cmd-kill.c, cmd-foreground.c */
int cmd_status(struct context *context, const struct invocation *invocation);
int cmd_tree(struct context *context, const struct invocation *invocation);
int cmd_kill(struct context *context, const struct invocation *invocation);
int cmd_foreground(
    struct context *context, const struct invocation *invocation);

/* cmd-upgrade.c */
int cmd_upgrade(struct context *context, const struct invocation *invocation);

/* cmd-logtail.c, cmd-reopen.c */
int cmd_logtail(struct context *context, const struct invocation *invocation);
int cmd_reopen_transcript(
    struct context *context, const struct invocation *invocation);
int cmd_rotate(struct context *context, const struct invocation *invocation);
int cmd_logreopen(struct context *context, const struct invocation *invocation);

/* cmd-show.c, cmd-check.c, cmd-help.c */
int cmd_show(struct context *context, const struct invocation *invocation);
int cmd_check(struct context *context, const struct invocation *invocation);
int cmd_help(struct context *context, const struct invocation *invocation);
int cmd_version(struct context *context, const struct invocation *invocation);

/* cmd-events.c */
int cmd_events(struct context *context, const struct invocation *invocation);

/* cmd-set.c: what the operator chooses for a session */
int cmd_set(struct context *context, const struct invocation *invocation);
int cmd_notices(struct context *context, const struct invocation *invocation);

/* cmd-alias.c */
int cmd_alias(struct context *context, const struct invocation *invocation);
int cmd_unalias(struct context *context, const struct invocation *invocation);

/* cmd-outcome.c */
int cmd_outcome(struct context *context, const struct invocation *invocation);

/* cmd-session.c: rows that the session itself carries out */
int cmd_reload(struct context *context, const struct invocation *invocation);
int cmd_shell(struct context *context, const struct invocation *invocation);
int cmd_quit(struct context *context, const struct invocation *invocation);
int cmd_history(struct context *context, const struct invocation *invocation);
int cmd_watch(struct context *context, const struct invocation *invocation);
int cmd_source(struct context *context, const struct invocation *invocation);

/* cmd-complete.c, cmd-selftest.c: hidden */
int cmd_complete(struct context *context, const struct invocation *invocation);
int cmd_self_test(struct context *context, const struct invocation *invocation);

#endif
