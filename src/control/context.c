/* What all handlers share: whom to ask, found from the configuration. */

#include "config.h"

#include <stdlib.h>

#include "base/cause.h"
#include "control/command.h"
#include "control/rights.h"
#include "options/paths.h"

int
context_aim(struct context *context, char **cause)
{
	struct rights rights;
	char *socket;

	socket = paths_socket(context->runner, context->cwd);
	if (!socket) {
		cause_set(cause, "unable to find the socket: out of memory");
		return -1;
	}
	free(context->client.socket);
	context->client.socket = socket;
	/* A user that does not exist is told by options_check. */
	context->client.user = (uid_t)-1;
	if (rights_find(&rights, context->runner, NULL) == 0)
		context->client.user = rights.uid;
	return 0;
}

void
context_free(struct context *context)
{
	free(context->client.socket);
	context->client.socket = NULL;
}
