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

static void
carry_out(
    struct exchange *exchange, const struct client *client, const char *request)
{
	exchange_begin(exchange, client, request);
	while (!exchange_step(exchange))
		if (await_answer(exchange) == -1)
			exchange_give_up(exchange);
}

/* Hands out what came of it, and ends it. */
static enum client_result
hand_out(struct exchange *exchange, char **reply, size_t *len, char **cause)
{
	enum client_result result = exchange->result;

	if (result == CLIENT_OK) {
		*reply = exchange->reply;
		if (len)
			*len = exchange->len;
		exchange->reply = NULL;
	} else if (cause) {
		free(*cause);
		*cause = exchange->cause;
		exchange->cause = NULL;
	}
	exchange_end(exchange);
	return result;
}

enum client_result
client_ask_once(const struct client *client, const char *request, char **reply,
    size_t *len, char **cause)
{
	struct exchange exchange;

	carry_out(&exchange, client, request);
	return hand_out(&exchange, reply, len, cause);
}

static bool
has_hung_up(const struct exchange *exchange)
{
	return exchange->len == 0 &&
	    (exchange->result == CLIENT_OK ||
		exchange->result == CLIENT_BROKEN);
}

enum client_result
client_ask(const struct client *client, const char *request, char **reply,
    size_t *len, char **cause)
{
	struct exchange exchange;
	int tries = 1;

	carry_out(&exchange, client, request);
	/* One on its way out, or without a descriptor for us: look again. */
	while (has_hung_up(&exchange) && tries++ < TRIES) {
		exchange_end(&exchange);
		poll(NULL, 0, AGAIN_PAUSE);
		carry_out(&exchange, client, request);
	}
	if (has_hung_up(&exchange) && exchange.result == CLIENT_OK) {
		exchange.result = CLIENT_BROKEN;
		cause_set(&exchange.cause, "'%s' hung up without an answer",
		    client->socket);
	}
	return hand_out(&exchange, reply, len, cause);
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

	result = client_ask(client, "status", &reply, &len, cause);
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
