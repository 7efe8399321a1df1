/* Rows that only a session can carry out: it lends us the functions. */

#include "config.h"

#include "control/command.h"
#include "control/handlers.h"
#include "control/ui.h"

int
cmd_reload(struct context *context, const struct invocation *invocation)
{
	return context->shell->reload(context, invocation);
}

int
cmd_shell(struct context *context, const struct invocation *invocation)
{
	return context->shell->shell(context, invocation);
}

int
cmd_quit(struct context *context, const struct invocation *invocation)
{
	return context->shell->quit(context, invocation);
}

int
cmd_watch(struct context *context, const struct invocation *invocation)
{
	return context->shell->watch(context, invocation);
}

int
cmd_source(struct context *context, const struct invocation *invocation)
{
	return context->shell->source(context, invocation);
}

int
cmd_history(struct context *context, const struct invocation *invocation)
{
	return context->shell->history(context, invocation);
}
