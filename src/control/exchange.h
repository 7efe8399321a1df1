#ifndef CONTROL_EXCHANGE_H
#define CONTROL_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/client.h"

/* One request and its reply, step by step, never blocking. */
struct exchange {
	const struct client *client; /* must stay while it goes on */
	char *request; /* with its newline */
	int fd; /* -1: not connected yet, or done */
	char *reply;
	size_t len, size;
	int64_t deadline;
	int64_t retry; /* when to try to connect again */
	bool given_up;
	enum client_result result; /* when it is over */
	char *cause;
};

void exchange_begin(struct exchange *exchange, const struct client *client,
    const char *request);

/* Goes on as far as it can; false while there is more to wait for. */
bool exchange_step(struct exchange *exchange);

/* When to call exchange_step again, if the descriptor stays silent. */
int exchange_timeout(const struct exchange *exchange);

/* Nobody waits any longer: the next step is the last. */
void exchange_give_up(struct exchange *exchange);
void exchange_end(struct exchange *exchange);

#endif
