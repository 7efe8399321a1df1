/*
 * Asking a supervisor and waiting for the answer.  Prints nothing, trusts
 * nothing: an answer is data, bounded, and has a deadline.
 */

#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/xmalloc.h"
#include "control/client.h"
#include "control/exchange.h"

#define TRIES       3
#define AGAIN_PAUSE 50 /* ms */

/* Until there is more to do; -1: nobody wants to wait any longer. */
static int
await_answer(const struct exchange *exchange)
{
	const struct client *client = exchange->client;
	struct pollfd pfd = { exchange->fd, POLLIN, 0 };
	int timeout = exchange_timeout(exchange);

	if (client->wait != NULL)
		return client->wait(client->data, &pfd, 1, timeout);
	poll(&pfd, 1, timeout);
	return 0;
}

enum client_result
client_ask(const struct client *client, const char *request, char **reply,
    size_t *len, char **cause)
{
	struct exchange exchange;
	enum client_result result;

	exchange_begin(&exchange, client, request);
	while (!exchange_step(&exchange))
		if (await_answer(&exchange) == -1)
			exchange_give_up(&exchange);
	result = exchange.result;
	if (result == CLIENT_OK) {
		*reply = exchange.reply;
		if (len)
			*len = exchange.len;
		exchange.reply = NULL;
	} else if (cause) {
		free(*cause);
		*cause = exchange.cause;
		exchange.cause = NULL;
	}
	exchange_end(&exchange);
	return result;
}

/* One that hangs up is a supervisor on its way out: look again. */
static enum client_result
ask_status(const struct client *client, char **reply, size_t *len, char **cause)
{
	enum client_result result = CLIENT_OK;

	for (int i = 0; i < TRIES; i++) {
		result = client_ask(client, "status", reply, len, cause);
		if (result != CLIENT_BROKEN &&
		    (result != CLIENT_OK || *len > 0))
			return result;
		if (result == CLIENT_OK) {
			free(*reply);
			cause_set(
			    cause, "an empty answer from '%s'", client->socket);
		}
		poll(NULL, 0, AGAIN_PAUSE);
	}
	return CLIENT_BROKEN;
}

/* An answer that is no status: a refusal, or garbage. */
static enum client_result
explain_nonsense(const struct client *client, const char *reply,
    const char *why, char **cause)
{
	if (strncmp(reply, CLIENT_DENIED, strlen(CLIENT_DENIED)) == 0) {
		cause_set(cause, "'%s' answers: %.*s", client->socket,
		    (int)strcspn(reply, "\n"), reply);
		return CLIENT_REFUSED;
	}
	cause_set(cause, "not a status from '%s': %s", client->socket,
	    cause_text(why));
	return CLIENT_BROKEN;
}

enum client_result
client_status(const struct client *client, struct status *status, char **raw,
    char **cause)
{
	enum client_result result;
	char *reply, *why = NULL;
	size_t len;

	result = ask_status(client, &reply, &len, cause);
	if (result != CLIENT_OK)
		return result;
	if (status_parse(status, reply, len, &why) == -1) {
		result = explain_nonsense(client, reply, why, cause);
		free(why);
		free(reply);
		return result;
	}
	if (raw)
		*raw = reply;
	else
		free(reply);
	return CLIENT_OK;
}
